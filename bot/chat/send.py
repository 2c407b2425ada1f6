"""How do replies go out? Drains the outbox, and knows what each refusal of Telegram means."""

import base64
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from telegram import InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.chat.answers import AnswerUnreadable
from bot.chat.context import BotApplication
from bot.chat.drain import Drain
from bot.chat.pauses import pause_after
from bot.observability import warn_once
from bot.storage import attempts, learners, outbox
from bot.storage.database import Database, Transaction
from bot.storage.outbox import StoredMessage

logger = logging.getLogger(__name__)

CHATS_AT_ONCE = 16
SEND_SECONDS = 30.0  # a server that takes longer is asked again, and has then perhaps sent twice
MAX_FAILURES = 65  # with the pauses between them half an hour; a later reply helps nobody
# Telegram's words for trouble with the formatting; the bare text can still arrive.
_FORMATTING_TROUBLE = ("parse entities", "entities_too_long", "entity")
MAX_POLL_ID = 64  # characters; Telegram's have 19


@dataclass
class Sender:
    """Sends what lies in the outbox: chats side by side, the messages of one chat in order."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    drain: Drain[StoredMessage] = field(init=False)

    def __post_init__(self) -> None:
        self.drain = Drain(
            name="outbox",
            due=self._due,
            next_time=self._next_time,
            key_of=lambda row: row.chat_id,
            work=self.send,
            clock=self.clock,
            limit=CHATS_AT_ONCE,
        )

    async def send(self, message: StoredMessage) -> None:
        """Send one message, more plainly if it must be, and settle what becomes of its row."""
        poll_id, trouble = None, None
        try:
            answer = await self._call(message.method, message.payload, message.chat_id)
            poll_id = poll_of(answer)
        except Exception as error:
            trouble = await self._more_simply(message, error)
        async with self.database.transaction() as tx:
            if poll_id and message.attempt_id is not None:
                await attempts.sent_as(tx, message.attempt_id, poll_id)
            await self._settle(tx, message, trouble)

    async def _more_simply(self, message: StoredMessage, trouble: Exception) -> Exception | None:
        """What is still wrong after the message was sent in a simpler form, where there is one."""
        simpler = simpler_form(message, trouble)
        if simpler is None:
            return trouble
        logger.warning("%s was refused (%s); sending it more simply", message.method, trouble)
        try:
            await self._call("sendMessage", simpler, message.chat_id)
        except Exception as error:
            return error
        return None

    async def _call(self, method: str, payload: Mapping[str, Any], chat_id: int) -> object:
        addressed = {**payload, "chat_id": chat_id}  # the group may have moved since the payload was made
        if "photo" in payload:
            addressed["photo"] = _unpacked(payload["photo"], "picture.png")
        if "document" in payload:
            addressed["document"] = _unpacked(payload["document"]["content"], payload["document"]["name"])
        return await self.application.bot.do_api_request(method, addressed, read_timeout=SEND_SECONDS)

    async def _settle(self, tx: Transaction, message: StoredMessage, trouble: Exception | None) -> None:
        now = self.clock()
        match trouble:
            case None:
                await outbox.sent(tx, message.row_id)
            case AnswerUnreadable():  # taken, by its status: sent again it would only come twice
                warn_once(logger, "the server takes messages, but its answers cannot be read: %s", trouble)
                await outbox.sent(tx, message.row_id)
            case ChatMigrated(new_chat_id=new_chat_id):
                await outbox.move_chat(tx, message.chat_id, new_chat_id)
            case RetryAfter():
                until = now + timedelta(seconds=pause_after(trouble, message.failures + 1))
                await outbox.postpone(tx, message.row_id, until, str(trouble), message.failures)
            case Forbidden():
                await outbox.give_up(tx, message.row_id, str(trouble), now)
                await learners.mark_blocked(tx, message.chat_id, now)
            case BadRequest():
                logger.error("%s is refused for good: %s", message.method, trouble)
                await outbox.give_up(tx, message.row_id, str(trouble), now)
            case _:
                await self._retry_later(tx, message, trouble, now)

    async def _retry_later(
        self, tx: Transaction, message: StoredMessage, trouble: Exception, now: datetime
    ) -> None:
        """A fault that may pass. After a time-out the message may have arrived: a reply twice beats none."""
        if message.failures >= MAX_FAILURES:
            logger.error("%s is given up after %d tries: %s", message.method, message.failures, trouble)
            await outbox.give_up(tx, message.row_id, str(trouble), now)
            return
        logger.warning("%s failed (%s); trying again", message.method, trouble)
        until = now + timedelta(seconds=pause_after(trouble, message.failures + 1))
        await outbox.postpone(tx, message.row_id, until, str(trouble), message.failures + 1)

    async def _due(self, busy: Collection[int], limit: int) -> list[StoredMessage]:
        async with self.database.reading() as connection:
            return await outbox.due(connection, self.application.bot.id, self.clock(), busy, limit)

    async def _next_time(self, busy: Collection[int]) -> datetime | None:
        async with self.database.reading() as connection:
            return await outbox.next_time(connection, self.application.bot.id, busy)


def simpler_form(message: StoredMessage, trouble: Exception) -> dict[str, Any] | None:
    """The same as bare text, where that may help: formatting refused, or a method the server cannot do."""
    payload = message.payload
    if isinstance(trouble, BadRequest) and "entities" in payload and _is_about_formatting(trouble):
        return {name: value for name, value in payload.items() if name != "entities"}
    if message.fallback is not None and (_cannot_do(trouble) or isinstance(trouble, BadRequest)):
        return dict(message.fallback)
    return None


def _unpacked(content: str, name: str) -> InputFile:
    return InputFile(base64.b64decode(content), name)


def poll_of(answer: object) -> str | None:
    """The id of the poll that was sent, in what the server says of it."""
    poll = answer.get("poll") if isinstance(answer, dict) else None
    poll_id = poll.get("id") if isinstance(poll, dict) else None
    return poll_id if isinstance(poll_id, str) and len(poll_id) <= MAX_POLL_ID else None


def _is_about_formatting(trouble: BadRequest) -> bool:
    return any(words in str(trouble).lower() for words in _FORMATTING_TROUBLE)


def _cannot_do(trouble: Exception) -> bool:
    """The server does not know the method, or fails at it; not: it could not be reached."""
    if isinstance(trouble, EndPointNotFound):
        return True
    is_answer = isinstance(trouble, NetworkError) and not isinstance(trouble, BadRequest | TimedOut)
    return is_answer and not str(trouble).startswith("httpx.")
