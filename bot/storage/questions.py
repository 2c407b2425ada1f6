"""What was asked, and how did it end?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.storage.database import Transaction
from bot.storage.tables import learners, questions

ANSWERED = "answered"


@dataclass(frozen=True)
class AskedQuestion:
    """One question and its outcome: `answered`, or the reason of the abstention."""

    text: str
    outcome: str
    passage_id: str | None
    score: float


async def remember(tx: Transaction, learner_id: int, question: AskedQuestion, now: datetime) -> None:
    """Write one question down."""
    row = {"learner_id": learner_id, "asked_at": now, **vars(question)}
    await tx.execute(insert(questions).values(row))


async def latest(connection: Transaction, telegram_id: int, since: datetime) -> str | None:
    """The last question of the learner that was answered, unless that was before `since`."""
    newest = (
        select(questions.c.text)
        .join(learners, learners.c.id == questions.c.learner_id)
        .where(
            learners.c.telegram_id == telegram_id,
            questions.c.asked_at >= since,
            questions.c.outcome == ANSWERED,
        )
        .order_by(questions.c.id.desc())
        .limit(1)
    )
    text: str | None = await connection.scalar(newest)
    return text


@dataclass(frozen=True)
class InVain:
    """A question without an answer; not whose it was."""

    row_id: int
    text: str
    outcome: str


async def in_vain(connection: Transaction, since: datetime) -> list[InVain]:
    """Every question since then that got no answer, newest first."""
    columns = [questions.c[name] for name in ("id", "text", "outcome")]
    no_answer = (questions.c.outcome != ANSWERED, questions.c.asked_at >= since)
    rows = await connection.execute(select(*columns).where(*no_answer).order_by(questions.c.id.desc()))
    return [InVain(*row) for row in rows]


async def unanswered(connection: Transaction, since: datetime) -> list[str]:
    """The texts that got no answer since then, newest first; not whose they were."""
    texts = (
        select(questions.c.text)
        .where(questions.c.outcome != ANSWERED, questions.c.asked_at >= since)
        .order_by(questions.c.id.desc())
    )
    return [text for (text,) in await connection.execute(texts)]
