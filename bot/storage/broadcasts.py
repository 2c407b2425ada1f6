"""What do operators tell all learners? Each broadcast, who gets it, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from bot.storage.database import Transaction
from bot.storage.outbox import BULK
from bot.storage.tables import broadcasts, learners, outbox

DRAFT, WRITING, WRITTEN, DONE, CANCELLED = "draft", "writing", "written", "done", "cancelled"
METHOD = "sendMessage"


@dataclass(frozen=True)
class Broadcast:
    """One message to all, by the operator `telegram_id`; learners up to `last_learner_id` have their row."""

    id: int
    telegram_id: int
    payload: Mapping[str, Any]
    state: str
    made_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    last_learner_id: int
    written: int
    withdrawn: int


@dataclass(frozen=True)
class Recipient:
    """A learner who gets it."""

    id: int
    telegram_id: int


@dataclass(frozen=True)
class Sendings:
    """The rows of a broadcast that still lie in the outbox: those that wait, and those that failed."""

    waiting: int
    failed: int


async def draft(
    tx: Transaction, bot_id: int, telegram_id: int, payload: Mapping[str, Any], now: datetime
) -> int:
    """Keep what an operator would like to say; nothing is sent yet."""
    values = {
        "bot_id": bot_id,
        "telegram_id": telegram_id,
        "payload": payload,
        "state": DRAFT,
        "made_at": now,
        "last_learner_id": 0,
        "written": 0,
        "withdrawn": 0,
    }
    made = await tx.execute(insert(broadcasts).values(values).returning(broadcasts.c.id))
    return int(made.scalar_one())


async def find(connection: Transaction, bot_id: int, broadcast_id: int) -> Broadcast | None:
    """The broadcast, unless it is no more, or another bot's."""
    columns = [broadcasts.c[each.name] for each in fields(Broadcast)]
    here = (broadcasts.c.id == broadcast_id, broadcasts.c.bot_id == bot_id)
    row = (await connection.execute(select(*columns).where(*here))).one_or_none()
    return Broadcast(*row) if row else None


async def under_way(connection: Transaction, bot_id: int) -> list[Broadcast]:
    """Those that are being sent, oldest first."""
    columns = [broadcasts.c[each.name] for each in fields(Broadcast)]
    here = (broadcasts.c.bot_id == bot_id, broadcasts.c.state.in_((WRITING, WRITTEN)))
    rows = await connection.execute(select(*columns).where(*here).order_by(broadcasts.c.id))
    return [Broadcast(*row) for row in rows]


async def confirm(tx: Transaction, broadcast_id: int, now: datetime) -> bool:
    """From now on it is sent. False where it was confirmed or cancelled before."""
    return await _move(tx, broadcast_id, (DRAFT,), state=WRITING, confirmed_at=now)


async def cancel(tx: Transaction, broadcast_id: int, now: datetime) -> bool:
    """Nobody else gets it; what was sent stays sent. False where it had ended before."""
    if not await _move(tx, broadcast_id, (DRAFT, WRITING, WRITTEN), state=CANCELLED, ended_at=now):
        return False
    mine = (outbox.c.broadcast_id == broadcast_id, outbox.c.failed_at.is_(None))
    gone = await tx.execute(delete(outbox).where(*mine))
    here = broadcasts.c.id == broadcast_id
    await tx.execute(update(broadcasts).where(here).values(withdrawn=gone.rowcount))
    return True


async def next_recipients(connection: Transaction, broadcast: Broadcast, limit: int) -> list[Recipient]:
    """Who comes next: learners of the time it was confirmed who are here and did not say /stop."""
    query = select(learners.c.id, learners.c.telegram_id).where(*_is_next(broadcast))
    rows = await connection.execute(query.order_by(learners.c.id).limit(limit))
    return [Recipient(*row) for row in rows]


async def count_recipients(connection: Transaction, broadcast: Broadcast) -> int:
    """How many are still to come."""
    query = select(func.count()).select_from(learners).where(*_is_next(broadcast))
    return int(await connection.scalar(query) or 0)


def _is_next(broadcast: Broadcast) -> tuple[ColumnElement[bool], ...]:
    return (
        learners.c.id > broadcast.last_learner_id,
        learners.c.joined_at <= (broadcast.confirmed_at or broadcast.made_at),
        learners.c.blocked_at.is_(None),
        learners.c.stopped_at.is_(None),
        learners.c.has_private_chat,
    )


async def write(
    tx: Transaction, bot_id: int, broadcast: Broadcast, to: Sequence[Recipient], now: datetime
) -> bool:
    """Give each of these their row of the outbox, once: False where another process has just done so."""
    here = (
        broadcasts.c.id == broadcast.id,
        broadcasts.c.state == WRITING,
        broadcasts.c.last_learner_id == broadcast.last_learner_id,
    )
    values = {"last_learner_id": to[-1].id, "written": broadcasts.c.written + len(to)}
    if not (await tx.execute(update(broadcasts).where(*here).values(values))).rowcount:
        return False
    common = {"bot_id": bot_id, "method": METHOD, "lane": BULK, "broadcast_id": broadcast.id}
    common |= {"created_at": now, "not_before": now, "failures": 0}
    rows = [
        {**common, "chat_id": one.telegram_id, "payload": {**broadcast.payload, "chat_id": one.telegram_id}}
        for one in to
    ]
    await tx.execute(insert(outbox), rows)
    return True


async def all_written(tx: Transaction, broadcast: Broadcast) -> None:
    """There is nobody left to write a row for."""
    await _move(tx, broadcast.id, (WRITING,), state=WRITTEN)


async def end(tx: Transaction, broadcast: Broadcast, now: datetime) -> bool:
    """Every row was dealt with. False where somebody else saw it first."""
    return await _move(tx, broadcast.id, (WRITTEN,), state=DONE, ended_at=now)


async def sendings(connection: Transaction, broadcast_id: int) -> Sendings:
    """What of it still lies in the outbox."""
    counts = select(func.count(), func.count(outbox.c.failed_at)).where(outbox.c.broadcast_id == broadcast_id)
    lying, failed = (await connection.execute(counts)).one()
    return Sendings(lying - failed, failed)


async def _move(tx: Transaction, broadcast_id: int, states: Sequence[str], **values: object) -> bool:
    here = (broadcasts.c.id == broadcast_id, broadcasts.c.state.in_(states))
    return bool((await tx.execute(update(broadcasts).where(*here).values(**values))).rowcount)
