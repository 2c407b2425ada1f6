"""What of a note comes first on a phone? Its first sentences, and those with the question's words. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import Stemmer

from index.passages import parser
from index.stop_words import MORE_STOP_WORDS

FIRST_MESSAGE = 500  # characters of a note; with title and sources the message then has some 600
WORTH_CUTTING = 100  # characters: a note that is longer by less than this is not cut
WHOLE_LIST = 1.32  # of the limit: what a list may take to be whole; who reads "these five:" looks for five
TELLING = 2  # words of the question that bring a sentence forward; a single one is often chance
GAP = "…"

_STEMMER = Stemmer.Stemmer("english")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'`*(])")
# A sentence that begins so means little without the one before it.
_LEANING = re.compile(
    r"(?:that|this|these|those|both|it|its|they|their|them|if (?:not|none|they|it|so)|so|then|here|but|"
    r"and|or|such|the same|the (?:two|three|four|first|second|other|others|latter))\b",
    re.IGNORECASE,
)
_SHORTEST = 3  # letters of a word that tells something
_COMMON = {*MORE_STOP_WORDS, "how", "does", "many", "much", "what", "which", "why", "need", "can", "should"}


@dataclass(frozen=True)
class _Piece:
    """A sentence, list item or block of code, in Markdown; pieces of one block belong side by side."""

    text: str
    block: int
    is_item: bool
    stems: frozenset[str]


def excerpt(body: str, question: str, limit: int = FIRST_MESSAGE) -> str:
    """At most about `limit` characters of `body`, in its order; the body itself where little would be saved.

    The first sentence answers, so it is always there, with the list it begins as far as there is room. Then
    come the sentences that share most words with the question, then the next ones from the top, each with
    all it leans on. A gap inside a paragraph or a list is marked, and
    so is the end of a list that is cut.
    """
    if len(body) <= limit + WORTH_CUTTING:
        return body
    pieces = _pieces(body)
    asked = _stems(question)
    shared = [len(asked & piece.stems) for piece in pieces]
    shared = [count if count >= min(TELLING, len(asked)) else 0 for count in shared]
    opening = _opening_list(pieces)
    order = sorted(range(1, len(pieces)), key=lambda number: (number not in opening, -shared[number], number))
    whole = {0, *opening}
    kept = whole if _size(pieces, whole) <= limit * WHOLE_LIST else {0}
    room = limit - _size(pieces, kept)
    for number in order:
        needed = _needed(pieces, number, is_asked=shared[number] > 0) - kept
        size = _size(pieces, needed)
        if needed and size <= room:
            kept |= needed
            room -= size
    return _joined(pieces, [number for number in sorted(kept) if not _promises_in_vain(pieces, number, kept)])


def _size(pieces: Sequence[_Piece], numbers: Collection[int]) -> int:
    return sum(len(pieces[number].text) for number in numbers)


def _opening_list(pieces: Sequence[_Piece]) -> range:
    """The list that the first piece begins, where there is one: it is part of the answer."""
    end = 1
    while end < len(pieces) and pieces[end].is_item:
        end += 1
    return range(1, end)


def _needed(pieces: Sequence[_Piece], number: int, is_asked: bool) -> set[int]:
    """The piece with all it leans on.

    A point of a list that is asked for needs the introduction alone; a list that nobody asked for begins
    with two of its points.
    """
    needed = {number}
    if is_asked and pieces[number].is_item and not pieces[number].text[0].isdigit():
        while pieces[number].is_item and number:
            number -= 1
        needed.add(number)
    elif _begins_list(pieces, number) and not is_asked:
        needed.add(number + 1)
    while number and _leans(pieces[number]):
        number -= 1
        needed.add(number)
    return needed


def _begins_list(pieces: Sequence[_Piece], number: int) -> bool:
    """Whether the piece is the first of several points, of a list that is not the opening one."""
    is_first = number > 1 and pieces[number].is_item and not pieces[number - 1].is_item
    return is_first and number + 1 < len(pieces) and pieces[number + 1].is_item


def _leans(piece: _Piece) -> bool:
    return piece.is_item or bool(_LEANING.match(piece.text))


def _promises_in_vain(pieces: Sequence[_Piece], number: int, kept: Collection[int]) -> bool:
    """Whether the piece introduces what is cut off."""
    is_cut = number + 1 < len(pieces) and number + 1 not in kept
    return bool(number) and is_cut and pieces[number].text.endswith(("?", ":"))


@lru_cache(maxsize=1_000)  # a note is asked for again and again
def _pieces(body: str) -> tuple[_Piece, ...]:
    lines = body.splitlines()
    found: list[_Piece] = []
    for block, (first, last, is_item, is_code) in enumerate(_spans(body)):
        text = "\n".join(lines[first:last]).strip("\n")
        parts = [text] if is_item or is_code else _sentences(" ".join(text.split()))
        found += [_Piece(part.rstrip(), block, is_item, _stems(part)) for part in parts if part.strip()]
    return tuple(found)


def _sentences(paragraph: str) -> list[str]:
    """A question stays with the sentence that answers it."""
    sentences = _SENTENCE_END.split(paragraph)
    for number in range(len(sentences) - 2, -1, -1):
        if sentences[number].endswith("?"):
            sentences[number] += f" {sentences.pop(number + 1)}"
    return sentences


def _spans(body: str) -> list[tuple[int, int, bool, bool]]:
    """First line, line after the last, is it a list item, is it code: of each block, in order."""
    spans, depth = [], 0
    for token in parser().parse(body):
        if token.type == "list_item_open":
            if not depth and token.map:
                spans.append((token.map[0], token.map[1], True, False))
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.map and not depth and token.type in ("paragraph_open", "fence", "code_block"):
            spans.append((token.map[0], token.map[1], False, token.type != "paragraph_open"))
    return spans


def _joined(pieces: Sequence[_Piece], kept: Sequence[int]) -> str:
    between = (_between(pieces, before, number) for before, number in pairwise(kept))
    joined = "".join(gap + pieces[number].text for gap, number in zip(between, kept[1:], strict=True))
    return pieces[kept[0]].text + joined + _rest_of_list(pieces, kept[-1], len(pieces))


def _between(pieces: Sequence[_Piece], before: int, number: int) -> str:
    one, other = pieces[before], pieces[number]
    if one.block == other.block:
        return f" {GAP} " if number > before + 1 else " "
    return _rest_of_list(pieces, before, number) + ("\n" if one.is_item and other.is_item else "\n\n")


def _rest_of_list(pieces: Sequence[_Piece], before: int, number: int) -> str:
    """A mark for the points of a list that are left out between two pieces."""
    is_cut = before + 1 < number and pieces[before].is_item and pieces[before + 1].is_item
    return f"\n- {GAP}" if is_cut else ""


def _stems(text: str) -> frozenset[str]:
    words = {word for word in re.findall(r"\w+", text.lower()) if len(word) >= _SHORTEST} - _COMMON
    return frozenset(_STEMMER.stemWords(sorted(words)))
