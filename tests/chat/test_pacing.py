"""Telegram's limits: never more than it takes, replies before bulk, and a refusal stops only what it must."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.pacing import LEFT_FOR_REPLIES, Pace, pace_of
from bot.storage.outbox import BULK, REPLIES

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ALEX, SAM, KIM, GROUP = 1001, 1002, 1003, -7


def flood(pace: Pace, lane: int, chats: Iterator[int], until: datetime) -> list[datetime]:
    """When each goes out if there is always one more to send."""
    now, sent = NOW, []
    for chat in chats:
        now = max(now, pace.free_at(lane), pace.waiting_chats(now).get(chat, now))
        if now >= until:
            break
        assert pace.room(lane, now)
        pace.spend(chat, now)
        sent.append(now)
    return sent


def most_within(sent: list[datetime], span: timedelta) -> int:
    return max(sum(at <= other < at + span for other in sent) for at in sent)


def everybody() -> Iterator[int]:
    yield from range(1, 10_000)


def always(chat: int) -> Iterator[int]:
    while True:
        yield chat


def test_overall_no_second_sees_more_than_thirty_and_the_rest_is_used() -> None:
    sent = flood(Pace(), REPLIES, everybody(), NOW + 10 * SECOND)
    assert most_within(sent, SECOND) <= 30
    assert len(sent) >= 250


def test_bulk_is_spread_and_not_sent_in_bursts() -> None:
    sent = flood(Pace(), BULK, everybody(), NOW + 10 * SECOND)
    assert 245 <= len(sent) <= 255
    assert most_within(sent, 0.2 * SECOND) <= 7


def test_a_reply_in_three_messages_goes_out_at_once_amid_bulk() -> None:
    pace = Pace()
    now = flood(pace, BULK, everybody(), NOW + 5 * SECOND)[-1]
    for _ in range(LEFT_FOR_REPLIES):
        assert pace.room(REPLIES, now)
        assert ALEX not in pace.waiting_chats(now)
        pace.spend(ALEX, now)
    assert pace.room(BULK, now + 0.1 * SECOND) == 0, "now bulk waits until there is room for replies again"
    assert pace.room(BULK, now + 0.25 * SECOND) > 0


@pytest.mark.parametrize(("chat", "span", "most"), [(ALEX, 10 * SECOND, 12), (GROUP, MINUTE, 20)])
def test_a_chat_gets_a_short_burst_and_then_what_telegram_allows(
    chat: int, span: timedelta, most: int
) -> None:
    sent = flood(Pace(), REPLIES, always(chat), NOW + 10 * MINUTE)
    assert most_within(sent, span) <= most
    assert sent[2] == NOW, "a reply in three messages is not held up"
    assert len(sent) >= 145


def test_a_chat_that_must_wait_holds_up_no_other() -> None:
    pace = Pace()
    for _ in range(3):
        pace.spend(ALEX, NOW)
    assert pace.waiting_chats(NOW) == {ALEX: NOW + SECOND}
    assert pace.room(REPLIES, NOW) == 2
    assert pace.waiting_chats(NOW + SECOND) == {}


@given(st.lists(st.tuples(st.sampled_from([ALEX, SAM, GROUP]), st.integers(0, 400)), max_size=60))
def test_whoever_asks_for_room_is_told_the_truth(steps: list[tuple[int, int]]) -> None:
    """`free_at` is the first moment with room, `room` never lies, and nobody waits for ever."""
    pace, now = Pace(), NOW
    for chat, milliseconds in steps:
        now += timedelta(milliseconds=milliseconds)
        for lane in (REPLIES, BULK):
            at = pace.free_at(lane)
            assert (pace.room(lane, now) > 0) == (at <= now)
            assert pace.room(lane, max(now, at))
        assert pace.room(BULK, now) <= pace.room(REPLIES, now)
        if pace.room(REPLIES, now) and chat not in pace.waiting_chats(now):
            pace.spend(chat, now)


def test_a_lone_refusal_stops_its_chat_only() -> None:
    pace = Pace()
    assert not pace.refused(ALEX, BULK, NOW + 30 * SECOND, NOW)
    assert not pace.refused(ALEX, BULK, NOW + 30 * SECOND, NOW), "the same chat again says no more"
    assert pace.waiting_chats(NOW + 29 * SECOND) == {ALEX: NOW + 30 * SECOND}
    assert pace.room(BULK, NOW)
    assert not pace.refused(SAM, BULK, NOW + 31 * SECOND, NOW + 2 * SECOND), "another matter, later"
    assert pace.waiting_chats(NOW + 30 * SECOND) == {SAM: NOW + 31 * SECOND}


def test_two_chats_refused_at_once_stop_their_lane_and_replies_stop_bulk() -> None:
    pace, until = Pace(), NOW + 30 * SECOND
    pace.refused(ALEX, BULK, until, NOW)
    assert pace.refused(SAM, BULK, until, NOW)
    assert pace.room(BULK, NOW + 29 * SECOND) == 0
    assert pace.free_at(BULK) == until
    assert pace.room(REPLIES, NOW), "perhaps Telegram refuses bulk alone"
    assert pace.refused(KIM, REPLIES, until, NOW)
    assert pace.room(REPLIES, NOW + 29 * SECOND) == 0
    assert pace.room(BULK, until)
    assert pace.room(REPLIES, until)


def test_what_no_longer_counts_is_forgotten() -> None:
    pace = Pace()
    sent = flood(pace, BULK, everybody(), NOW + MINUTE)
    for at, later in pairwise(sent):
        pace.refused(ALEX, BULK, later, at)
    pace.waiting_chats(sent[-1] + 10 * SECOND)
    assert not pace._chat_full_at
    assert not pace._chat_held_until


def test_an_operator_whose_bot_may_send_more_says_how_much() -> None:
    sent = flood(pace_of(100), REPLIES, everybody(), NOW + 10 * SECOND)
    assert 995 <= len(sent) <= 1_006
