"""Which updates still have to be handled? Stored before Telegram is told that we have them."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update

from bot.storage.database import Transaction, insert_new
from bot.storage.tables import inbox

# Telegram offers an unconfirmed update for 24 hours; for twice that a repetition is recognised.
REMEMBERED = timedelta(hours=48)
KEPT_FOR_REPAIR = timedelta(days=30)  # what failed, with its error; /privacy names this time
RETRY_DELAYS = (timedelta(seconds=1), timedelta(seconds=10))  # then the update is set aside

NOBODY = 0  # the learner key of an update without a learner
MAX_ERROR = 2_000  # characters kept of an error
_OLDER = inbox.alias("older")


@dataclass(frozen=True)
class StoredUpdate:
    """An update waiting for its turn; updates of one learner are handled in order."""

    row_id: int
    learner_key: int
    payload: Mapping[str, Any]
    failures: int
    received_at: datetime


@dataclass(frozen=True)
class SetAside:
    """An update that could not be handled, and why; what it said is left out but for its kind."""

    row_id: int
    kind: str
    received_at: datetime
    error: str


async def store(
    tx: Transaction, bot_id: int, updates: Sequence[tuple[int, Mapping[str, Any]]], now: datetime
) -> None:
    """Keep `updates`, each with the key of its learner, in their order; repetitions are passed over."""
    rows = [
        {
            "bot_id": bot_id,
            "update_id": payload["update_id"],
            "digest": _digest(payload),
            "learner_key": learner_key,
            "payload": payload,
            "received_at": now,
            "not_before": now,
            "failures": 0,
        }
        for learner_key, payload in updates
    ]
    if rows:
        await tx.execute(insert_new(tx, inbox), rows)


async def waiting(
    connection: Transaction, bot_id: int, now: datetime, busy: Collection[int], limit: int
) -> list[StoredUpdate]:
    """The oldest open update at this bot of each learner who is not `busy`, where its time has come."""
    columns = [inbox.c[name] for name in ("id", "learner_key", "payload", "failures", "received_at")]
    query = _in_turn(select(*columns), bot_id, busy).where(inbox.c.not_before <= now)
    rows = await connection.execute(query.order_by(inbox.c.id).limit(limit))
    return [StoredUpdate(*row) for row in rows]


async def open_rows(connection: Transaction, bot_id: int) -> int:
    """How many updates are still to be handled."""
    is_open = (inbox.c.done_at.is_(None), inbox.c.bot_id == bot_id)
    return int(await connection.scalar(select(func.count()).where(*is_open)) or 0)


async def behind(connection: Transaction, bot_id: int, row: StoredUpdate, limit: int) -> list[StoredUpdate]:
    """What the learner of `row` sent after it, oldest first, as far as it is still to be handled."""
    columns = [inbox.c[name] for name in ("id", "learner_key", "payload", "failures", "received_at")]
    theirs = (inbox.c.done_at.is_(None), inbox.c.bot_id == bot_id, inbox.c.learner_key == row.learner_key)
    query = select(*columns).where(*theirs, inbox.c.id > row.row_id).order_by(inbox.c.id).limit(limit)
    return [StoredUpdate(*each) for each in await connection.execute(query)]


async def next_time(connection: Transaction, bot_id: int, busy: Collection[int]) -> datetime | None:
    """When the first of those may be handled; None when there is none."""
    query = _in_turn(select(func.min(inbox.c.not_before)), bot_id, busy)
    found: datetime | None = await connection.scalar(query)
    return found


def _in_turn(query: Select[Any], bot_id: int, busy: Collection[int]) -> Select[Any]:
    """Only updates whose turn can come: the later ones of a learner wait for their oldest."""
    same = (_OLDER.c[name] == inbox.c[name] for name in ("bot_id", "learner_key"))
    has_older = exists().where(_OLDER.c.done_at.is_(None), *same, _OLDER.c.id < inbox.c.id)
    query = query.where(inbox.c.done_at.is_(None), inbox.c.bot_id == bot_id, ~has_older)
    return query.where(inbox.c.learner_key.not_in(busy)) if busy else query


async def take(tx: Transaction, row_id: int) -> bool:
    """Keep this open update for the rest of `tx`; False where another replica has or had it."""
    row = select(inbox.c.id).where(inbox.c.id == row_id, inbox.c.done_at.is_(None))
    return await tx.scalar(row.with_for_update(skip_locked=True)) is not None


async def finish(tx: Transaction, row_id: int, now: datetime) -> None:
    """Close an update and erase what it said and who said it; a repetition is still recognised."""
    values = {"done_at": now, "payload": {}, "error": None, "learner_key": NOBODY}
    await tx.execute(update(inbox).where(inbox.c.id == row_id).values(values))


async def retry(tx: Transaction, stored: StoredUpdate, error: str, now: datetime) -> bool:
    """Put a failed update off for a moment. False if it has failed often enough."""
    if stored.failures >= len(RETRY_DELAYS):
        return False
    values = {
        "failures": stored.failures + 1,
        "error": error[:MAX_ERROR],
        "not_before": now + RETRY_DELAYS[stored.failures],
    }
    await tx.execute(update(inbox).where(inbox.c.id == stored.row_id).values(values))
    return True


async def set_aside(tx: Transaction, row_id: int, error: str, now: datetime) -> None:
    """Close an update that cannot be handled; for a while it is kept with its error for the operator."""
    values = {"done_at": now, "error": error[:MAX_ERROR]}
    await tx.execute(update(inbox).where(inbox.c.id == row_id).values(values))


def kind_of(payload: Mapping[str, Any]) -> str:
    """What Telegram calls such an update: the one field that stands beside its number."""
    return next((name for name in payload if name != "update_id"), "nothing")


async def aside(connection: Transaction, bot_id: int, limit: int, after: int = 0) -> list[SetAside]:
    """Updates set aside, newest first, without the first `after` of them."""
    columns = [inbox.c[name] for name in ("id", "payload", "received_at", "error")]
    query = select(*columns).where(*_is_aside(bot_id)).order_by(inbox.c.id.desc()).limit(limit).offset(after)
    rows = await connection.execute(query)
    return [SetAside(row_id, kind_of(payload), at, error) for row_id, payload, at, error in rows]


async def put_back(tx: Transaction, bot_id: int, row_id: int, now: datetime) -> bool:
    """Handle an update once more that was set aside. False where it is not, or no more."""
    values = {"done_at": None, "error": None, "failures": 0, "not_before": now}
    here = (inbox.c.id == row_id, *_is_aside(bot_id))
    return bool((await tx.execute(update(inbox).where(*here).values(values))).rowcount)


async def drop(tx: Transaction, bot_id: int, row_id: int, now: datetime) -> bool:
    """Erase what an update said that was set aside. False where it is not, or no more."""
    found = await tx.scalar(select(inbox.c.id).where(inbox.c.id == row_id, *_is_aside(bot_id)))
    if found is None:
        return False
    await finish(tx, row_id, now)
    return True


def _is_aside(bot_id: int) -> tuple[ColumnElement[bool], ...]:
    return inbox.c.bot_id == bot_id, inbox.c.done_at.is_not(None), inbox.c.error.is_not(None)


async def clear_out(tx: Transaction, now: datetime) -> None:
    """Forget handled updates that Telegram can no longer repeat; those set aside stay for a month."""
    is_handled = and_(inbox.c.done_at < now - REMEMBERED, inbox.c.error.is_(None))
    await tx.execute(delete(inbox).where(or_(is_handled, inbox.c.done_at < now - KEPT_FOR_REPAIR)))


def _digest(payload: Mapping[str, Any]) -> str:
    """Tells a repeated update from another one that happens to have its number."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
