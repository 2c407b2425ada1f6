"""What a knowledge pack is made of: frozen models that say what each file may hold."""

from datetime import date, datetime
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

IntentName = Literal["question", "next_step", "quiz", "progress", "set_daily", "smalltalk", "off_path"]
SmallTalkTopic = Literal[
    "greeting", "thanks", "acknowledgement", "goodbye", "wellbeing", "identity", "abilities", "sources",
    "discouraged", "burned-out", "distress", "sorrow", "complaint", "privacy", "more", "language", "joke",
    "apology", "good-news", "price", "other",
]  # fmt: skip
NoteKind = Literal["purpose", "learning", "practice", "mistakes", "concept"]

_WORDS = r"[a-z0-9]+(-[a-z0-9]+)*"
_ONE_LINE, _SLUG, _NOTE_ID, _OPTION = r"^[^\n]*$", rf"^{_WORDS}$", rf"^{_WORDS}\.{_WORDS}$", r"^[a-d]$"
_LANGUAGE, _PROMISE, _ADDRESS = r"^[a-z]{2}$", r"^After this you can .*\.$", r"^https://[^ ]+$"
_TIME = r"^[012]\d:[0-5]\d$"

PATTERNS = {
    _ONE_LINE: "a line of text",
    _SLUG: "an id, which is lower-case words joined by hyphens",
    _NOTE_ID: "a note's id, which is `folder.name` in lower-case words joined by hyphens",
    _OPTION: "one of the letters a, b, c and d",
    _LANGUAGE: 'two small letters in quotation marks, like "en"',
    _PROMISE: 'a sentence that begins with "After this you can" and ends with a full stop',
    _ADDRESS: "an address that begins with https:// and holds no space",
    _TIME: 'a time in quotation marks, like "07:30"',
}
"""What each pattern of the schema asks for, in words."""


def _day_or_not_yet(value: object, info: ValidationInfo) -> object:
    if info.mode == "json":  # what we wrote ourselves: knowledge/kept.py
        return value
    if value == "not yet" or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ValueError("must be a day or `not yet`; write the day you last saw it work, like 2026-11-22")


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=_ONE_LINE)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
OptionId = Annotated[str, StringConstraints(pattern=_OPTION)]
NoteId = Annotated[str, StringConstraints(pattern=_NOTE_ID)]
# Strict, as YAML's `yes` would pass for a 1.
Whole = Annotated[int, Strict()]
Year = Annotated[Whole, Field(ge=1950, le=2100)]
Level = Annotated[Whole, Field(ge=1, le=3)]


class Model(BaseModel):
    """Frozen, and strict about fields it does not know: a misspelt one must be told, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Model):
    """Where knowledge comes from; `year` is when it was written, and so the age of its figures."""

    title: Line
    kind: Literal["article", "book", "course", "editorial", "report", "site"]
    year: Year
    author: Line | None = None
    address: Line | None = None


class Pack(Model):
    """The first page of a pack; `starters` are offered to a learner who does not know what to ask.

    The bot speaks of itself with `subject` ("I only know about ..."), `covers` ("ask me about ...") and
    the first of the `examples`.
    """

    title: Line
    subject: Annotated[Line, StringConstraints(max_length=60)]
    covers: Annotated[Line, StringConstraints(max_length=100)] | None = None
    examples: Annotated[tuple[Line, ...], Field(max_length=3)] = ()
    language: Annotated[str, StringConstraints(pattern=_LANGUAGE)]
    licence: Line
    authors: Annotated[tuple[Line, ...], Field(min_length=1)]
    sources: Annotated[dict[Slug, Source], Field(min_length=1)]
    starters: Annotated[tuple[NoteId, ...], Field(max_length=6)] = ()
    items_per_skill: Annotated[Whole, Field(ge=1)] = 12


class Skill(Model):
    """One thing to be able to do on the way, and what must be held before it.

    `need` says who needs it: everybody on the path (must, good) or only a track that gives it a weight
    (extra). `hours` are a part-time beginner's, roughly. `names` are what learners call it.
    """

    title: Annotated[Line, StringConstraints(max_length=44)]
    promise: Annotated[Line, StringConstraints(pattern=_PROMISE, max_length=160)]
    prerequisites: tuple[Slug, ...] = ()
    need: Literal["must", "good", "extra"]
    level: Level
    hours: Annotated[Whole, Field(ge=1, le=200)]
    done_when: Annotated[tuple[Line, ...], Field(min_length=1, max_length=4)]
    names: tuple[Line, ...] = ()
    facts: tuple[Whole, ...] = ()


class Track(Model):
    """One career: what each skill of the graph weighs for it, from 0 (leave out) to 1 (a must).

    A skill that is not named weighs what its need says: `Library.weight`.
    """

    title: Annotated[Line, StringConstraints(max_length=44)]
    goal: Line
    note: NoteId
    weights: dict[Slug, Annotated[float, Strict(), Field(ge=0, le=1)]] = {}


class Resource(Model):
    """Something free to learn from, elsewhere; `checked` is when its address was last seen to work."""

    title: Line
    author: Line
    kind: Literal["article", "book", "course", "docs", "exercises", "site", "tool", "video"]
    address: Annotated[Line, StringConstraints(pattern=_ADDRESS)]
    checked: Annotated[date | Literal["not yet"], BeforeValidator(_day_or_not_yet)]


class Fact(Model):
    """One statement of a source, in our words: the pack's checklist of what its notes must carry."""

    source: Slug
    section: Line
    states: Line


class Links(Model):
    """What a note is to the rest of a pack; it may be known of a note whose other fields are broken."""

    id: NoteId
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    facts: tuple[Whole, ...] = ()
    related: tuple[NoteId, ...] = ()
    skill: Slug | None = None
    kind: NoteKind | None = None
    resources: Annotated[tuple[Slug, ...], Field(max_length=4)] = ()


class Note(Links):
    """One answer-shaped reading. `body` is Markdown: paragraphs, lists, bold, italics and code.

    A note about a skill says which side of it: its purpose, the learning of it, practice, common
    mistakes, or one concept of it. `waive` names lint rules that it breaks on purpose, with the reason.
    """

    title: Annotated[Line, StringConstraints(max_length=44)]
    asks: tuple[Line, ...] = ()
    year: Year | None = None
    waive: dict[Slug, Line] = {}
    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Option(Model):
    """One answer to choose, and the feedback for who chose it. A wrong one names its misconception."""

    text: Line
    feedback: Line
    misconception: Line | None = None


class Item(Model):
    """One quiz task of one skill. The bot shuffles the options and adds "I don't know".

    `thinking` is Bloom's level (Anderson & Krathwohl 2001), coarsened. `code` is shown under the stem.
    `waive` names lint rules that this item breaks on purpose, each with the reason.
    """

    id: Slug
    level: Level
    thinking: Literal["recall", "apply", "analyse"]
    stem: Line
    code: Annotated[str, StringConstraints(min_length=1)] | None = None
    options: dict[OptionId, Option]
    key: OptionId
    note: NoteId
    hint: Line | None = None
    year: Year | None = None
    waive: dict[Slug, Line] = {}


class ExamQuestion(Model):
    """A question of the pack's own exam; right is a note of `notes`, or one that carries one of `facts`.

    `after` is the question it leans on.
    """

    ask: Line
    after: Line | None = None
    facts: tuple[Whole, ...] = ()
    notes: tuple[NoteId, ...] = ()


class DeclinedQuestion(Model):
    """A question the bot must not answer from this pack."""

    ask: str
    after: Line | None = None
    why: Literal["off_path", "near_miss", "vague", "gibberish", "injection"]


class ExamPhrase(Model):
    """Something learners say that is not a question about the path (or that only looks as if it were not).

    `skills`, `time` (a wall clock, HH:MM) and `stop` are what it names.
    """

    say: Line
    after: Line | None = None
    intent: IntentName
    skills: tuple[Slug, ...] = ()
    time: Annotated[str, StringConstraints(pattern=_TIME)] | None = None
    stop: bool = False


class ExamPart(Model):
    """What must be found, what must be declined, what is no question."""

    answerable: tuple[ExamQuestion, ...] = ()
    declined: tuple[DeclinedQuestion, ...] = ()
    phrases: tuple[ExamPhrase, ...] = ()


class Exam(Model):
    """The pack's own exam. What is fitted is fitted on one part; on the other it is only measured."""

    fitting: ExamPart = ExamPart()
    test: ExamPart = ExamPart()

    @property
    def answerable(self) -> tuple[ExamQuestion, ...]:
        """The answerable questions of both parts."""
        return self.fitting.answerable + self.test.answerable


class IntentPhrases(Model):
    """Example phrases of one intent; `topic` tells kinds of it apart, and of small talk what is replied."""

    intent: IntentName
    topic: Annotated[
        Slug | None,
        Field(
            validate_default=True,
            description=f"of small talk one of `{'`, `'.join(get_args(SmallTalkTopic))}`",
        ),
    ] = None
    phrases: Annotated[tuple[Line, ...], Field(min_length=1)]

    @field_validator("topic")
    @classmethod
    def _has_a_reply(cls, topic: str | None, info: ValidationInfo) -> str | None:
        known = get_args(SmallTalkTopic)
        if info.data.get("intent") == "smalltalk" and topic not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {topic!r}; choose the reply that fits")
        return topic
