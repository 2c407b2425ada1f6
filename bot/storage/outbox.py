"""Which messages still have to be sent? Written in the transaction of what they tell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, delete, func, insert, select, update

from bot.storage.database import Transaction
from bot.storage.inbox import KEPT_FOR_REPAIR
from bot.storage.tables import outbox

MAX_ERROR = 2_000  # characters kept of an error
REPLIES, BULK = 0, 1  # the lanes: what a learner waits for, and what nobody does


@dataclass(frozen=True)
class Outgoing:
    """One call of the Bot API, and for some what to say instead.

    `fallback` is for whatever is more than text (a photo, a poll, a file): the payload of a message that
    says the same, sent where the server does not know the method or fails at it. It is written along with
    the call, as the sender has nothing to make it from. A text message needs none; bad formatting is dropped
    by the sender. `attempt_id` is the attempt whose poll this is.
    """

    chat_id: int
    method: str
    payload: Mapping[str, Any]
    fallback: Mapping[str, Any] | None = None
    attempt_id: int | None = None


@dataclass(frozen=True)
class StoredMessage:
    """A message waiting to be sent; messages of one chat go in order."""

    row_id: int
    chat_id: int
    method: str
    payload: Mapping[str, Any]
    fallback: Mapping[str, Any] | None
    attempt_id: int | None
    failures: int


async def put(
    tx: Transaction, bot_id: int, messages: Sequence[Outgoing], now: datetime, lane: int = REPLIES
) -> None:
    """Promise that this bot sends `messages`, in their order."""
    common = {"bot_id": bot_id, "created_at": now, "not_before": now, "failures": 0, "lane": lane}
    rows = [{**vars(message), **common} for message in messages]
    if rows:
        await tx.execute(insert(outbox), rows)


async def due(
    connection: Transaction, bot_id: int, now: datetime, busy: Collection[int], limit: int
) -> list[StoredMessage]:
    """The oldest unsent message of each chat of this bot that is not `busy`, where its time has come."""
    oldest = _oldest_of_each(bot_id, busy)
    columns = [
        outbox.c[name]
        for name in ("id", "chat_id", "method", "payload", "fallback", "attempt_id", "failures")
    ]
    rows = await connection.execute(
        select(*columns)
        .join(oldest, oldest.c.id == outbox.c.id)
        .where(outbox.c.not_before <= now)
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [StoredMessage(*row) for row in rows]


async def next_time(connection: Transaction, bot_id: int, busy: Collection[int]) -> datetime | None:
    """When the first of those may go; None when there is none."""
    oldest = _oldest_of_each(bot_id, busy)
    turn_comes = select(func.min(outbox.c.not_before)).join(oldest, oldest.c.id == outbox.c.id)
    found: datetime | None = await connection.scalar(turn_comes)
    return found


def _oldest_of_each(bot_id: int, busy: Collection[int]) -> Subquery:
    """The only message of each chat whose turn can come: later ones wait for it."""
    return (
        select(func.min(outbox.c.id).label("id"))
        .where(outbox.c.failed_at.is_(None), outbox.c.bot_id == bot_id, outbox.c.chat_id.not_in(busy))
        .group_by(outbox.c.chat_id)
        .subquery()
    )


async def sent(tx: Transaction, row_id: int) -> None:
    """The message arrived: nothing of it is kept."""
    await tx.execute(delete(outbox).where(outbox.c.id == row_id))


async def postpone(tx: Transaction, row_id: int, until: datetime, error: str, failures: int) -> None:
    """Try again at `until`."""
    values = {"not_before": until, "failures": failures, "error": error[:MAX_ERROR]}
    await tx.execute(update(outbox).where(outbox.c.id == row_id).values(values))


async def give_up(tx: Transaction, row_id: int, error: str, now: datetime) -> None:
    """Sending failed for good: for a while the row is kept with its error for the operator."""
    values = {"failed_at": now, "error": error[:MAX_ERROR]}
    await tx.execute(update(outbox).where(outbox.c.id == row_id).values(values))


async def clear_out(tx: Transaction, now: datetime) -> None:
    """Forget what was given up long ago."""
    await tx.execute(delete(outbox).where(outbox.c.failed_at < now - KEPT_FOR_REPAIR))


async def move_chat(tx: Transaction, old: int, new: int) -> None:
    """A group became a supergroup: what waits for it goes to its new id."""
    await tx.execute(update(outbox).where(outbox.c.chat_id == old).values(chat_id=new))
