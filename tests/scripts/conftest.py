"""Runs a script as a person or a machine does: by its path, in another folder, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT, TINY_PACK

PATIENCE = 300  # seconds: a busy machine loads the model slowly; none of the tests measures time


@dataclass(frozen=True)
class Ended:
    """How a script ended: its exit code, and the lines of its two streams."""

    code: int
    out: list[str]
    errors: list[str]


Run = Callable[..., Ended]


def run_script(name: str, *arguments: object, stdin: bytes = b"", folder: Path, **variables: object) -> Ended:
    """Run scripts/`name` in `folder` with these environment variables."""
    done = subprocess.run(
        [sys.executable, str(PROJECT / "scripts" / name), *map(str, arguments)],
        input=stdin,
        cwd=folder,  # not the project: no .env of a developer is read
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            **{key: str(value) for key, value in variables.items()},
        },
        capture_output=True,
        timeout=PATIENCE,
    )
    return Ended(done.returncode, done.stdout.decode().splitlines(), done.stderr.decode().splitlines())


@pytest.fixture(scope="session")
def tiny_settings(tiny_index: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Settings to answer from the tiny pack, whose index is built already."""
    folder = tmp_path_factory.mktemp("tiny-var")
    (folder / "index").symlink_to(tiny_index)
    return {"BOT_KNOWLEDGE_DIR": TINY_PACK, "BOT_DATA_DIR": folder}
