"""Does a track become the graph that placement and the next step stand on?"""

from dataclasses import replace

import pytest

from bot.learning.graph import graph_of
from knowledge.library import Library


def test_every_track_holds_what_it_asks_for_and_all_that_rests_on(library: Library) -> None:
    for track_id in library.tracks:
        graph = graph_of(library, track_id)
        assert {skill_id for skill_id in library.skills if library.weight(skill_id, track_id)} <= {
            *graph.skills
        }
        seen: set[str] = set()
        for skill_id in graph.skills:
            assert graph.prerequisites[skill_id] <= seen, f"{skill_id} comes before what it needs"
            seen.add(skill_id)


def test_without_tracks_what_everybody_needs_is_the_way(library: Library) -> None:
    graph = graph_of(replace(library, tracks={}), "")
    assert {*graph.skills} >= {skill_id for skill_id, skill in library.skills.items() if skill.need == "must"}


def test_foundations_reach_down_to_the_roots(library: Library) -> None:
    graph = graph_of(library, "ml-engineer")
    assert graph.foundations["python"] == frozenset()
    assert {"python", "data-wrangling", "ml-supervised", "linear-algebra"} <= graph.foundations[
        "boosting-features"
    ]


@pytest.mark.parametrize(("held", "ready"), [((), "python"), (("python",), "swe-git-testing")])
def test_the_outer_fringe_is_what_one_is_ready_for(
    library: Library, held: tuple[str, ...], ready: str
) -> None:
    fringe = graph_of(library, "ml-engineer").outer_fringe(held)
    assert ready in fringe
    assert not set(held) & set(fringe)
    assert "boosting-features" not in fringe
