"""Hits to an answer with its citations, or an abstention with its reason. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.excerpt import FIRST_MESSAGE, excerpt
from index.noise import is_other_script
from index.retriever import Found
from knowledge.library import Library
from knowledge.schema import Note, Resource, Source

Reason = Literal["off_path", "too_vague", "unreadable", "nothing_close", "other_language"]

OFF_PATH_CONFIDENCE = 0.1  # below this a question that sounds like none of the path is called off it
# How near the next passages may come to the first for their buttons to come first under the answer. Of 995
# questions of our pack's exam 124 got the wrong note; with two so near, the right one is under 83 of these.
CLOSE = 0.15
CLOSE_ONES = 2  # at most: the last of three buttons stays with what the note's author chose
OFFERS = 3  # notes named to a learner who gets no answer
# Below this cosine a note has nothing to do with the question. Of what the pack of 500 notes offered all but
# a few lay above it; of what the tiny one offered for what it lacks, nothing.
NEAR = 0.4


@dataclass(frozen=True)
class Citation:
    """The source behind a passage."""

    passage_id: str
    title: str
    source: Source


@dataclass(frozen=True)
class Answer:
    """A note's own words (Markdown), where they come from, and where to learn and read on.

    `text` is what of the note comes first; `is_whole` whether that is all of it.
    """

    note: Note
    text: str
    is_whole: bool
    citations: tuple[Citation, ...]
    resources: tuple[Resource, ...]
    related: tuple[Note, ...]
    score: float


@dataclass(frozen=True)
class TwoAnswers:
    """Two notes for a question that asks for two things."""

    parts: tuple[Answer, Answer]

    @property
    def score(self) -> float:
        return min(part.score for part in self.parts)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.parts[0].citations + self.parts[1].citations


@dataclass(frozen=True)
class NoOtherWords:
    """More of an answer is wanted, or other words for it, and all of its note was told just before."""

    answer: Answer


@dataclass(frozen=True)
class Abstention:
    """The decision not to answer, with its reason and what can be offered instead: near to it, or not."""

    reason: Reason
    offers: tuple[Note, ...]
    score: float
    is_near: bool = False


Decision = Answer | TwoAnswers | Abstention


def decide(question: str, findings: Sequence[Found], library: Library) -> Decision:
    """Answer from the best passage of each finding where it is trusted, else abstain and say why."""
    if not any(character.isalnum() for character in question):
        return Abstention("too_vague", library.starters, 0.0)
    limit = FIRST_MESSAGE // len(findings)
    answers = [_answer(question, found, library, limit) for found in findings if found.is_trusted]
    if len(answers) == 2:
        return TwoAnswers((answers[0], answers[1]))
    return answers[0] if answers else _declined(question, findings[0], library)


def _declined(question: str, found: Found, library: Library) -> Abstention:
    reason = _reason(question, found)
    near = near_notes(found, library)
    is_near = reason == "nothing_close" and bool(near)
    return Abstention(reason, near if is_near else library.starters, found.confidence, is_near)


def near_notes(found: Found, library: Library) -> tuple[Note, ...]:
    """Of the best passages those that have to do with the question at all."""
    return tuple(library.notes[hit.passage_id] for hit in found.hits[:OFFERS] if hit.cosine >= NEAR)


def _reason(question: str, found: Found) -> Reason:
    if not found.is_legible:
        return "other_language" if is_other_script(question) else "unreadable"
    if found.signals.words == 0:
        return "too_vague"
    is_off_path = found.confidence < OFF_PATH_CONFIDENCE and found.signals.on_path < 0
    return "off_path" if is_off_path else "nothing_close"


def answer_with(note: Note, library: Library) -> Answer:
    """The whole of a note; a learner who pressed its button asked for exactly it."""
    return _told(note, note.body, library, 1.0)


def _answer(question: str, found: Found, library: Library, limit: int) -> Answer:
    note = library.notes[found.best]
    text = note.body if found.wants_more else excerpt(note.body, question, limit)
    first = excerpt(note.body, question, limit=0)  # its first sentence, which answers
    if found.wants_less and not first.endswith(":"):
        text = first
    told = _told(note, text, library, found.confidence)
    close = [
        library.notes[hit.passage_id]
        for hit in found.hits[1 : 1 + CLOSE_ONES]
        if found.hits[0].score - hit.score < CLOSE
    ]
    return replace(told, related=(*close, *(each for each in told.related if each not in close)))


def _told(note: Note, text: str, library: Library, score: float) -> Answer:
    citations = tuple(Citation(note.id, note.title, source) for source in library.sources_of(note))
    is_whole = text == note.body
    return Answer(
        note, text, is_whole, citations, library.resources_of(note), library.related_to(note), score
    )
