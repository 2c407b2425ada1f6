"""What becomes of an update that came in? It is stored, then handled in a turn of its own."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.error import NetworkError

from bot.chat.context import HINTS, BotApplication
from bot.chat.drain import Drain
from bot.chat.gate import Destination
from bot.chat.lately import Lately
from bot.chat.limits import Haste, is_farewell, is_typed, is_vote, sent_at
from bot.chat.metrics import HANDLING, UPDATES, WAITING, Metrics
from bot.chat.turn import TakenElsewhere, Turn
from bot.chat.updates import (
    ALLOWED_UPDATES,
    completed,
    fault_in,
    is_shallow,
    is_update,
    learner_key,
    private_chat,
)
from bot.chat.views import failures
from bot.observability import following, warn_once
from bot.storage import group_quizzes, inbox, outbox
from bot.storage.database import Database, may_pass
from bot.storage.inbox import StoredUpdate
from bot.storage.replica import Replica

logger = logging.getLogger(__name__)

LEARNERS_AT_ONCE = 32
LOOK_FOR_OTHERS_SECONDS = 0.5  # what another replica stored, or left undone when it died
READ_FOR_A_CLAIM = 4  # times as many learners as are wanted: others may be at work for the first
TURN_SECONDS = 60.0  # of thinking; what takes longer has got stuck, and is tried again
TIDY_SECONDS = 3600


class Unreadable(Exception):
    """An update that is not built as Telegram builds them."""


@dataclass
class Inbox:
    """Stores updates, and handles each in a turn of its own; a learner's updates in their order."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    on_replies: Callable[[], None]
    replica: Replica
    haste: Haste = field(default_factory=Haste)
    metrics: Metrics = field(default_factory=Metrics)
    drain: Drain[StoredUpdate] = field(init=False)

    def __post_init__(self) -> None:
        self.drain = Drain(
            name="inbox",
            due=self._due,
            next_time=self._next_time,
            key_of=lambda row: row.learner_key,
            work=self._handle_claimed,
            clock=self.clock,
            limit=LEARNERS_AT_ONCE,
            look_every_seconds=math.inf if self.replica.is_alone else LOOK_FOR_OTHERS_SECONDS,
        )

    async def store(self, payloads: Sequence[object]) -> None:
        """Keep what Telegram delivered; it may be told so once this has returned."""
        updates = [(learner_key(one), one) for one in payloads if is_update(one) and is_shallow(one)]
        if len(updates) < len(payloads):
            warn_once(logger, "the server delivers things that are no updates; they are ignored")
        try:
            await self._keep(updates)
        except Exception as error:
            if may_pass(error):
                raise
            await self._keep_what_can_be_kept(updates)
        self.drain.wake()

    async def _handle_claimed(self, stored: StoredUpdate) -> None:
        try:
            await self.handle(stored)
        finally:
            await self.replica.release(stored.learner_key)

    async def handle(self, stored: StoredUpdate) -> None:
        """One turn: effects, replies and the end of the update in one transaction."""
        with following(stored.row_id), contextlib.suppress(TakenElsewhere):
            await self._handle(stored)

    async def _handle(self, stored: StoredUpdate) -> None:
        began, outcome = self.clock(), "handled"
        try:
            async with self._turn(began, stored) as turn:
                if self._is_too_much(stored):
                    outcome = "declined"
                    await self._decline(stored, turn)
                else:
                    await self._dispatch(stored.payload, turn)
                await inbox.finish(await turn.begin(), stored.row_id, turn.now)
        except TakenElsewhere:
            raise  # no failure of this update: `handle` leaves it to the other
        except Exception as error:
            turn, outcome = await self._note_failure(stored, error)
        self._tell(stored, outcome, began)
        if turn.has_replied:
            self.on_replies()
        for each in turn.afterwards:
            each()
        if turn.has_erased:
            await self.database.scrub()

    def _tell(self, stored: StoredUpdate, outcome: str, began: datetime) -> None:
        """Count the turn, and log it."""
        kind = inbox.kind_of(stored.payload)
        kind = kind if kind in ALLOWED_UPDATES else "other"
        seconds = max(0.0, (self.clock() - began).total_seconds())
        self.metrics.count(UPDATES, kind, outcome)
        self.metrics.time(HANDLING, seconds, kind)
        if not stored.failures:
            self.metrics.time(WAITING, max(0.0, (began - stored.received_at).total_seconds()))
        told = {"action": outcome, "kind": kind, "seconds": round(seconds, 3)}
        logger.info("%s: %s in %.2f s", kind, outcome, seconds, extra=told)

    async def keep_tidy(self) -> None:
        """Forget what nobody needs any more: handled updates, and faults of long ago."""
        while True:
            try:
                async with self.database.transaction() as tx:
                    await inbox.clear_out(tx, self.clock())
                    await outbox.clear_out(tx, self.clock())
                    await group_quizzes.clear_out(tx, self.clock())
            except Exception:
                logger.exception("old updates could not be cleared out; trying again in an hour")
            await asyncio.sleep(TIDY_SECONDS)

    def _turn(self, now: datetime, stored: StoredUpdate | None = None) -> Turn:
        return Turn(self.database, self.application.bot.id, now, stored)

    def _is_too_much(self, stored: StoredUpdate) -> bool:
        """Whether this is more than one person can mean; what is tried again was counted before."""
        if stored.learner_key == inbox.NOBODY or stored.failures:
            return False
        if any(each(stored.payload) for each in (is_vote, is_typed, is_farewell)):
            return False
        return self.haste.is_too_much(stored.learner_key, sent_at(stored.payload, stored.received_at))

    async def _decline(self, stored: StoredUpdate, turn: Turn) -> None:
        """Leave an update undone, with a kind line a minute; a group is spared even that."""
        chat_id, line = private_chat(stored.payload), failures.too_fast()
        logger.warning("update %d is left out: too many from one learner", stored.row_id)
        hints: Lately = self.application.bot_data[HINTS]
        if chat_id is not None and hints.is_news((chat_id, line.text.text), stored.row_id, turn.now):
            await turn.reply(line, Destination(chat_id))

    async def _keep(self, updates: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        async with self.database.transaction() as tx:
            await inbox.store(tx, self.application.bot.id, updates, self.clock())

    async def _keep_what_can_be_kept(self, updates: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """One update that no database can hold must not keep out the others it came with."""
        for one in updates:
            try:
                await self._keep([one])
            except Exception as error:
                if may_pass(error):
                    raise
                logger.error("an update cannot be stored and is left out: %s", type(error).__name__)

    async def _dispatch(self, payload: Mapping[str, Any], turn: Turn) -> None:
        try:
            update = Update.de_json(completed(payload), self.application.bot)
        except Exception as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        if fault := fault_in(payload):
            raise Unreadable(fault)
        with turn.under_way():
            async with asyncio.timeout(TURN_SECONDS):
                await self.application.process_update(update)
        if turn.failure is not None:
            raise turn.failure

    async def _note_failure(self, stored: StoredUpdate, error: Exception) -> tuple[Turn, str]:
        """Try again where that may help, else set the update aside and say sorry."""
        text = f"{type(error).__name__}: {error}"
        is_passing = may_pass(error) or isinstance(error, NetworkError)
        now = self.clock()
        async with self._turn(now) as turn:
            tx = await turn.begin()
            if is_passing and await inbox.retry(tx, stored, text, now):
                logger.warning("update %d failed and is tried again: %s", stored.row_id, text)
                return turn, "retried"
            await inbox.set_aside(tx, stored.row_id, text, now)
            trace = None if isinstance(error, Unreadable) else error
            logger.error("update %d is set aside: %s", stored.row_id, text, exc_info=trace)
            chat_id = private_chat(stored.payload)
            if chat_id is not None:
                await turn.reply(failures.apology(stored.row_id), Destination(chat_id))
        return turn, "set_aside"

    async def _due(self, busy: Collection[int], limit: int) -> list[StoredUpdate]:
        most = limit if self.replica.is_alone else limit * READ_FOR_A_CLAIM
        async with self.database.reading() as connection:
            rows = await inbox.waiting(connection, self.application.bot.id, self.clock(), busy, most)
        mine = await self.replica.claim([row.learner_key for row in rows], limit)
        return [row for row in rows if row.learner_key in mine]

    async def _next_time(self, busy: Collection[int]) -> datetime | None:
        async with self.database.reading() as connection:
            return await inbox.next_time(connection, self.application.bot.id, busy)
