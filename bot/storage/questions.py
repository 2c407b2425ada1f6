"""What was asked, and how did it end?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from bot.storage.database import Transaction
from bot.storage.tables import questions


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
