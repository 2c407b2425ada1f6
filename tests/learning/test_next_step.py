"""Is the next step one that a learner is ready for, and are its reasons true?"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.evidence import Outcome, Response
from bot.learning.graph import SkillGraph, graph_of
from bot.learning.next_step import (
    LIKELY,
    REASONS,
    SURE,
    GoalReached,
    NextStep,
    Reason,
    Why,
    choose,
    missed_rounds,
)
from knowledge.library import Library
from tests.learning.graphs import graphs

# a and b are free; c needs both, d needs c; e stands alone.
SMALL = SkillGraph(
    {"a": frozenset(), "b": frozenset(), "c": frozenset("ab"), "d": frozenset("c"), "e": frozenset()},
    {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0, "e": 0.2},
    {"a": 20, "b": 20, "c": 20, "d": 20, "e": 20},
)


def step(graph: SkillGraph = SMALL, default: float = 0.1, **known: object) -> NextStep:
    chances = dict.fromkeys(graph.skills, default) | known.pop("chances", {})  # type: ignore[operator]
    found = choose(graph, chances, **known)  # type: ignore[arg-type]
    assert isinstance(found, NextStep)
    return found


def why(found: NextStep) -> dict[Why, Reason]:
    return {reason.why: reason for reason in found.reasons}


@given(st.data(), graphs())
@settings(deadline=None)
def test_a_step_is_always_one_whose_prerequisites_are_likely_held(
    data: st.DataObject, graph: SkillGraph
) -> None:
    some = st.sets(st.sampled_from(graph.skills))
    chances = {each: data.draw(st.floats(0, 1)) for each in graph.skills}
    mastered, put_off, begun = data.draw(some), data.draw(some), data.draw(some)
    overruled = data.draw(some)
    failed = data.draw(st.dictionaries(st.sampled_from(graph.skills), st.integers(0, 3)))
    known = (chances, mastered, put_off, failed, begun, overruled)
    found = choose(graph, *known)
    assert found == choose(graph, *known), "not deterministic"
    faded = {each for each in mastered - overruled if chances[each] < LIKELY}
    if isinstance(found, GoalReached):
        assert {*graph.skills} == mastered - faded | overruled
        return
    assert all(chances[n] >= LIKELY or n in overruled for n in graph.prerequisites[found.skill_id])
    assert found.skill_id not in overruled
    if Why.REPAIR not in why(found):
        assert found.skill_id not in mastered - faded
    assert 1 <= found.hours <= max(1, graph.hours[found.skill_id])
    assert LIKELY ** len(graph.prerequisites[found.skill_id]) <= found.ready <= 1
    assert 1 <= len(found.reasons) <= REASONS
    assert len(why(found)) == len(found.reasons)


@given(st.data(), graphs())
@settings(deadline=None)
def test_following_the_steps_reaches_the_goal_in_an_order_the_graph_allows(
    data: st.DataObject, graph: SkillGraph
) -> None:
    chances = {each: data.draw(st.floats(0, 0.45)) for each in graph.skills}
    mastered: list[str] = []
    while isinstance(found := choose(graph, chances, mastered), NextStep):
        assert graph.prerequisites[found.skill_id] <= {*mastered}
        mastered.append(found.skill_id)
        chances[found.skill_id] = 0.9
    assert sorted(mastered) == sorted(graph.skills)


def test_what_opens_more_of_the_goal_comes_first() -> None:
    found = step()
    assert found.skill_id == "a"
    assert why(found)[Why.OPENS] == Reason(Why.OPENS, 2, 4)


def test_a_heavier_skill_and_a_shorter_one_come_first() -> None:
    flat = {each: frozenset[str]() for each in "xy"}
    assert step(SkillGraph(flat, {"x": 0.5, "y": 1.0}, {"x": 20, "y": 20})).skill_id == "y"
    found = step(SkillGraph(flat, {"x": 1.0, "y": 1.0}, {"x": 40, "y": 20}))
    assert found.skill_id == "y"
    assert found.reasons[0] == Reason(Why.SHORT, found.hours)
    assert found.hours == pytest.approx(18)


def test_what_is_probably_held_comes_after_what_is_not() -> None:
    assert step(chances={"a": 0.7}).skill_id == "b"


def test_what_is_held_is_named() -> None:
    found = step(chances={"a": 0.95, "b": 0.95, "e": 0.95}, mastered=("a", "b", "e"))
    assert found.skill_id == "c"
    assert why(found)[Why.HELD] == Reason(Why.HELD, 2, skills=("a", "b"))
    assert found.ready == pytest.approx(0.95**2)


def test_what_is_begun_is_studied_until_it_is_likely_held() -> None:
    assert step(chances={"a": 0.45}).skill_id == "b"
    assert step(chances={"a": 0.45}, begun=("a",)).skill_id == "a"
    assert step(chances={"a": LIKELY}, begun=("a",)).skill_id == "b", "questions will show the rest"
    nearly = step(chances={"a": 0.7, "b": 0.95, "e": 0.95}, mastered="be", begun=("a",), put_off="c")
    assert (nearly.skill_id, nearly.reasons[0]) == ("a", Reason(Why.NEARLY, 0.7))


def test_what_the_goal_cannot_do_without_comes_first() -> None:
    flat = {"good": frozenset[str](), "base": frozenset[str](), "must": frozenset({"base"})}
    graph = SkillGraph(flat, {"good": 0.9, "base": 0.1, "must": 1.0}, {"good": 1, "base": 90, "must": 90})
    assert step(graph).skill_id == "base"
    assert step(graph, chances={"good": 0.45}, begun=("good",)).skill_id == "good", "it was begun"
    assert step(graph, chances={"base": SURE, "must": SURE}).skill_id == "good"


def test_what_is_put_off_comes_back_after_the_rest() -> None:
    first = step(put_off=("a",))
    assert first.skill_id == "b"
    for turn in (("a", "b", "e"), ("b", "e", "a"), ("e", "a", "b")):
        assert step(put_off=turn).skill_id == turn[0], "what waits longest comes first"


def test_what_was_overruled_is_held_and_never_offered_again() -> None:
    assert step(overruled=("a", "b")).skill_id == "c"
    assert isinstance(choose(SMALL, dict.fromkeys("abcde", 0.1), overruled="abcde"), GoalReached)


def test_what_was_mastered_and_faded_is_refreshed_before_what_needs_it() -> None:
    found = step(default=0.9, chances={"a": 0.4, "d": 0.1}, mastered="abce")
    assert (found.skill_id, found.reasons[0]) == ("a", Reason(Why.REFRESH, 0.4))
    assert found.hours < 20 * 0.6


@pytest.mark.parametrize(
    ("failed", "expected"),
    [({"c": 1}, "c"), ({"c": 2}, "b"), ({"c": 2, "b": 2}, "b"), ({"c": 3, "d": 2}, "b")],
)
def test_a_skill_failed_twice_sends_to_its_weakest_prerequisite(
    failed: dict[str, int], expected: str
) -> None:
    found = step(chances={"a": 0.95, "b": 0.75, "e": 0.95}, mastered="abe", failed=failed)
    assert found.skill_id == expected
    if expected == "b":
        assert found.reasons[0] == Reason(Why.REPAIR, failed["c"], skills=("c",))


def test_where_all_below_is_sure_the_failed_skill_itself_is_studied() -> None:
    sure = {"a": 0.95, "b": SURE, "e": 0.95}
    found = step(chances=sure, mastered="abe", failed={"c": 4}, begun="c")
    assert (found.skill_id, Why.REPAIR in why(found)) == ("c", False)


def test_repair_goes_down_until_something_is_in_reach() -> None:
    found = step(default=0.9, chances={"a": 0.3, "d": 0.1}, mastered="be", put_off="a", failed={"d": 2})
    assert found.skill_id != "c", "c needs a, which is not likely held"


def test_put_off_holds_for_a_repair_too() -> None:
    chances = {"a": 0.95, "b": 0.75}
    found = step(chances=chances, mastered="ab", failed={"c": 2}, put_off="b")
    assert found.skill_id == "e"


def test_the_goal_is_reached_when_all_is_mastered() -> None:
    assert choose(SMALL, dict.fromkeys("abcde", 0.9), mastered="abcde") == GoalReached()
    assert isinstance(choose(SMALL, dict.fromkeys("abcde", 0.9), mastered="abcd"), NextStep)


def test_a_newcomer_to_the_real_track_starts_at_its_roots(library: Library) -> None:
    graph = graph_of(library, "ml-engineer")
    found = step(graph, default=0.05)
    assert not graph.prerequisites[found.skill_id]
    assert len(found.reasons) == REASONS


def rounds_of(graph: SkillGraph, *answers: tuple[int, str, bool]) -> Mapping[str, int]:
    """Missed rounds after such answers: on which day, on which skill, and whether right."""
    first = datetime(2026, 3, 1, 9, tzinfo=UTC)
    history = []
    for number, (day, skill_id, is_right) in enumerate(answers):
        at = first + timedelta(days=day, minutes=number)
        outcome = Outcome.CORRECT if is_right else Outcome.INCORRECT
        history.append(Response(skill_id, f"item-{number}", 0.0, outcome, at, at.date()))
    return missed_rounds(graph, history)


@pytest.mark.parametrize(
    ("answers", "missed"),
    [
        ([], 0),
        ([(0, "b", False)], 0),  # one slip is no round
        ([(0, "b", False), (0, "b", False)], 1),
        ([(0, "b", False), (0, "b", True)], 0),  # half right is not missed
        ([(0, "b", False), (0, "b", False), (0, "b", False), (0, "b", False)], 1),  # a day is one round
        ([(0, "b", False), (1, "b", False)], 1),  # single answers make a round together
        ([(0, "b", False), (0, "b", False), (1, "b", False), (1, "b", False)], 2),
        ([(0, "b", False), (0, "b", False), (1, "b", True), (1, "b", True)], 0),
        ([(0, "b", True), (0, "b", True), (1, "b", False), (1, "b", False)], 1),
        ([(0, "b", False), (0, "b", False), (1, "a", False), (1, "a", False)], 1),
        (
            [(0, "b", False), (0, "b", False), (1, "a", True), (1, "a", True)],
            0,
        ),  # what it rests on was mended
        ([(0, "a", True), (0, "a", True), (1, "b", False), (1, "b", False)], 1),
    ],
)
def test_rounds_missed_in_a_row(answers: list[tuple[int, str, bool]], missed: int) -> None:
    graph = SkillGraph(
        {"a": frozenset(), "b": frozenset("a")}, dict.fromkeys("ab", 1.0), dict.fromkeys("ab", 10)
    )
    assert rounds_of(graph, *answers).get("b", 0) == missed
