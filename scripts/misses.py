"""How do the misses of the exam read? A page to browse, for authors; no script of its own to run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Misses</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:50em;
margin:2em auto;padding:0 1em}
details{border-top:1px solid;padding:.4em 0}summary{cursor:pointer}p{margin:.3em 0}</style>
"""


@dataclass(frozen=True)
class Miss:
    """One question that went wrong: in which way, what was found, what would have been right."""

    kind: str
    text: str
    after: str | None
    found: str
    right: Collection[str]
    told: str


def page(misses: Sequence[Miss]) -> str:
    """All misses by kind, each with what the learner was told, as HTML."""
    parts = [_HEAD, f"<h1>{len(misses)} misses</h1>"]
    ordered = sorted(misses, key=lambda miss: (miss.kind, miss.found))
    for kind, group in groupby(ordered, key=lambda miss: miss.kind):
        held = list(group)
        parts.append(f"<h2>{escape(kind)}: {len(held)}</h2>")
        parts += map(_entry, held)
    return "\n".join(parts)


def _entry(miss: Miss) -> str:
    after = f"<p>after: {escape(miss.after)}</p>" if miss.after else ""
    right = f"<p>right: {escape(', '.join(sorted(miss.right)))}</p>" if miss.right else ""
    return (
        f"<details><summary>{escape(miss.text)}</summary>{after}"
        f"<p>found first: {escape(miss.found)}</p>{right}<p>{escape(miss.told)}</p></details>"
    )
