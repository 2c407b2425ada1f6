"""Which items do learners call bad? One report a learner and item."""

from datetime import datetime

from sqlalchemy import func, select

from bot.storage.database import Transaction, insert_new
from bot.storage.tables import reports

ENOUGH_TO_PAUSE = 3  # learners (tutors call for a look after two or three; our choice)


async def report(tx: Transaction, learner_id: int, skill_id: str, item_id: str, now: datetime) -> None:
    """Note that this learner finds the item wrong or unclear; saying it twice changes nothing."""
    values = {"learner_id": learner_id, "skill_id": skill_id, "item_id": item_id, "reported_at": now}
    await tx.execute(insert_new(tx, reports).values(values))


async def paused(connection: Transaction) -> frozenset[tuple[str, str]]:
    """Items (skill id, item id) that enough learners have reported: nobody is asked them."""
    rows = await connection.execute(
        select(reports.c.skill_id, reports.c.item_id)
        .group_by(reports.c.skill_id, reports.c.item_id)
        .having(func.count() >= ENOUGH_TO_PAUSE)
    )
    return frozenset((skill_id, item_id) for skill_id, item_id in rows)
