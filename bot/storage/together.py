"""How do many tasks write at once? Those that wait share the next transaction, and one trip to the disk."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.storage.database import Database, Transaction

Write = Callable[[Transaction], Awaitable[None]]


@dataclass
class Together:
    """Small writes that have nothing to do with each other; each is in when `write` returns."""

    database: Database
    is_urgent: bool = True
    _waiting: list[tuple[Write, asyncio.Future[None]]] = field(default_factory=list)
    _place: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def write(self, write: Write) -> None:
        """Write, together with whatever waits for the same place."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, mine))
        async with self._place:
            if not mine.done():
                await self._write_waiting()
        await mine

    async def _write_waiting(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            await self._in_one([write for write, _ in batch])
        except Exception:
            for write, done in batch:  # one of them is at fault: each for itself
                await self._alone(write, done)
        except BaseException:  # broken off: whoever else waits goes on without this task
            self._waiting = [one for one in batch if not one[1].cancelled()] + self._waiting
            raise
        for _, done in batch:
            if not done.done():
                done.set_result(None)

    async def _alone(self, write: Write, done: asyncio.Future[None]) -> None:
        try:
            await self._in_one([write])
        except Exception as error:
            if not done.done():
                done.set_exception(error)

    async def _in_one(self, writes: list[Write]) -> None:
        async with self.database.transaction(self.is_urgent) as tx:
            for write in writes:
                await write(tx)
