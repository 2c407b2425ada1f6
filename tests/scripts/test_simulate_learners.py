"""Are simulated learners what they claim to be, and does their table say how they were placed?"""

from pathlib import Path
from random import Random

import pytest

from bot.learning.evidence import Outcome
from bot.learning.graph import graph_of
from bot.learning.placement import states_of
from knowledge.library import Library
from scripts.simulate_learners import Row, place_all
from scripts.simulated import Kind, broken, simulated, ways_to_draw
from tests.conftest import TINY_PACK
from tests.scripts.conftest import run_script

WAYS = ("grown", "uniform", "by level")


@pytest.mark.parametrize("way", WAYS)
def test_a_drawn_state_obeys_the_graph_until_it_is_broken(library: Library, way: str) -> None:
    graph = graph_of(library, "ml-engineer")
    draw, rng = ways_to_draw(graph, states_of(graph, Random(0)))[way], Random(1)
    drawn = [draw(rng) for _ in range(30)]
    assert all(graph.foundations[each] <= held for held in drawn for each in held)
    assert len({len(held) for held in drawn}) > 3
    turned = sum(len(held ^ broken(held, graph, 0.08, rng)) for held in drawn)
    assert 0.04 < turned / (30 * len(graph.skills)) < 0.12


@pytest.mark.parametrize(("kind", "right", "unsure"), [(Kind.HONEST, 0.05, 0.8), (Kind.GUESSING, 0.25, 0.0)])
def test_a_learner_answers_by_kind(library: Library, kind: Kind, right: float, unsure: float) -> None:
    graph, rng = graph_of(library, "ml-engineer"), Random(0)
    learner = simulated(graph, lambda _: frozenset(graph.skills[:9]), 0.0, kind, rng)
    told = [learner.answer(each, rng) for each in graph.skills[9:] * 200]
    assert told.count(Outcome.CORRECT) / len(told) == pytest.approx(right, abs=0.03)
    assert told.count(Outcome.UNSURE) / len(told) == pytest.approx(unsure, abs=0.03)
    known = [learner.answer(each, rng) for each in graph.skills[:9] * 200]
    assert known.count(Outcome.CORRECT) / len(known) == pytest.approx(0.9, abs=0.05)


def test_placement_comes_near_the_truth_of_learners_it_was_not_made_from(library: Library) -> None:
    """The full table is in docs/tutor-placement.md; here a few learners keep it from being quite wrong."""
    placed = place_all(graph_of(library, "ml-engineer"), 12, Row("by level", Kind.HONEST, 0.08, True))
    before, _, after, *_ = (sum(shares) / 12 for shares in zip(*(each.right for each in placed), strict=True))
    assert after > max(before, 0.85)
    assert sum(each.is_ready for each in placed) >= 9


def test_the_table_is_printed(tmp_path: Path) -> None:
    ended = run_script("simulate_learners.py", "--learners", 1, folder=tmp_path)
    assert (ended.code, ended.errors) == (0, [])
    assert ended.out[0].startswith("| 1 learners a row |")
    assert len(ended.out) == 2 + 18


def test_a_pack_without_a_track_is_told(tmp_path: Path) -> None:
    ended = run_script("simulate_learners.py", folder=tmp_path, BOT_KNOWLEDGE_DIR=TINY_PACK)
    assert (ended.code, ended.out, len(ended.errors)) == (2, [], 1)
