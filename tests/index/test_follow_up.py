"""Which texts lean on the question before them?"""

import pytest

from index.follow_up import MAX_WORDS, is_follow_up

LEANING = [
    "and in Germany?",
    "And for beginners",
    "but why",
    "or R?",
    "so which first?",
    "what about statistics?",
    "How about a PhD",
    "why",
    "why?",
    "Why not?!",
    "  why ?",
    "is it hard?",
    "how long does that take",
    "are those needed?",
    "which one is better",
]
STANDING = [
    "why learn machine learning?",
    "What is machine learning?",
    "android or python",
    "orders of magnitude",
    "sober advice for beginners",
    "do citizens need a degree",
    "",
    "   ",
    "?",
]


@pytest.mark.parametrize("text", LEANING)
def test_a_short_text_that_opens_or_points_back_is_a_follow_up(text: str) -> None:
    assert is_follow_up(text)


@pytest.mark.parametrize("text", STANDING)
def test_a_text_that_stands_for_itself_is_none(text: str) -> None:
    assert not is_follow_up(text)


def test_a_long_text_says_for_itself_what_it_is_about() -> None:
    assert is_follow_up(" ".join(["and", *["maths"] * (MAX_WORDS - 1)]))
    assert not is_follow_up(" ".join(["and", *["maths"] * MAX_WORDS]))
