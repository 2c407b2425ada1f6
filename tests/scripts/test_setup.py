"""What does the set-up tell? A few lines of what happens, or one of what to do; pip is a stand-in."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT

# Answers like a Python 3.11 whose pip says what the files beside it hold.
STAND_IN = """#!/bin/sh
case "$*" in
    *"print(sys.version"*) echo 3.11.9 ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *"pip install"*"-e"*)
        cat "$STAND_IN/says"
        cat "$STAND_IN/says" "$STAND_IN/complains" >>.venv/setup.log
        cat "$STAND_IN/complains" >&2
        exit "$(cat "$STAND_IN/code")" ;;
    *"pip install"*) echo "Successfully installed pip-26.3" ;;
esac
"""
MUCH_SPACE = """#!/bin/sh
echo 'Filesystem 1048576-blocks Used Available Capacity Mounted on'
echo '/dev/a 99000 9000 90000 9% /'
"""
USUAL = """\
Looking in indexes: https://packages.example.org/simple
Collecting torch (from next-rung==0.1.0)
  Downloading torch-2.9.0.metadata (27 kB)
  Downloading https://download.example.org/whl/cpu/torch-2.9.0%2Bcpu-cp311-linux_x86_64.whl (184.5 MB)
     ---------------------------------------- 184.5/184.5 MB 9.9 MB/s eta 0:00:00
  Downloading starlette-1.0.0-py3-none-any.whl (74.1 kB)
  Downloading sqlalchemy-2.1.0-cp311-linux_x86_64.whl (4.7 MB)
  Downloading nvidia_cudnn-9.1.0-linux_x86_64.whl (1.2 GB)
Installing collected packages: starlette, sqlalchemy, torch
Successfully installed starlette-1.0.0 sqlalchemy-2.1.0 torch-2.9.0
"""


@dataclass(frozen=True)
class Told:
    """How a set-up ended, and the lines it wrote."""

    code: int
    out: list[str]
    errors: list[str]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project as it is cloned, as far as the set-up looks at it."""
    for name in ("pyproject.toml", "constraints.txt", "scripts/setup.sh"):
        (tmp_path / "clone" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / "clone" / name)
    for name, text in (("python", STAND_IN), ("df", MUCH_SPACE)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path / "clone"


def set_up(clone: Path, says: str = USUAL, complains: str = "", code: int = 0) -> Told:
    folder = clone.parent
    for name, text in (("says", says), ("complains", complains), ("code", str(code))):
        (folder / name).write_text(text)
    done = subprocess.run(
        ["sh", "scripts/setup.sh", "run"],
        cwd=clone,
        env={
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHON": str(folder / "python"),
            "STAND_IN": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return Told(done.returncode, done.stdout.splitlines(), done.stderr.splitlines())


def test_a_few_lines_tell_what_happens_and_the_log_has_the_rest(clone: Path) -> None:
    told = set_up(clone)
    assert told.errors == []
    assert told.code == 0
    making, installing, *progress, end = told.out
    assert making == "Making .venv with Python 3.11.9"
    assert "GB on disk" in installing
    assert progress == [
        "  fetching torch (184.5 MB)",
        "  fetching nvidia_cudnn (1.2 GB)",
        "  unpacking 3 packages",
    ]
    assert end == "Installed."
    assert "Collecting torch" in (clone / ".venv/setup.log").read_text()


def test_done_already_it_says_nothing(clone: Path) -> None:
    set_up(clone)
    assert set_up(clone) == Told(0, [], [])


def test_after_a_change_of_the_pins_it_says_less(clone: Path) -> None:
    set_up(clone)
    with (clone / "constraints.txt").open("a") as pins:
        pins.write("# another pin\n")
    told = set_up(clone, says="Requirement already satisfied: torch\n")
    assert told == Told(0, ["Installing the bot's dependencies", "Installed."], [])


TROUBLES = {
    "error: command 'cc' failed: No such file or directory": "A C compiler is missing",
    "ERROR: Could not install packages: [Errno 28] No space left on device": "The disk became full",
    "WARNING: Retrying after connection broken by 'ReadTimeout'": "The package index cannot be reached",
    "ERROR: No matching distribution found for torch==2.9.0": "A pinned package does not exist",
    "ERROR: Could not install packages: [Errno 13] Permission denied": "A file cannot be written",
    "ERROR: something nobody thought of": "The installation failed",
}


@pytest.mark.parametrize("complaint", TROUBLES)
def test_a_failure_is_one_line_that_says_what_to_do_and_where_the_log_is(clone: Path, complaint: str) -> None:
    told = set_up(clone, complains=f"{complaint}\n", code=1)
    [line] = told.errors
    assert told.code == 1
    assert line.startswith(TROUBLES[complaint])
    assert ".venv/setup.log" in line
    assert "Installed." not in told.out


def test_a_failure_that_is_mended_is_got_over(clone: Path) -> None:
    set_up(clone, complains="ERROR: No matching distribution found for torch\n", code=1)
    assert set_up(clone).out[-1] == "Installed."


def test_the_environment_of_another_folder_is_left_alone(clone: Path) -> None:
    set_up(clone)
    other = clone.parent / "worktree"
    shutil.copytree(clone, other, ignore=shutil.ignore_patterns(".venv"))
    (other / ".venv").symlink_to(clone / ".venv")
    mark = next((clone / ".venv").glob(".installed-*"))
    before = mark.read_text()
    told = set_up(other)
    assert told.code == 1
    assert told.errors[0].startswith(f"{other}/.venv is a link to the environment of {clone}: ")
    assert mark.read_text() == before


def test_an_environment_of_ones_own_may_lie_elsewhere(clone: Path) -> None:
    (clone.parent / "large-disk").mkdir()
    set_up(clone)
    (clone / ".venv").rename(clone.parent / "large-disk" / "venv")
    (clone / ".venv").symlink_to(clone.parent / "large-disk" / "venv")
    assert set_up(clone) == Told(0, [], [])


def test_where_an_index_is_there_only_what_serves_is_installed(clone: Path) -> None:
    for file in ("model-x/twin.json", "0123/manifest.json"):
        (clone / "var/index" / file).parent.mkdir(parents=True)
        (clone / "var/index" / file).write_text("{}")
    told = set_up(clone, says="Installing collected packages: starlette\n")
    assert "Installing what the bot needs to serve; its index is built, so nothing of PyTorch" in told.out
    assert (clone / ".venv/.installed-serve").exists()


def test_half_an_index_is_none(clone: Path) -> None:
    (clone / "var/index/model-x").mkdir(parents=True)
    (clone / "var/index/model-x/twin.json").write_text("{}")
    set_up(clone)
    assert (clone / ".venv/.installed-build").exists()
