"""Is a long embedding told of, without a bar where none can be shown; and a short one done by one thread?"""

import logging

import numpy as np
import pytest
import torch

from index import embedder as room
from index.embedder import Embedder

TEXTS = [f"What is lesson number {number} about?" for number in range(11)]


def test_many_texts_are_told_of_from_part_to_part_and_embedded_as_ever(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = embedder.embed(TEXTS)
    monkeypatch.setattr(room, "MANY", len(TEXTS))
    with caplog.at_level(logging.INFO, room.logger.name):
        in_parts = embedder.embed(TEXTS)
    cosines = np.sum(in_parts * whole, axis=1)  # bfloat16 may have been used
    assert cosines == pytest.approx(1.0, abs=1e-3)
    assert caplog.messages == [f"embedded {done} of 11 texts" for done in (3, 6, 9, 11)]


def test_a_question_is_not_told_of(embedder: Embedder, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, room.logger.name):
        embedder.embed(TEXTS[:1])
    assert caplog.messages == []


def test_one_question_is_one_threads_work_and_many_texts_that_of_all(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = torch.get_num_threads()
    monkeypatch.setattr(embedder, "_threads", 2)
    try:
        embedder.embed(TEXTS[:1])
        assert torch.get_num_threads() == 1
        embedder.embed(TEXTS)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
