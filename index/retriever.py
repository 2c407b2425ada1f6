"""Which passages answer this question best? Dense and lexical scores in one ranking; it decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.embedder import Embedder
from index.intents import Intent, intent_of
from index.lexical import LexicalIndex
from index.vectors import VectorIndex

# Share of the lexical score. Chosen on the pack's exam (scripts/evaluate_retrieval.py).
LEXICAL_WEIGHT = 0.7
MAX_QUERY_CHARACTERS = 1_000  # the model reads 256 word pieces, and a question says its matter early


@dataclass(frozen=True)
class Hit:
    """A passage found. `score` ranks it; `cosine`, in [-1, 1], says how close its best wording is."""

    passage_id: str
    score: float
    cosine: float


@dataclass(frozen=True)
class Found:
    """What one text found: passages, best first, and what the learner wants with it."""

    hits: tuple[Hit, ...]
    intent: Intent


@dataclass(frozen=True)
class Retriever:
    """The search over one pack. Blocking: some 10 ms a question on one core, so never in an event loop."""

    embedder: Embedder
    vectors: VectorIndex
    lexical: LexicalIndex

    def find(self, question: str, limit: int = 10) -> Found:
        """The best `limit` passages for `question`."""
        query = question[:MAX_QUERY_CHARACTERS]
        nearest = self.vectors.nearest(self.embedder.embed([query])[0])
        shared = self.lexical.scores(query)
        hits = [
            Hit(name, cosine + LEXICAL_WEIGHT * shared.get(name, 0.0), cosine)
            for name, cosine in nearest.passages.items()
        ]
        closest = max(nearest.passages.values(), default=0.0)
        return Found(_best_first(hits)[:limit], intent_of(nearest.intents, closest))


def _best_first(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id)))
