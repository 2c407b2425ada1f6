"""The tiny pack's passages, and its index in a folder of the test's own."""

from pathlib import Path

import pytest

from index.embedder import Embedder
from index.passages import Passage, passages_of
from index.retriever import Retriever
from knowledge.library import Library
from tests.conftest import searching


@pytest.fixture(scope="session")
def passages(tiny: Library) -> tuple[Passage, ...]:
    return passages_of(tiny.notes.values())


@pytest.fixture(scope="session")
def tiny_retriever(tiny: Library, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return searching(tiny, embedder, tmp_path_factory.mktemp("tiny-index"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test's indexes are kept; not made yet."""
    return tmp_path / "var" / "index"
