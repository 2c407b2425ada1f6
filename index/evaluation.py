"""How good is the retrieval? Figures over an exam whose right passages are known. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ranking:
    """What one exam question found, and which passages would have been right."""

    question: str
    found: Sequence[str]
    right: Collection[str]

    @property
    def first_right_rank(self) -> int | None:
        """Rank of the first right passage, counted from 1."""
        ranks = (rank for rank, passage_id in enumerate(self.found, 1) if passage_id in self.right)
        return next(ranks, None)


def recall_at(k: int, rankings: Sequence[Ranking]) -> float:
    """Share of questions with a right passage among the first `k` (TREC's success@k)."""
    return _mean([(ranking.first_right_rank or k + 1) <= k for ranking in rankings])


def mean_reciprocal_rank(rankings: Sequence[Ranking]) -> float:
    """Mean of 1/rank of the first right passage, 0 where none was found (Voorhees, TREC-8, 1999)."""
    return _mean([1 / ranking.first_right_rank if ranking.first_right_rank else 0.0 for ranking in rankings])


def share(outcomes: Sequence[bool]) -> float:
    """Share of true outcomes."""
    return _mean(outcomes)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
