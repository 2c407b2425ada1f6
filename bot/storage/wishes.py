"""What did a learner say of a skill themselves? The latest word on each counts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.storage.database import Transaction
from bot.storage.tables import wishes

PUT_OFF, KNOWN, STARTED, FINISHED = "put_off", "known", "started", "finished"


async def say(tx: Transaction, learner_id: int, skill_id: str, wish: str, now: datetime) -> None:
    """Remember one of the words above; it takes the place of the one before."""
    here = (wishes.c.learner_id == learner_id, wishes.c.skill_id == skill_id)
    await tx.execute(delete(wishes).where(*here))
    values = {"learner_id": learner_id, "skill_id": skill_id, "wish": wish, "made_at": now}
    await tx.execute(insert(wishes).values(values))


async def of_learner(connection: Transaction, learner_id: int) -> Mapping[str, tuple[str, datetime]]:
    """The word on each skill, and when it was said; oldest first."""
    columns = (wishes.c.skill_id, wishes.c.wish, wishes.c.made_at)
    here = wishes.c.learner_id == learner_id
    rows = await connection.execute(select(*columns).where(here).order_by(wishes.c.made_at))
    return {skill_id: (wish, made_at) for skill_id, wish, made_at in rows}
