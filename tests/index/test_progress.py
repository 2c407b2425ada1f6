"""Is a long embedding told of, without a bar where none can be shown?"""

import logging

import pytest

from index import embedder as room
from index.embedder import Embedder, RememberingEmbedder

TEXTS = [f"What is lesson number {number} about?" for number in range(11)]


def test_many_texts_are_told_of_from_part_to_part(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(room, "MANY", len(TEXTS))
    monkeypatch.setattr(room, "PARTS", 4)
    with caplog.at_level(logging.INFO, room.logger.name):
        rows = RememberingEmbedder(embedder).embed([*TEXTS, *TEXTS])
    assert caplog.messages == [f"embedded {done} of 11 texts" for done in (3, 6, 9, 11)]
    assert (rows == embedder.embed([*TEXTS, *TEXTS])).all()


def test_a_few_texts_are_not_told_of(embedder: Embedder, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, room.logger.name):
        RememberingEmbedder(embedder).embed(TEXTS)
    assert caplog.messages == []
