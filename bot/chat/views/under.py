"""What stands in the last row under an answer or a note: did it help, keep it, share it, go on. Pure."""

from dataclasses import dataclass

from bot.chat.buttons import KeepNote, RateAnswer
from bot.chat.links import Target, address_of, share_address
from bot.chat.views.catalogue import N_, _
from bot.chat.views.reply import Button, Link, Row
from bot.guidance.results import NoteKept, NoteNotKept, NotTheirs, Rated, Rating
from knowledge.schema import Note

HELPFUL, NOT_HELPFUL = N_("Helpful"), N_("Not helpful")
NOTED = N_("{said}: noted")  # what the asker said
SAVE, SAVED = N_("Save"), N_("Saved: undo")
SHARE, IN_PRIVATE = N_("Share"), N_("Go on in private")


@dataclass(frozen=True)
class Under:
    """Where something is shown, and to whom.

    `question_id` is the question it answers, None of a note that was opened; `is_kept`: by this learner.
    """

    username: str
    is_private: bool = True
    question_id: int | None = None
    is_kept: bool = False


def row_under(note: Note | None, under: Under) -> tuple[Row, ...]:
    """One row and no more, of at most three buttons; under two notes at once there is none to keep."""
    row: Row = rating(under.question_id) if under.question_id is not None else ()
    if note is not None:
        row += _of_note(note, under)
    return (row,) if row else ()


def rating(question_id: int) -> Row:
    """Two buttons whose words say it all."""
    return tuple(thumb(RateAnswer(question_id, was_helpful), None) for was_helpful in (True, False))


def thumb(press: RateAnswer, said: bool | None) -> Button:
    """One of them, which tells whether it is what the asker `said` last."""
    label = _(HELPFUL if press.was_helpful else NOT_HELPFUL)
    return Button(_(NOTED).format(said=label) if said is press.was_helpful else label, press)


def keeping(note_id: str, *, is_kept: bool) -> Button:
    """Keep a note, or let it go again."""
    return Button(_(SAVED if is_kept else SAVE), KeepNote(note_id, not is_kept))


def _of_note(note: Note, under: Under) -> Row:
    target = Target("note", note.id)
    if not under.is_private:
        return (Link(_(IN_PRIVATE), address_of(under.username, target)),)
    keep = keeping(note.id, is_kept=under.is_kept)
    share = Link(_(SHARE), share_address(under.username, target, note.title))
    return (keep,) if under.question_id is not None else (keep, share)


def told(result: Rating) -> str:
    """What appears for a moment when one of these is pressed; at most 200 characters."""
    match result:
        case Rated(was_helpful=True):
            return _("Thank you, noted.")
        case Rated(was_helpful=None):
            return _("Taken back.")
        case Rated():
            return _(
                "Thank you, noted: whoever writes my notes will see it. Other words may find a better one."
            )
        case NotTheirs():
            return _("Only whoever asked can say so, as long as I remember the question. Ask me yourself!")
        case NoteKept():
            return _("Saved. /saved shows all you keep.")
        case NoteNotKept():
            return _("No longer saved.")
