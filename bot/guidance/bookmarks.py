"""A learner keeps a note, looks at what they keep, and lets one go."""

from dataclasses import dataclass
from datetime import datetime

from bot.guidance.results import NoteGone, NoteKept, NoteNotKept, SavedNotes
from bot.storage import bookmarks
from bot.storage.database import Transaction
from knowledge.library import Library

ON_A_PAGE = 8  # notes; as buttons they fill a phone's screen


@dataclass(frozen=True)
class Bookmarks:
    """Keeps ids of notes; those that a pack has no longer are only counted."""

    library: Library

    async def keep(
        self, tx: Transaction, learner_id: int, note_id: str, now: datetime
    ) -> NoteKept | NoteGone:
        """Keep a note, unless the pack holds none of that id."""
        if self.library.find_note(note_id) is None:
            return NoteGone(self.library.starters)
        await bookmarks.save(tx, learner_id, note_id, now)
        return NoteKept()

    async def drop(self, tx: Transaction, learner_id: int, note_id: str) -> NoteNotKept:
        """Keep it no longer."""
        await bookmarks.remove(tx, learner_id, note_id)
        return NoteNotKept()

    async def is_kept(self, connection: Transaction, telegram_id: int, note_id: str) -> bool:
        """Whether this learner keeps the note."""
        return note_id in await bookmarks.of_learner(connection, telegram_id)

    async def show(
        self, connection: Transaction, telegram_id: int, page: int = 0, *, is_tidying: bool = False
    ) -> SavedNotes:
        """A page of what they keep; of a page that is no more, the last one."""
        kept = await bookmarks.of_learner(connection, telegram_id)
        notes = [note for note in map(self.library.find_note, kept) if note]
        pages = max(1, -(-len(notes) // ON_A_PAGE))
        page = min(page, pages - 1)
        shown = tuple(notes[page * ON_A_PAGE : (page + 1) * ON_A_PAGE])
        return SavedNotes(shown, page, pages, len(notes), is_tidying, gone=len(kept) - len(notes))
