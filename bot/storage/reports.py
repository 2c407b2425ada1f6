"""Which items do learners call bad? One report a learner and item."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from bot.storage.database import Transaction, insert_new
from bot.storage.tables import reports

ENOUGH_TO_PAUSE = 3  # learners (tutors call for a look after two or three; our choice)


@dataclass(frozen=True)
class ReportedItem:
    """An item that so many learners called wrong or unclear."""

    skill_id: str
    item_id: str
    learners: int
    last_at: datetime

    @property
    def is_paused(self) -> bool:
        """Whether nobody is asked it any more."""
        return self.learners >= ENOUGH_TO_PAUSE


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


async def reported(connection: Transaction) -> list[ReportedItem]:
    """Every item with a report, most reported first."""
    rows = await connection.execute(
        select(reports.c.skill_id, reports.c.item_id, func.count(), func.max(reports.c.reported_at))
        .group_by(reports.c.skill_id, reports.c.item_id)
        .order_by(func.count().desc(), reports.c.skill_id, reports.c.item_id)
    )
    return [ReportedItem(*row) for row in rows]


async def clear(tx: Transaction, skill_id: str, item_id: str) -> None:
    """The item is fine: what was reported of it counts no more."""
    await tx.execute(delete(reports).where(reports.c.skill_id == skill_id, reports.c.item_id == item_id))
