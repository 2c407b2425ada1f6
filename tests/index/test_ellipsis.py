"""Which gaps of a question does the one before it fill?"""

import pytest

from index.ellipsis import MOST_CHARACTERS, MOST_WAYS, resolved, with_another


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
        ("what if i dont have one", "Do I need a degree?", "what if i dont have degree"),
        ("is it hard?", "How do I learn Python", "is Python hard?"),
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


def test_another_thing_stands_in_the_place_of_each() -> None:
    assert with_another("and calculus?", "how do I learn statistics?") == ("how do I learn calculus?",)
    assert with_another("what about a data scientist", "What does an ML engineer do?") == (
        "What does an data scientist do?",
    )
    assert with_another("ok, and R then?", "Is C++ hard") == ("Is R hard", "Is C++ R")
    assert with_another("and linear algebra", "Is C++ hard") == ("Is linear algebra",)
    assert len(with_another("and R?", " ".join(f"thing{number}" for number in range(9)))) == MOST_WAYS


@pytest.mark.parametrize(
    "question",
    [
        "calculus?",
        "and why?",
        "and how long does it take",
        "and in hospitals",
        "and",
        "",
        "and my own long story",
        "and" + " " * 5_000 + "x,y",  # would take a pattern minutes that may split the spaces anywhere
    ],
)
def test_what_names_no_other_thing_swaps_none(question: str) -> None:
    assert with_another(question, "how do I learn statistics?") == ()
    assert with_another("and calculus?", "x " * MOST_CHARACTERS) == ()
