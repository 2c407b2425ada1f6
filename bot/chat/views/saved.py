"""How the list of saved notes reads. Pure."""

from bot.chat.buttons import ChooseNext, KeepNote, QuizMe, ShowSaved
from bot.chat.views.reply import Button, Reply, Row, note_buttons
from bot.chat.views.rich import Rich
from bot.guidance.results import SavedNotes

_ONWARD = (Button("What's next for me?", ChooseNext()), Button("Quiz me", QuizMe()))


def saved(result: SavedNotes) -> Reply:
    """A page of them, each a button that opens it; or, tidying up, one that takes it off the list."""
    if not result.count:
        text = 'You have saved nothing yet. Under every answer and note there is a button "Save".'
        return Reply(Rich(text), (_ONWARD,))
    rows = _removals(result) if result.is_tidying else note_buttons(result.notes)
    return Reply(Rich(_head(result)), (*rows, *_ways_on(result)))


def _head(result: SavedNotes) -> str:
    notes = "1 note" if result.count == 1 else f"{result.count} notes"
    where = f" Page {result.page + 1} of {result.pages}." if result.pages > 1 else ""
    what = "Tap one to remove it." if result.is_tidying else "Tap one to read it."
    return f"You have saved {notes}, the newest first.{where} {what}"


def _removals(result: SavedNotes) -> tuple[Row, ...]:
    return tuple(
        (Button(f"Remove: {note.title}", KeepNote(note.id, is_kept=False)),) for note in result.notes
    )


def _ways_on(result: SavedNotes) -> tuple[Row, ...]:
    page, is_tidying = result.page, result.is_tidying
    newer = (Button("Newer", ShowSaved(page - 1, is_tidying)),) if page else ()
    older = (Button("Older", ShowSaved(page + 1, is_tidying)),) if page + 1 < result.pages else ()
    tidy = Button("Done" if is_tidying else "Remove some", ShowSaved(page, not is_tidying))
    return ((*newer, *older, tidy),)
