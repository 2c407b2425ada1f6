"""What was asked, and how did it end?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, bindparam, case, func, insert, or_, select, update

from bot.storage.database import Transaction
from bot.storage.tables import learners, questions

ANSWERED = "answered"
UNHELPFUL = "unhelpful"  # an answer that did not help, by the asker's word


@dataclass(frozen=True)
class AskedQuestion:
    """One question and its outcome: `answered`, or the reason of the abstention."""

    text: str
    outcome: str
    passage_id: str | None
    score: float


async def remember(tx: Transaction, learner_id: int, question: AskedQuestion, now: datetime) -> int:
    """Write one question down; returns its id."""
    row = {"learner_id": learner_id, "asked_at": now, **vars(question)}
    made = await tx.execute(insert(questions).values(row).returning(questions.c.id))
    return int(made.scalar_one())


async def rate(tx: Transaction, question_id: int, telegram_id: int, was_helpful: bool | None) -> bool:
    """Note what the asker thinks of the answer, the last word counts. False of somebody else's question."""
    theirs = select(learners.c.id).where(learners.c.telegram_id == telegram_id)
    here = (questions.c.id == question_id, questions.c.learner_id.in_(theirs))
    done = await tx.execute(update(questions).where(*here).values(was_helpful=was_helpful))
    return bool(done.rowcount)


async def was_helpful(connection: Transaction, question_id: int, telegram_id: int) -> bool | None:
    """What the asker said of the answer, if anything."""
    theirs = select(learners.c.id).where(learners.c.telegram_id == telegram_id)
    here = (questions.c.id == question_id, questions.c.learner_id.in_(theirs))
    found: bool | None = await connection.scalar(select(questions.c.was_helpful).where(*here))
    return found


async def latest(connection: Transaction, telegram_id: int, since: datetime, most: int = 1) -> list[str]:
    """The last questions of the learner that were answered since then, at most so many, oldest first."""
    newest = _answered(telegram_id, since, most, questions.c.text)
    return [text for (text,) in await connection.execute(newest)][::-1]


@dataclass(frozen=True)
class Told:
    """The answer a learner got last: to which question, from which passage."""

    question_id: int
    passage_id: str


async def last_told(connection: Transaction, telegram_id: int, since: datetime) -> Told | None:
    """The newest question of the learner that was answered since then."""
    newest = _answered(telegram_id, since, 1, questions.c.id, questions.c.passage_id)
    row = (await connection.execute(newest)).first()
    return Told(row.id, row.passage_id or "") if row else None


def _answered(telegram_id: int, since: datetime, most: int, *columns: Column[Any]) -> Select[Any]:
    """The questions of the learner that were answered since then, newest first."""
    return (
        select(*columns)
        .join(learners, learners.c.id == questions.c.learner_id)
        .where(
            learners.c.telegram_id == telegram_id,
            questions.c.asked_at >= since,
            questions.c.outcome == ANSWERED,
        )
        .order_by(questions.c.id.desc())
        .limit(most)
    )


async def last_asked(connection: Transaction, telegram_id: int) -> str | None:
    """The newest question of the learner, answered or not."""
    asked = select(questions.c.text).join(learners, learners.c.id == questions.c.learner_id)
    newest = asked.where(learners.c.telegram_id == telegram_id).order_by(questions.c.id.desc())
    text: str | None = await connection.scalar(newest.limit(1))
    return text


async def has_asked(connection: Transaction, telegram_id: int, since: datetime) -> bool:
    """Whether the learner has asked anything after `since`, answered or not."""
    asked = select(questions.c.id).join(learners, learners.c.id == questions.c.learner_id)
    theirs = (learners.c.telegram_id == telegram_id, questions.c.asked_at > since)
    return await connection.scalar(asked.where(*theirs).limit(1)) is not None


@dataclass(frozen=True)
class InVain:
    """A question without an answer, or with one that was of no help: UNHELPFUL; not whose it was."""

    row_id: int
    text: str
    outcome: str


async def in_vain(connection: Transaction, since: datetime) -> list[InVain]:
    """Every question since then that got no answer, or none that helped, and is not settled; newest first."""
    did_not_help = questions.c.was_helpful.is_(False)
    outcome = case((did_not_help, UNHELPFUL), else_=questions.c.outcome)
    vain = (or_(questions.c.outcome != ANSWERED, did_not_help), questions.c.settled_at.is_(None))
    query = select(questions.c.id, questions.c.text, outcome).where(*vain, questions.c.asked_at >= since)
    rows = await connection.execute(query.order_by(questions.c.id.desc()))
    return [InVain(*row) for row in rows]


async def settle(tx: Transaction, row_ids: Collection[int], now: datetime) -> None:
    """An operator has seen to what these asked in vain."""
    settled = update(questions).where(questions.c.id == bindparam("row_id")).values(settled_at=now)
    if row_ids:
        await tx.execute(settled, [{"row_id": row_id} for row_id in row_ids])


async def unanswered(connection: Transaction, since: datetime) -> list[str]:
    """The texts that got no answer since then, newest first; not whose they were."""
    texts = (
        select(questions.c.text)
        .where(questions.c.outcome != ANSWERED, questions.c.asked_at >= since)
        .order_by(questions.c.id.desc())
    )
    return [text for (text,) in await connection.execute(texts)]


async def unhelpful(connection: Transaction, since: datetime) -> list[tuple[str, str]]:
    """Answers called not helpful since then, newest first: the passage and the question; not whose it was."""
    rated = select(questions.c.passage_id, questions.c.text).where(
        questions.c.was_helpful.is_(False), questions.c.asked_at >= since
    )
    rows = await connection.execute(rated.order_by(questions.c.id.desc()))
    return [(passage_id or "", text) for passage_id, text in rows]


async def helpful(connection: Transaction, since: datetime) -> int:
    """How many answers were called helpful since then."""
    rated = (questions.c.was_helpful.is_(True), questions.c.asked_at >= since)
    return int(await connection.scalar(select(func.count()).select_from(questions).where(*rated)) or 0)
