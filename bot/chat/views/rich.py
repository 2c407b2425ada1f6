"""Text with its formatting beside it, not in it: nothing to escape, nothing that can break. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from string import Formatter
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

Kind = Literal["bold", "italic", "code", "pre", "text_link", "blockquote"]

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_INDENT = "   "
_KINDS: dict[str, Kind] = {"strong": "bold", "em": "italic", "link": "text_link"}


@dataclass(frozen=True)
class Mark:
    """One formatting: the characters `start` to `end` (counted in code points) are of this kind."""

    kind: Kind
    start: int
    end: int
    url: str | None = None
    language: str | None = None

    def moved(self, by: int) -> "Mark":
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True)
class Rich:
    """Text and its marks."""

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: "Rich | str") -> "Rich":
        more = other if isinstance(other, Rich) else Rich(other)
        moved = tuple(mark.moved(len(self.text)) for mark in more.marks)
        return Rich(self.text + more.text, self.marks + moved)

    def cut(self, start: int, end: int) -> "Rich":
        """The part from `start` to `end`; marks that reach over its edges are cut with it."""
        inside = (
            replace(mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start)
            for mark in self.marks
            if max(mark.start, start) < min(mark.end, end)
        )
        return Rich(self.text[start:end], tuple(inside))


def bold(text: str) -> Rich:
    """`text` in bold."""
    return _marked(text, "bold")


def italic(text: str) -> Rich:
    """`text` in italics."""
    return _marked(text, "italic")


def code(text: str) -> Rich:
    """`text` as code, which a tap copies."""
    return _marked(text, "code")


def with_code(text: str) -> Rich:
    """`text` in which code stands between backticks, as in the feedback of items."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick that closes nothing
        return Rich(text)
    return join("", [code(part) if number % 2 and part else Rich(part) for number, part in enumerate(parts)])


def link(text: str, url: str) -> Rich:
    """`text` that opens `url`."""
    return Rich(text, (Mark("text_link", 0, len(text), url=url),))


def join(separator: str, parts: Iterable[Rich | str]) -> Rich:
    """`parts` in one, with `separator` between them."""
    joined = Rich()
    for number, part in enumerate(parts):
        joined = joined + (separator if number else "") + part
    return joined


def fill(message: str, **named: Rich | str) -> Rich:
    """`message` with what is named in the place of its {placeholders}; its formatting comes along."""
    filled = Rich()
    for text, name, _spec, _conversion in Formatter().parse(message):
        filled = filled + text + (named[name] if name else "")
    return filled


def _marked(text: str, kind: Kind) -> Rich:
    return Rich(text, (Mark(kind, 0, len(text)),))


def from_markdown(markdown: str) -> Rich:
    """A note's Markdown (paragraphs, lists, bold, italics, code, links) as rich text."""
    return join("\n\n", _blocks(_MARKDOWN.parse(markdown)))


def _blocks(tokens: list[Token]) -> Iterator[Rich]:
    """One rich text a paragraph, code block or whole list."""
    items: list[Rich] = []
    numbers: list[int | None] = []
    begins_item = False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            numbers.append(int(token.attrGet("start") or 1) if token.type[0] == "o" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
            if not numbers:
                yield join("\n", items)
                items = []
        elif token.type == "list_item_open":
            begins_item = True
        elif (block := _block(token)) and numbers:
            items.append((_bullet(numbers) if begins_item else Rich(_INDENT * len(numbers))) + block)
            begins_item = False
        elif block:
            yield block


def _block(token: Token) -> Rich | None:
    """A paragraph or a block of code; None for a token that only opens or closes one."""
    if token.type in ("fence", "code_block"):
        code = token.content.rstrip("\n")
        return Rich(code, (Mark("pre", 0, len(code), language=token.info.strip() or None),))
    return _inline(token) if token.type == "inline" else None


def _bullet(numbers: list[int | None]) -> Rich:
    indent = _INDENT * (len(numbers) - 1)
    number = numbers[-1]
    if number is None:
        return Rich(f"{indent}• ")
    numbers[-1] = number + 1
    return Rich(f"{indent}{number}. ")


def _inline(token: Token) -> Rich:
    text = ""
    marks: list[Mark] = []
    opened: list[tuple[Token, int]] = []
    for child in token.children or ():
        if child.nesting == 1:
            opened.append((child, len(text)))
        elif child.nesting == -1:
            start, begin = opened.pop()
            url = str(start.attrGet("href") or "") or None
            mark = Mark(_KINDS[child.type.removesuffix("_close")], begin, len(text), url=url)
            marks.extend(_around_code(mark, marks))
        elif child.type == "code_inline":
            marks.append(Mark("code", len(text), len(text) + len(child.content)))
            text += child.content
        else:
            text += " " if child.type in ("softbreak", "hardbreak") else child.content
    return Rich(text, tuple(marks))


def _around_code(mark: Mark, marks: list[Mark]) -> list[Mark]:
    """`mark` without the code in it: Telegram drops any other formatting of code."""
    parts, begin = [], mark.start
    for code in [inner for inner in marks if inner.kind == "code" and inner.start >= mark.start]:
        parts.append(replace(mark, start=begin, end=code.start))
        begin = code.end
    parts.append(replace(mark, start=begin))
    return [part for part in parts if part.start < part.end]
