"""How do messages go out? Drains the outbox in two lanes: replies at once, bulk in the room they leave."""

import base64
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram import InputFile
from telegram.error import ChatMigrated

from bot.chat.context import BotApplication
from bot.chat.drain import Drain
from bot.chat.pacing import Pace
from bot.chat.pauses import pause_after
from bot.chat.refusals import Meaning, meaning_of
from bot.observability import warn_once
from bot.storage import attempts, learners, outbox
from bot.storage.database import Database, Transaction
from bot.storage.outbox import BULK, REPLIES, StoredMessage

logger = logging.getLogger(__name__)

CHATS_AT_ONCE = 16  # in each lane, so that slow bulk takes no reply's place
LOOK_FOR_BULK_SECONDS = 1.0  # nobody waits for it, so whoever promises it need not wake anybody
SEND_SECONDS = 30.0  # a server that takes longer is asked again, and has then perhaps sent twice
MAX_FAILURES = 65  # with the pauses between them half an hour; a later reply helps nobody
MAX_POLL_ID = 64  # characters; Telegram's have 19
IN_DOUBT = "perhaps sent, not sent again"


@dataclass
class Sender:
    """Sends what lies in the outbox: chats side by side, the messages of one chat and lane in order."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    pace: Pace = field(default_factory=Pace)
    lanes: tuple[Drain[StoredMessage], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = (self._lane("replies", REPLIES), self._lane("bulk", BULK))

    def _lane(self, name: str, lane: int) -> Drain[StoredMessage]:
        return Drain(
            name=f"outbox, {name}",
            due=partial(self._due, lane),
            next_time=partial(self._next_time, lane),
            key_of=lambda row: row.chat_id,
            work=self.send,
            clock=self.clock,
            limit=CHATS_AT_ONCE,
            held_until=partial(self._held_until, lane),
            look_every_seconds=LOOK_FOR_BULK_SECONDS if lane == BULK else math.inf,
        )

    def wake(self) -> None:
        """Replies were promised."""
        self.lanes[REPLIES].wake()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send while the block lasts; what is under way then gets a moment to end."""
        async with contextlib.AsyncExitStack() as stack:
            for lane in self.lanes:
                await stack.enter_async_context(lane.running())
            yield

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
        self.pace.spend(message.chat_id, self.clock())
        try:
            await self._call("sendMessage", simpler, message.chat_id)
        except Exception as error:
            return error
        return None

    async def _call(self, method: str, payload: Mapping[str, Any], chat_id: int) -> object:
        addressed = {**payload, "chat_id": chat_id}  # the group may have moved since the payload was made
        if "photo" in payload:
            addressed["photo"] = InputFile(base64.b64decode(payload["photo"]), "picture.png")
        return await self.application.bot.do_api_request(method, addressed, read_timeout=SEND_SECONDS)

    async def _settle(self, tx: Transaction, message: StoredMessage, trouble: Exception | None) -> None:
        if trouble is None:
            await outbox.sent(tx, message.row_id)
            return
        match meaning_of(trouble):
            case Meaning.TAKEN:  # by its status: sent again it would only come twice
                warn_once(logger, "the server takes messages, but its answers cannot be read: %s", trouble)
                await outbox.sent(tx, message.row_id)
            case Meaning.MIGRATED if isinstance(trouble, ChatMigrated):
                await outbox.move_chat(tx, message.chat_id, trouble.new_chat_id)
            case Meaning.WAIT:
                await self._wait(tx, message, trouble)
            case Meaning.BLOCKED:
                await learners.mark_blocked(tx, message.chat_id, self.clock())
                await outbox.give_up(tx, message.row_id, str(trouble), self.clock())
            case Meaning.FORMATTING | Meaning.REFUSED:
                logger.error("%s is refused for good: %s", message.method, trouble)
                await outbox.give_up(tx, message.row_id, str(trouble), self.clock())
            case Meaning.IN_DOUBT if message.lane == BULK:
                logger.warning("a prompt was %s (%s)", IN_DOUBT, trouble)
                await outbox.give_up(tx, message.row_id, f"{IN_DOUBT}: {trouble}", self.clock())
            case _:
                await self._retry_later(tx, message, trouble)

    async def _wait(self, tx: Transaction, message: StoredMessage, trouble: Exception) -> None:
        """Too many requests: this chat waits, or where it was no matter of one chat the lane does."""
        now = self.clock()
        until = now + timedelta(seconds=pause_after(trouble, message.failures + 1))
        if self.pace.refused(message.chat_id, message.lane, until, now):
            logger.warning("Telegram refuses chat after chat (%s); waiting", trouble)
        await outbox.postpone(tx, message.row_id, until, str(trouble), message.failures)

    async def _retry_later(self, tx: Transaction, message: StoredMessage, trouble: Exception) -> None:
        """A fault that may pass. In doubt whether a reply arrived it is sent again: twice beats never."""
        if message.failures >= MAX_FAILURES:
            logger.error("%s is given up after %d tries: %s", message.method, message.failures, trouble)
            await outbox.give_up(tx, message.row_id, str(trouble), self.clock())
            return
        logger.warning("%s failed (%s); trying again", message.method, trouble)
        until = self.clock() + timedelta(seconds=pause_after(trouble, message.failures + 1))
        await outbox.postpone(tx, message.row_id, until, str(trouble), message.failures + 1)

    async def _due(self, lane: int, busy: Collection[int], limit: int) -> list[StoredMessage]:
        """What may go now by Telegram's limits; while there is no room the database is not asked."""
        now = self.clock()
        room = min(limit, self.pace.room(lane, now))
        if not room:
            return []
        not_now = [*busy, *self.pace.waiting_chats(now)]
        async with self.database.reading() as connection:
            bot_id = self.application.bot.id
            found = await outbox.due(connection, bot_id, lane, now, not_now, room)
        return [message for message in found if self._has_room_for(message, now)]

    def _has_room_for(self, message: StoredMessage, now: datetime) -> bool:
        """Takes the room, unless the other lane took it while the database was read."""
        if not self.pace.room(message.lane, now) or message.chat_id in self.pace.waiting_chats(now):
            return False
        self.pace.spend(message.chat_id, now)
        return True

    async def _next_time(self, lane: int, busy: Collection[int]) -> datetime | None:
        """When a message that waits for nothing but its time may go."""
        waiting = self.pace.waiting_chats(self.clock())
        async with self.database.reading() as connection:
            bot_id = self.application.bot.id
            at = await outbox.next_time(connection, bot_id, lane, [*busy, *waiting])
        times = [*waiting.values(), *([max(at, self.pace.free_at(lane))] if at else [])]
        return min(times, default=None)

    def _held_until(self, lane: int) -> datetime | None:
        """While messages are under way: when the next may follow them by Telegram's limits."""
        now = self.clock()
        times = [at for at in (self.pace.free_at(lane), *self.pace.waiting_chats(now).values()) if at > now]
        return min(times, default=None)


def simpler_form(message: StoredMessage, trouble: Exception) -> dict[str, Any] | None:
    """The same as bare text, where that may help: formatting refused, or a method the server cannot do."""
    payload, meaning = message.payload, meaning_of(trouble)
    if meaning == Meaning.FORMATTING and "entities" in payload:
        return {name: value for name, value in payload.items() if name != "entities"}
    if message.fallback is not None and meaning in (Meaning.FORMATTING, Meaning.REFUSED, Meaning.UNABLE):
        return dict(message.fallback)
    return None


def poll_of(answer: object) -> str | None:
    """The id of the poll that was sent, in what the server says of it."""
    poll = answer.get("poll") if isinstance(answer, dict) else None
    poll_id = poll.get("id") if isinstance(poll, dict) else None
    return poll_id if isinstance(poll_id, str) and len(poll_id) <= MAX_POLL_ID else None
