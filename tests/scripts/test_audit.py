"""A known hole is named with the version that mends it; what was not looked at is not called safe."""

import subprocess
import sys
from typing import Any

import pytest

from scripts import audit

SAFE = {"name": "numpy", "version": "2.0", "vulns": []}
UNSAFE = {"name": "starlette", "version": "0.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["0.2"]}]}
UNKNOWN = {"name": "ours", "skip_reason": "not found"}


def test_holes_are_named_and_what_was_not_audited_is_not_counted() -> None:
    assert audit.report([SAFE, UNSAFE, UNKNOWN]) == [
        "starlette 0.1: PYSEC-1, mended in 0.2",
        "2 of 3 packages audited, 1 known holes",
    ]


def test_without_a_network_it_says_that_nothing_was_audited(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(command: list[str], **_more: Any) -> subprocess.CompletedProcess[str]:
        assert command[0] == sys.executable
        return subprocess.CompletedProcess(command, 1, "", "Traceback ...\nProxyError: no route\n")

    monkeypatch.setattr(subprocess, "run", unreachable)
    assert audit.main() == 0
    assert "Not audited" in (told := capsys.readouterr().err)
    assert "no route" in told
