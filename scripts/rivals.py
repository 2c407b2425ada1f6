"""Which question and which lesson next, by policies simpler than ours?

Each may do what a careful teacher with that policy would: it skips what a learner shows to hold already,
goes back to what was lost, keeps half of the questions for what was passed (Leitner: what is due), asks the
item of a skill that was seen longest ago, and studies only on top of what it holds to be passed.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from bot.learning.evidence import Outcome
from bot.learning.graph import SkillGraph
from knowledge.schema import Item

IN_A_ROW = 3  # right answers: a skill is passed (all but the moving average)
LOST_AFTER = 2  # wrong answers in a row: it is passed no more
WINDOW, AVERAGE = 5, 0.8  # the moving average: of the last five answers
BOXES = (0, 1, 2, 4, 8, 16)  # days until a skill in that box is due; box 0 was never right

Items = Mapping[str, Sequence[Item]]
Question = tuple[str, Item]  # the skill, and an item of it


class Policy(Protocol):
    """Teaches one learner, by the answers alone."""

    def ask(self, day: int) -> Question | None:
        """The next question of the day; None when there is nothing to ask."""

    def hear(self, question: Question, outcome: Outcome, day: int) -> None:
        """Its answer."""

    def lesson(self, day: int) -> str | None:
        """The skill to study today; None when all is done."""


@dataclass
class Rival:
    """What the rivals share: an order, what was passed, and questions for both."""

    graph: SkillGraph
    items: Items
    rng: Random
    order: Sequence[str]
    passed: set[str] = field(default_factory=set)
    answers: defaultdict[str, deque[bool]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=WINDOW))
    )
    asked_on: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)  # items, by when in the order of questions
    asked: int = 0

    def ask(self, day: int) -> Question | None:
        """By turns of what is studied and of what was passed, that one which was asked longest ago."""
        lesson = self.lesson(day)
        passed = [each for each in self.order if each in self.passed]
        if lesson is None or (passed and self.asked % 2):
            return self._item(self.revised(passed)) if passed else None
        return self._item(lesson)

    def hear(self, question: Question, outcome: Outcome, day: int) -> None:
        skill_id, item = question
        self.asked += 1
        self.seen[item.id] = self.asked
        self.asked_on[skill_id] = self.asked
        self.answers[skill_id].append(outcome is Outcome.CORRECT)
        self.judge(skill_id)

    def lesson(self, day: int) -> str | None:
        """The first in the order that was not passed."""
        return next((each for each in self.order if each not in self.passed), None)

    def judge(self, skill_id: str) -> None:
        """Three right answers in a row pass a skill, two wrong ones in a row lose it."""
        answers = [*self.answers[skill_id]]
        if answers[-IN_A_ROW:] == [True] * IN_A_ROW:
            self.passed.add(skill_id)
        elif answers[-LOST_AFTER:] == [False] * LOST_AFTER:
            self.passed.discard(skill_id)

    def revised(self, passed: Sequence[str]) -> str:
        return min(passed, key=lambda each: self.asked_on.get(each, 0))

    def _item(self, skill_id: str) -> Question:
        return skill_id, min(self.items[skill_id], key=lambda item: (self.seen.get(item.id, 0), item.id))


@dataclass
class AtRandom(Rival):
    """A skill by chance of those whose prerequisites were passed, until it is passed; so is revision."""

    current: str | None = None

    def lesson(self, day: int) -> str | None:
        ready = self.graph.outer_fringe(self.passed)
        if self.current not in ready:
            self.current = self.rng.choice(ready) if ready else None
        return self.current

    def revised(self, passed: Sequence[str]) -> str:
        return self.rng.choice(passed)


@dataclass
class MovingAverage(Rival):
    """In order; passed while at least 0.8 of the last five answers are right."""

    def judge(self, skill_id: str) -> None:
        answers = [*self.answers[skill_id]][-WINDOW:]
        if len(answers) == WINDOW and sum(answers) >= AVERAGE * WINDOW:
            self.passed.add(skill_id)
        else:
            self.passed.discard(skill_id)


@dataclass
class Leitner(Rival):
    """Boxes say what is asked: a right answer moves a skill up, a wrong one back to the first box."""

    boxes: dict[str, int] = field(default_factory=dict)
    due_on: dict[str, int] = field(default_factory=dict)
    today: int = 0

    def ask(self, day: int) -> Question | None:
        """What is due, the longest first; else a new skill in order; else what is studied."""
        self.today = day
        lesson = self.lesson(day)
        begun = [each for each in self.order if self.boxes.get(each) or each in self.passed or each == lesson]
        due = [each for each in begun if self.due_on.get(each, day) <= day]
        skill_id = min(due, key=lambda each: self.due_on.get(each, day), default=self._new() or lesson)
        return self._item(skill_id) if skill_id else None

    def _new(self) -> str | None:
        """What was never asked, and rests on nothing that is in the first box."""
        return next(
            (
                each
                for each in self.order
                if each not in self.boxes
                and all(self.boxes.get(needed) for needed in self.graph.prerequisites[each])
            ),
            None,
        )

    def judge(self, skill_id: str) -> None:
        super().judge(skill_id)
        if self.due_on.get(skill_id, self.today) > self.today:
            return  # asked before its day: practice
        is_right = self.answers[skill_id][-1]
        box = min(self.boxes.get(skill_id, 0) + 1, len(BOXES) - 1) if is_right else 0
        self.boxes[skill_id] = box
        self.due_on[skill_id] = self.today + BOXES[max(box, 1)]


@dataclass
class Oracle(Rival):
    """No policy but a bound: it looks at the truth, and so never teaches what is held."""

    holds: Callable[[str, int], bool] = lambda _skill_id, _day: False

    def lesson(self, day: int) -> str | None:
        self.passed = {each for each in self.order if self.holds(each, day)}
        return super().lesson(day)

    def judge(self, skill_id: str) -> None:
        """It needs no answers."""


def musts_first(graph: SkillGraph) -> tuple[str, ...]:
    """The graph's order, but what the goal cannot do without and all that this rests on before the rest."""
    musts = {each for each in graph.skills if graph.weights[each] >= 1}
    first = musts.union(*(graph.foundations[each] for each in musts))
    return tuple(sorted(graph.skills, key=lambda each: each not in first))
