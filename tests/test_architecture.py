"""Does every room use only what it may? The rules stand in pyproject.toml; ARCHITECTURE.md draws them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from importlinter.cli import lint_imports

PROJECT = Path(__file__).resolve().parent.parent
RULES: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]


def test_contracts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    assert lint_imports(no_cache=True, no_logo=True) == 0, "what is broken stands above"


def test_every_top_level_package_has_a_floor() -> None:
    packages = {init.parent.name for init in PROJECT.glob("*/__init__.py")} - {"tests"}
    floors = next(rule for rule in RULES["contracts"] if rule["id"] == "floors")
    rooms = {room for layer in floors["layers"] for room in layer.replace(":", "|").split("|")}
    assert packages == set(RULES["root_packages"]) == {room.strip().split(".")[0] for room in rooms}
