"""Which passages share words with a question? BM25 over stemmed words, scaled to compare with a cosine."""

from collections.abc import Sequence

import bm25s
import Stemmer

from index.passages import Passage

# Lucene's BM25 with k1 and b of Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework".
K1, B = 1.2, 0.75
HALF_SCORE = 8.0  # BM25 at which words count half: about the median best score over the pack's exam


class LexicalIndex:
    """BM25 over the passages, in memory: a pack is small and its index is made in milliseconds."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._names = [passage.passage_id for passage in passages]
        self._stemmer = Stemmer.Stemmer("english")
        self._bm25 = bm25s.BM25(method="lucene", k1=K1, b=B)
        self._bm25.index(self._words([passage.text for passage in passages]), show_progress=False)

    def scores(self, query: str) -> dict[str, float]:
        """For each passage that shares a word with `query` a score between 0 and 1, saturating with BM25."""
        words = self._words([query])[0]
        known = [word for word in words if word in self._bm25.vocab_dict]
        if not known:
            return {}
        raw = self._bm25.get_scores(known)
        return {
            name: float(score / (score + HALF_SCORE))
            for name, score in zip(self._names, raw, strict=True)
            if score > 0
        }

    def _words(self, texts: Sequence[str]) -> list[list[str]]:
        words: list[list[str]] = bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return words
