"""A flood from one learner: what a person can mean is taken, votes always are, and it is soon forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import limits
from bot.chat.limits import LIMITS, Haste, is_farewell, is_vote, sent_at

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ALEX, SAM = 1001, 1002


def taken(haste: Haste, times: list[datetime], learner: int = ALEX) -> list[datetime]:
    return [at for at in times if not haste.is_too_much(learner, at)]


def test_forty_at_once_are_taken_and_more_after_ten_seconds() -> None:
    haste = Haste()
    assert len(taken(haste, [NOW] * 100)) == 40
    assert len(taken(haste, [NOW + 9 * SECOND] * 5)) == 0
    assert len(taken(haste, [NOW + 10 * SECOND] * 100)) == 40
    assert len(taken(haste, [NOW] * 5, SAM)) == 5, "others are not concerned"


def test_in_a_minute_a_hundred_and_twenty_are_taken_and_what_was_declined_does_not_count() -> None:
    haste = Haste()
    assert len(taken(haste, [NOW + number * SECOND / 3 for number in range(180)])) == 120
    assert len(taken(haste, [NOW + number * SECOND / 2 for number in range(120, 720)])) == 600


def test_what_is_older_than_a_minute_is_forgotten_at_once() -> None:
    haste = Haste()
    taken(haste, [NOW + number * SECOND for number in range(600)])
    assert len(haste._taken[ALEX]) == 60


@given(st.lists(st.integers(0, 200_000), max_size=200).map(sorted))
def test_never_more_than_the_limits_are_taken(milliseconds: list[int]) -> None:
    times = [NOW + timedelta(milliseconds=number) for number in milliseconds]
    kept = taken(Haste(), times)
    for most, span in LIMITS:
        assert all(sum(at <= other < at + span for other in kept) <= most for at in kept)


def test_who_was_quiet_for_a_minute_is_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LEARNERS_KEPT", 10)
    haste = Haste()
    for learner in range(100):
        haste.is_too_much(learner, NOW + learner * 10 * SECOND)
    assert len(haste._taken) <= 11


@pytest.mark.parametrize(
    ("payload", "seconds"),
    [
        ({"message": {"date": int(NOW.timestamp()) - 600}}, -600),
        ({"edited_message": {"date": 5, "edit_date": int(NOW.timestamp()) - 60}}, -60),
        ({"message": {"date": int(NOW.timestamp()) + 600}}, 0),
        ({"message": {"date": "yesterday"}}, 0),
        ({"message": {"date": -(10**30)}}, 0),
        ({"message": {}}, 0),
        ({"callback_query": {"message": {"date": 5}}}, 0),
    ],
)
def test_what_waited_during_an_outage_counts_when_it_was_sent(payload: dict[str, Any], seconds: int) -> None:
    assert sent_at(payload, NOW) == NOW + seconds * SECOND


@pytest.mark.parametrize(
    ("payload", "is_one"),
    [
        ({"poll_answer": {"option_ids": [0]}}, True),
        ({"callback_query": {"data": "answer:7:a"}}, True),
        ({"callback_query": {"data": "progress"}}, False),
        ({"callback_query": {"data": "answer:" + "7" * 5_000 + ":a"}}, False),
        ({"callback_query": {"data": ["answer:7:a"]}}, False),
        ({"message": {"text": "answer:7:a"}}, False),
    ],
)
def test_a_vote_is_one_by_poll_or_by_button(payload: dict[str, Any], is_one: bool) -> None:
    assert is_vote(payload) == is_one


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("/stop", True),
        ("/stop@next_rung_bot", True),
        ("/delete", True),
        ("/daily off", True),
        ("stop", False),
    ],
)
def test_what_ends_something_is_heard_in_any_haste(text: str, ends: bool) -> None:
    assert is_farewell({"message": {"text": text}}) is ends
    assert not is_farewell({"callback_query": {"data": text}})
