"""What every view makes: a reply, free of Telegram's types."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.buttons import OpenNote, Press
from bot.chat.views.rich import Rich
from knowledge.schema import Note


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    label: str
    press: Press


@dataclass(frozen=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


Row = tuple[Button | Link, ...]


@dataclass(frozen=True)
class Poll:
    """A poll. It knows which attempt or quiz it is; where polls are unknown, `instead` says the same."""

    attempt_id: int | None
    question: str
    options: tuple[str, ...]
    right: int | None  # position of the key among the options, from 0; None keeps it to ourselves
    explanation: str
    description: "Rich"
    instead: "Reply"
    group_quiz_id: int | None = None
    open_seconds: int | None = None  # after which it closes by itself; None: never


@dataclass(frozen=True)
class Document:
    """A file to keep. Where files are unknown, `instead` says what can be said without it."""

    name: str
    content: bytes
    instead: "Reply"


@dataclass(frozen=True)
class Reply:
    """One message to a learner, and the buttons under it, row by row.

    With a `picture`, a PNG, or a `document` the text is what stands under it; with a `poll` it is not shown.
    """

    text: Rich
    rows: tuple[Row, ...] = ()
    picture: bytes | None = None
    poll: Poll | None = None
    document: Document | None = None


@dataclass(frozen=True)
class Card:
    """One choice for whoever types the bot's name in a chat; `reply` is what choosing it posts there."""

    id: str
    title: str
    description: str
    reply: Reply


def note_buttons(notes: Iterable[Note]) -> tuple[tuple[Button, ...], ...]:
    """One button a row for each note: titles need the width of a phone."""
    return tuple((Button(note.title, OpenNote(note.id)),) for note in notes)
