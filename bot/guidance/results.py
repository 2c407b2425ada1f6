"""Everything a journey can end in: the contract between the journeys and the views."""

from dataclasses import dataclass

from index.answer import Abstention, Answer, TwoAnswers
from index.intents import Intent
from knowledge.schema import Note, Pack


@dataclass(frozen=True)
class Welcome:
    """A learner has come in."""

    pack: Pack
    starters: tuple[Note, ...]


@dataclass(frozen=True)
class SmallTalk:
    """Something human that is no question; `topic` says what kind."""

    topic: str
    starters: tuple[Note, ...]


@dataclass(frozen=True)
class NotYet:
    """A wish this version of the bot cannot fulfil, told by its intent."""

    intent: Intent
    starters: tuple[Note, ...]


@dataclass(frozen=True)
class NoteGone:
    """A button names a note that the pack no longer holds."""

    starters: tuple[Note, ...]


Heard = Answer | TwoAnswers | Abstention | SmallTalk | NotYet
