"""Which learners get their weekly summary now?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.storage.database import Transaction
from bot.storage.tables import learners


@dataclass(frozen=True)
class DueSummary:
    """Whose time has come. `next_summary_at` is what a claim has to find unchanged."""

    id: int
    telegram_id: int
    next_summary_at: datetime


async def due(connection: Transaction, now: datetime, limit: int) -> Sequence[DueSummary]:
    """Learners whose summary is due, longest waiting first; nobody who has shut the bot out."""
    rows = await connection.execute(
        select(learners.c.id, learners.c.telegram_id, learners.c.next_summary_at)
        .where(learners.c.next_summary_at <= now, learners.c.blocked_at.is_(None))
        .order_by(learners.c.next_summary_at, learners.c.id)
        .limit(limit)
    )
    return [DueSummary(*row) for row in rows]


async def next_time(connection: Transaction) -> datetime | None:
    """When the next summary of anybody is due."""
    earliest = select(func.min(learners.c.next_summary_at)).where(learners.c.blocked_at.is_(None))
    found: datetime | None = await connection.scalar(earliest)
    return found


async def claim(tx: Transaction, learner_id: int, found: datetime, following: datetime) -> bool:
    """Take a due summary by moving the next one on; False where somebody else did."""
    here = (learners.c.id == learner_id, learners.c.next_summary_at == found, learners.c.blocked_at.is_(None))
    claimed = await tx.execute(update(learners).where(*here).values(next_summary_at=following))
    return bool(claimed.rowcount)
