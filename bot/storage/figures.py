"""How does the bot do? Counts over all tables, of nobody in particular."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, case, func, select, union

from bot.storage.database import Transaction
from bot.storage.outbox import BULK, REPLIES
from bot.storage.questions import ANSWERED
from bot.storage.tables import attempts, inbox, learners, outbox, questions, reports

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Box:
    """How many rows wait, and since when the oldest does."""

    waiting: int
    oldest_at: datetime | None

    def age(self, now: datetime) -> timedelta:
        """Of the oldest row; nothing where none waits."""
        return max(now - self.oldest_at, timedelta(0)) if self.oldest_at else timedelta(0)


@dataclass(frozen=True)
class Audience:
    """Learners who are here, and those who blocked the bot.

    Of those who are here, some cannot be written to: who said /stop, and of the rest who was met in
    groups alone.
    """

    here: int
    blocked: int
    stopped: int
    in_groups_alone: int


@dataclass(frozen=True)
class Questions:
    """The questions of the last seven days: how many got an answer, and what their askers said of it."""

    asked: int
    answered: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True)
class Figures:
    """The learners, their questions, the boxes, and what waits for an operator.

    A learner is active who asked a question or answered an item; `reported` counts items.
    """

    audience: Audience
    questions: Questions
    active_today: int
    active_this_week: int
    inbox: Box
    replies: Box
    bulk: Box
    set_aside: int
    failed: int
    reported: int


async def read(connection: Transaction, bot_id: int, now: datetime, asked_by: int = 0) -> Figures:
    """Everything, as it is now; what lies in boxes only of this bot, and not the update that asks for it."""
    is_waiting = (inbox.c.done_at.is_(None), inbox.c.id != asked_by)
    return Figures(
        audience=await audience(connection),
        questions=await _questions(connection, now - WEEK),
        active_today=await _active(connection, now - DAY),
        active_this_week=await _active(connection, now - WEEK),
        inbox=await _box(connection, inbox, "received_at", bot_id, *is_waiting),
        replies=await _lane(connection, bot_id, REPLIES),
        bulk=await _lane(connection, bot_id, BULK),
        set_aside=await _count(
            connection,
            inbox,
            inbox.c.bot_id == bot_id,
            inbox.c.done_at.is_not(None),
            inbox.c.error.is_not(None),
        ),
        failed=await _count(connection, outbox, outbox.c.bot_id == bot_id, outbox.c.failed_at.is_not(None)),
        reported=await _reported(connection),
    )


async def audience(connection: Transaction) -> Audience:
    """Who could be written to, and who not."""
    is_blocked, is_stopped = learners.c.blocked_at.is_not(None), learners.c.stopped_at.is_not(None)
    return Audience(
        here=await _count(connection, learners, ~is_blocked),
        blocked=await _count(connection, learners, is_blocked),
        stopped=await _count(connection, learners, is_stopped, ~is_blocked),
        in_groups_alone=await _count(
            connection, learners, ~learners.c.has_private_chat, ~is_stopped, ~is_blocked
        ),
    )


async def _count(connection: Transaction, table: Table, *where: ColumnElement[bool]) -> int:
    return int(await connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)


async def _active(connection: Transaction, since: datetime) -> int:
    asked = select(questions.c.learner_id).where(questions.c.asked_at >= since)
    answered = select(attempts.c.learner_id).where(attempts.c.answered_at >= since)
    either = union(asked, answered).subquery()
    return int(await connection.scalar(select(func.count()).select_from(either)) or 0)


async def _questions(connection: Transaction, since: datetime) -> Questions:
    said = questions.c.was_helpful
    query = select(
        func.count(),
        func.count(case((questions.c.outcome == ANSWERED, 1))),
        func.count(case((said.is_(True), 1))),
        func.count(case((said.is_(False), 1))),
    )
    return Questions(*(await connection.execute(query.where(questions.c.asked_at >= since))).one())


async def _lane(connection: Transaction, bot_id: int, lane: int) -> Box:
    where = (outbox.c.failed_at.is_(None), outbox.c.lane == lane)
    return await _box(connection, outbox, "created_at", bot_id, *where)


async def _box(
    connection: Transaction, table: Table, since: str, bot_id: int, *where: ColumnElement[bool]
) -> Box:
    query = select(func.count(), func.min(table.c[since])).where(table.c.bot_id == bot_id, *where)
    waiting, oldest_at = (await connection.execute(query)).one()
    return Box(waiting, oldest_at)


async def _reported(connection: Transaction) -> int:
    items = select(reports.c.skill_id, reports.c.item_id).distinct().subquery()
    return int(await connection.scalar(select(func.count()).select_from(items)) or 0)
