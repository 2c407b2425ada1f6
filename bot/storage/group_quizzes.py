"""Which quizzes were put to groups, and who answered what? One vote a person and quiz."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, insert, select, update

from bot.learning.evidence import Outcome
from bot.storage.database import Transaction, insert_new
from bot.storage.tables import group_quizzes, group_votes

KEPT = timedelta(days=30)  # a scoreboard's season; /privacy names this time


@dataclass(frozen=True)
class GroupQuiz:
    """An item put to a group, in a forum to one of its topics; `message_id` is known once it was sent."""

    id: int
    chat_id: int
    thread_id: int | None
    skill_id: str
    item_id: str
    options: Sequence[str]
    asked_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    message_id: int | None


@dataclass(frozen=True)
class Vote:
    """What somebody answered; their name is what the vote itself said."""

    name: str
    outcome: str


@dataclass(frozen=True)
class Score:
    """How somebody stands in a group."""

    name: str
    right: int
    answered: int


_COLUMNS = [group_quizzes.c[each.name] for each in fields(GroupQuiz)]


async def ask(
    tx: Transaction,
    chat_id: int,
    thread_id: int | None,
    item: tuple[str, str],
    options: Sequence[str],
    now: datetime,
    closes_at: datetime,
) -> int:
    """Write down that an item (skill id, item id) is put to a group; returns the quiz's id."""
    values = {
        "chat_id": chat_id,
        "thread_id": thread_id,
        "skill_id": item[0],
        "item_id": item[1],
        "options": list(options),
        "asked_at": now,
        "closes_at": closes_at,
    }
    made = await tx.execute(insert(group_quizzes).values(values).returning(group_quizzes.c.id))
    return int(made.scalar_one())


async def sent_as(tx: Transaction, quiz_id: int, poll_id: str, message_id: int | None) -> None:
    """The item went out as this poll and message: votes name nothing else."""
    values = {"poll_id": poll_id, "message_id": message_id}
    await tx.execute(update(group_quizzes).where(group_quizzes.c.id == quiz_id).values(values))


async def find(connection: Transaction, quiz_id: int, chat_id: int) -> GroupQuiz | None:
    """A quiz of this very group."""
    return await _one(connection, and_(group_quizzes.c.id == quiz_id, group_quizzes.c.chat_id == chat_id))


async def find_by_poll(connection: Transaction, poll_id: str) -> GroupQuiz | None:
    """The quiz that was sent as this poll."""
    return await _one(connection, group_quizzes.c.poll_id == poll_id)


async def find_open(connection: Transaction, chat_id: int, thread_id: int | None) -> GroupQuiz | None:
    """The newest quiz of a group, or of one topic of it, that still takes votes."""
    return await _one(
        connection,
        and_(
            group_quizzes.c.chat_id == chat_id,
            group_quizzes.c.thread_id.is_not_distinct_from(thread_id),
            group_quizzes.c.closed_at.is_(None),
        ),
    )


async def is_one_on_its_way(connection: Transaction, since: datetime) -> bool:
    """Whether a quiz asked since then has no known poll yet: then a vote on an unknown one may be its."""
    unknown = (group_quizzes.c.poll_id.is_(None), group_quizzes.c.asked_at >= since)
    return bool(await connection.scalar(select(exists().where(*unknown))))


async def vote(
    tx: Transaction, quiz_id: int, telegram_id: int, name: str, outcome: Outcome, now: datetime
) -> bool:
    """Write a vote down; False where this person has voted before, and the first vote counts."""
    values = {"quiz_id": quiz_id, "telegram_id": telegram_id, "name": name, "outcome": outcome.value}
    done = await tx.execute(insert_new(tx, group_votes).values(values | {"voted_at": now}))
    return bool(done.rowcount)


async def votes_on(connection: Transaction, quiz_id: int) -> list[Vote]:
    """Who answered what, in the order they did."""
    here = group_votes.c.quiz_id == quiz_id
    columns = (group_votes.c.name, group_votes.c.outcome)
    rows = await connection.execute(
        select(*columns).where(here).order_by(group_votes.c.voted_at, group_votes.c.telegram_id)
    )
    return [Vote(*row) for row in rows]


async def close(tx: Transaction, quiz_id: int, now: datetime) -> bool:
    """Close a quiz; False where somebody else just did, so that its end is told once."""
    here = (group_quizzes.c.id == quiz_id, group_quizzes.c.closed_at.is_(None))
    done = await tx.execute(update(group_quizzes).where(*here).values(closed_at=now))
    return bool(done.rowcount)


async def due(connection: Transaction, now: datetime, limit: int) -> list[GroupQuiz]:
    """Quizzes whose time is over and whose end was not told yet."""
    over = (group_quizzes.c.closed_at.is_(None), group_quizzes.c.closes_at <= now)
    query = select(*_COLUMNS).where(*over).order_by(group_quizzes.c.closes_at).limit(limit)
    return [GroupQuiz(*row) for row in await connection.execute(query)]


async def next_time(connection: Transaction) -> datetime | None:
    """When the next of them is over; None where none is open."""
    soonest = select(func.min(group_quizzes.c.closes_at)).where(group_quizzes.c.closed_at.is_(None))
    found: datetime | None = await connection.scalar(soonest)
    return found


async def lately(connection: Transaction, chat_id: int) -> frozenset[tuple[str, str]]:
    """The items (skill id, item id) that this group was asked, as far as they are remembered."""
    columns = (group_quizzes.c.skill_id, group_quizzes.c.item_id)
    rows = await connection.execute(select(*columns).where(group_quizzes.c.chat_id == chat_id))
    return frozenset((skill_id, item_id) for skill_id, item_id in rows)


async def scores(connection: Transaction, chat_id: int, since: datetime, limit: int) -> list[Score]:
    """How the members of a group stand, the best first; of equals whoever needed fewer answers."""
    right = func.sum(case((group_votes.c.outcome == Outcome.CORRECT, 1), else_=0))
    answered, name = func.count(), func.max(group_votes.c.name)
    query = (
        select(name, right, answered)
        .join(group_quizzes, group_quizzes.c.id == group_votes.c.quiz_id)
        .where(group_quizzes.c.chat_id == chat_id, group_votes.c.voted_at >= since)
        .group_by(group_votes.c.telegram_id)
        .order_by(right.desc(), answered, func.min(group_votes.c.voted_at))
        .limit(limit)
    )
    return [Score(who, int(won), int(count)) for who, won, count in await connection.execute(query)]


async def move_chat(tx: Transaction, old: int, new: int) -> None:
    """A group became a supergroup: its quizzes and scores go with it."""
    await tx.execute(update(group_quizzes).where(group_quizzes.c.chat_id == old).values(chat_id=new))


async def clear_out(tx: Transaction, now: datetime) -> None:
    """Forget quizzes of long ago, with the votes on them."""
    await tx.execute(delete(group_quizzes).where(group_quizzes.c.asked_at < now - KEPT))


async def _one(connection: Transaction, where: ColumnElement[bool]) -> GroupQuiz | None:
    query: Any = select(*_COLUMNS).where(where).order_by(group_quizzes.c.id.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return GroupQuiz(*row) if row else None
