"""Does every room use only what it may? The rules stand in pyproject.toml; ARCHITECTURE.md draws them."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
RULES: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]


def test_contracts_are_kept() -> None:
    """In a process of its own: import-linter silences every logger there is."""
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", lint], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_top_level_package_has_a_floor() -> None:
    packages = {init.parent.name for init in PROJECT.glob("*/__init__.py")} - {"tests"}
    floors = next(rule for rule in RULES["contracts"] if rule["id"] == "floors")
    rooms = {room for layer in floors["layers"] for room in layer.replace(":", "|").split("|")}
    assert packages == set(RULES["root_packages"]) == {room.strip().split(".")[0] for room in rooms}
