"""Hits to an answer with its citations, or an abstention with its reason. Pure."""

from dataclasses import dataclass
from typing import Literal

from index.retriever import Found, Hit
from knowledge.library import Library
from knowledge.schema import Note, Resource, Source

Reason = Literal["off_path", "too_vague", "nothing_close", "other_language"]

# Chosen on the pack's exam (scripts/evaluate_retrieval.py): of its answerable questions 97 in 100 are
# answered, of those to be declined 87 in 100 are declined.
MIN_SCORE = 0.80  # from here on the best passage is about the question
MIN_COSINE_IF_COVERED = 0.45  # enough where the passage holds every word of a short question ("salary?")
MIN_FOLLOW_UP_SCORE = 0.70  # of the mean of two scores, which is lower; by a dozen conversations
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
    """A note's own words (Markdown), where they come from, and where to learn and read on."""

    note: Note
    citations: tuple[Citation, ...]
    resources: tuple[Resource, ...]
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


def decide(question: str, found: Found, library: Library) -> Answer | Abstention:
    """Answer from the best passage where it is close enough, else abstain and say why."""
    if not any(character.isalnum() for character in question):
        return Abstention("too_vague", library.starters, 0.0)
    best = found.hits[0]
    if _is_close(best, found.leans_on_earlier):
        return answer_with(library.notes[best.passage_id], library, best.score)
    if best.score < OFF_PATH_SCORE:
        return Abstention("off_path", library.starters, best.score)
    offers = tuple(library.notes[hit.passage_id] for hit in found.hits[:OFFERS])
    return Abstention("nothing_close", offers, best.score)


def _is_close(hit: Hit, leans_on_earlier: bool) -> bool:
    if leans_on_earlier:
        return hit.score >= MIN_FOLLOW_UP_SCORE
    is_covered = hit.coverage == 1.0 and hit.cosine >= MIN_COSINE_IF_COVERED
    return is_covered or hit.score >= MIN_SCORE


def answer_with(note: Note, library: Library, score: float = 1.0) -> Answer:
    """The answer this note gives; a learner who pressed its button asked for exactly it."""
    citations = tuple(Citation(note.id, note.title, source) for source in library.sources_of(note))
    return Answer(note, citations, library.resources_of(note), library.related_to(note), score)
