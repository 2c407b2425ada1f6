"""When was a learner placed? The answers themselves are attempts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from bot.storage.database import Transaction
from bot.storage.tables import placements


@dataclass(frozen=True)
class Placement:
    """A run of questions to find where a learner stands; `ended_at` is None while it may go on."""

    id: int
    track_id: str
    started_at: datetime
    ended_at: datetime | None


async def begin(tx: Transaction, learner_id: int, track_id: str, now: datetime) -> None:
    """A new placement; the one before counts until this one has told enough."""
    values = {"learner_id": learner_id, "track_id": track_id, "started_at": now}
    await tx.execute(insert(placements).values(values))


async def end(tx: Transaction, placement_id: int, now: datetime) -> None:
    """Enough was asked, or the learner has had enough."""
    here = (placements.c.id == placement_id, placements.c.ended_at.is_(None))
    await tx.execute(update(placements).where(*here).values(ended_at=now))


async def of_learner(connection: Transaction, learner_id: int) -> list[Placement]:
    """All of a learner's placements, oldest first; the last may be under way."""
    columns = (placements.c.id, placements.c.track_id, placements.c.started_at, placements.c.ended_at)
    here = placements.c.learner_id == learner_id
    rows = await connection.execute(select(*columns).where(here).order_by(placements.c.id))
    return [Placement(*row) for row in rows]
