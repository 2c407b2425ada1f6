"""Do the figures of the exam say what they are named after?"""

import pytest

from index.evaluation import Ranking, mean_reciprocal_rank, recall_at, share

FIRST = Ranking("q", ["a", "b", "c"], {"a"})
THIRD = Ranking("q", ["a", "b", "c"], {"c", "z"})
NEVER = Ranking("q", ["a", "b", "c"], {"z"})
NOTHING = Ranking("q", [], {"a"})


@pytest.mark.parametrize(("ranking", "rank"), [(FIRST, 1), (THIRD, 3), (NEVER, None), (NOTHING, None)])
def test_the_rank_is_that_of_the_first_right_passage(ranking: Ranking, rank: int | None) -> None:
    assert ranking.first_right_rank == rank


@pytest.mark.parametrize(("k", "recall"), [(1, 0.25), (2, 0.25), (3, 0.5), (10, 0.5)])
def test_recall_counts_questions_answered_among_the_first_k(k: int, recall: float) -> None:
    assert recall_at(k, [FIRST, THIRD, NEVER, NOTHING]) == recall


def test_mean_reciprocal_rank_gives_less_for_later_finds() -> None:
    assert mean_reciprocal_rank([FIRST, THIRD, NEVER]) == pytest.approx((1 + 1 / 3) / 3)


def test_an_exam_without_questions_scores_nothing() -> None:
    assert recall_at(1, []) == mean_reciprocal_rank([]) == share([]) == 0.0


def test_share_is_that_of_what_is_true() -> None:
    assert share([True, False, True, True]) == 0.75
