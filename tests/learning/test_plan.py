"""Does a plan lead to the goal in an order that can be learnt, and say honestly when?"""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.graph import SkillGraph, graph_of
from bot.learning.plan import (
    MOST_HOURS_A_WEEK,
    PLANNING_FALLACY,
    Plan,
    PlannedSkill,
    PlannedWeek,
    hours_left,
    learning_order,
    plan_of,
)
from knowledge.library import Library

MONDAY = date(2026, 3, 2)


def graph(**skills: tuple[str, float, int]) -> SkillGraph:
    """Skills as name=(what it needs, weight, hours)."""
    return SkillGraph(
        {name: frozenset(needs) for name, (needs, _, _) in skills.items()},
        {name: weight for name, (_, weight, _) in skills.items()},
        {name: hours for name, (_, _, hours) in skills.items()},
    )


SMALL = graph(a=("", 1.0, 10), b=("a", 1.0, 4), c=("", 0.5, 4))

graphs = st.integers(1, 8).flatmap(
    lambda count: st.builds(
        lambda needs, weights, hours: SkillGraph(
            {
                f"s{number}": frozenset(f"s{each}" for each in needs[number] if each < number)
                for number in range(count)
            },
            {f"s{number}": weights[number] for number in range(count)},
            {f"s{number}": hours[number] for number in range(count)},
        ),
        st.lists(st.sets(st.integers(0, count)), min_size=count, max_size=count),
        st.lists(st.sampled_from([0.0, 0.3, 0.5, 1.0]), min_size=count, max_size=count),
        st.lists(st.integers(1, 60), min_size=count, max_size=count),
    )
)
paces = st.floats(1, 60, allow_nan=False)
days = st.dates(date(2020, 1, 1), date(2060, 1, 1))


def test_weeks_are_filled_and_a_long_skill_goes_on_in_the_next() -> None:
    plan = plan_of(SMALL, (), {}, 6, MONDAY)
    assert plan.weeks == (
        PlannedWeek(MONDAY, (PlannedSkill("a", 6),)),
        PlannedWeek(date(2026, 3, 9), (PlannedSkill("a", 4), PlannedSkill("b", 2))),
        PlannedWeek(date(2026, 3, 16), (PlannedSkill("b", 2), PlannedSkill("c", 4))),
    )
    assert plan.finishes_between == (date(2026, 3, 23), date(2026, 4, 6))  # in 3 weeks; in 4.91


@pytest.mark.parametrize(
    ("skills", "held", "order"),
    [
        pytest.param(SMALL, (), "abc", id="what carries more of the goal an hour"),
        pytest.param(SMALL, "a", "bc", id="without what is held"),
        pytest.param(SMALL, "abc", "", id="all held"),
        pytest.param(graph(a=("", 1.0, 9), b=("", 1.0, 3)), (), "ba", id="fewer hours first"),
        pytest.param(graph(a=("", 0.2, 5), b=("", 1.0, 5)), (), "ba", id="more weight first"),
        pytest.param(
            graph(a=("", 0.9, 5), b=("", 0.0, 5), c=("b", 1.0, 5)), (), "bca", id="what opens weight has it"
        ),
        pytest.param(
            graph(a=("", 0.9, 5), b=("", 0.0, 5), c=("b", 1.0, 5)),
            "c",
            "ab",
            id="but not what is held already",
        ),
    ],
)
def test_the_order(skills: SkillGraph, held: str, order: str) -> None:
    assert "".join(learning_order(skills, held)) == order


@pytest.mark.parametrize(
    ("first", "order"), [("c", "cab"), ("b", "abc"), ("elsewhere", "abc"), (None, "abc")]
)
def test_the_step_already_shown_comes_as_soon_as_it_may(first: str | None, order: str) -> None:
    assert "".join(learning_order(SMALL, (), first)) == order


@pytest.mark.parametrize(
    ("hours", "chance", "left"), [(40, 0.0, 40), (40, 0.5, 20), (40, 0.99, 1), (40, 1.0, 1), (1, 0.0, 1)]
)
def test_what_is_probably_held_takes_less(hours: int, chance: float, left: int) -> None:
    assert hours_left(hours, chance) == left


@pytest.mark.parametrize("hours_a_week", [0, -3, 0.5, math.nan, -math.inf])
def test_without_hours_there_is_no_plan(hours_a_week: float) -> None:
    assert plan_of(SMALL, (), {}, hours_a_week, MONDAY) == Plan(0, (), None)


@pytest.mark.parametrize("hours_a_week", [41, 168, 10_000, math.inf])
def test_absurd_hours_are_planned_as_a_full_week(hours_a_week: float) -> None:
    plan = plan_of(SMALL, (), {}, hours_a_week, MONDAY)
    assert plan == plan_of(SMALL, (), {}, MOST_HOURS_A_WEEK, MONDAY)
    assert plan.hours_a_week == MOST_HOURS_A_WEEK


def test_an_odd_pace_fills_the_weeks_that_it_promises() -> None:
    plan = plan_of(graph(a=("", 1.0, 200)), (), {}, 1 + 0.49 / 60, MONDAY)
    assert plan.finishes_between
    assert len(plan.weeks) == 200
    assert plan.finishes_between[0] == MONDAY + timedelta(days=1400)


def test_who_holds_all_has_arrived() -> None:
    assert plan_of(SMALL, "abc", {}, 6, MONDAY) == Plan(6, (), (MONDAY, MONDAY))


def test_after_an_absence_it_starts_from_that_day_without_arrears() -> None:
    later = date(2026, 9, 1)
    plan = plan_of(SMALL, "a", {}, 6, later)
    assert [week.starts_on for week in plan.weeks] == [later, later + timedelta(days=7)]
    assert sum(week.hours for week in plan.weeks) == 8


@settings(deadline=None)
@given(graphs, st.sets(st.sampled_from([f"s{number}" for number in range(8)])), paces, days)
def test_a_plan_can_be_learnt_and_holds_all_that_is_left(
    skills: SkillGraph, held: set[str], pace: float, today: date
) -> None:
    plan = plan_of(skills, held, {}, pace, today)
    known, met = set(held), dict[str, float]()
    for number, week in enumerate(plan.weeks):
        assert week.starts_on == today + timedelta(days=7 * number)
        assert 0 < week.hours <= plan.hours_a_week + 1 / 60
        for share in week.skills:
            assert skills.prerequisites[share.skill_id] <= known | met.keys()
            met[share.skill_id] = met.get(share.skill_id, 0) + share.hours
    assert met == pytest.approx({each: skills.hours[each] for each in skills.skills if each not in held})


@settings(deadline=None)
@given(graphs, paces, days, st.integers(0, 60))
def test_the_finish_is_a_range_that_holds_the_last_week(
    skills: SkillGraph, pace: float, today: date, absent: int
) -> None:
    plan = plan_of(skills, (), {}, pace, today)
    assert plan.finishes_between
    earliest, latest = plan.finishes_between
    assert plan.weeks[-1].starts_on < earliest <= plan.weeks[-1].starts_on + timedelta(days=8)
    assert latest - today == pytest.approx(PLANNING_FALLACY * (earliest - today), abs=timedelta(days=2))
    later = plan_of(skills, (), {}, pace, today + timedelta(days=absent))
    assert later.finishes_between == tuple(day + timedelta(days=absent) for day in (earliest, latest))


@settings(deadline=None)
@given(graphs, paces, st.data())
def test_holding_more_never_takes_longer(skills: SkillGraph, pace: float, data: st.DataObject) -> None:
    more = data.draw(st.sets(st.sampled_from(skills.skills)))
    less = data.draw(st.sets(st.sampled_from(sorted(more)))) if more else set()
    chances = {skill_id: data.draw(st.floats(0, 1)) for skill_id in skills.skills}
    one, other = (plan_of(skills, held, chances, pace, MONDAY).finishes_between for held in (less, more))
    assert one
    assert other
    assert one >= other


def test_every_track_of_the_pack_can_be_planned(library: Library) -> None:
    for track_id in library.tracks:
        skills = graph_of(library, track_id)
        plan = plan_of(skills, (), {}, 6, MONDAY)
        planned = {share.skill_id for week in plan.weeks for share in week.skills}
        assert planned == set(skills.skills)
