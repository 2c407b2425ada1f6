"""On which rung does each skill of a track stand, and which way do the lines between them run? Pure.

The skills stand on a grid, foundations at the bottom. Between its columns are gutters, between its rows
channels; a line runs only there, so that it never passes behind a box. Lines of different skills that would
lie on each other get lanes of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from math import inf
from typing import NamedTuple

MAX_COLUMNS = 3  # boxes side by side; more would make their titles too small for a phone
_SWEEPS = 8  # over all pairs of places; before that nothing moves any more in our tracks
_DETOUR = 1.0  # columns that the way through a gutter counts for

Needs = Mapping[str, frozenset[str]]
Pair = tuple[str, str]  # of skills, the prerequisite first
Lane = tuple[int, str]  # a gutter or channel, and the skill whose lines run in it
Span = tuple[float, float]

# Where a line is from left to right, before anybody knows a pixel: only the order counts.
_AT_GUTTER, _PORT, _LANE = 2.0, 0.1, 0.01


class Cell(NamedTuple):
    """A place on the grid: rows are counted from the bottom, columns from the left."""

    row: int
    column: int


@dataclass(frozen=True)
class Route:
    """How the line of one prerequisite runs: up, aside in a channel, and up into the skill that needs it.

    `port` is where it comes in: 0 in the middle of the box, negative to the left of it. A line over more than
    one row runs up in a `gutter`, from `lane_out` of one channel to `lane_in` of another.
    """

    lower: str
    upper: str
    port: int
    lane_out: int
    gutter: int | None = None
    gutter_lane: int = 0
    lane_in: int = 0


@dataclass(frozen=True)
class Ladder:
    """All skills in their cells, all lines, and how many lanes each gutter and channel has to hold."""

    cells: Mapping[str, Cell]
    routes: tuple[Route, ...]
    gutters: tuple[int, ...]
    channels: tuple[int, ...]

    @property
    def columns(self) -> int:
        return len(self.gutters) - 1

    @property
    def rows(self) -> int:
        return len(self.channels) + 1


def ladder_of(prerequisites: Mapping[str, Iterable[str]]) -> Ladder:
    """The ladder of a graph without circles; prerequisites that are not among its skills are left out."""
    needs = _direct({skill: frozenset(each) & prerequisites.keys() for skill, each in prerequisites.items()})
    rows = _rows(needs)
    columns = max(map(len, rows))
    cells = _cells(rows, needs, columns)
    return _routed(needs, cells, columns, len(rows))


def _direct(needs: Needs) -> Needs:
    """`needs` without what another prerequisite already rests on: one line says it."""
    below: dict[str, frozenset[str]] = {}
    while len(below) < len(needs):
        below |= {
            skill: each.union(*(below[one] for one in each))
            for skill, each in needs.items()
            if skill not in below and each <= below.keys()
        }
    return {skill: each - frozenset().union(*(below[one] for one in each)) for skill, each in needs.items()}


def _rows(needs: Needs) -> list[list[str]]:
    """The skills in as few rows as we find, each above all it needs and otherwise as low as can be."""
    above = _chains_above(needs)
    fewest = max(-(-len(needs) // MAX_COLUMNS), 1 + max(above.values()))
    return next(rows for number in count(fewest) if (rows := _filled(needs, above, number)))


def _filled(needs: Needs, above: Mapping[str, int], number: int) -> list[list[str]]:
    """The skills in `number` rows, first those with a long way above them; nothing if they don't fit."""
    rows: list[list[str]] = []
    placed: set[str] = set()
    for left in range(number - 1, -1, -1):
        free = [skill for skill in needs if skill not in placed and needs[skill] <= placed]
        free.sort(key=lambda skill: above[skill] < left)
        rows.append(free[:MAX_COLUMNS])
        placed.update(rows[-1])
    return rows if len(placed) == len(needs) else []


def _chains_above(needs: Needs) -> dict[str, int]:
    """How many skills stand one upon the other above each."""
    opens = {skill: [one for one in needs if skill in needs[one]] for skill in needs}
    above: dict[str, int] = {}
    while len(above) < len(needs):
        above |= {
            skill: max((1 + above[one] for one in opened), default=0)
            for skill, opened in opens.items()
            if skill not in above and above.keys() >= {*opened}
        }
    return above


def _cells(rows: Sequence[Sequence[str]], needs: Needs, columns: int) -> dict[str, Cell]:
    """A cell for each skill: two places are exchanged for as long as that makes the lines shorter."""
    cells = {skill: Cell(y, x) for y, row in enumerate(rows) for x, skill in enumerate(row)}
    standing = {cell: skill for skill, cell in cells.items()}
    opens = {skill: [one for one in needs if skill in needs[one]] for skill in needs}

    def length(skills: Sequence[str]) -> float:
        return sum(_length(cells[skill], needs[skill], opens[skill], cells) for skill in skills)

    def exchange(one: Cell, other: Cell) -> None:
        here, there = standing.pop(one, None), standing.pop(other, None)
        for skill, cell in ((here, other), (there, one)):
            if skill is not None:
                standing[cell], cells[skill] = skill, cell

    def improve(one: Cell, other: Cell) -> bool:
        moved = [standing[cell] for cell in (one, other) if cell in standing]
        before = length(moved)
        exchange(one, other)
        if length(moved) < before:
            return True
        exchange(one, other)
        return False

    places = [Cell(y, x) for y in range(len(rows)) for x in range(columns)]
    for _ in range(_SWEEPS):
        if not any([improve(one, other) for one, other in combinations(places, 2)]):
            break
    return cells


def _length(cell: Cell, needs: Iterable[str], opens: Iterable[str], cells: Mapping[str, Cell]) -> float:
    """How long the lines of a skill are; infinite if it does not stand between what it needs and opens."""
    steps = [(cell.row - cells[one].row, cells[one].column) for one in needs]
    steps += [(cells[one].row - cell.row, cells[one].column) for one in opens]
    if any(rows < 1 for rows, _ in steps):
        return inf
    across = sum(abs(cell.column - column) for _, column in steps)
    return across + sum(rows - 1 + _DETOUR for rows, _ in steps if rows > 1)


def _routed(needs: Needs, cells: Mapping[str, Cell], columns: int, rows: int) -> Ladder:
    pairs = [(lower, upper) for upper in cells for lower in sorted(needs[upper], key=[*cells].index)]
    gutters = {pair: _gutter(cells[pair[0]], cells[pair[1]], columns) for pair in pairs}
    ports = _ports(pairs, cells, gutters)
    gutter_lanes = _lanes(_in_gutters(cells, gutters))
    spans = _in_channels(cells, gutters, gutter_lanes, ports)
    lanes = _lanes(spans)
    routes = []
    for pair in pairs:
        (lower, upper), gutter = pair, gutters[pair]
        lane_out = lanes.get((cells[lower].row, lower), 0)
        lane_in = lanes.get((cells[upper].row - 1, lower), 0)
        gutter_lane = 0 if gutter is None else gutter_lanes[gutter, lower]
        routes.append(Route(lower, upper, ports[pair], lane_out, gutter, gutter_lane, lane_in))
    return Ladder(
        cells,
        tuple(routes),
        tuple(_count(gutter_lanes, number) for number in range(columns + 1)),
        tuple(_count(lanes, number) for number in range(rows - 1)),
    )


def _gutter(lower: Cell, upper: Cell, columns: int) -> int | None:
    """The gutter with the shortest way, the outer one of two; none between neighbouring rows."""
    if upper.row == lower.row + 1:
        return None
    ends = _middle(lower), _middle(upper)
    ways = [sum(abs(_AT_GUTTER * gutter - end) for end in ends) for gutter in range(columns + 1)]
    return min(range(columns + 1), key=lambda gutter: (ways[gutter], -abs(gutter - columns / 2)))


def _ports(
    pairs: Iterable[Pair], cells: Mapping[str, Cell], gutters: Mapping[Pair, int | None]
) -> dict[Pair, int]:
    """Where each line comes in: on the side it comes from, each at a place of its own."""
    ports: dict[Pair, int] = {}
    for pair in pairs:
        gutter, lower, upper = gutters[pair], *(cells[one] for one in pair)
        comes_from = _middle(lower) if gutter is None else _AT_GUTTER * gutter
        side = (comes_from > _middle(upper)) - (comes_from < _middle(upper))
        taken = {port for (_, other), port in ports.items() if other == pair[1]}
        ports[pair] = next(side * number for number in count(1) if side * number not in taken)
    return ports


def _in_gutters(cells: Mapping[str, Cell], gutters: Mapping[Pair, int | None]) -> dict[Lane, Span]:
    """From which channel to which the lines of a skill run in a gutter."""
    ends = (
        ((gutter, lower), (cells[lower].row, cells[upper].row - 1))
        for (lower, upper), gutter in gutters.items()
        if gutter is not None
    )
    return _joined(ends)


def _in_channels(
    cells: Mapping[str, Cell],
    gutters: Mapping[Pair, int | None],
    gutter_lanes: Mapping[Lane, int],
    ports: Mapping[Pair, int],
) -> dict[Lane, Span]:
    """From where to where the lines of a skill run in a channel; who only goes straight up needs no lane."""
    ends: list[tuple[Lane, Span]] = []
    for (lower, upper), port in ports.items():
        gutter = gutters[lower, upper]
        begin, end = _middle(cells[lower]), _middle(cells[upper]) + port * _PORT
        if gutter is None:
            ends.append(((cells[lower].row, lower), (begin, end)))
        else:
            at = _AT_GUTTER * gutter + gutter_lanes[gutter, lower] * _LANE
            ends += [((cells[lower].row, lower), (begin, at)), ((cells[upper].row - 1, lower), (at, end))]
    return {lane: span for lane, span in _joined(ends).items() if span[0] < span[1]}


def _middle(cell: Cell) -> float:
    return _AT_GUTTER * cell.column + _AT_GUTTER / 2


def _joined(spans: Iterable[tuple[Lane, Span]]) -> dict[Lane, Span]:
    """For each lane one span that holds all of its."""
    joined: dict[Lane, Span] = {}
    for lane, span in spans:
        both = (*joined.get(lane, span), *span)
        joined[lane] = min(both), max(both)
    return joined


def _lanes(spans: Mapping[Lane, Span]) -> dict[Lane, int]:
    """A number for each, so that spans in the same gutter or channel that touch have different ones."""
    lanes: dict[Lane, int] = {}
    for lane, (begin, _) in sorted(spans.items(), key=lambda each: each[1]):
        taken = {
            number for other, number in lanes.items() if other[0] == lane[0] and begin <= spans[other][1]
        }
        lanes[lane] = next(number for number in count() if number not in taken)
    return lanes


def _count(lanes: Mapping[Lane, int], number: int) -> int:
    return max((1 + lane for (other, _), lane in lanes.items() if other == number), default=0)
