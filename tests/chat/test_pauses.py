"""How long is waited before the next try? As the server asks within reason, else longer each time."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.chat.answers import MAX_WAIT_SECONDS, WaryRequest, checked
from bot.chat.pauses import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, pause_after
from bot.chat.send import MAX_FAILURES
from bot.storage.tables import MAX_ID

pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")  # as app.py does

TROUBLE = NetworkError("Bad Gateway")


class Says(WaryRequest):
    """A way to a server that refuses everything with these parameters, written as JSON."""

    def __init__(self, parameters: str) -> None:
        super().__init__()
        self._body = b'{"ok": false, "description": "no", "parameters": %b}' % parameters.encode()

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return checked(429, self._body)


async def trouble_with(parameters: str) -> TelegramError:
    """What python-telegram-bot makes of a refusal."""
    with pytest.raises(TelegramError) as raised:
        await BaseRequest.post(Says(parameters), "https://example.org/getMe")
    return raised.value


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("5", 5),
        ("2.5", 2),
        ("0", 1),
        ("-7", 1),
        (str(10**9), MAX_WAIT_SECONDS),
        (str(10**15), MAX_WAIT_SECONDS),
        ("1" * 400, MAX_WAIT_SECONDS),
        ("1e400", MAX_WAIT_SECONDS),
        ("NaN", 1),
    ],
)
async def test_as_long_as_the_server_asks_is_waited_within_reason(asked: str, waited: int) -> None:
    trouble = await trouble_with(f'{{"retry_after": {asked}}}')
    assert isinstance(trouble, RetryAfter)
    assert pause_after(trouble, 1) == pause_after(trouble, 40) == waited
    assert datetime.now(UTC) + timedelta(seconds=pause_after(trouble, 1))


@pytest.mark.parametrize("parameters", ['{"retry_after": "soon"}', "{}", "[]", "null", '{"retry_after": []}'])
async def test_a_refusal_that_names_no_time_is_waited_out_like_any_fault(parameters: str) -> None:
    trouble = await trouble_with(parameters)
    assert not isinstance(trouble, RetryAfter)
    assert pause_after(trouble, 1) == FIRST_PAUSE_SECONDS


async def test_a_group_moves_only_to_a_chat_a_database_can_hold() -> None:
    moved = await trouble_with(json.dumps({"migrate_to_chat_id": -1001234}))
    assert isinstance(moved, ChatMigrated)
    assert moved.new_chat_id == -1001234
    assert not isinstance(await trouble_with(f'{{"migrate_to_chat_id": -{MAX_ID}0}}'), ChatMigrated)


def test_each_pause_is_longer_than_the_last_up_to_the_longest() -> None:
    pauses = [pause_after(TROUBLE, failures) for failures in range(1, 12)]
    assert pauses[0] == FIRST_PAUSE_SECONDS
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    assert all(after == min(2 * before, LONGEST_PAUSE_SECONDS) for before, after in pairwise(pauses))


def test_after_many_failures_it_is_still_the_longest() -> None:
    assert pause_after(TROUBLE, 10**6) == LONGEST_PAUSE_SECONDS


def test_a_reply_that_cannot_be_sent_is_given_up_after_half_an_hour() -> None:
    waited = sum(pause_after(TROUBLE, failures) for failures in range(1, MAX_FAILURES + 1))
    assert waited == pytest.approx(30 * 60, rel=0.05)
