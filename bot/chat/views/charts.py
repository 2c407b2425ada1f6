"""How does a learner's way look as a picture? The only module that draws; it loads Pillow when it does."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING

from bot.chat.views.map_layout import RING, WIDTH, layout
from bot.chat.views.map_parts import (
    GOLD,
    INK,
    PAPER,
    STRONG_WIRE,
    STYLES,
    WIRE,
    Box,
    Colour,
    Frame,
    KeyEntry,
    Layout,
    Point,
    Style,
    Wire,
)
from bot.chat.views.map_words import font
from bot.guidance.results import Progress, SkillState

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_SHARP = 2  # shapes are drawn so many times as large, then made smaller: that smooths their edges
_CORNER, _BEND = 20, 12  # radius of a box's corners and of a line's bends
_LINE, _STRONG_LINE, _HALO = 4, 7, 4  # a halo of paper shows which of two crossing lines lies on top
_DASH, _GAP = 16, 10
_COLOURS = 256  # a third of the bytes, and no colour is off by more than 2 of 255


def skill_map(progress: Progress) -> bytes:
    """The skills of a track as a PNG picture, foundations at the bottom."""
    from PIL import Image, ImageDraw

    plan = layout(progress)
    large = Image.new("RGB", (WIDTH * _SHARP, plan.height * _SHARP), PAPER)
    _draw(_Pen(ImageDraw.Draw(large)), plan)
    picture = large.reduce(_SHARP)
    draw = ImageDraw.Draw(picture)
    for text in plan.all_texts:
        at = (text.left, text.base)
        draw.text(at, text.words, text.ink, font(text.size), anchor="ls", stroke_width=text.stroke)
    file = BytesIO()
    picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(file, "PNG")
    return file.getvalue()


class _Pen:
    """Draws shapes in the picture's own pixels on one that is `_SHARP` times as large."""

    def __init__(self, draw: "ImageDraw") -> None:
        self._draw = draw

    def block(
        self, frame: Frame, fill: Colour, corner: float, edge: Colour | None = None, width: int = 0
    ) -> None:
        self._draw.rounded_rectangle(_large(frame), corner * _SHARP, fill, edge, width * _SHARP)

    def top_block(self, frame: Frame, fill: Colour, corner: float) -> None:
        """With round corners only on top."""
        corners = (True, True, False, False)
        self._draw.rounded_rectangle(_large(frame), corner * _SHARP, fill, corners=corners)

    def line(self, points: Iterable[Point], ink: Colour, width: float) -> None:
        self._draw.line([(x * _SHARP, y * _SHARP) for x, y in points], ink, round(width * _SHARP), "curve")

    def shape(self, points: Iterable[Point], fill: Colour) -> None:
        self._draw.polygon([(x * _SHARP, y * _SHARP) for x, y in points], fill)

    def disc(self, middle: Point, radius: float, fill: Colour) -> None:
        x, y = middle
        self.block(Frame(x - radius, y - radius, x + radius, y + radius), fill, radius)


def _large(frame: Frame) -> list[float]:
    """As Pillow wants it: the last row and column belong to the shape."""
    edges = frame.left, frame.top, frame.right - 1 / _SHARP, frame.bottom - 1 / _SHARP
    return [value * _SHARP for value in edges]


def _draw(pen: _Pen, plan: Layout) -> None:
    if plan.goal_share:
        _range(pen, plan.goal, 0, plan.goal_share, STYLES["mastered"].fill)
    else:
        _groove(pen, plan.goal)
    for entry in plan.key:
        _sample(pen, entry)
    _wires(pen, plan.wires)
    for box in plan.boxes:
        _box(pen, box)


def _wires(pen: _Pen, wires: Sequence[Wire]) -> None:
    """The strong lines over the others, and every tip over all lines."""
    nets = {wire.lower: [one for one in wires if one.lower == wire.lower] for wire in wires}.values()
    for net in nets:
        _net(pen, [wire for wire in net if not wire.is_strong])
    for net in nets:
        if strong := [wire for wire in net if wire.is_strong]:
            _net(pen, strong, [wire for wire in net if not wire.is_strong])
    for wire in sorted(wires, key=lambda wire: wire.is_strong):
        _tip(pen, wire)


def _net(pen: _Pen, wires: Sequence[Wire], branches: Sequence[Wire] = ()) -> None:
    """Lines of one skill: first all halos, so that none cuts another of them or off one of the `branches`."""
    for wire in wires:
        pen.line(_bent(wire.points), PAPER, _width(wire) + 2 * _HALO)
    for wire in branches:
        start, corner, after = wire.points[:3]
        _line(pen, wire, (start, corner, _between(corner, after, 0.5)))
    for wire in wires:
        _line(pen, wire, wire.points)


def _line(pen: _Pen, wire: Wire, points: Sequence[Point]) -> None:
    pen.line(_bent(points), STRONG_WIRE if wire.is_strong else WIRE, _width(wire))


def _tip(pen: _Pen, wire: Wire) -> None:
    x, y = wire.points[-1]
    half, ink = 6 + 0.75 * _width(wire), STRONG_WIRE if wire.is_strong else WIRE
    pen.shape([(x, y), (x - half, y + 1.6 * half), (x + half, y + 1.6 * half)], ink)


def _width(wire: Wire) -> float:
    return _STRONG_LINE if wire.is_strong else _LINE


def _bent(points: Sequence[Point]) -> Iterator[Point]:
    """The way through `points` with round corners."""
    yield points[0]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_BEND, _distance(before, corner) / 2, _distance(corner, after) / 2)
        if radius:
            yield from _curve(_towards(corner, before, radius), corner, _towards(corner, after, radius))
    yield points[-1]


def _curve(start: Point, corner: Point, end: Point) -> Iterator[Point]:
    """From `start` to `end`, drawn towards `corner`: a quadratic Bezier curve."""
    for share in (step / 6 for step in range(7)):
        one, two = _between(start, corner, share), _between(corner, end, share)
        yield _between(one, two, share)


def _distance(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _towards(one: Point, other: Point, by: float) -> Point:
    return _between(one, other, by / _distance(one, other))


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _sample(pen: _Pen, entry: KeyEntry) -> None:
    if entry.state is None:
        _ring(pen, entry.sample.grown(-RING), 8)
        pen.block(entry.sample.grown(-RING), INK, 8)
        _rung_up(pen, _around(entry.sample, 26), GOLD)
        return
    _panel(pen, entry.sample, STYLES[entry.state], 12)
    _sign(pen, entry.state, _around(entry.sample, 30))


def _around(frame: Frame, size: float) -> Frame:
    x, y = frame.middle, (frame.top + frame.bottom) / 2
    return Frame(x, y, x, y).grown(size / 2)


def _box(pen: _Pen, box: Box) -> None:
    style = STYLES[box.skill.state]
    if box.band:
        _ring(pen, box.frame, _CORNER)
    _panel(pen, box.frame, style, _CORNER)
    if box.band:
        pen.top_block(box.band, INK, _CORNER)
        left, top = box.sign.left, box.band.top + 8
        _rung_up(pen, Frame(left, top, left + 32, top + 32), GOLD)
    _sign(pen, box.skill.state, box.sign)
    if box.bar:
        _range(pen, box.bar, box.skill.low, box.skill.high, style.edge)


def _ring(pen: _Pen, frame: Frame, corner: float) -> None:
    pen.block(frame.grown(RING), INK, corner + RING)
    pen.block(frame.grown(RING - 3), GOLD, corner + RING - 3)


def _panel(pen: _Pen, frame: Frame, style: Style, corner: float) -> None:
    if not style.is_dashed:
        pen.block(frame, style.fill, corner, style.edge, style.edge_width)
        return
    pen.block(frame, style.fill, corner)
    outline = list(_outline(frame.grown(-style.edge_width / 2), corner))
    for dash in _dashes(outline):
        pen.line(dash, style.edge, style.edge_width)


def _outline(frame: Frame, corner: float) -> Iterator[Point]:
    """Once around a rectangle with round corners."""
    corners = [(frame.right, frame.top), (frame.right, frame.bottom)]
    corners += [(frame.left, frame.bottom), (frame.left, frame.top)]
    for quarter, (x, y) in enumerate(corners):
        at = x + (corner if x == frame.left else -corner), y + (corner if y == frame.top else -corner)
        for step in range(9):
            angle = (quarter - 1 + step / 8) * pi / 2
            yield at[0] + corner * cos(angle), at[1] + corner * sin(angle)
    yield frame.right - corner, frame.top


def _dashes(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Pieces of a way, each as long as a dash."""
    walked, dash = 0.0, [points[0]]
    for one, other in pairwise(points):
        length, at = _distance(one, other), 0.0
        while at < length:
            phase = walked % (_DASH + _GAP)
            step = min(length - at, (_DASH if phase < _DASH else _DASH + _GAP) - phase + 1e-6)
            at, walked = at + step, walked + step
            if phase < _DASH:
                dash.append(_towards(one, other, at))
            else:
                if len(dash) > 1:
                    yield dash
                dash = [_towards(one, other, at)]
    if len(dash) > 1:
        yield dash


def _range(pen: _Pen, bar: Frame, low: float, high: float, ink: Colour) -> None:
    """From `low` to `high` on a line from 0 to 1; never thinner than a dot."""
    _groove(pen, bar)
    half = (bar.bottom - bar.top) / 2
    length = bar.right - bar.left - 2 * half
    begin, end = (bar.left + half + length * min(max(share, 0.0), 1.0) for share in (low, high))
    pen.block(Frame(begin - half, bar.top, end + half, bar.bottom), ink, half)


def _groove(pen: _Pen, bar: Frame) -> None:
    middle = (bar.top + bar.bottom) / 2
    pen.block(Frame(bar.left, middle - 2, bar.right, middle + 2), WIRE, 2)


def _sign(pen: _Pen, state: SkillState, at: Frame) -> None:
    """What tells a state without its colour."""
    style = STYLES[state]
    {"mastered": _tick, "fading": _hourglass, "learning": _half, "ready": _open, "locked": _lock}[state](
        pen, at, style.ink, style.fill
    )


def _spot(at: Frame, x: float, y: float) -> Point:
    """A place in `at`, with both sides 0 to 1."""
    return at.left + x * (at.right - at.left), at.top + y * (at.bottom - at.top)


def _tick(pen: _Pen, at: Frame, ink: Colour, fill: Colour) -> None:
    pen.disc(_spot(at, 0.5, 0.5), 16, ink)
    pen.line([_spot(at, *place) for place in ((0.24, 0.52), (0.43, 0.7), (0.76, 0.32))], fill, 5)


def _hourglass(pen: _Pen, at: Frame, ink: Colour, fill: Colour) -> None:
    pen.shape([_spot(at, *place) for place in ((0.16, 0.04), (0.84, 0.04), (0.16, 0.96), (0.84, 0.96))], ink)
    for y in (0.04, 0.96):
        pen.line([_spot(at, 0.1, y), _spot(at, 0.9, y)], ink, 4)
    pen.shape([_spot(at, *place) for place in ((0.34, 0.13), (0.66, 0.13), (0.56, 0.3), (0.44, 0.3))], fill)


def _half(pen: _Pen, at: Frame, ink: Colour, fill: Colour) -> None:
    pen.disc(_spot(at, 0.5, 0.5), 15, ink)
    pen.disc(_spot(at, 0.5, 0.5), 11, fill)
    arc = [(0.5 + 0.38 * cos(step * pi / 12), 0.5 + 0.38 * sin(step * pi / 12)) for step in range(-6, 7)]
    pen.shape([_spot(at, *place) for place in arc], ink)


def _open(pen: _Pen, at: Frame, ink: Colour, fill: Colour) -> None:
    pen.disc(_spot(at, 0.5, 0.5), 15, ink)
    pen.disc(_spot(at, 0.5, 0.5), 11.5, fill)
    pen.shape([_spot(at, *place) for place in ((0.4, 0.3), (0.4, 0.7), (0.7, 0.5))], ink)


def _lock(pen: _Pen, at: Frame, ink: Colour, fill: Colour) -> None:
    arc = [(0.5 + 0.22 * cos(step * pi / 12), 0.3 + 0.22 * sin(step * pi / 12)) for step in range(-12, 1)]
    pen.line([_spot(at, *place) for place in ((0.28, 0.5), *arc, (0.72, 0.5))], ink, 4)
    left, top = _spot(at, 0.14, 0.46)
    right, bottom = _spot(at, 0.86, 0.98)
    pen.block(Frame(left, top, right, bottom), ink, 4)
    pen.disc(_spot(at, 0.5, 0.7), 3, fill)


def _rung_up(pen: _Pen, at: Frame, ink: Colour) -> None:
    """An arrow upwards."""
    pen.shape([_spot(at, *place) for place in ((0.5, 0.02), (0.06, 0.5), (0.94, 0.5))], ink)
    pen.shape([_spot(at, *place) for place in ((0.34, 0.48), (0.66, 0.48), (0.66, 0.98), (0.34, 0.98))], ink)
