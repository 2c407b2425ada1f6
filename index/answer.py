"""Hits to an answer with its citations, or an abstention with its reason. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.retriever import Hit
from knowledge.library import Library
from knowledge.schema import Note, Source

Reason = Literal["off_path", "too_vague", "nothing_close"]

# Chosen on the pack's exam (scripts/evaluate_retrieval.py): of its answerable questions 97 in 100 are
# answered, of those to be declined 87 in 100 are declined.
MIN_SCORE = 0.80  # from here on the best passage is about the question
MIN_COSINE_IF_COVERED = 0.45  # enough where the passage holds every word of a short question ("salary?")
OFF_PATH_SCORE = 0.50  # below this the question has nothing in common with the path
OFFERS = 3  # notes named to a learner who gets no answer


@dataclass(frozen=True)
class Citation:
    """The source behind a passage."""

    passage_id: str
    title: str
    source: Source


@dataclass(frozen=True)
class Answer:
    """A note's own words (Markdown), where they come from, and where to read on."""

    note: Note
    citations: tuple[Citation, ...]
    related: tuple[Note, ...]
    score: float

    @property
    def text(self) -> str:
        return self.note.body


@dataclass(frozen=True)
class Abstention:
    """The decision not to answer, with its reason and what can be offered instead."""

    reason: Reason
    offers: tuple[Note, ...]
    score: float


def decide(question: str, hits: Sequence[Hit], library: Library) -> Answer | Abstention:
    """Answer from the best passage where it is close enough, else abstain and say why."""
    if not any(character.isalnum() for character in question):
        return Abstention("too_vague", library.starters, 0.0)
    if not hits:
        return Abstention("nothing_close", library.starters, 0.0)
    best = hits[0]
    if _is_close(best):
        return answer_with(library.notes[best.passage_id], library, best.score)
    if best.score < OFF_PATH_SCORE:
        return Abstention("off_path", library.starters, best.score)
    offers = tuple(library.notes[hit.passage_id] for hit in hits[:OFFERS])
    return Abstention("nothing_close", offers, best.score)


def _is_close(hit: Hit) -> bool:
    return hit.score >= MIN_SCORE or (hit.coverage == 1.0 and hit.cosine >= MIN_COSINE_IF_COVERED)


def answer_with(note: Note, library: Library, score: float = 1.0) -> Answer:
    """The answer this note gives; a learner who pressed its button asked for exactly it."""
    citations = tuple(Citation(note.id, note.title, source) for source in library.sources_of(note))
    return Answer(note, citations, library.related_to(note), score)
