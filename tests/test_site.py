"""Does the docs site build without a warning, and does its navigation lead to every page?"""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.markdown import links

MAPS = (PROJECT / "docs/index.md", PROJECT / "docs/decisions/README.md")
PAGES = {PROJECT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG")} | {
    *PROJECT.glob("docs/**/*.md")
}
HOURGLASS = 300  # seconds, on a machine that does much else; it takes five


def listed(page: Path) -> list[Path]:
    """What a map leads to, once each: the lists of links that docs/conf.py makes the navigation of."""
    lines = re.findall(r"^- \[[^]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [(page.parent / line).resolve() for line in lines]


def test_every_page_stands_in_the_navigation_once() -> None:
    stands = [page for map_ in MAPS for page in listed(map_)]
    assert len(stands) == len(set(stands))
    assert {*stands, MAPS[0]} == PAGES


def test_the_landing_page_has_four_ways_in() -> None:
    ways = re.findall(r"^## (.+)$", MAPS[0].read_text(encoding="utf-8"), re.MULTILINE)
    assert ways == ["For learners", "For authors", "For operators", "For contributors"]


def test_decisions_are_listed_by_their_titles() -> None:
    for link in links(MAPS[1]):
        title = link.file.read_text(encoding="utf-8").splitlines()[0]
        assert title.replace("`", "") == f"# {link.words}"


@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("sphinx", "myst_parser", "furo")),
    reason="the docs site needs Sphinx: install the extra `docs`, as `make setup` does",
)
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    site = tmp_path / "site"
    sphinx = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-c", "docs"]
    command = [*sphinx, "-d", str(tmp_path / "doctrees"), ".", str(site)]
    built = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=HOURGLASS, check=False
    )
    assert (built.returncode, built.stderr) == (0, "")
    for page in PAGES:
        assert (site / page.relative_to(PROJECT).with_suffix(".html")).is_file()
    landing = (site / "docs/index.html").read_text(encoding="utf-8")
    captions = re.findall(r'class="caption"[^>]*><span class="caption-text">([^<]+)', landing)
    assert captions == ["For learners", "For authors", "For operators", "For contributors"]
    assert "docs/index.html" in (site / "index.html").read_text(encoding="utf-8")
