"""How wide are words on the skill map, and how do they fall into lines? Measures with Pillow's own font."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

LINE_HEIGHT = 1.2  # by the size of the text


def line_height(size: int) -> float:
    """From one base line to the next."""
    return round(size * LINE_HEIGHT)


def lines_of(words: str, size: int, room: float, is_bold: bool = False) -> tuple[str, ...]:
    """`words` in lines that are no wider than `room`; a word that is too long itself is broken."""
    lines = [""]
    for word in words.split():
        for part in _parts(word, size, room, is_bold):
            longer = f"{lines[-1]} {part}".strip()
            if _width(longer, size, is_bold) <= room:
                lines[-1] = longer
            else:
                lines.append(part)
    return tuple(lines)


def _parts(word: str, size: int, room: float, is_bold: bool) -> Iterator[str]:
    while _width(word, size, is_bold) > room:
        ends = range(len(word) - 1, 1, -1)
        end = next((end for end in ends if _width(f"{word[:end]}-", size, is_bold) <= room), 1)
        yield f"{word[:end]}-"
        word = word[end:]
    yield word


def _width(words: str, size: int, is_bold: bool = False) -> float:
    return font(size).getlength(words) + 2 * stroke_of(size, is_bold)


def stroke_of(size: int, is_bold: bool) -> float:
    """The font has one weight; a stroke around the letters makes it bold."""
    return size / 60 if is_bold else 0


_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "ß": "ss", "ø": "o", "Ø": "O"}
)


def drawable(words: str, instead: str) -> str:
    """`words` in the letters of Pillow's own font, which are ASCII; accents are dropped.

    Of words in another script no letter is left: then `instead` is shown, as a skill's id or English.
    """
    plain = normalize("NFKD", words.translate(_PLAIN)).encode("ascii", "ignore").decode()
    is_lost = any(map(str.isalpha, words)) and not any(map(str.isalpha, plain))
    return instead if is_lost else " ".join(plain.split()) or instead


@cache
def font(size: int) -> "FreeTypeFont":
    """Pillow's own font, Aileron: it is the same on every machine."""
    from PIL import ImageFont

    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont), "Pillow is built without FreeType"
    return found
