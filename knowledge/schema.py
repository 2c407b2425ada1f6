"""What a knowledge pack is made of: frozen models that say what each file may hold."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

IntentName = Literal["question", "next_step", "quiz", "progress", "set_daily", "smalltalk"]

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
NoteId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$")]


class Model(BaseModel):
    """Frozen, and strict about fields it does not know: a misspelt one must be told, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Model):
    """Where knowledge comes from; `year` is when it was written, and so the age of its figures."""

    title: Line
    kind: Literal["article", "book", "course", "editorial", "report", "site"]
    year: Annotated[int, Field(ge=1950, le=2100)]
    author: Line | None = None
    address: Line | None = None


class Pack(Model):
    """The first page of a pack; `starters` are offered to a learner who does not know what to ask."""

    title: Line
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    licence: Line
    authors: Annotated[tuple[Line, ...], Field(min_length=1)]
    sources: Annotated[dict[Slug, Source], Field(min_length=1)]
    starters: Annotated[tuple[NoteId, ...], Field(max_length=6)] = ()


class Fact(Model):
    """One statement of a source, in our words: the pack's checklist of what its notes must carry."""

    source: Slug
    section: Line
    states: Line


class Note(Model):
    """One answer-shaped reading. `body` is Markdown: paragraphs, lists, bold, italics, code and links."""

    id: NoteId
    title: Annotated[Line, StringConstraints(max_length=44)]
    asks: tuple[Line, ...] = ()
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    facts: tuple[int, ...] = ()
    related: tuple[NoteId, ...] = ()
    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ExamQuestion(Model):
    """A question of the pack's own exam, and the facts of which one must be in the first passage."""

    ask: Line
    facts: Annotated[tuple[int, ...], Field(min_length=1)]


class DeclinedQuestion(Model):
    """A question the bot must not answer from this pack."""

    ask: str
    why: Literal["off_path", "near_miss", "vague", "gibberish", "injection"]


class ExamPhrase(Model):
    """Something learners say that is not a question about the path."""

    say: Line
    intent: IntentName


class Exam(Model):
    """The pack's own exam: what must be found, what must be declined, what is no question."""

    answerable: tuple[ExamQuestion, ...] = ()
    declined: tuple[DeclinedQuestion, ...] = ()
    phrases: tuple[ExamPhrase, ...] = ()


class IntentPhrases(Model):
    """Example phrases of one intent; `topic` tells kinds of small talk apart (greeting, thanks, ...)."""

    intent: IntentName
    topic: Slug | None = None
    phrases: Annotated[tuple[Line, ...], Field(min_length=1)]
