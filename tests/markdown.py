"""Where do the links of a Markdown page lead, and which anchors has it? As a git host shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_NOT_IN_SLUGS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Link:
    """A link or picture: the file it names, itself where it names none, and the anchor in it."""

    words: str
    file: Path
    anchor: str


def links(page: Path) -> list[Link]:
    """All links to what lies in the project."""
    return [
        Link(words, page if not path else page.parent / unquote(path), anchor)
        for words, target in _targets(page)
        if not _ELSEWHERE.match(target)
        for path, _, anchor in [target.partition("#")]
    ]


def anchors(page: Path) -> set[str]:
    """What a link to the page may have behind the `#`."""
    slugs: dict[str, int] = {}
    found = set()
    for heading, content in pairwise(_tokens(page)):
        if heading.type == "heading_open":
            slug = _slug("".join(child.content for child in content.children or ()))
            found.add(f"{slug}-{slugs[slug]}" if slug in slugs else slug)
            slugs[slug] = slugs.get(slug, 0) + 1
    return found


def _tokens(page: Path) -> list[Token]:
    return _MARKDOWN.parse(page.read_text(encoding="utf-8"))


def _slug(heading: str) -> str:
    return _NOT_IN_SLUGS.sub("", heading.strip().lower()).replace(" ", "-")


def _targets(page: Path) -> Iterator[tuple[str, str]]:
    for inline in (token for token in _tokens(page) if token.children):
        children = inline.children or []
        for child, after in pairwise([*children, Token("end", "", 0)]):
            if child.type == "link_open":
                yield after.content, str(child.attrs["href"])
            elif child.type == "image":
                yield child.content, str(child.attrs["src"])
