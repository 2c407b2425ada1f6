"""Which passages share words with a question? BM25 over stemmed words, scaled to compare with a cosine."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import Stemmer

from index.passages import Passage
from index.stop_words import STOP_WORDS

# Lucene's BM25 with k1 and b of Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework".
K1, B = 1.2, 0.75
HALF_SCORE = 8.0  # BM25 at which words count half: about the median best score over the pack's exam
Column = npt.NDArray[np.float64]
_WORD = re.compile(r"\b\w\w+\b")
_STEMMER = Stemmer.Stemmer("english")


@dataclass(frozen=True)
class SharedWords:
    """How much a passage shares with a question.

    `score` is BM25 scaled to [0, 1): it halves at HALF_SCORE. `coverage` is the share of the question's
    words, without stop words, that stand in the passage; a rare word counts more than a common one.
    """

    score: float
    coverage: float


NOTHING_SHARED = SharedWords(0.0, 0.0)


@dataclass(frozen=True)
class Postings:
    """Where each stem stands.

    `holders[starts[n]:starts[n + 1]]` are the passages that hold stem `n` of `stems`, and `scores`, beside
    them, what it adds to their BM25.
    """

    stems: Sequence[str]
    starts: npt.NDArray[Any]
    holders: npt.NDArray[Any]
    scores: npt.NDArray[np.float32]


class LexicalIndex:
    """BM25 over the passages, from `postings` where they were made before."""

    def __init__(self, passages: Sequence[Passage], postings: Postings | None = None) -> None:
        self.postings = postings or postings_of(passages)
        self._names = [passage.passage_id for passage in passages]
        self._places = {stem: place for place, stem in enumerate(self.postings.stems)}
        self._starts: list[int] = self.postings.starts.tolist()
        self._unknown_rarity = _rarity(0, len(passages))

    def shared_words(self, query: str) -> dict[str, SharedWords]:
        """What each passage shares with `query`; a passage that shares nothing is left out."""
        scores, coverage = self.compared(query)
        found = np.flatnonzero(scores > 0)
        names = map(self._names.__getitem__, found.tolist())
        shared = map(SharedWords, scores[found].tolist(), coverage[found].tolist())
        return dict(zip(names, shared, strict=True))

    def compared(self, query: str) -> tuple[Column, Column]:
        """The score and the coverage of each passage, as in SharedWords, in the order of the passages."""
        words = words_of(query)
        asked = self._telling(words)
        scores = np.zeros(len(self._names), dtype=np.float32)
        held = np.zeros(len(self._names))
        for word in words:
            holders, adds = self._holding(word)
            scores[holders] += adds
        for word in sorted(asked):
            held[self._holding(word)[0]] += self._rarity_of(word)
        return (scores / (scores + HALF_SCORE)).astype(np.float64), held / (self._weight(asked) or 1.0)

    def count(self, query: str) -> int:
        """How many words `query` has, without stop words."""
        return len(words_of(query))

    def unknown_share(self, query: str) -> float:
        """The share of the words of `query` that stand in no passage, weighed as in coverage; in [0, 1]."""
        asked = self._telling(words_of(query))
        unknown = self._weight(word for word in asked if word not in self._places)
        return unknown / self._weight(asked) if asked else 0.0

    def _holding(self, word: str) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32]]:
        """The passages with this stem, and what it adds to their scores."""
        place = self._places.get(word)
        held = slice(0, 0) if place is None else slice(self._starts[place], self._starts[place + 1])
        return self.postings.holders[held], self.postings.scores[held]

    def _telling(self, words: Iterable[str]) -> frozenset[str]:
        """Without numbers that stand in no passage: a note speaks of being 40, and a learner is 43."""
        return frozenset(word for word in words if word in self._places or not word.isdecimal())

    def _weight(self, words: Iterable[str]) -> float:
        return sum(map(self._rarity_of, sorted(words)))

    def _rarity_of(self, word: str) -> float:
        place = self._places.get(word)
        if place is None:
            return self._unknown_rarity
        return _rarity(self._starts[place + 1] - self._starts[place], len(self._names))


def postings_of(passages: Sequence[Passage]) -> Postings:
    """Score every stem of every passage, by bm25s, whose import takes longer than a whole start."""
    import bm25s

    engine = bm25s.BM25(method="lucene", k1=K1, b=B)
    engine.index([words_of(passage.text) for passage in passages], show_progress=False)
    stems = sorted((stem for stem in engine.vocab_dict if stem), key=engine.vocab_dict.__getitem__)
    matrix = engine.scores
    ends = int(matrix["indptr"][len(stems)])
    return Postings(
        stems, matrix["indptr"][: len(stems) + 1], matrix["indices"][:ends], matrix["data"][:ends]
    )


def words_of(text: str) -> list[str]:
    """The stems of a text's words but stop words, as bm25s' own tokenizer finds them."""
    words = [word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]
    stems: list[str] = _STEMMER.stemWords(words)
    return stems


def stems_of(text: str) -> list[str]:
    """The stems of all words of a text, stop words among them, each once."""
    stems: list[str] = _STEMMER.stemWords(_WORD.findall(text.lower()))
    return sorted(set(stems))


def _rarity(held_by: int, passages: int) -> float:
    """How much a word tells: its inverse document frequency (Spärck Jones 1972), smoothed."""
    return math.log((passages + 1) / (held_by + 0.5))
