"""What do operators tell everybody? Writes broadcasts into the outbox; a restart goes on with them."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.context import BotApplication
from bot.chat.gate import Destination, calls_for
from bot.chat.views import broadcast as view
from bot.guidance import broadcast
from bot.storage import broadcasts, outbox
from bot.storage.broadcasts import WRITING, Broadcast
from bot.storage.database import Database

logger = logging.getLogger(__name__)

LOOK_SECONDS = 20.0  # for a broadcast that another process confirmed, or was writing when it ended
LOOK_AT_END_SECONDS = 2.0  # while one is being sent
BREATH_SECONDS = 0.05  # between two batches: learners' turns come first


@dataclass
class Broadcaster:
    """Gives every learner their row, batch by batch, and tells the operator when all are sent."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    on_replies: Callable[[], None]
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Something was confirmed."""
        self._wake.set()

    async def run(self) -> None:
        """Look every now and then, and when woken."""
        while True:
            self._wake.clear()
            seconds = LOOK_SECONDS
            try:
                seconds = await self.serve()
            except Exception:
                logger.exception("broadcasts: the database did not answer; trying again")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._wake.wait()

    async def serve(self) -> float:
        """Write what is to be written; in how many seconds to look again."""
        bot_id = self.application.bot.id
        async with self.database.reading() as connection:
            under_way = await broadcasts.under_way(connection, bot_id)
        for one in under_way:
            if one.state == WRITING:
                await self._write(one)
            else:
                await self._end(one)
        return LOOK_AT_END_SECONDS if under_way else LOOK_SECONDS

    async def _write(self, one: Broadcast) -> None:
        """All its rows; it is read anew before each batch, as it may be stopped."""
        bot_id, is_more = self.application.bot.id, True
        while is_more:
            async with self.database.transaction() as tx:
                current = await broadcasts.find(tx, bot_id, one.id)
                if current is None or current.state != WRITING:
                    return
                is_more = await broadcast.write_batch(tx, bot_id, current, self.clock())
            await asyncio.sleep(BREATH_SECONDS)
        logger.info("broadcast %d is in the outbox", one.id, extra={"action": "broadcast_written"})

    async def _end(self, one: Broadcast) -> None:
        now = self.clock()
        async with self.database.transaction() as tx:
            ended = await broadcast.end(tx, one, now)
            if ended is None:
                return
            calls = calls_for(view.broadcasting(ended), Destination(one.telegram_id))
            await outbox.put(tx, self.application.bot.id, calls, now)
        logger.info("broadcast %d is sent", one.id, extra={"action": "broadcast_sent"})
        self.on_replies()
