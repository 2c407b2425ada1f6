"""How the list of saved notes reads. Pure."""

from bot.chat.buttons import ChooseNext, KeepNote, QuizMe, ShowSaved
from bot.chat.views.catalogue import _, many
from bot.chat.views.reply import Button, Reply, Row, note_buttons
from bot.chat.views.rich import Rich
from bot.chat.views.under import SAVE, told
from bot.guidance.results import Rating, SavedNotes


def saved(result: SavedNotes) -> Reply:
    """A page of them, each a button that opens it; or, tidying up, one that takes it off the list."""
    if not result.count:
        text = _('You have saved nothing yet. Under every answer and note there is a button "{save}".')
        if result.gone:
            text = _('Your list is empty: {gone} Under every answer and note there is a button "{save}".')
        onward = (Button(_("What's next for me?"), ChooseNext()), Button(_("Quiz me"), QuizMe()))
        return Reply(Rich(text.format(save=_(SAVE), gone=_gone(result.gone))), (onward,))
    rows = _removals(result) if result.is_tidying else note_buttons(result.notes)
    return Reply(Rich(_head(result)), (*rows, *_ways_on(result)))


def noted(result: Rating) -> Reply:
    """What was said in words and not pressed is told in a message."""
    return Reply(Rich(told(result)))


def _head(result: SavedNotes) -> str:
    told = [
        many(
            "You have saved {number} note, the newest first.",
            "You have saved {number} notes, the newest first.",
            result.count,
        )
    ]
    if result.gone:
        told.append(_gone(result.gone))
    if result.pages > 1:
        told.append(_("Page {page} of {pages}.").format(page=result.page + 1, pages=result.pages))
    told.append(_("Tap one to remove it.") if result.is_tidying else _("Tap one to read it."))
    return " ".join(told)


def _gone(count: int) -> str:
    return many(
        "{number} note you saved has been taken out of my collection since.",
        "{number} notes you saved have been taken out of my collection since.",
        count,
    )


def _removals(result: SavedNotes) -> tuple[Row, ...]:
    return tuple(
        (Button(_("Remove: {note}").format(note=note.title), KeepNote(note.id, is_kept=False)),)
        for note in result.notes
    )


def _ways_on(result: SavedNotes) -> tuple[Row, ...]:
    page, is_tidying = result.page, result.is_tidying
    newer = (Button(_("Newer"), ShowSaved(page - 1, is_tidying)),) if page else ()
    older = (Button(_("Older"), ShowSaved(page + 1, is_tidying)),) if page + 1 < result.pages else ()
    tidy = Button(_("Done") if is_tidying else _("Remove some"), ShowSaved(page, not is_tidying))
    return ((*newer, *older, tidy),)
