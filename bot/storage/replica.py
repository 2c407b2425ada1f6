"""Which of several bots on one database leads, and who works for a learner? Locks that end with their holder.

One replica leads: it alone polls, makes the daily prompts and sends. Telegram takes 30 messages a second from
a bot, on however many machines it runs. So one sender is enough, and the only way to keep that limit and the
order in a chat. All replicas handle updates; those of one learner only one replica at a time.

Both are advisory locks of PostgreSQL in one session of this process: they end when it dies, and nobody's
clock has to be trusted. A claim only spares doing work twice. That an update has its effects once is the
matter of its row in the inbox, which is locked in the very transaction that closes it (`inbox.take`).
"""

import asyncio
import contextlib
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0  # how often a replica tries to lead, or looks whether its session still lives
# A machine that vanishes without a word: 5 s of silence, then three knocks unanswered, and its locks end.
KEEPALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
LEADER_LOCK, LEARNER_LOCK = 0x4E52_4C44, 0x4E52_4C4E  # any numbers no other program locks: "NRLD", "NRLN"


class Replica(Protocol):
    """One bot among those that share its database."""

    @property
    def is_alone(self) -> bool:
        """Whether no other bot can work on this database."""
        ...

    @property
    def is_leading(self) -> bool:
        """Whether this one polls, prompts and sends."""
        ...

    async def keep(self, bot_id: int) -> None:
        """Take part until cancelled; `bot_id` tells the bots of one database apart."""
        ...

    async def claim(self, learner_keys: Sequence[int], limit: int) -> set[int]:
        """The first `limit` of these learners whom no other replica works for; from now on this one does."""
        ...

    async def release(self, learner_key: int) -> None:
        """The work for this learner is done."""
        ...


def replica_on(database: Database) -> Replica:
    """One among several on PostgreSQL; SQLite is for one alone."""
    if database.engine.url.get_backend_name() == "postgresql":
        return OneOfSeveral(database)
    return TheOnlyOne()


class TheOnlyOne:
    """The bot that has a database to itself."""

    is_alone = is_leading = True

    async def keep(self, bot_id: int) -> None:
        """Nothing needs keeping."""

    async def claim(self, learner_keys: Sequence[int], limit: int) -> set[int]:
        return set(learner_keys[:limit])

    async def release(self, learner_key: int) -> None:
        """Nobody waits for it."""


@dataclass
class OneOfSeveral:
    """A replica on PostgreSQL. Without its session it neither leads nor takes on work."""

    database: Database
    is_alone: bool = field(default=False, init=False)
    is_leading: bool = field(default=False, init=False)
    _bot_id: int = field(default=0, init=False)
    _session: AsyncConnection | None = field(default=None, init=False)
    _told: bool | None = field(default=None, init=False)  # whether it leads, as the log says last
    _turn: asyncio.Lock = field(
        default_factory=asyncio.Lock, init=False
    )  # a session does one thing at a time
    _claimed: set[int] = field(default_factory=set, init=False)

    async def keep(self, bot_id: int) -> None:
        self._bot_id = bot_id
        while True:
            try:
                await self._keep_session()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("the database's session is lost (%s); trying again", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def claim(self, learner_keys: Sequence[int], limit: int) -> set[int]:
        async with self._turn:
            mine: set[int] = set()
            rest = learner_keys
            while rest and len(mine) < limit:
                some, rest = rest[: limit - len(mine)], rest[limit - len(mine) :]
                mine |= await self._locked(some)
            self._claimed |= mine
            return mine

    async def release(self, learner_key: int) -> None:
        async with self._turn:
            if self._session is None or learner_key not in self._claimed:
                return  # it ended with the session that held it
            self._claimed.discard(learner_key)
            await self._session.execute(
                select(func.pg_advisory_unlock(LEARNER_LOCK, self._number(learner_key)))
            )

    async def _keep_session(self) -> None:
        engine = self.database.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as session:
            for name, value in KEEPALIVE.items():
                await session.execute(select(func.set_config(name, value, False)))
            self._session = session
            try:
                while True:
                    await self._look(session)
                    await asyncio.sleep(LOOK_SECONDS)
            finally:
                self._session, self.is_leading, self._told = None, False, None
                self._claimed.clear()
                with contextlib.suppress(SQLAlchemyError, OSError):
                    await session.invalidate()  # back in the pool it would go on holding its locks

    async def _look(self, session: AsyncConnection) -> None:
        """Lead if nobody does; fails where the session is dead."""
        async with self._turn:
            if self.is_leading:
                await session.execute(select(1))
                return
            lock = func.pg_try_advisory_lock(LEADER_LOCK, self._number())
            self.is_leading = bool(await session.scalar(select(lock)))
        if self._told != self.is_leading:
            logger.info("this replica %s", "leads" if self.is_leading else "stands by")
            self._told = self.is_leading

    async def _locked(self, learner_keys: Sequence[int]) -> set[int]:
        """Those of the learners whose lock is free, which it now is no more."""
        if self._session is None or not learner_keys:
            return set()
        tries = [func.pg_try_advisory_lock(LEARNER_LOCK, self._number(key)) for key in learner_keys]
        results = (await self._session.execute(select(*tries))).one()
        return {key for key, is_mine in zip(learner_keys, results, strict=True) if is_mine}

    def _number(self, *key: int) -> int:
        """What PostgreSQL takes for a lock, 32 bits with a sign; two learners with one number take turns."""
        return zlib.crc32(" ".join(map(str, (self._bot_id, *key))).encode()) - 2**31
