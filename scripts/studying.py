"""What does a simulated learner truly hold, forget, and learn from a lesson or an answer?

The truth of scripts/policies.py; it is none of the bot's models, and no policy may look at it.

- Learning: a skill is learnt once enough hours of study worked, and not before. An hour works with the
  chance `LESSON_WORKS`, and `MISSING` of it for each direct prerequisite that is not held at that moment.
  How many are needed differs from the pack's estimate by a lognormal factor (`PACE_SPREAD`) for each
  learner and skill.
- Forgetting: exponential with a half-life (Settles and Meeder 2016), not FSRS's power curve. The first
  half-life is a learner's own. What a course taught is remembered to two thirds after a year by students
  who went on using it (Custers 2010, a review); these learners mostly do not, and forget much sooner.
- Remembering lengthens the half-life, and more so the later it comes (the spacing effect: Cepeda et al.
  2006): by `SPACING` times what was forgotten, which doubles it where it was as likely forgotten as not
  (the doubling that Leitner's boxes and Pimsleur's intervals assume).
- Feedback restores what was forgotten half of the time (it raises later recall: Butler and Roediger 2008;
  the share is ours), and is worth some minutes of study where the skill was never learnt.
- Relearning takes a fifth of the hours (savings: Ebbinghaus 1885; the share is ours).
- Study of a skill calls up what it directly rests on.
- Answers: what is remembered is answered right but for a slip, which hard items provoke more; who is on the
  way through a skill can do some of its items; the rest is guessed or confessed, by kind.
- A skill is held when it was learnt and is as likely remembered as not.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.learning.evidence import Outcome
from bot.learning.graph import SkillGraph
from bot.learning.placement import Standing
from knowledge.schema import Item
from scripts.simulated import Kind, Simulated

LESSON_WORKS = 0.9  # chance that an hour of study works, where all that the skill needs is held
MISSING = 0.4  # of that chance is left for each direct prerequisite that is not held
PACE_SPREAD = 0.3  # standard deviation of the log of the hours a skill takes
HALF_LIFE = 60.0  # days: the median first half-life
HALF_LIFE_SPREAD = 0.4  # standard deviation of its log between learners
SPACING = 2.0  # what remembering adds to the half-life, as a share of it, times what was forgotten
FEEDBACK_RESTORES = 0.5  # chance
FEEDBACK_HOURS = 0.1  # an answer's feedback is worth where the skill is not learnt yet
SAVINGS = 0.2  # of the hours, where it was learnt once
HALF_WAY = 0.5  # of the items one can do at the end of the way through a skill, before it is all understood
SLIP = {1: 0.05, 2: 0.10, 3: 0.20}  # by an item's level; each item is off by up to ITEM_SPREAD
ITEM_SPREAD = 0.05
HELD_FROM = 0.5  # recall

# Chance of right and of "I don't know" where nothing is known; the rest is wrong (see scripts/simulated.py).
_UNKNOWING = {Kind.HONEST: (0.05, 0.80), Kind.GUESSING: (0.25, 0.0)}


@dataclass
class Memory:
    """One skill of one learner. `since` is the day it was last remembered; hours are of study that worked."""

    needed: float
    half_life: float
    worked: float = 0.0
    since: float = 0.0

    @property
    def is_learnt(self) -> bool:
        return self.worked >= self.needed

    def recall(self, day: float) -> float:
        """The chance that it is remembered on that day."""
        return 2 ** -((day - self.since) / self.half_life) if self.is_learnt else 0.0

    def remember(self, day: float) -> None:
        """It came to mind, which keeps it longer."""
        self.half_life *= 1 + SPACING * (1 - self.recall(day))
        self.since = day


@dataclass(frozen=True)
class Student:
    """A learner who studies: the truth of each skill, and how each item differs from its level."""

    graph: SkillGraph
    kind: Kind
    said: Standing
    memories: Mapping[str, Memory]
    slips: Mapping[str, float]

    def holds(self, skill_id: str, day: float) -> bool:
        return self.memories[skill_id].recall(day) >= HELD_FROM

    def is_ready_for(self, skill_id: str, day: float) -> bool:
        """Whether all it directly needs is held."""
        return all(self.holds(each, day) for each in self.graph.prerequisites[skill_id])

    def answer(self, skill_id: str, item: Item, day: float, rng: Random) -> Outcome:
        """Answer an item and read its feedback."""
        memory = self.memories[skill_id]
        known = memory.recall(day) if memory.is_learnt else HALF_WAY * memory.worked / memory.needed
        is_known = rng.random() < known
        outcome = self._outcome(item, is_known, rng.random())
        if not memory.is_learnt:
            memory.worked += FEEDBACK_HOURS if self.is_ready_for(skill_id, day) else 0.0
            self._learnt_on(memory, day)
        elif is_known:
            memory.remember(day)
        elif rng.random() < FEEDBACK_RESTORES:
            memory.since = day
        return outcome

    def study(self, skill_id: str, hours: int, day: float, rng: Random) -> None:
        """Some hours of one day on one skill."""
        for needed in self.graph.prerequisites[skill_id]:
            if self.holds(needed, day):
                self.memories[needed].remember(day)
        missing = sum(not self.holds(each, day) for each in self.graph.prerequisites[skill_id])
        for _ in range(hours):
            if rng.random() < LESSON_WORKS * MISSING**missing:
                self._hour(self.memories[skill_id], day, rng)

    def _hour(self, memory: Memory, day: float, rng: Random) -> None:
        if not memory.is_learnt:
            memory.worked += 1
            self._learnt_on(memory, day)
        elif memory.recall(day) >= HELD_FROM or rng.random() * SAVINGS * memory.needed < 1:
            memory.remember(day)

    def _learnt_on(self, memory: Memory, day: float) -> None:
        if memory.is_learnt:
            memory.since = day

    def _outcome(self, item: Item, is_known: bool, luck: float) -> Outcome:
        if is_known:
            return Outcome.CORRECT if luck >= self.slips[item.id] else Outcome.INCORRECT
        right, unsure = _UNKNOWING[self.kind]
        if luck < unsure:
            return Outcome.UNSURE
        return Outcome.CORRECT if luck < unsure + right else Outcome.INCORRECT


def student(
    simulated: Simulated,
    graph: SkillGraph,
    items: Mapping[str, Sequence[Item]],
    half_life: float,
    rng: Random,
) -> Student:
    """A learner who has this much behind them on day 0; what they hold they last used some time ago."""
    own = half_life * math.exp(rng.gauss(0, HALF_LIFE_SPREAD))
    memories = {}
    for skill_id in graph.skills:
        needed = graph.hours[skill_id] * math.exp(rng.gauss(0, PACE_SPREAD))
        is_held = skill_id in simulated.held
        memories[skill_id] = Memory(needed, own, needed if is_held else 0.0, -own * rng.random())
    slips = {
        item.id: SLIP[item.level] + rng.uniform(-ITEM_SPREAD, ITEM_SPREAD)
        for skill_id in graph.skills
        for item in items[skill_id]
    }
    return Student(graph, simulated.kind, simulated.said, memories, slips)
