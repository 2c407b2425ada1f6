"""Which gaps of a question does the one before it fill?"""

import pytest

from index.ellipsis import MOST_CHARACTERS, resolved


@pytest.mark.parametrize(
    ("question", "earlier", "whole"),
    [
        ("and Germany?", "what do they earn", "what do they earn in Germany?"),
        ("what about the uk", "what do they earn in India?", "what do they earn in the uk?"),
        ("and in Zambia?", "what do they earn", "what do they earn in Zambia?"),
        ("in são paulo", "what do they earn in Brazil?", "what do they earn in são paulo?"),
        ("canada?", "what is the pay in us", "what is the pay in canada"),
        ("how do I avoid it?", "what is overfitting", "how do I avoid overfitting?"),
        ("ok, do i need one", "what's a GPU?", "ok, do i need GPU"),
        ("is it worth it", "what is a bootcamp", "is bootcamp worth it"),
        ("fix?", "imbalanced classes", "how to fix imbalanced classes"),
    ],
)
def test_a_gap_is_filled(question: str, earlier: str, whole: str) -> None:
    assert resolved(question, earlier) == whole


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("what is the capital of germany", "what do they earn"),
        ("how long does it take", "how do i become an ML engineer without a degree"),
        ("which one is better", "what is pytorch"),
        ("what time is it", "what is git"),
        ("is it or is it not", "what is git"),
        ("it", "what is git"),
        ("how does it work", "what is this"),
        ("and germany", "x" * (MOST_CHARACTERS + 1)),
    ],
)
def test_what_shows_no_gap_stays(question: str, earlier: str) -> None:
    assert resolved(question, earlier) is None
