"""The tables of docs/benchmarks.md as pictures: `make docs` draws their figures as bars."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

WIDTH, LABEL, BAR, GAP = 720, 150, 18, 26  # pixels; of a bar with its gap so many more for each row's title
ROOM = 110  # for the figure behind the longest bar
OURS, OTHERS, WORDS = "#2563eb", "#9ca3af", "#6b7280"  # to be read on white and on black
_NUMBER = re.compile(r"[\d.,]+(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Picture:
    """Rows of the table in a section that names all of `columns`; `ours` is the column that stands out."""

    name: str
    section: str
    columns: Sequence[str]
    rows: Sequence[str]
    ours: str | None = None


PICTURES = (
    Picture(
        "search",
        "Search",
        ("ours", "plain", "txtai", "langchain", "llama_index", "haystack"),
        ("process start to first answer, s", "64 askers, questions a second", "memory at most, MB"),
        "ours",
    ),
    Picture(
        "embedding",
        "Embedding",
        ("sentence-transformers", "the twin, 32 bits", "the twin that serves"),
        ("process start to first embedding, s", "one text, ms (p50)", "memory until then, MB"),
        "the twin that serves",
    ),
    Picture(
        "growth",
        "Many passages",
        ("10,000", "100,000", "1,000,000"),
        ("one search, ms (p50)", "opened and first searched, s"),
    ),
    Picture(
        "learners",
        "Many learners",
        ("10,000", "100,000", "1,000,000"),
        ("1,000 due learners claimed, s", "an item, ms (p50)"),
    ),
)

Bars = dict[str, dict[str, str]]  # the cells by row and column


def pictures(project: Path) -> dict[Path, str]:
    """Each file with what it should hold.

    Raises:
        ValueError: where a section of the page has no such table.
    """
    page = (project / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    return {
        project / "docs" / "images" / f"benchmark-{each.name}.svg": drawn(each, bars_of(each, page))
        for each in PICTURES
    }


def bars_of(picture: Picture, page: str) -> Bars:
    """The cells that the picture is made of."""
    section = page.partition(f"\n## {picture.section}\n")[2].partition("\n## ")[0]
    for table in re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE):
        head, _, *body = (
            [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()
        )
        if set(picture.columns) <= {*head}:
            cells = {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in body}
            return {row: {name: cells[row][name] for name in picture.columns} for row in picture.rows}
    raise ValueError(
        f"docs/benchmarks.md: no table under {picture.section!r} has {', '.join(picture.columns)}"
    )


def drawn(picture: Picture, bars: Bars) -> str:
    """An SVG: under the title of each row its bars, the longest as long as there is room."""
    parts, y = list[str](), 0
    for title, cells in bars.items():
        y += GAP
        parts.append(_words(0, y, title, "600"))
        most = max(map(_number, cells.values()))
        for name, cell in cells.items():
            y += BAR + 4
            length = max(1.0, _number(cell) / most * (WIDTH - LABEL - ROOM))
            colour = OURS if picture.ours in (None, name) else OTHERS
            size = f'width="{length:.0f}" height="{BAR - 4}"'
            bar = f'<rect x="{LABEL}" y="{y - BAR + 5}" {size} fill="{colour}"/>'
            parts += [_words(0, y, name), bar, _words(LABEL + length + 8, y, cell)]
        y += GAP // 2
    told = "; ".join(
        f"{title}: " + ", ".join(f"{name} {cell}" for name, cell in bars[title].items()) for title in bars
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{WORDS}">\n'
        f"<title>{escape(told)}</title>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _words(x: float, y: float, text: str, weight: str = "400") -> str:
    return f'<text x="{x:.0f}" y="{y}" font-weight="{weight}">{escape(text)}</text>'


def _number(cell: str) -> float:
    """The figure that a cell begins with."""
    found = _NUMBER.match(cell)
    return float(found[0].replace(",", "")) if found else 0.0
