"""Which messages still have to be sent, and in which lane? Written in the transaction of what they tell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, delete, exists, insert, select, update

from bot.storage.database import Transaction
from bot.storage.inbox import KEPT_FOR_REPAIR
from bot.storage.tables import outbox

REPLIES, BULK = 0, 1  # lanes: what somebody waits for, and what goes to many unasked
MAX_ERROR = 2_000  # characters kept of an error
_OLDER = outbox.alias("older")


@dataclass(frozen=True)
class Outgoing:
    """One call of the Bot API, and for some what to say instead.

    `fallback` is for whatever is more than text (a photo, a poll, a file): the payload of a message that
    says the same, sent where the server does not know the method or fails at it. It is written along with
    the call, as the sender has nothing to make it from. A text message needs none; bad formatting is dropped
    by the sender. `attempt_id` is the attempt whose poll this is, or `group_quiz_id` the quiz of a group.
    """

    chat_id: int
    method: str
    payload: Mapping[str, Any]
    fallback: Mapping[str, Any] | None = None
    attempt_id: int | None = None
    group_quiz_id: int | None = None


@dataclass(frozen=True)
class StoredMessage:
    """A message waiting to be sent; messages of one chat and lane go in order.

    `inbox_id` is the row of the update it answers, for the log; a daily prompt is not sent after `not_after`.
    """

    row_id: int
    chat_id: int
    method: str
    payload: Mapping[str, Any]
    fallback: Mapping[str, Any] | None
    attempt_id: int | None
    failures: int
    lane: int
    inbox_id: int | None = None
    group_quiz_id: int | None = None
    not_after: datetime | None = None


@dataclass(frozen=True)
class FailedMessage:
    """A message given up, and why; what it said is left out."""

    row_id: int
    chat_id: int
    method: str
    lane: int
    failed_at: datetime
    error: str


async def put(
    tx: Transaction,
    bot_id: int,
    messages: Sequence[Outgoing],
    now: datetime,
    lane: int = REPLIES,
    inbox_id: int | None = None,
    not_after: datetime | None = None,
) -> None:
    """Promise that this bot sends `messages`, in their order; `inbox_id` is the update they answer.

    A daily prompt has a time `not_after` which it is sent.
    """
    common = {
        "bot_id": bot_id,
        "created_at": now,
        "not_before": now,
        "failures": 0,
        "lane": lane,
        "inbox_id": inbox_id,
        "not_after": not_after,
    }
    rows = [{**vars(message), **common} for message in messages]
    if rows:
        await tx.execute(insert(outbox), rows)


async def due(
    connection: Transaction, bot_id: int, lane: int, now: datetime, busy: Collection[int], limit: int
) -> list[StoredMessage]:
    """The oldest unsent message of each chat in this lane that is not `busy`, where its time has come.

    Both this and `next_time` read the rows in the order of an index and stop at the first that will do:
    with 10,000 rows waiting they take as long as with ten.
    """
    columns = [outbox.c[each.name] for each in fields(StoredMessage)[1:]]
    query = _in_turn(select(outbox.c.id, *columns), bot_id, lane, busy)
    rows = await connection.execute(query.where(outbox.c.not_before <= now).limit(limit))
    return [StoredMessage(*row) for row in rows]


async def next_time(
    connection: Transaction, bot_id: int, lane: int, busy: Collection[int]
) -> datetime | None:
    """When the first of those may go; None when there is none."""
    query = _in_turn(select(outbox.c.not_before), bot_id, lane, busy)
    found: datetime | None = await connection.scalar(query.limit(1))
    return found


def _in_turn(query: Select[Any], bot_id: int, lane: int, busy: Collection[int]) -> Select[Any]:
    """Only messages whose turn can come, soonest first: the later ones of a chat wait for its oldest."""
    mine = (_is_waiting(outbox), outbox.c.bot_id == bot_id, outbox.c.lane == lane)
    query = query.where(*mine, ~_has_an_older_one()).order_by(outbox.c.not_before, outbox.c.id)
    return query.where(outbox.c.chat_id.not_in(busy)) if busy else query


def _has_an_older_one() -> ColumnElement[bool]:
    same = (_OLDER.c[name] == outbox.c[name] for name in ("bot_id", "chat_id", "lane"))
    return exists().where(_is_waiting(_OLDER), *same, _OLDER.c.id < outbox.c.id)


def _is_waiting(rows: FromClause) -> ColumnElement[bool]:
    return rows.c.failed_at.is_(None) & rows.c.begun_at.is_(None)


async def oldest_of_chats(connection: Transaction, bot_id: int) -> dict[int, Mapping[str, Any]]:
    """What each chat waits for first, by chat."""
    query = select(outbox.c.chat_id, outbox.c.payload).where(_is_waiting(outbox), outbox.c.bot_id == bot_id)
    rows = await connection.execute(query.order_by(outbox.c.id.desc()))
    return {chat_id: payload for chat_id, payload in rows}


async def failed(
    connection: Transaction, bot_id: int, limit: int = 100, after: int = 0
) -> list[FailedMessage]:
    """What was given up lately, newest first, without the first `after` of it, for the operator."""
    columns = [outbox.c[each.name] for each in fields(FailedMessage)[1:]]
    given_up = select(outbox.c.id, *columns).where(outbox.c.failed_at.is_not(None), outbox.c.bot_id == bot_id)
    newest_first = given_up.order_by(outbox.c.failed_at.desc(), outbox.c.id.desc())
    rows = await connection.execute(newest_first.limit(limit).offset(after))
    return [FailedMessage(*row) for row in rows]


async def put_back(tx: Transaction, bot_id: int, row_id: int, now: datetime) -> bool:
    """Send a message once more that was given up. False where it is not, or no more."""
    values = {"failed_at": None, "begun_at": None, "error": None, "failures": 0, "not_before": now}
    given_up = (outbox.c.id == row_id, outbox.c.bot_id == bot_id, outbox.c.failed_at.is_not(None))
    return bool((await tx.execute(update(outbox).where(*given_up).values(values))).rowcount)


async def drop(tx: Transaction, bot_id: int, row_id: int) -> bool:
    """Forget a message that was given up. False where it is not, or no more."""
    given_up = (outbox.c.id == row_id, outbox.c.bot_id == bot_id, outbox.c.failed_at.is_not(None))
    return bool((await tx.execute(delete(outbox).where(*given_up))).rowcount)


async def take_back_prompt(tx: Transaction, chat_id: int) -> bool:
    """What of a daily prompt still waits will not be sent; False where nothing waits."""
    waiting = (outbox.c.chat_id == chat_id, outbox.c.lane == BULK, outbox.c.not_after.is_not(None))
    taken = await tx.execute(delete(outbox).where(*waiting, _is_waiting(outbox)))
    return bool(taken.rowcount)


async def begin(tx: Transaction, row_id: int, now: datetime) -> None:
    """From now on nobody knows whether the message arrived, until one of the following is noted."""
    await tx.execute(update(outbox).where(outbox.c.id == row_id).values(begun_at=now))


async def cut_off(tx: Transaction, bot_id: int, before: datetime, error: str, now: datetime) -> int:
    """Give up what was begun `before` then and has no end: a crash came between. How many there were."""
    mine = (outbox.c.bot_id == bot_id, outbox.c.begun_at < before, outbox.c.failed_at.is_(None))
    return (await tx.execute(update(outbox).where(*mine).values(failed_at=now, error=error))).rowcount


async def sent(tx: Transaction, row_id: int) -> None:
    """The message arrived: nothing of it is kept."""
    await tx.execute(delete(outbox).where(outbox.c.id == row_id))


async def postpone(tx: Transaction, row_id: int, until: datetime, error: str, failures: int) -> None:
    """Try again at `until`."""
    values = {"not_before": until, "failures": failures, "error": error[:MAX_ERROR], "begun_at": None}
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
    await tx.execute(update(outbox).where(outbox.c.chat_id == old).values(chat_id=new, begun_at=None))
