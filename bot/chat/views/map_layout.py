"""Where does everything on the skill map stand? Pure: it measures, and draws nothing."""

from functools import cached_property
from itertools import accumulate, count

from bot.chat.views.catalogue import N_, _
from bot.chat.views.ladder import Cell, Route, ladder_of
from bot.chat.views.map_parts import (
    GOLD,
    INK,
    PAPER,
    QUIET,
    STYLES,
    Box,
    Colour,
    Frame,
    KeyEntry,
    Layout,
    Text,
    Wire,
)
from bot.chat.views.map_words import LINE_HEIGHT, drawable, line_height, lines_of
from bot.chat.views.progress import STATES, standing
from bot.guidance.results import Progress, SkillProgress

# Sizes are pixels of the finished picture, which a phone shows 360 to 430 points wide.
WIDTH = 1080
SMALLEST_TEXT = 26  # some 9 points on a phone
TITLE_TEXT, HEADING_TEXT = 30, 54
EDGE = 34  # around everything
PAD = 14  # inside a box
WIDEST_BOX = 520
GUTTER, CHANNEL, LANE = 34, 44, 13  # the least width of a gutter and height of a channel; more a lane
PORT = 32  # between the places where lines come into a box
SIGN = 30
BAR = 18
BAND, RING = 48, 9  # of the next step
KEY_ROW, KEY_COLUMNS = 66, 3

FOOT = N_("Foundations are at the bottom. Lines lead up to what needs a skill.")
NEXT_STEP = N_("next step")


def layout(progress: Progress) -> Layout:
    """Where everything goes: the goal on top, then the legend, the ladder, and how to read it."""
    title = _stacked(drawable(progress.track_title, ""), EDGE, HEADING_TEXT, is_bold=True)
    share = f"{100 * progress.goal_share:.0f} %"
    told = _stacked(drawable(standing(progress), share), _below(title), TITLE_TEXT)
    goal = Frame(EDGE, _below(told) + 16, WIDTH - EDGE, _below(told) + 16 + BAR)
    key = _key(progress, goal.bottom + 28)
    grid = _Grid(progress, key[-1].sample.bottom + 44)
    foot = _stacked(_drawn(FOOT), grid.bottom + 28, SMALLEST_TEXT, ink=QUIET)
    height = round(_below(foot) + EDGE)
    return Layout(height, grid.boxes, grid.wires, key, (*title, *told, *foot), goal, progress.goal_share)


def _key(progress: Progress, top: float) -> tuple[KeyEntry, ...]:
    """Every state with how many skills are in it, and the mark of the next step."""
    states = [skill.state for skill in progress.skills]
    words = [(state, f"{_drawn(STATES[state])}: {states.count(state)}") for state in STYLES]
    entries = []
    for number, (state, word) in enumerate([*words, (None, _drawn(NEXT_STEP))]):
        left = EDGE + number % KEY_COLUMNS * (WIDTH - 2 * EDGE) / KEY_COLUMNS
        high = top + number // KEY_COLUMNS * KEY_ROW
        sample = Frame(left, high, left + 64, high + 50)
        text = Text(word, sample.right + 16, sample.bottom - 15, SMALLEST_TEXT, INK, PAPER)
        entries.append(KeyEntry(state, sample, text))
    return tuple(entries)


class _Grid:
    """The boxes and the lines between them, from `top` down."""

    def __init__(self, progress: Progress, top: float) -> None:
        self._ladder = ladder_of({skill.skill_id: skill.prerequisites for skill in progress.skills})
        self._next = progress.next_skill_id
        self._skills = progress.skills
        self._top = top

    @cached_property
    def _gutters(self) -> tuple[float, ...]:
        """How wide each is; what the boxes leave goes to the outer ones."""
        widths = [max(GUTTER, LANE * (lanes + 1)) for lanes in self._ladder.gutters]
        for outer in (0, -1):
            widths[outer] = max(EDGE, LANE * self._ladder.gutters[outer] + 20)
        spare = max(0.0, WIDTH - sum(widths) - WIDEST_BOX * self._ladder.columns) / 2
        return (widths[0] + spare, *widths[1:-1], widths[-1] + spare)

    @cached_property
    def _box_width(self) -> float:
        return (WIDTH - sum(self._gutters)) / self._ladder.columns

    @cached_property
    def _titles(self) -> dict[str, tuple[str, ...]]:
        room = self._box_width - 2 * PAD
        return {
            skill.skill_id: lines_of(drawable(skill.title, skill.skill_id), TITLE_TEXT, room, is_bold=True)
            for skill in self._skills
        }

    @cached_property
    def _row_heights(self) -> list[float]:
        heights = [0.0] * self._ladder.rows
        for skill in self._skills:
            row = self._ladder.cells[skill.skill_id].row
            heights[row] = max(heights[row], self._content_height(skill) + 2 * PAD)
        return heights

    def _content_height(self, skill: SkillProgress) -> float:
        lines = len(self._titles[skill.skill_id]) * line_height(TITLE_TEXT)
        band = BAND if skill.skill_id == self._next else 0
        return lines + SIGN + 6 + band

    @cached_property
    def _channels(self) -> list[float]:
        return [max(CHANNEL, LANE * (lanes + 2)) for lanes in self._ladder.channels]

    @cached_property
    def bottom(self) -> float:
        return self._top + sum(self._row_heights) + sum(self._channels)

    @cached_property
    def _row_bottoms(self) -> list[float]:
        steps = [height + channel for height, channel in zip(self._row_heights, self._channels, strict=False)]
        return [self.bottom - step for step in accumulate(steps, initial=0.0)]

    def _column_left(self, column: int) -> float:
        return sum(self._gutters[: column + 1]) + self._box_width * column

    def _frame(self, cell: Cell) -> Frame:
        left, bottom = self._column_left(cell.column), self._row_bottoms[cell.row]
        return Frame(left, bottom - self._row_heights[cell.row], left + self._box_width, bottom)

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(self._box(skill) for skill in self._skills)

    def _box(self, skill: SkillProgress) -> Box:
        frame, ink = self._frame(self._ladder.cells[skill.skill_id]), _ink(skill)
        band = Frame(frame.left, frame.top, frame.right, frame.top + BAND) if self._is_next(skill) else None
        spare = frame.bottom - frame.top - 2 * PAD - self._content_height(skill)
        left, top = frame.left + PAD, band.bottom if band else frame.top
        bases = count(top + PAD + spare / 2 + TITLE_TEXT, line_height(TITLE_TEXT))
        lines = self._titles[skill.skill_id]
        texts = [
            Text(line, left, base, TITLE_TEXT, *ink, is_bold=True)
            for line, base in zip(lines, bases, strict=False)
        ]
        sign = Frame(left, texts[-1].base + 14, left + SIGN, texts[-1].base + 14 + SIGN)
        state = Text(_drawn(STATES[skill.state]), sign.right + 10, sign.bottom - 6, SMALLEST_TEXT, *ink)
        bar = Frame(state.frame.right + 14, sign.top + 6, frame.right - PAD, sign.bottom - 6)
        said = (_said(band),) if band else ()
        shown = bar if skill.state == "learning" else None
        return Box(skill, frame, sign, (*texts, state, *said), shown, band)

    def _is_next(self, skill: SkillProgress) -> bool:
        return skill.skill_id == self._next

    @cached_property
    def wires(self) -> tuple[Wire, ...]:
        return tuple(self._wire(route) for route in self._ladder.routes)

    def _wire(self, route: Route) -> Wire:
        lower, upper = self._ladder.cells[route.lower], self._ladder.cells[route.upper]
        start, end = self._frame(lower), self._frame(upper)
        arrives = end.middle + PORT * route.port
        high = self._channel_y(lower.row, route.lane_out)
        points = [(start.middle, start.top), (start.middle, high)]
        if route.gutter is not None:
            across, high_in = self._gutter_x(route), self._channel_y(upper.row - 1, route.lane_in)
            points += [(across, high), (across, high_in), (arrives, high_in)]
        else:
            points.append((arrives, high))
        points.append((arrives, end.bottom + (RING if route.upper == self._next else 0)))
        return Wire(route.lower, route.upper, tuple(points), self._next in (route.lower, route.upper))

    def _channel_y(self, row: int, lane: int) -> float:
        """Where a lane of the channel above `row` is."""
        spare = self._channels[row] - LANE * max(self._ladder.channels[row] - 1, 0)
        return self._row_bottoms[row] - self._row_heights[row] - spare / 2 - LANE * lane

    def _gutter_x(self, route: Route) -> float:
        number = route.gutter or 0
        left = self._column_left(number) - self._gutters[number]
        lanes = self._ladder.gutters[number]
        if number == 0:
            return self._column_left(0) - LANE * (lanes - route.gutter_lane)
        if number == self._ladder.columns:
            return left + LANE * (1 + route.gutter_lane)
        spare = self._gutters[number] - LANE * (lanes - 1)
        return left + spare / 2 + LANE * route.gutter_lane


def _ink(skill: SkillProgress) -> tuple[Colour, Colour]:
    """What to write with, and on."""
    style = STYLES[skill.state]
    return style.ink, style.fill


def _said(band: Frame) -> Text:
    at = band.left + PAD + SIGN + 10
    return Text(_drawn(NEXT_STEP), at, band.bottom - 15, SMALLEST_TEXT, GOLD, INK, is_bold=True)


def _drawn(message: str) -> str:
    """As it is said, or in English where the font lacks the letters."""
    return drawable(_(message), message)


def _stacked(words: str, top: float, size: int, ink: Colour = INK, is_bold: bool = False) -> tuple[Text, ...]:
    """`words` in as many lines as they need, on paper."""
    lines = lines_of(words, size, WIDTH - 2 * EDGE, is_bold)
    return tuple(
        Text(line, EDGE, top + size + number * line_height(size), size, ink, PAPER, is_bold)
        for number, line in enumerate(lines)
    )


def _below(texts: tuple[Text, ...]) -> float:
    """Where the next line may begin."""
    return texts[-1].base + texts[-1].size * (LINE_HEIGHT - 1) + 4
