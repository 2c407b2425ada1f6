"""What do the three-line files of learners' answers hold? Reads them, and walks all learners side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


class BadAnswersError(ValueError):
    """A file that is not in the three-line form; says which line and why."""


@dataclass(frozen=True)
class Grouping:
    """Which group each row belongs to, and its place in it."""

    of: Numbers

    @property
    def size(self) -> int:
        return int(self.of.max()) + 1

    @cached_property
    def place(self) -> Numbers:
        """How many rows of its group stand before each row."""
        order = np.argsort(self.of, kind="stable")
        is_first = np.r_[True, np.diff(self.of[order]) != 0]
        row = np.arange(len(self.of))
        found = np.empty(len(self.of), dtype=np.int64)
        found[order] = row - np.maximum.accumulate(np.where(is_first, row, 0))
        return found

    @cached_property
    def turns(self) -> list[Numbers]:
        """The rows that are first of their group, then those that are second, ..."""
        order = np.argsort(self.place, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.place))[:-1])

    def decayed(self, value: Floats, kept: float) -> Floats:
        """For each row the sum of its group's earlier values, of which `kept` stays at every step."""
        sums, found = np.zeros(self.size), np.empty(len(value))
        for rows in self.turns:
            group = self.of[rows]
            found[rows] = sums[group]
            sums[group] = kept * sums[group] + value[rows]
        return found


@dataclass(frozen=True)
class Answers:
    """Answers of many learners, each learner's in order; `skill` are the file's own numbers."""

    learner: Numbers
    skill: Numbers
    right: Floats

    @cached_property
    def learners(self) -> Grouping:
        return Grouping(self.learner)

    @cached_property
    def pairs(self) -> Grouping:
        """Each learner with each of their skills."""
        skills, place = np.unique(self.skill, return_inverse=True)
        return Grouping(np.unique(self.learner * len(skills) + place, return_inverse=True)[1])

    @property
    def earlier(self) -> Numbers:
        """How many answers on the skill the learner gave before."""
        return self.pairs.place

    def of(self, wanted: NDArray[np.bool_]) -> "Answers":
        learner = np.unique(self.learner[wanted], return_inverse=True)[1]
        return Answers(learner, self.skill[wanted], self.right[wanted])


def read_answers(path: Path) -> Answers:
    """Read three lines for each learner: number of answers, skill ids, right 1 or wrong 0."""
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    if len(lines) % 3 or not lines:
        raise BadAnswersError(f"{path}: has {len(lines)} lines; each learner takes three.")
    learners = [_learner(path, lines, first) for first in range(0, len(lines), 3)]
    sizes = [len(skills) for skills, _ in learners]
    return Answers(
        np.repeat(np.arange(len(learners)), sizes),
        np.concatenate([skills for skills, _ in learners]),
        np.concatenate([right for _, right in learners]),
    )


def _learner(path: Path, lines: Sequence[str], first: int) -> tuple[Numbers, Floats]:
    [count] = _numbers(path, lines, first, exactly=1)
    skills = _numbers(path, lines, first + 1, exactly=count)
    outcomes = _numbers(path, lines, first + 2, exactly=count)
    if set(outcomes) - {0, 1}:
        raise BadAnswersError(f"{path}:{first + 3}: an outcome is 1 for right or 0 for wrong.")
    return np.array(skills, dtype=np.int64), np.array(outcomes, dtype=np.float64)


def _numbers(path: Path, lines: Sequence[str], line: int, exactly: int) -> list[int]:
    try:
        found = [int(each) for each in lines[line].split(",") if each.strip()]
    except ValueError:
        raise BadAnswersError(f"{path}:{line + 1}: wants whole numbers with commas between them.") from None
    if len(found) != exactly:
        raise BadAnswersError(f"{path}:{line + 1}: has {len(found)} numbers, not {exactly}.")
    return found


def halves(answers: Answers) -> tuple[Answers, Answers]:
    """The 1st, 3rd, ... learner of the file, and the 2nd, 4th, ..."""
    if answers.learners.size < 2:
        raise BadAnswersError("One learner cannot be halved: name a file to fit on with --train.")
    is_second = answers.learner % 2 == 1
    return answers.of(~is_second), answers.of(is_second)
