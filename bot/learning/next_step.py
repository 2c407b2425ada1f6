"""What should a learner take up next, and why? One skill of the outer fringe, and what won it. Pure."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from statistics import fmean

from bot.learning.evidence import History, Response
from bot.learning.graph import SkillGraph

LIKELY = 0.5  # a chance from here on counts as held: never a step with a prerequisite below
SURENESS = (
    4  # power of the chance to be right about the step: an unsure step costs more than a slow one; ours
)
OPENING = 0.1  # an hour: what opens all that is left is worth a must-have skill of ten hours; ours
MUST = 1.0  # weight of what the goal cannot do without: it comes first, with all it rests on
SURE = 0.8  # chance below which a must is still looked after before what is good to have; ours
CHECKING = 1.0  # hours that even a skill one holds takes, to be shown; ours
REFRESHING = 0.2  # of a skill's hours: relearning is quicker (Ebbinghaus's savings); the share is ours
ROUND = 2  # answers at least: one slip is no failed round; ours
TIMES_FAILED = 2  # rounds missed on a skill before its weakest prerequisite comes first; ours
REASONS = 2  # told
SHORT_HOURS = 30  # a step of more is not called short; ours: a month at an hour a day


class Why(StrEnum):
    """What speaks for a step; each has its number in `Reason`."""

    REFRESH = "refresh"  # it was mastered and faded: the chance now
    REPAIR = "repair"  # what was missed rests on it: times missed; `skills` is that skill
    NEARLY = "nearly"  # it is nearly held: the chance
    HELD = "held"  # all it needs is held: how many, `skills` are they
    OPENS = "opens"  # so many of the `of` skills left to the goal rest on it
    SHORT = "short"  # hours left
    WEIGHT = "weight"  # what it weighs for the goal, from 0 to 1


@dataclass(frozen=True)
class Reason:
    """One reason with its numbers."""

    why: Why
    number: float
    of: int = 0
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class NextStep:
    """A skill to take up. `hours` are what is left of it; `ready` is the chance that all it needs is held."""

    skill_id: str
    reasons: tuple[Reason, ...]
    hours: float
    ready: float


@dataclass(frozen=True)
class GoalReached:
    """Everything the goal asks for, and all it rests on, is mastered and fresh."""


@dataclass(frozen=True)
class _Candidate:
    """A skill with what makes up its score. `gap` is the chance that there is something to do about it."""

    skill_id: str
    chance: float
    ready: float
    gap: float
    hours: float
    weight: float
    opens: int
    left: int
    is_first: bool

    @property
    def worth(self) -> float:
        """What it weighs an hour."""
        return self.weight / self.hours

    @property
    def value(self) -> float:
        return self.worth + OPENING * self.opens / max(1, self.left)

    @property
    def score(self) -> float:
        return (self.ready * self.gap) ** SURENESS * self.value

    @property
    def factors(self) -> Mapping[Why, float]:
        """The logs of what the score is made of, by the reason that tells each."""
        return {
            Why.HELD: SURENESS * _log(self.ready),
            Why.OPENS: _log(self.value) - _log(self.worth),
            Why.SHORT: -_log(self.hours),
            Why.WEIGHT: _log(self.weight),
        }


@dataclass(frozen=True)
class _Learner:
    """Where one stands in the graph; what was overruled counts as held, for the learner's word stands."""

    graph: SkillGraph
    chances: Mapping[str, float]
    mastered: frozenset[str]
    begun: frozenset[str]
    overruled: frozenset[str]
    failed: Mapping[str, int]

    def chance(self, skill_id: str) -> float:
        return 1.0 if skill_id in self.overruled else self.chances[skill_id]

    def is_faded(self, skill_id: str) -> bool:
        return skill_id in self.mastered and self.chance(skill_id) < LIKELY

    def is_done(self, skill_id: str) -> bool:
        return skill_id in self.overruled or (skill_id in self.mastered and not self.is_faded(skill_id))

    def is_ready(self, skill_id: str) -> bool:
        return all(self.chance(each) >= LIKELY for each in self.graph.prerequisites[skill_id])

    def has_failed(self, skill_id: str) -> bool:
        return self.failed.get(skill_id, 0) >= TIMES_FAILED

    def needs_repair(self, skill_id: str) -> bool:
        """Whether there is something below a failed skill to turn to; that comes before all else.

        Where all below it is sure, it is itself not learnt yet.
        """
        return self.has_failed(skill_id) and any(
            self.chance(each) < SURE for each in self.graph.prerequisites[skill_id]
        )


def choose(
    graph: SkillGraph,
    chances: Mapping[str, float],
    mastered: Collection[str] = (),
    put_off: Sequence[str] = (),
    failed: Mapping[str, int] | None = None,
    begun: Collection[str] = (),
    overruled: Collection[str] = (),
) -> NextStep | GoalReached:
    """The skill to take up next; `chances` are those that each skill of the graph is held.

    `mastered` is offered again only when it faded, `overruled` ("I know this") never, `put_off` after the
    rest, the first of them first. `failed` counts the rounds missed in a row on a skill. What is `begun`
    stays a step until it is likely held. What the goal cannot do without, with all it rests on, comes before
    what is good to have.
    """
    learner = _Learner(
        graph, chances, frozenset(mastered), frozenset(begun), frozenset(overruled), failed or {}
    )
    goals = [each for each in graph.skills if graph.weights[each] > 0 and learner.chance(each) < LIKELY]
    candidates = [
        _candidate(learner, each, goals)
        for each in graph.skills
        if not learner.is_done(each) and (learner.is_ready(each) or learner.needs_repair(each))
    ]
    turns = {skill_id: turn for turn, skill_id in enumerate(put_off, 1)}
    candidates.sort(
        key=lambda each: (
            turns.get(each.skill_id, 0),
            not learner.needs_repair(each.skill_id),
            not each.is_first,
            -each.score,
        )
    )
    if not candidates:
        return GoalReached()
    steps = (_step(learner, each, candidates, goals) for each in candidates)
    wanted = next((step for step in steps if step.skill_id not in put_off), None)
    return wanted or _step(learner, candidates[0], candidates, goals)


def missed_rounds(graph: SkillGraph, history: History) -> Mapping[str, int]:
    """How many rounds in a row, up to the latest, went wrong on each skill: fewer than half right.

    A round is a local day's answers on the skill, or those of several days until there are two. What a
    skill directly needs gone well since is a fresh start: the gap may be closed.
    """
    by_skill: dict[str, list[Response]] = {skill_id: [] for skill_id in graph.skills}
    for each in history:
        by_skill.setdefault(each.skill_id, []).append(each)
    rounds = {skill_id: tuple(_rounds(own)) for skill_id, own in by_skill.items()}
    return {skill_id: count for skill_id in graph.skills if (count := _missed(skill_id, graph, rounds))}


def _rounds(own: History) -> Iterator[tuple[datetime, bool]]:
    """Of the answers on one skill: when each round ended, and whether it went well."""
    right = count = 0
    for each, after in zip_longest(own, own[1:]):
        right, count = right + each.is_right, count + 1
        is_last = after is None or after.answered_on != each.answered_on
        if is_last and count >= ROUND:
            yield each.answered_at, 2 * right >= count
            right = count = 0


def _missed(skill_id: str, graph: SkillGraph, rounds: Mapping[str, Sequence[tuple[datetime, bool]]]) -> int:
    count = 0
    for _, went_well in reversed(rounds[skill_id]):
        if went_well:
            break
        count += 1
    below = [each for needed in graph.prerequisites[skill_id] for each in rounds[needed]]
    is_mended = count and any(well and at > rounds[skill_id][-1][0] for at, well in below)
    return 0 if is_mended else count


def _candidate(learner: _Learner, skill_id: str, goals: Sequence[str]) -> _Candidate:
    graph, chance = learner.graph, learner.chance(skill_id)
    unsure = [each for each in graph.skills if graph.weights[each] >= MUST and learner.chance(each) < SURE]
    is_faded = learner.is_faded(skill_id)
    is_begun = skill_id in learner.begun and chance < LIKELY
    hours = graph.hours[skill_id] * (1 - chance) * (REFRESHING if is_faded else 1)
    return _Candidate(
        skill_id,
        chance,
        math.prod(learner.chance(each) for each in graph.prerequisites[skill_id]),
        1.0 if is_faded or is_begun else 1 - chance,
        max(CHECKING, hours),
        graph.weights[skill_id],
        sum(skill_id in graph.foundations[goal] for goal in goals),
        sum(goal != skill_id for goal in goals),
        is_begun or any(each == skill_id or skill_id in graph.foundations[each] for each in unsure),
    )


def _step(
    learner: _Learner, candidate: _Candidate, rivals: Sequence[_Candidate], goals: Sequence[str]
) -> NextStep:
    """The candidate as a step, or what it rests on, where it was missed too often."""
    weakest = (
        _weakest_below(learner, candidate.skill_id) if learner.needs_repair(candidate.skill_id) else None
    )
    first: list[Reason] = []
    if weakest:
        missed = candidate.skill_id
        first = [Reason(Why.REPAIR, learner.failed[missed], skills=(missed,))]
        candidate = _candidate(learner, weakest, goals)
    if learner.is_faded(candidate.skill_id):
        first.append(Reason(Why.REFRESH, candidate.chance))
    elif candidate.chance >= LIKELY and not weakest:
        first.append(Reason(Why.NEARLY, candidate.chance))
    reasons = first + _winning(learner, candidate, rivals)
    return NextStep(candidate.skill_id, tuple(reasons[:REASONS]), candidate.hours, candidate.ready)


def _weakest_below(learner: _Learner, skill_id: str) -> str | None:
    """The least sure prerequisite, or what that rests on where it is out of reach or was missed as well."""
    below = [each for each in learner.graph.skills if each in learner.graph.prerequisites[skill_id]]
    weakest = min((each for each in below if each not in learner.overruled), key=learner.chance, default=None)
    if weakest and (learner.has_failed(weakest) or not learner.is_ready(weakest)):
        return _weakest_below(learner, weakest) or weakest
    return weakest


def _winning(learner: _Learner, candidate: _Candidate, rivals: Sequence[_Candidate]) -> list[Reason]:
    """What tells it from its rivals, most telling first."""
    others = [each.factors for each in rivals]
    lead = {why: mine - fmean(each[why] for each in others) for why, mine in candidate.factors.items()}
    told = _tellable(learner, candidate)
    return [told[why] for why in sorted(told, key=lambda why: -lead[why])]


def _tellable(learner: _Learner, candidate: _Candidate) -> Mapping[Why, Reason]:
    needed = learner.graph.prerequisites[candidate.skill_id]
    held = tuple(each for each in learner.graph.skills if each in needed)
    found = {}
    if held:
        found[Why.HELD] = Reason(Why.HELD, len(held), skills=held)
    if candidate.opens:
        found[Why.OPENS] = Reason(Why.OPENS, candidate.opens, candidate.left)
    if candidate.hours <= SHORT_HOURS or not found:
        found[Why.SHORT] = Reason(Why.SHORT, candidate.hours)
    if candidate.weight > 0:
        found[Why.WEIGHT] = Reason(Why.WEIGHT, candidate.weight)
    return found


def _log(number: float) -> float:
    return math.log(max(number, 1e-9))
