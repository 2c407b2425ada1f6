"""Works off a box of the database: keys side by side, the rows of one key in order."""

import asyncio
import contextlib
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.chat.tasks import background

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
PAUSE_AFTER_ERROR_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.5  # while work is under way, whose end is the usual moment to look
SECONDS_TO_GATHER = 0.005  # while others are at work: what ends or comes by then is looked for in one go
SECONDS_TO_FINISH = 1.0  # each of three drains, of the 5 seconds in which the bot stops


@dataclass
class Drain(Generic[Row]):
    """Takes rows that are due and works on at most `limit` at a time.

    `due(busy, limit)` gives at most one row a key, leaving out keys that are busy; `next_time(busy)`
    says when to look again; `work` must close or postpone its row. It looks for more once `batch` places are
    free, or any where no work ends for a while (it may hang). Where others fill the box as well nobody wakes
    the drain: then it looks every so many seconds.
    """

    name: str
    due: Callable[[Collection[int], int], Awaitable[Sequence[Row]]]
    next_time: Callable[[Collection[int]], Awaitable[datetime | None]]
    key_of: Callable[[Row], int]
    work: Callable[[Row], Coroutine[Any, Any, None]]
    clock: Callable[[], datetime]
    limit: int
    batch: int = 1
    look_every_seconds: float = math.inf
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def wake(self) -> None:
        """Something new lies in the box."""
        self._wake.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work while the block lasts; what is under way then gets a moment to end."""
        async with background(self._run()):
            yield
        await self._finish()

    async def _run(self) -> None:
        worth_looking = self.batch
        while True:
            if self._busy:
                await asyncio.sleep(SECONDS_TO_GATHER)
            self._wake.clear()
            try:
                if self.limit - len(self._busy) >= worth_looking:
                    await self._start_due()
                seconds = await self._seconds_to_next()
            except Exception:
                logger.exception("%s: the database did not answer; trying again", self.name)
                seconds = PAUSE_AFTER_ERROR_SECONDS
            worth_looking = self.batch
            try:
                async with asyncio.timeout(seconds):  # `wait_for` may swallow a cancellation (Python 3.11)
                    await self._wake.wait()
            except TimeoutError:
                worth_looking = 1

    async def _finish(self) -> None:
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=SECONDS_TO_FINISH)
            for task in late:
                task.cancel()  # its row stays in the box
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_due(self) -> None:
        for row in await self.due(self._busy.keys(), self.limit - len(self._busy)):
            key = self.key_of(row)
            self._busy[key] = asyncio.create_task(self._work_on(key, row), name=f"{self.name} {key}")

    async def _work_on(self, key: int, row: Row) -> None:
        try:
            await self.work(row)
        except Exception:
            logger.exception("%s: work on %s failed", self.name, key)
            await asyncio.sleep(PAUSE_AFTER_ERROR_SECONDS)  # the row is still due: don't spin
        finally:
            del self._busy[key]
            self.wake()

    async def _seconds_to_next(self) -> float | None:
        if self._busy:
            return LOOK_AGAIN_SECONDS
        at = await self.next_time(())
        seconds = math.inf if at is None else max(0.01, (at - self.clock()).total_seconds())
        seconds = min(seconds, self.look_every_seconds)
        return None if seconds == math.inf else seconds
