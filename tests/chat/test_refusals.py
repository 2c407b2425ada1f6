"""Each failure of a call has one meaning, whatever words and classes it comes in."""

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chat.answers import AnswerUnreadable
from bot.chat.refusals import Meaning, meaning_of
from bot.chat.send import simpler_form
from bot.storage.outbox import REPLIES, StoredMessage


def caused(trouble: TelegramError, cause: Exception) -> TelegramError:
    """As python-telegram-bot raises it."""
    trouble.__cause__ = cause
    return trouble


@pytest.mark.parametrize(
    ("trouble", "meaning"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Meaning.BLOCKED),
        (Forbidden("Forbidden: user is deactivated"), Meaning.BLOCKED),
        (Forbidden("Forbidden: bot was kicked from the group chat"), Meaning.BLOCKED),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Meaning.BLOCKED),
        (BadRequest("Chat not found"), Meaning.BLOCKED),
        (BadRequest("Peer_id_invalid"), Meaning.BLOCKED),
        (BadRequest("Can't parse entities: unmatched end tag"), Meaning.FORMATTING),
        (BadRequest("Entities_too_long"), Meaning.FORMATTING),
        (BadRequest("Message is too long"), Meaning.REFUSED),
        (BadRequest("Not enough rights to send text messages to the chat"), Meaning.REFUSED),
        (BadRequest("Poll options length must not exceed 100"), Meaning.REFUSED),
        (ChatMigrated(-1001), Meaning.MIGRATED),
        (AnswerUnreadable("HTTP 200 without an answer"), Meaning.TAKEN),
        (TimedOut(), Meaning.IN_DOUBT),
        (caused(TimedOut(), httpx.ReadTimeout("")), Meaning.IN_DOUBT),
        (caused(TimedOut(), httpx.ConnectTimeout("")), Meaning.NOT_SENT),
        (TimedOut("Pool timeout: All connections in the connection pool are occupied."), Meaning.NOT_SENT),
        (NetworkError("httpx.ConnectError: [Errno 111] Connection refused"), Meaning.NOT_SENT),
        (NetworkError("httpx.ReadError: "), Meaning.IN_DOUBT),
        (NetworkError("httpx.RemoteProtocolError: Server disconnected"), Meaning.IN_DOUBT),
        (NetworkError("HTTP 504 without an answer of a Bot API server"), Meaning.IN_DOUBT),
        (NetworkError("Bad Gateway"), Meaning.UNABLE),
        (NetworkError("Internal Server Error"), Meaning.UNABLE),
        (EndPointNotFound("Endpoint 'sendRich' not found in Bot API"), Meaning.UNABLE),
        (InvalidToken("Unauthorized"), Meaning.NOT_SENT),
        (Conflict("terminated by other getUpdates request"), Meaning.NOT_SENT),
        (ValueError("our own fault"), Meaning.NOT_SENT),
    ],
)
def test_a_failure_has_one_meaning(trouble: Exception, meaning: Meaning) -> None:
    assert meaning_of(trouble) == meaning


FALLBACK = {"text": "the same in words"}
TEXT = StoredMessage(1, 7, "sendMessage", {"text": "Hi", "entities": []}, None, None, 0, REPLIES)
POLL = StoredMessage(1, 7, "sendPoll", {"question": "Hi?"}, FALLBACK, 3, 0, REPLIES)


@pytest.mark.parametrize(
    ("message", "trouble", "simpler"),
    [
        (TEXT, BadRequest("Can't parse entities: no"), {"text": "Hi"}),
        (TEXT, BadRequest("Message is too long"), None),
        (TEXT, NetworkError("Bad Gateway"), None),
        (POLL, BadRequest("Poll question length must not exceed 300"), FALLBACK),
        (POLL, EndPointNotFound("Endpoint 'sendPoll' not found in Bot API"), FALLBACK),
        (POLL, NetworkError("Internal Server Error"), FALLBACK),
        (POLL, NetworkError("httpx.ConnectError: "), None),
        (POLL, TimedOut(), None),
        (POLL, Forbidden("Forbidden: bot was blocked by the user"), None),
    ],
)
def test_a_simpler_form_goes_only_where_it_may_help(
    message: StoredMessage, trouble: Exception, simpler: object
) -> None:
    assert simpler_form(message, trouble) == simpler


@pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")  # as app.py does
def test_too_many_requests_are_to_be_waited_out() -> None:
    assert meaning_of(RetryAfter(3)) == Meaning.WAIT
    assert simpler_form(POLL, RetryAfter(3)) is None
