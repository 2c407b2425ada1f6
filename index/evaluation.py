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


@dataclass(frozen=True)
class Declining:
    """How well answerable questions are told from those to be declined.

    `precision` of what was declined, `recall` of what should have been, `wrongly` the share of answerable
    questions that were declined, `auroc` the area under the ROC curve of the score: the probability that
    an answerable question scores higher than one to be declined (Hanley and McNeil 1982).
    """

    precision: float
    recall: float
    wrongly: float
    auroc: float


def declining(answerable: Sequence[tuple[float, bool]], others: Sequence[tuple[float, bool]]) -> Declining:
    """From the score of each question and whether it was declined."""
    right = sum(is_declined for _, is_declined in others)
    wrong = sum(is_declined for _, is_declined in answerable)
    pairs = [_wins(one, other) for one, _ in answerable for other, _ in others]
    return Declining(
        precision=right / (right + wrong) if right + wrong else 0.0,
        recall=right / len(others) if others else 0.0,
        wrongly=wrong / len(answerable) if answerable else 0.0,
        auroc=_mean(pairs),
    )


def _wins(one: float, other: float) -> float:
    return 0.5 if one == other else float(one > other)


def share(outcomes: Sequence[bool]) -> float:
    """Share of true outcomes."""
    return _mean(outcomes)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
