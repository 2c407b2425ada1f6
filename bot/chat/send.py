"""How do messages go out? Drains the outbox in two lanes: replies at once, bulk in the room they leave."""

import asyncio
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
from bot.chat.metrics import LANES, SENDING, SENDS, Metrics
from bot.chat.pacing import Pace
from bot.chat.pauses import pause_after
from bot.chat.refusals import Meaning, meaning_of
from bot.chat.updates import is_id
from bot.observability import following, warn_once
from bot.storage import attempts, group_quizzes, learners, outbox, prompts
from bot.storage.database import Database, Transaction
from bot.storage.outbox import BULK, REPLIES, StoredMessage
from bot.storage.replica import Replica
from bot.storage.together import Together

logger = logging.getLogger(__name__)

CHATS_AT_ONCE = 16  # in each lane, so that slow bulk takes no reply's place
LOOK_FOR_BULK_SECONDS = 1.0  # nobody waits for it, so whoever promises it need not wake anybody
LOOK_FOR_REPLIES_SECONDS = 0.2  # of other replicas, which can wake nobody here; for them a learner waits
SEND_SECONDS = 30.0  # a server that takes longer is asked again, and has then perhaps sent twice
CUT_OFF_AFTER = timedelta(seconds=3 * SEND_SECONDS)  # one is tried twice at most, and its end noted
LOOK_FOR_CUT_OFF = timedelta(minutes=1)
LONGEST_WAIT_SECONDS = 2.0  # for a turn; what a learner erases meanwhile is hardly on its way already
LOOK_IF_CAUGHT_UP_SECONDS = 0.02
MAX_FAILURES = 65  # with the pauses between them half an hour; a later reply helps nobody
TIDYING = ("editMessageReplyMarkup", "stopPoll")  # nobody misses it, and nothing may wait for it
MAX_POLL_ID = 64  # characters; Telegram's have 19
IN_DOUBT = "perhaps sent, not sent again"


@dataclass
class Sender:
    """Sends what lies in the outbox: chats side by side, the messages of one chat and lane in order.

    Of several replicas only the leading one sends.
    """

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    replica: Replica
    pace: Pace = field(default_factory=Pace)
    metrics: Metrics = field(default_factory=Metrics)
    together: Together = field(init=False)
    lanes: tuple[Drain[StoredMessage], ...] = field(init=False)
    _looked_at: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.together = Together(self.database)
        self.lanes = (self._lane("replies", REPLIES), self._lane("bulk", BULK))

    def _lane(self, name: str, lane: int) -> Drain[StoredMessage]:
        look_for_replies = math.inf if self.replica.is_alone else LOOK_FOR_REPLIES_SECONDS
        return Drain(
            name=f"outbox, {name}",
            due=partial(self._due, lane),
            next_time=partial(self._next_time, lane),
            key_of=lambda row: row.chat_id,
            work=self._send_in_turn,
            clock=self.clock,
            limit=CHATS_AT_ONCE,
            batch=CHATS_AT_ONCE // 2 if lane == BULK else 1,
            look_every_seconds=LOOK_FOR_BULK_SECONDS if lane == BULK else look_for_replies,
        )

    def wake(self) -> None:
        """Replies were promised."""
        self.lanes[REPLIES].wake()

    async def caught_up(self, seconds: float) -> None:
        """Wait until nothing lies in the box that is due by now, but no longer than so many seconds."""
        for lane in self.lanes:
            lane.wake()
        for _ in range(math.ceil(seconds / LOOK_IF_CAUGHT_UP_SECONDS)):
            if not await self._has_due():
                return
            await asyncio.sleep(LOOK_IF_CAUGHT_UP_SECONDS)

    async def _has_due(self) -> bool:
        now, bot_id = self.clock(), self.application.bot.id
        async with self.database.reading() as connection:
            times = [await outbox.next_time(connection, bot_id, lane, ()) for lane in (REPLIES, BULK)]
        return any(at and at <= now for at in times)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send while the block lasts; what is under way then gets a moment to end."""
        async with contextlib.AsyncExitStack() as stack:
            for lane in self.lanes:
                await stack.enter_async_context(lane.running())
            yield

    async def _send_in_turn(self, message: StoredMessage) -> None:
        """Send when Telegram's limits let it; a message that must wait for long stays in the box."""
        while self.pace.room(message.lane, self.clock()) == 0:
            seconds = (self.pace.free_at(message.lane) - self.clock()).total_seconds()
            if seconds > LONGEST_WAIT_SECONDS:
                return
            await asyncio.sleep(max(seconds, 0))
        if message.not_after and self.clock() > message.not_after:
            await self.together.write(partial(self._leave, message=message))
            return
        self.pace.spend(message.chat_id, self.clock())
        with following(message.inbox_id):
            await self.send(message)

    async def _leave(self, tx: Transaction, message: StoredMessage) -> None:
        """A prompt that waited until its hour was gone."""
        logger.info("a daily prompt is too late and left out", extra={"action": "too_late"})
        await outbox.sent(tx, message.row_id)
        if message.attempt_id is not None:
            await prompts.skip_unsent(tx, message.attempt_id)

    async def send(self, message: StoredMessage) -> None:
        """Send one message, more plainly if it must be, and settle what becomes of its row."""
        poll_id, message_id, trouble, began = None, None, None, self.clock()
        if message.lane == BULK:  # if a crash comes between, it is in doubt and does not come twice
            await self.together.write(partial(outbox.begin, row_id=message.row_id, now=began))
        try:
            answer = await self._call(message.method, message.payload, message.chat_id)
            poll_id, message_id = poll_of(answer), message_of(answer)
        except Exception as error:
            trouble = await self._more_simply(message, error)
        self._tell(message, trouble, began)

        async def note(tx: Transaction) -> None:
            if poll_id and message.attempt_id is not None:
                await attempts.sent_as(tx, message.attempt_id, poll_id)
            if poll_id and message.group_quiz_id is not None:
                await group_quizzes.sent_as(tx, message.group_quiz_id, poll_id, message_id)
            with following(message.inbox_id):  # another message's task may be the one that writes
                await self._settle(tx, message, trouble)

        await self.together.write(note)  # a crash until then makes it come twice: this must not queue

    def _tell(self, message: StoredMessage, trouble: Exception | None, began: datetime) -> None:
        """Count it, and log what arrived; of what did not `_settle` tells."""
        lane, seconds = LANES[message.lane], max(0.0, (self.clock() - began).total_seconds())
        outcome = meaning_of(trouble).name.lower() if trouble else "sent"
        self.metrics.count(SENDS, lane, outcome)
        self.metrics.time(SENDING, seconds, lane)
        if trouble is None:
            how_loud = logging.INFO if message.lane == REPLIES else logging.DEBUG
            told = {"action": "sent", "method": message.method, "lane": lane, "seconds": round(seconds, 3)}
            logger.log(how_loud, "%s: sent in %.2f s", message.method, seconds, extra=told)

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
            addressed["photo"] = _unpacked(payload["photo"], "picture.png")
        if "document" in payload:
            addressed["document"] = _unpacked(payload["document"]["content"], payload["document"]["name"])
        return await self.application.bot.do_api_request(method, addressed, read_timeout=SEND_SECONDS)

    async def _settle(self, tx: Transaction, message: StoredMessage, trouble: Exception | None) -> None:
        if trouble is None:
            await outbox.sent(tx, message.row_id)
            return
        match meaning_of(trouble):
            case Meaning.TAKEN:  # by its status: sent again it would only come twice
                warn_once(logger, "the server takes messages, but its answers cannot be read: %s", trouble)
                await outbox.sent(tx, message.row_id)
            case Meaning.MOOT:
                await outbox.sent(tx, message.row_id)
            case Meaning.REFUSED | Meaning.UNABLE if message.method in TIDYING:
                logger.info("%s is left undone: %s", message.method, trouble)  # the message is gone, say
                await outbox.sent(tx, message.row_id)
            case Meaning.MIGRATED if isinstance(trouble, ChatMigrated):
                await outbox.move_chat(tx, message.chat_id, trouble.new_chat_id)
                await group_quizzes.move_chat(tx, message.chat_id, trouble.new_chat_id)
            case Meaning.WAIT:
                await self._wait(tx, message, trouble)
            case Meaning.BLOCKED:
                await learners.mark_blocked(tx, message.chat_id, self.clock())
                await outbox.give_up(tx, message.row_id, str(trouble), self.clock())
            case Meaning.FORMATTING | Meaning.REFUSED:
                told = {"action": "refused", "method": message.method}
                logger.error("%s is refused for good: %s", message.method, trouble, extra=told)
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
        now = self.clock()
        if not self.replica.is_leading or self._is_stopped(lane, now):
            return []
        if lane == BULK:
            await self._end_what_was_cut_off(now)
        not_now = [*busy, *self.pace.waiting_chats(now)]
        async with self.database.reading() as connection:
            return await outbox.due(connection, self.application.bot.id, lane, now, not_now, limit)

    async def _end_what_was_cut_off(self, now: datetime) -> None:
        """Messages that were on their way when a replica died; told to the operator, as any in doubt."""
        if self._looked_at and abs(now - self._looked_at) < LOOK_FOR_CUT_OFF:
            return
        self._looked_at, bot_id = now, self.application.bot.id
        async with self.database.transaction() as tx:
            ended = await outbox.cut_off(tx, bot_id, now - CUT_OFF_AFTER, f"{IN_DOUBT}: cut off", now)
        if ended:
            logger.warning("%d messages were on their way when a bot stopped: %s", ended, IN_DOUBT)

    async def _next_time(self, lane: int, busy: Collection[int]) -> datetime | None:
        now = self.clock()
        if not self.replica.is_leading:
            return None
        if self._is_stopped(lane, now):
            return self.pace.free_at(lane)
        waiting = self.pace.waiting_chats(now)
        async with self.database.reading() as connection:
            bot_id = self.application.bot.id
            at = await outbox.next_time(connection, bot_id, lane, [*busy, *waiting])
        return min((each for each in (at, *waiting.values()) if each), default=None)

    def _is_stopped(self, lane: int, now: datetime) -> bool:
        """Whether Telegram wants this lane to wait for longer than between two messages."""
        return (self.pace.free_at(lane) - now).total_seconds() > LONGEST_WAIT_SECONDS


# A server that says "OK" to a picture and nothing more has most likely not shown it: better twice than never.
_SAID_IN_WORDS = (Meaning.FORMATTING, Meaning.REFUSED, Meaning.UNABLE, Meaning.TAKEN)


def simpler_form(message: StoredMessage, trouble: Exception) -> dict[str, Any] | None:
    """The same as bare text, where that may help: formatting refused, or a method the server cannot do."""
    payload, meaning = message.payload, meaning_of(trouble)
    if meaning == Meaning.FORMATTING and "entities" in payload:
        return {name: value for name, value in payload.items() if name != "entities"}
    if message.fallback is not None and meaning in _SAID_IN_WORDS:
        return dict(message.fallback)
    return None


def _unpacked(content: str, name: str) -> InputFile:
    return InputFile(base64.b64decode(content), name)


def message_of(answer: object) -> int | None:
    """The number of the message that was sent."""
    number = answer.get("message_id") if isinstance(answer, dict) else None
    return number if is_id(number) else None


def poll_of(answer: object) -> str | None:
    """The id of the poll that was sent, in what the server says of it."""
    poll = answer.get("poll") if isinstance(answer, dict) else None
    poll_id = poll.get("id") if isinstance(poll, dict) else None
    return poll_id if isinstance(poll_id, str) and len(poll_id) <= MAX_POLL_ID else None
