"""How does Sphinx make a site of the Markdown that git hosts show? `make site` builds it.

docs/index.md is its map. The source folder is the project's, so that links between README.md and docs/ hold.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

PROJECT = Path(__file__).resolve().parent.parent
PAGES = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs"}
MAPS = ("docs/index", "docs/decisions/README")  # pages whose lists of links are the navigation
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
LISTED = re.compile(r"^- \[([^]]+)\]\(([^)#:]+)\.md\)", re.MULTILINE)

project = "Next Rung"
author = "the contributors of Next Rung"
root_doc = MAPS[0]
extensions = ["myst_parser"]
exclude_patterns = [path.name for path in PROJECT.iterdir() if path.name not in PAGES]
myst_heading_anchors = 4  # as deep as a git host names them
highlight_language = "text"  # of a block that does not say its own
smartquotes = False
nitpicky = True

html_theme = "furo"
html_title = "Next Rung"
html_copy_source = False
html_static_path = ["site"]
html_css_files = ["site.css"]
html_theme_options = {
    "navigation_with_keys": True,
    # The sandbox page's greens: 5.6:1 and more on Furo's grounds.
    "light_css_variables": {"color-brand-primary": "#16705a", "color-brand-content": "#16705a"},
    "dark_css_variables": {"color-brand-primary": "#6fd3ae", "color-brand-content": "#6fd3ae"},
}
templates_path = ["site"]
html_additional_pages = {"index": "begin.html"}  # the address without a page leads to the map


def setup(app: Sphinx) -> None:
    """Let the maps become the navigation while they are read."""
    app.connect("source-read", _add_navigation)


def _add_navigation(_app: Sphinx, page: str, source: list[str]) -> None:
    if page in MAPS:
        source[0] += navigation(source[0])


def navigation(text: str) -> str:
    """A hidden table of contents for each list of links in a map, under the heading the list has."""
    first, *rest = HEADING.split(text)
    sections = [("", first), *zip(rest[::2], rest[1::2], strict=True)]
    return "".join(_contents(heading, LISTED.findall(body)) for heading, body in sections)


def _contents(heading: str, pages: list[tuple[str, str]]) -> str:
    if not pages:
        return ""
    caption = [f":caption: {heading}"] if heading else []
    entries = [f"{words} <{page}>" for words, page in pages]
    return "\n".join(["\n\n```{toctree}", ":hidden:", *caption, "", *entries, "```"])
