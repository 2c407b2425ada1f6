"""Are embeddings made once for all runs, and never taken from a file that is not theirs?"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import kept
from index.embedder import Embeddings


class Counting:
    """Embeds a text as its length, and remembers what it was asked for."""

    dimension = 2

    def __init__(self, identity: str = "lengths") -> None:
        self.identity = identity
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Embeddings:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def asked_for(texts: Sequence[str], file: Path, identity: str = "lengths") -> list[str]:
    """What a run that wants `texts` has to embed."""
    embedder = Counting(identity)
    remembering = kept.recall(embedder, file)
    assert remembering.embed(texts)[:, 0].tolist() == [len(text) for text in texts]
    kept.keep(remembering, file)
    return embedder.asked


def test_the_next_run_embeds_only_what_is_new(tmp_path: Path) -> None:
    file = tmp_path / "kept.npz"
    assert asked_for(["a", "bb"], file) == ["a", "bb"]
    assert asked_for(["bb", "c", "a"], file) == ["c"]
    assert [path.name for path in tmp_path.iterdir()] == ["kept.npz"]


def test_another_models_embeddings_are_not_taken(tmp_path: Path) -> None:
    asked_for(["a"], tmp_path / "kept.npz")
    assert asked_for(["a"], tmp_path / "kept.npz", identity="other") == ["a"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY", b"{}"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kept.npz").write_bytes(content)
    assert asked_for(["a"], tmp_path / "kept.npz") == ["a"]


def test_a_file_cut_short_is_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "kept.npz"
    asked_for(["a", "bb"], file)
    whole = file.read_bytes()
    for end in range(0, len(whole), 7):
        file.write_bytes(whole[:end])
        asked_for(["a"], file)


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    asked_for(["a", "bb", "ccc"], tmp_path / "kept.npz")
    assert asked_for(["ccc", "bb", "a"], tmp_path / "kept.npz") == ["a"]


def test_what_was_embedded_before_a_run_was_broken_off_is_kept(tmp_path: Path) -> None:
    embedder = Counting()
    with (
        contextlib.suppress(KeyboardInterrupt),
        kept.remembered(embedder, tmp_path / "index") as remembering,
    ):
        remembering.embed(["a", "bb"])
        raise KeyboardInterrupt
    with kept.remembered(embedder, tmp_path / "index") as remembering:
        remembering.embed(["a", "bb", "c"])
    assert embedder.asked == ["a", "bb", "c"]


def test_two_runs_at_once_keep_what_both_have_made(tmp_path: Path) -> None:
    embedder = Counting()
    with kept.remembered(embedder, tmp_path) as one, kept.remembered(embedder, tmp_path) as other:
        one.embed(["a"])
        other.embed(["bb"])
    with kept.remembered(embedder, tmp_path) as later:
        later.embed(["a", "bb"])
    assert embedder.asked == ["a", "bb"]
