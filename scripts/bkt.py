"""Which skills does Bayesian knowledge tracing take as known? A rival of ours, fitted by EM.

Corbett and Anderson 1995: a skill is known or not, may be learnt at every answer, and is never forgotten.
"""

from dataclasses import dataclass

import numpy as np

from scripts.answers import Answers, Floats, Numbers

EM_ROUNDS = 40
EM_PRIOR = 5.0  # answers at the starting values that are added to a skill's own, for skills with few
TINY = 1e-9  # a chance that no long row of answers takes to 0 or 1
START = [[0.4], [0.15], [0.25], [0.1]]  # known before, learnt at an answer, guessed, slipped


@dataclass(frozen=True)
class Bkt:
    """The four numbers (rows, as in `START`) of each skill, and in the last column those of any other."""

    skills: Numbers
    numbers: Floats

    def __call__(self, answers: Answers) -> Floats:
        """The chance of each answer to be right, told before it."""
        nearest = np.minimum(np.searchsorted(self.skills, answers.skill), len(self.skills) - 1)
        place = np.where(self.skills[nearest] == answers.skill, nearest, len(self.skills))
        known, _, _ = _filtered(answers, place, self.numbers)
        _, _, guess, slip = self.numbers[:, place]
        return np.asarray(known * (1 - slip) + (1 - known) * guess)


def fit_bkt(train: Answers) -> Bkt:
    """Fit every skill for itself. So does pyBKT, but 1.4.3 fails with NumPy 2.4 and scikit-learn 1.9."""
    skills, place = np.unique(train.skill, return_inverse=True)
    start = np.tile(START, len(skills) + 1)
    numbers = start
    for _ in range(EM_ROUNDS):
        numbers = _round(train, place, numbers, start)
    return Bkt(skills, numbers)


def _filtered(answers: Answers, place: Numbers, numbers: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each answer: is the skill known before it, and how likely is the outcome when known and when not?"""
    prior, learn, guess, slip = numbers[:, place]
    if_known = np.where(answers.right > 0, 1 - slip, slip)
    if_not = np.where(answers.right > 0, guess, 1 - guess)
    known, state = np.empty_like(if_known), np.zeros(answers.pairs.size)
    for number, rows in enumerate(answers.pairs.turns):
        before = prior[rows] if number == 0 else state[answers.pairs.of[rows]]
        known[rows] = before
        after = before * if_known[rows] / (before * if_known[rows] + (1 - before) * if_not[rows])
        state[answers.pairs.of[rows]] = np.minimum(after + (1 - after) * learn[rows], 1 - TINY)
    return known, if_known, if_not


def _round(answers: Answers, place: Numbers, numbers: Floats, start: Floats) -> Floats:
    """One round: what the numbers say about every answer, and the numbers that fit this best."""
    known, if_known, if_not = _filtered(answers, place, numbers)
    learn = numbers[1, place]
    later_known, later_not = np.ones(answers.pairs.size), np.ones(answers.pairs.size)
    smoothed, learnt, could = (np.zeros_like(known) for _ in range(3))
    for rows in reversed(answers.pairs.turns):
        pair = answers.pairs.of[rows]
        yes, no = known[rows] * if_known[rows], (1 - known[rows]) * if_not[rows]
        ahead_known, ahead_not = later_known[pair], later_not[pair]
        stay_not = learn[rows] * ahead_known + (1 - learn[rows]) * ahead_not
        total = yes * ahead_known + no * stay_not
        smoothed[rows] = yes * ahead_known / total
        learnt[rows] = no * learn[rows] * ahead_known / total
        could[rows] = no * stay_not / total
        back_known, back_not = if_known[rows] * ahead_known, if_not[rows] * stay_not
        scale = back_known + back_not
        later_known[pair] = np.maximum(back_known / scale, TINY)
        later_not[pair] = np.maximum(back_not / scale, TINY)
    is_first = answers.earlier == 0
    has_next = _has_next(answers)
    size = numbers.shape[1]
    return np.stack(
        [
            _shrunk_ratio(place, smoothed * is_first, is_first * 1.0, start[0], size),
            _shrunk_ratio(place, learnt * has_next, could * has_next, start[1], size),
            _shrunk_ratio(place, (1 - smoothed) * answers.right, 1 - smoothed, start[2], size),
            _shrunk_ratio(place, smoothed * (1 - answers.right), smoothed, start[3], size),
        ]
    )


def _shrunk_ratio(place: Numbers, counted: Floats, all_: Floats, start: Floats, size: int) -> Floats:
    """For each skill the share of what is counted, shrunk to where it started."""
    return np.asarray(
        (np.bincount(place, counted, size) + EM_PRIOR * start) / (np.bincount(place, all_, size) + EM_PRIOR)
    )


def _has_next(answers: Answers) -> Floats:
    """1 where another answer on the skill follows."""
    lengths = np.bincount(answers.pairs.of)
    return np.asarray(answers.earlier + 1 < lengths[answers.pairs.of], dtype=np.float64)
