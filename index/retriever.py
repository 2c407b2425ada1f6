"""Which passages answer this question best? Dense and lexical scores in one ranking; it decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.embedder import Embedder
from index.intents import Intent, intent_of
from index.lexical import NOTHING_SHARED, LexicalIndex, SharedWords
from index.passages import passages_of
from index.spelling import Spelling
from index.vectors import VectorIndex, open_or_build
from knowledge.library import Library

# Share of the lexical score. Chosen on the pack's exam (scripts/evaluate_retrieval.py).
LEXICAL_WEIGHT = 1.0
MAX_HITS = 10
MAX_QUERY_CHARACTERS = 1_000  # the model reads 256 word pieces, and a question says its matter early


@dataclass(frozen=True)
class Hit:
    """A passage found.

    `score` ranks it, from -1 to 2. `cosine`, in [-1, 1], says how close its best wording is in meaning,
    `coverage`, in [0, 1], how many of the question's words it holds.
    """

    passage_id: str
    score: float
    cosine: float
    coverage: float


@dataclass(frozen=True)
class Found:
    """What one text found: passages, best first, and what the learner wants with it."""

    hits: tuple[Hit, ...]
    intent: Intent
    leans_on_earlier: bool = False


@dataclass(frozen=True)
class Retriever:
    """The search over one pack. Blocking: some 10 ms a question on one core, so never in an event loop."""

    embedder: Embedder
    vectors: VectorIndex
    lexical: LexicalIndex
    spelling: Spelling

    def find(self, question: str, after: str | None = None) -> Found:
        """The passages for `question`, best first; `after` is the question it leans on, if it does.

        A passage must then fit the question alone and both together: the mean of the two scores keeps
        "and in which cities?" with what was asked before, and "and the weather?" away from it.
        """
        alone, intent = self._search(question)
        if after is None:
            return Found(_best_first(alone), intent)
        together = {hit.passage_id: hit for hit in self._search(f"{after} {question}")[0]}
        both = [_mean(hit, together[hit.passage_id]) for hit in alone]
        return Found(_best_first(both), intent, leans_on_earlier=True)

    def _search(self, query: str) -> tuple[list[Hit], Intent]:
        query = query[:MAX_QUERY_CHARACTERS].encode(errors="replace").decode()  # no half surrogate pairs
        query = self.spelling.mend(query)
        nearest = self.vectors.nearest(self.embedder.embed([query])[0])
        shared = self.lexical.shared_words(query)
        hits = [
            _hit(passage_id, cosine, shared.get(passage_id, NOTHING_SHARED))
            for passage_id, cosine in nearest.passages.items()
        ]
        closest = max(nearest.passages.values(), default=0.0)
        return hits, intent_of(nearest.intents, closest)


def open_retriever(library: Library, embedder: Embedder, folder: Path) -> Retriever:
    """The search over `library`; its vectors are kept in `folder`, and built where they are not there yet."""
    passages = passages_of(library.notes.values())
    vectors = open_or_build(passages, library.intents, embedder, folder)
    notes = library.notes.values()
    spelling = Spelling(
        texts=[f"{note.title} {note.body}" for note in notes],
        known=[ask for note in notes for ask in note.asks],
    )
    return Retriever(embedder, vectors, LexicalIndex(passages), spelling)


def _hit(passage_id: str, cosine: float, shared: SharedWords) -> Hit:
    return Hit(passage_id, cosine + LEXICAL_WEIGHT * shared.score, cosine, shared.coverage)


def _mean(one: Hit, other: Hit) -> Hit:
    return replace(one, score=(one.score + other.score) / 2, cosine=(one.cosine + other.cosine) / 2)


def _best_first(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:MAX_HITS])
