"""What does the skill map consist of, and how does each state look? Values alone: nothing is placed."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.views.map_words import font, stroke_of
from bot.guidance.results import SkillProgress, SkillState

Colour = str  # "#rrggbb"
Point = tuple[float, float]

PAPER, INK, QUIET = "#eef2f7", "#14202e", "#46546a"
WIRE, STRONG_WIRE = "#74839a", "#14202e"
GOLD = "#ffd23f"


@dataclass(frozen=True)
class Style:
    """How a state looks: text and sign in `ink` on `fill`, and an edge."""

    ink: Colour
    fill: Colour
    edge: Colour
    edge_width: int = 4
    is_dashed: bool = False


STYLES: Mapping[SkillState, Style] = {
    "mastered": Style("#ffffff", "#17694a", "#17694a"),
    "fading": Style("#4a2c00", "#ffe6b8", "#96570a"),
    "learning": Style("#0f3a78", "#ffffff", "#2a6bd0"),
    "ready": Style("#14202e", "#ffffff", "#14202e"),
    "locked": Style("#4a5668", "#dfe5ed", "#76849a", edge_width=3, is_dashed=True),
}


@dataclass(frozen=True)
class Frame:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def holds(self, other: "Frame") -> bool:
        """Whether `other` lies inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def meets(self, other: "Frame") -> bool:
        """Whether both share a point that is not only an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def grown(self, by: float) -> "Frame":
        return Frame(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True)
class Text:
    """Words in one line; `left` and `base` are where their base line begins."""

    words: str
    left: float
    base: float
    size: int
    ink: Colour
    ground: Colour
    is_bold: bool = False

    @property
    def stroke(self) -> float:
        return stroke_of(self.size, self.is_bold)

    @property
    def frame(self) -> Frame:
        """What its pixels cover."""
        box = font(self.size).getbbox(self.words, anchor="ls", stroke_width=self.stroke)
        return Frame(self.left + box[0], self.base + box[1], self.left + box[2], self.base + box[3])


@dataclass(frozen=True)
class Box:
    """One skill. `sign` is where its state's sign stands, `band` says "next step", `bar` shows a range."""

    skill: SkillProgress
    frame: Frame
    sign: Frame
    texts: tuple[Text, ...]
    bar: Frame | None
    band: Frame | None


@dataclass(frozen=True)
class Wire:
    """The line from a skill up to what needs it; strong if it leads to the next step or on from there."""

    lower: str
    upper: str
    points: tuple[Point, ...]
    is_strong: bool


@dataclass(frozen=True)
class KeyEntry:
    """A sample in the legend with its word; without a state it is the mark of the next step."""

    state: SkillState | None
    sample: Frame
    text: Text


@dataclass(frozen=True)
class Layout:
    """Everything on the picture, before anything is drawn."""

    height: int
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    key: tuple[KeyEntry, ...]
    texts: tuple[Text, ...]
    goal: Frame
    goal_share: float

    @property
    def all_texts(self) -> tuple[Text, ...]:
        in_boxes = (text for box in self.boxes for text in box.texts)
        return (*self.texts, *(entry.text for entry in self.key), *in_boxes)
