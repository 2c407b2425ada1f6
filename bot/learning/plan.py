"""Which skills in which week, and when is the goal reached? From today and what is held: no arrears. Pure."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.learning.graph import SkillGraph

# Hours a week one may plan with; ours. Less than an hour makes no plan, and who asks for more than a full
# working week is planned at that.
LEAST_HOURS_A_WEEK, MOST_HOURS_A_WEEK = 1, 40

LEAST_HOURS = 1  # of a skill that is probably, but not surely held: to look at it and to be asked

# Students who said when their thesis would be done took 55.5 days where they had said 33.9 (Buehler, Griffin
# and Ross 1994, study 1); for the case that everything went as poorly as it could they had said 48.6.
PLANNING_FALLACY = 55.5 / 33.9

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PlannedSkill:
    """A skill's share of one week, in hours."""

    skill_id: str
    hours: float


@dataclass(frozen=True)
class PlannedWeek:
    """Seven days from a local date on."""

    starts_on: date
    skills: tuple[PlannedSkill, ...]

    @property
    def hours(self) -> float:
        return sum(skill.hours for skill in self.skills)


@dataclass(frozen=True)
class Plan:
    """What is left, week by week. The goal is reached at the earliest if every week goes as planned.

    Without hours there are neither weeks nor dates. `hours_a_week` is what was planned with.
    """

    hours_a_week: float
    weeks: tuple[PlannedWeek, ...]
    finishes_between: tuple[date, date] | None


def plan_of(
    graph: SkillGraph,
    held: Collection[str],
    chances: Mapping[str, float],
    hours_a_week: float,
    today: date,
    first: str | None = None,
) -> Plan:
    """All that is not held, in an order in which it can be learnt; `chances` are probabilities of holding.

    `first` is the step the learner was shown or has begun, so that the plan says the same.
    Asked again after an absence, the plan starts from that day and from what is held then.
    """
    if not hours_a_week >= LEAST_HOURS_A_WEEK:  # so that NaN makes no plan either
        return Plan(0, (), None)
    pace = round(min(hours_a_week, MOST_HOURS_A_WEEK) * 60) / 60  # in whole minutes, as the weeks are filled
    left = {
        skill_id: hours_left(graph.hours[skill_id], chances.get(skill_id, 0.0))
        for skill_id in learning_order(graph, held, first)
    }
    total = sum(left.values())
    finishes = _day_after(today, total / pace), _day_after(today, PLANNING_FALLACY * total / pace)
    return Plan(pace, _weeks(left, pace, today), finishes)


def hours_left(hours: int, chance: float) -> int:
    """What a skill may still take: the less, the likelier it is held."""
    return max(LEAST_HOURS, round(hours * (1 - chance)))


def learning_order(graph: SkillGraph, held: Collection[str], first: str | None = None) -> tuple[str, ...]:
    """From fringe to fringe: what carries most of the goal an hour; `first` comes as soon as it may."""
    worth = {skill_id: carried / graph.hours[skill_id] for skill_id, carried in _carried(graph, held).items()}
    known, order = set(held), list[str]()
    while ready := graph.outer_fringe(known):
        order.append(max(ready, key=lambda skill_id: (skill_id == first, worth[skill_id])))
        known.add(order[-1])
    return tuple(order)


def _carried(graph: SkillGraph, held: Collection[str]) -> dict[str, float]:
    """For each skill the weights of itself and of all that is still to be learnt on top of it."""
    carried = dict(graph.weights)
    for skill_id, foundations in graph.foundations.items():
        for foundation in foundations if skill_id not in held else ():
            carried[foundation] += graph.weights[skill_id]
    return carried


def _weeks(left: Mapping[str, int], pace: float, today: date) -> tuple[PlannedWeek, ...]:
    """Fills one week after the other; a skill that is longer than what is left of a week goes on in the next.

    Counted in whole minutes, so that no crumb of an hour is left over.
    """
    weeks: list[list[PlannedSkill]] = []
    room = 0
    for skill_id, hours in left.items():
        rest = hours * 60
        while rest:
            if not room:
                weeks.append([])
                room = round(pace * 60)
            share = min(rest, room)
            weeks[-1].append(PlannedSkill(skill_id, share / 60))
            rest, room = rest - share, room - share
    return tuple(PlannedWeek(today + number * WEEK, tuple(skills)) for number, skills in enumerate(weeks))


def _day_after(today: date, weeks: float) -> date:
    return today + timedelta(days=math.ceil(weeks * WEEK.days))
