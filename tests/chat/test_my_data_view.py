"""Is an export one JSON document that any program reads, however much a learner has done?"""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.chat.gate import Destination, calls_for
from bot.chat.views.my_data import document, exported
from bot.guidance.results import Export

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MAX_DOCUMENT_BYTES = 50 * 2**20  # what Telegram takes


def attempt(number: int) -> dict[str, Any]:
    """A row as it comes out of the database, with everything in it as long as it gets."""
    return {
        "id": 2**40 + number,
        "purpose": "placement",
        "skill_id": "s" * 40,
        "item_id": "i" * 80,
        "options": ["option-one", "option-two", "option-three", "option-four", "unsure"],
        "difficulty": -0.123456789012345,
        "shown_at": NOW,
        "poll_id": "9" * 19,
        "had_hint": False,
        "chosen": "option-one",
        "outcome": "INCORRECT",
        "answered_at": NOW,
        "answered_on": NOW.date(),
    }


def test_times_are_told_in_iso_8601_and_words_as_they_were_written() -> None:
    rows = [{"asked_at": NOW, "answered_on": date(2026, 11, 22), "text": "wie lange? 🪜", "score": None}]
    read = json.loads(document(Export({"questions": rows}, NOW)))
    assert read == {
        "format": 1,
        "exported_at": "2026-11-22T12:00:00+00:00",
        "questions": [
            {
                "asked_at": "2026-11-22T12:00:00+00:00",
                "answered_on": "2026-11-22",
                "text": "wie lange? 🪜",
                "score": None,
            }
        ],
    }
    assert "🪜".encode() in document(Export({"questions": rows}, NOW))


def test_a_value_that_json_cannot_hold_is_no_silent_loss() -> None:
    with pytest.raises(TypeError, match="bytes"):
        document(Export({"learners": [{"secret": b"?"}]}, NOW))


def test_two_thousand_attempts_are_one_file_that_telegram_takes() -> None:
    reply = exported(Export({"attempts": [attempt(number) for number in range(2_000)]}, NOW))
    [call] = calls_for(reply, Destination(1001))
    assert call.method == "sendDocument"
    assert reply.document
    assert len(reply.document.content) < MAX_DOCUMENT_BYTES / 40
    assert len(json.loads(reply.document.content)["attempts"]) == 2_000
