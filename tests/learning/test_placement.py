"""Does placement weigh the states as Bayes would, and does it keep to its budget?"""

import math
from collections.abc import Mapping
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.evidence import Outcome
from bot.learning.graph import SkillGraph, graph_of
from bot.learning.placement import (
    _IF_HELD,
    _IF_NOT,
    _REACHES,
    BREAKS,
    CLIP,
    DOUBT,
    FEWEST,
    LEAST_REACH,
    MOST,
    MOST_REACH,
    STEEPNESS,
    Answers,
    Standing,
    next_question,
    posterior,
    priors,
    states_of,
)
from knowledge.library import Library
from tests.learning.graphs import graphs

CHAIN = SkillGraph(
    {"a": frozenset(), "b": frozenset("a"), "c": frozenset("b")},
    dict.fromkeys("abc", 1.0),
    dict.fromkeys("abc", 10),
)
Truth = Mapping[str, bool]


def feasible(graph: SkillGraph) -> list[Truth]:
    sets = [
        dict(zip(graph.skills, bits, strict=True))
        for bits in product((False, True), repeat=len(graph.skills))
    ]
    return [each for each in sets if all(each[n] for s in each if each[s] for n in graph.prerequisites[s])]


def by_brute_force(graph: SkillGraph, standing: Standing, answers: Answers) -> Mapping[str, float]:
    """Sums over states, over truths that differ from them, and over habits, as the definitions say."""
    depth: dict[str, int] = {}
    for skill_id, needed in graph.prerequisites.items():
        depth[skill_id] = max((depth[each] + 1 for each in needed), default=0)
    truths = [
        dict(zip(graph.skills, bits, strict=True))
        for bits in product((False, True), repeat=len(graph.skills))
    ]
    total, held = 0.0, dict.fromkeys(graph.skills, 0.0)
    for state, truth in product(feasible(graph), truths):
        prior = sum(
            worth * chance_of(graph, state, depth, number) for number, worth in enumerate(_REACHES[standing])
        )
        same = math.prod(1 - BREAKS if state[each] == truth[each] else BREAKS for each in state)
        told = sum(
            math.prod((_IF_HELD if truth[skill] else _IF_NOT)[outcome][habit] for skill, outcome in answers)
            for habit in (0, 1)
        )
        total += prior * same * told
        for each in truth:
            held[each] += prior * same * told * truth[each]
    return {each: value / total for each, value in held.items()}


def chance_of(graph: SkillGraph, state: Truth, depth: Mapping[str, int], number: int) -> float:
    top = STEEPNESS * max(depth.values()) + MOST_REACH
    reach = LEAST_REACH + (top - LEAST_REACH) * number / (len(_REACHES[Standing.NEW]) - 1)
    likely = 1.0
    for skill_id, needed in graph.prerequisites.items():
        if all(state[each] for each in needed):
            chance = 1 / (1 + math.exp(STEEPNESS * depth[skill_id] - reach))
            likely *= chance if state[skill_id] else 1 - chance
    return likely


def answers_on(graph: SkillGraph, most: int = 6) -> st.SearchStrategy[Answers]:
    return st.lists(st.tuples(st.sampled_from(graph.skills), st.sampled_from(Outcome)), max_size=most)


@given(graphs())
def test_the_states_are_all_that_prerequisites_allow_each_once(graph: SkillGraph) -> None:
    states = states_of(graph, Random(0))
    found = {tuple(map(bool, column)) for column in states.held.T}
    assert found == {tuple(each.values()) for each in feasible(graph)}
    assert len(found) == states.held.shape[1]
    assert all(prior.sum() == pytest.approx(1, abs=1e-5) for prior in states.priors.values())


@given(st.data(), graphs(5), st.sampled_from(Standing))
@settings(deadline=None, max_examples=50)
def test_the_posterior_is_bayes(data: st.DataObject, graph: SkillGraph, standing: Standing) -> None:
    answers = data.draw(answers_on(graph))
    found = posterior(states_of(graph, Random(0)), standing, answers)
    assert found == pytest.approx(by_brute_force(graph, standing, answers), abs=1e-5)


@given(st.data(), graphs())
@settings(deadline=None)
def test_any_number_of_answers_leaves_chances(data: st.DataObject, graph: SkillGraph) -> None:
    answers = list(data.draw(answers_on(graph))) * 500
    chances = posterior(states_of(graph, Random(0)), Standing.SOME, answers)
    assert all(0 <= chance <= 1 for chance in chances.values())


@pytest.mark.parametrize("track_id", ["ml-engineer", "hcml-developer"])
def test_a_sample_agrees_with_all_states(library: Library, track_id: str) -> None:
    graph = graph_of(library, track_id)
    exact, sample = states_of(graph, Random(0)), states_of(graph, Random(1), limit=1000)
    assert (exact.is_exact, sample.is_exact) == (True, False)
    assert sample.held.shape == (len(graph.skills), 20_000)
    rng = Random(2)
    for standing in (Standing.UNKNOWN, Standing.MUCH):
        answers: list[tuple[str, Outcome]] = []
        while skill_id := next_question(graph, posterior(exact, standing, answers), answers):
            answers.append((skill_id, rng.choice(list(Outcome))))
            found, right = posterior(sample, standing, answers), posterior(exact, standing, answers)
            assert max(abs(found[each] - right[each]) for each in right) < 0.15
        assert sum(abs(found[each] - right[each]) for each in right) / len(right) < 0.03


def test_a_sample_of_a_large_graph_obeys_it() -> None:
    names = [f"s{number}" for number in range(120)]
    needs = {name: frozenset(names[max(0, n - 40) : n : 17]) for n, name in enumerate(names)}
    graph = SkillGraph(needs, dict.fromkeys(names, 1.0), dict.fromkeys(names, 10))
    states = states_of(graph, Random(0))
    assert not states.is_exact
    rows = {name: states.held[number] > 0 for number, name in enumerate(names)}
    assert all((rows[each] | ~rows[name]).all() for name in names for each in needs[name])
    known = posterior(states, Standing.UNKNOWN, [(names[-1], Outcome.CORRECT)] * 3)
    assert known[names[0]] > posterior(states, Standing.UNKNOWN, [])[names[0]]


def test_an_answer_counts_for_what_lies_below_and_against_what_lies_above() -> None:
    states = states_of(CHAIN, Random(0))
    before = posterior(states, Standing.UNKNOWN, [])
    right = posterior(states, Standing.UNKNOWN, [("b", Outcome.CORRECT)])
    unsure = posterior(states, Standing.UNKNOWN, [("b", Outcome.UNSURE)])
    assert all(right[each] > before[each] > unsure[each] for each in "abc")


def test_an_asked_skill_may_break_the_graph() -> None:
    answers = [("a", Outcome.UNSURE), ("a", Outcome.INCORRECT), *[("c", Outcome.CORRECT)] * 3]
    chances = posterior(states_of(CHAIN, Random(0)), Standing.UNKNOWN, answers)
    assert chances["c"] > 0.8
    assert chances["a"] < 0.35


def test_who_says_i_do_not_know_is_believed_when_right() -> None:
    graph = SkillGraph(
        dict.fromkeys("abcd", frozenset()), dict.fromkeys("abcd", 1.0), dict.fromkeys("abcd", 9)
    )
    states = states_of(graph, Random(0))
    honest = [("a", Outcome.UNSURE), ("b", Outcome.UNSURE), ("c", Outcome.CORRECT)]
    guesser = [("a", Outcome.INCORRECT), ("b", Outcome.INCORRECT), ("c", Outcome.CORRECT)]
    believed = posterior(states, Standing.UNKNOWN, honest)["c"]
    assert believed > posterior(states, Standing.UNKNOWN, guesser)["c"] + 0.1


def test_what_learners_say_of_themselves_orders_the_start(library: Library) -> None:
    states = states_of(graph_of(library, "ml-engineer"), Random(0))
    new, some, much = (
        sum(posterior(states, standing, []).values())
        for standing in (Standing.NEW, Standing.SOME, Standing.MUCH)
    )
    assert new < some < much


@given(st.data(), graphs())
@settings(deadline=None)
def test_a_question_budget_is_kept(data: st.DataObject, graph: SkillGraph) -> None:
    states = states_of(graph, Random(0))
    answers: list[tuple[str, Outcome]] = []
    chances = posterior(states, Standing.UNKNOWN, answers)
    while (skill_id := next_question(graph, chances, answers)) is not None:
        answers.append((skill_id, data.draw(st.sampled_from(Outcome))))
        chances = posterior(states, Standing.UNKNOWN, answers)
    assert len(answers) <= MOST
    assert all(len({skill for skill, _ in answers[n : n + 3]}) > 1 for n in range(len(answers) - 2))
    if len(graph.skills) > 1:
        assert len(answers) >= FEWEST
        if len(answers) < MOST:
            assert not any(DOUBT[0] <= chance <= DOUBT[1] for chance in chances.values())


def test_the_first_question_is_the_greatest_doubt(library: Library) -> None:
    graph = graph_of(library, "ml-engineer")
    chances = posterior(states_of(graph, Random(0)), Standing.UNKNOWN, [])
    first = next_question(graph, chances, [])
    assert first
    assert abs(chances[first] - 0.5) == min(abs(chance - 0.5) for chance in chances.values())


def test_the_last_questions_make_sure_of_the_next_step() -> None:
    chances = {"a": 0.75, "b": 0.3, "c": 0.5}  # next would come b, which needs a
    earlier = [("a", Outcome.CORRECT), ("b", Outcome.UNSURE)] * 6
    assert next_question(CHAIN, chances, earlier[:10]) == "c"
    assert next_question(CHAIN, chances, earlier) == "b"


def test_mastery_starts_within_bounds() -> None:
    started = priors({"a": 0.999, "b": 0.5, "c": 0.0})
    assert started["b"] == 0
    assert started["a"] == pytest.approx(math.log(CLIP[1] / (1 - CLIP[1])))
    assert started["c"] == pytest.approx(math.log(CLIP[0] / (1 - CLIP[0])))


def test_the_same_answers_and_seed_give_the_same_chances(library: Library) -> None:
    graph = graph_of(library, "ml-engineer")
    one, other = (states_of(graph, Random(5), limit=10) for _ in "ab")
    answers = [("python", Outcome.CORRECT), ("ml-supervised", Outcome.UNSURE)]
    assert posterior(one, Standing.NEW, answers) == posterior(other, Standing.NEW, answers)


@given(st.data(), graphs())
@settings(deadline=None)
def test_only_what_has_items_is_asked_and_doubt_about_the_rest_keeps_nobody(
    data: st.DataObject, graph: SkillGraph
) -> None:
    states = states_of(graph, Random(0))
    askable = data.draw(st.sets(st.sampled_from(graph.skills)))
    answers: list[tuple[str, Outcome]] = []
    chances = posterior(states, Standing.UNKNOWN, answers)
    while (skill_id := next_question(graph, chances, answers, askable=askable)) is not None:
        assert skill_id in askable
        answers.append((skill_id, data.draw(st.sampled_from(Outcome))))
        chances = posterior(states, Standing.UNKNOWN, answers)
    if FEWEST <= len(answers) < MOST and len(askable) > 1:
        assert not any(DOUBT[0] <= chances[each] <= DOUBT[1] for each in askable)
