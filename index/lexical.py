"""Which passages share words with a question? BM25 over stemmed words, scaled to compare with a cosine."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bm25s
import Stemmer

from index.passages import Passage

# Lucene's BM25 with k1 and b of Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework".
K1, B = 1.2, 0.75
HALF_SCORE = 8.0  # BM25 at which words count half: about the median best score over the pack's exam


@dataclass(frozen=True)
class SharedWords:
    """How much a passage shares with a question.

    `score` is BM25 scaled to [0, 1): it halves at HALF_SCORE. `coverage` is the share of the question's
    words, without stop words, that stand in the passage; a rare word counts more than a common one.
    """

    score: float
    coverage: float


NOTHING_SHARED = SharedWords(0.0, 0.0)


class LexicalIndex:
    """BM25 over the passages, in memory: a pack is small and its index is made in milliseconds."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        words = self._words([passage.text for passage in passages])
        self._vocabulary = {
            passage.passage_id: frozenset(found) for passage, found in zip(passages, words, strict=True)
        }
        held_by = Counter(word for held in self._vocabulary.values() for word in held)
        self._rarities = {word: _rarity(held, len(passages)) for word, held in held_by.items()}
        self._unknown_rarity = _rarity(0, len(passages))
        self._bm25 = bm25s.BM25(method="lucene", k1=K1, b=B)
        self._bm25.index(words, show_progress=False)

    def shared_words(self, query: str) -> dict[str, SharedWords]:
        """What each passage shares with `query`; a passage that shares nothing is left out."""
        words = self._words([query])[0]
        known = [word for word in words if word in self._bm25.vocab_dict]
        if not known:
            return {}
        asked = frozenset(words)
        weight = self._weight(asked)
        scores = self._bm25.get_scores(known)
        return {
            name: SharedWords(float(score / (score + HALF_SCORE)), self._weight(asked & vocabulary) / weight)
            for (name, vocabulary), score in zip(self._vocabulary.items(), scores, strict=True)
            if score > 0
        }

    def count(self, query: str) -> int:
        """How many words `query` has, without stop words."""
        return len(self._words([query])[0])

    def unknown_share(self, query: str) -> float:
        """The share of the words of `query` that stand in no passage, weighed as in coverage; in [0, 1]."""
        asked = frozenset(self._words([query])[0])
        unknown = self._weight(word for word in asked if word not in self._rarities)
        return unknown / self._weight(asked) if asked else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._rarities.get(word, self._unknown_rarity) for word in words)

    def _words(self, texts: Sequence[str]) -> list[list[str]]:
        words: list[list[str]] = bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return words


def _rarity(held_by: int, passages: int) -> float:
    """How much a word tells: its inverse document frequency (Spärck Jones 1972), smoothed."""
    return math.log((passages + 1) / (held_by + 0.5))
