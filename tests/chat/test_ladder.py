"""Does every skill stand above what it needs, and does no line run over another of a different skill?"""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.views.ladder import MAX_COLUMNS, ladder_of
from bot.learning.graph import graph_of
from knowledge.library import Library


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, set[str]]:
    names = [f"s{number}" for number in range(draw(st.integers(1, 20)))]
    return {
        name: draw(st.sets(st.sampled_from(names[:place]), max_size=4)) if place else set()
        for place, name in enumerate(names)
    }


def rests_on(graph: dict[str, set[str]], skill: str) -> set[str]:
    return graph[skill].union(*(rests_on(graph, one) for one in graph[skill]))


@given(graphs())
def test_every_skill_has_a_cell_of_its_own_above_all_it_needs(graph: dict[str, set[str]]) -> None:
    ladder = ladder_of(graph)
    assert {*ladder.cells} == {*graph}
    assert len({*ladder.cells.values()}) == len(graph)
    assert ladder.columns <= MAX_COLUMNS
    for skill, needs in graph.items():
        assert 0 <= ladder.cells[skill].column < ladder.columns
        assert 0 <= ladder.cells[skill].row < ladder.rows
        assert all(ladder.cells[one].row < ladder.cells[skill].row for one in needs)


@given(graphs())
def test_a_line_for_each_prerequisite_that_no_other_implies(graph: dict[str, set[str]]) -> None:
    below = {skill: rests_on(graph, skill) for skill in graph}
    direct = {
        (lower, upper)
        for upper, needs in graph.items()
        for lower in needs
        if not any(lower in below[other] for other in needs)
    }
    routes = ladder_of(graph).routes
    assert {(route.lower, route.upper) for route in routes} == direct
    assert len(routes) == len(direct)


@given(graphs())
def test_only_neighbouring_rows_are_joined_without_a_gutter(graph: dict[str, set[str]]) -> None:
    ladder = ladder_of(graph)
    for route in ladder.routes:
        rows = ladder.cells[route.upper].row - ladder.cells[route.lower].row
        assert (route.gutter is None) == (rows == 1)
        assert route.lane_out < max(1, ladder.channels[ladder.cells[route.lower].row])
        if route.gutter is not None:
            assert route.gutter_lane < ladder.gutters[route.gutter]


@given(graphs())
def test_two_lines_never_come_into_a_skill_at_one_place(graph: dict[str, set[str]]) -> None:
    for one, other in combinations(ladder_of(graph).routes, 2):
        assert (one.upper, one.port) != (other.upper, other.port)


def test_prerequisites_that_are_not_on_the_track_are_left_out() -> None:
    assert ladder_of({"bread": ["flour"]}).routes == ()


def test_foundations_stand_at_the_bottom_of_every_track(library: Library) -> None:
    for track_id in library.tracks:
        graph = graph_of(library, track_id)
        ladder = ladder_of(graph.prerequisites)
        bottom = [skill for skill, cell in ladder.cells.items() if cell.row == 0]
        assert bottom
        assert all(not graph.prerequisites[skill] for skill in bottom)
        assert ladder.rows <= 11, "a taller picture is made smaller by Telegram"
