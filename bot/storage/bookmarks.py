"""Which notes does a learner keep? One row a learner and note."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.storage.database import Transaction, insert_new
from bot.storage.tables import bookmarks, learners


async def save(tx: Transaction, learner_id: int, note_id: str, now: datetime) -> None:
    """Keep a note; keeping it twice changes nothing."""
    values = {"learner_id": learner_id, "note_id": note_id, "saved_at": now}
    await tx.execute(insert_new(tx, bookmarks).values(values))


async def remove(tx: Transaction, learner_id: int, note_id: str) -> None:
    """Keep a note no longer."""
    here = (bookmarks.c.learner_id == learner_id, bookmarks.c.note_id == note_id)
    await tx.execute(delete(bookmarks).where(*here))


async def of_learner(connection: Transaction, telegram_id: int) -> list[str]:
    """The ids of the notes that are kept, the newest first."""
    kept = (
        select(bookmarks.c.note_id)
        .join(learners, learners.c.id == bookmarks.c.learner_id)
        .where(learners.c.telegram_id == telegram_id)
        .order_by(bookmarks.c.saved_at.desc(), bookmarks.c.note_id)
    )
    return [note_id for (note_id,) in await connection.execute(kept)]
