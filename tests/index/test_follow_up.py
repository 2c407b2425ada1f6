"""Which texts lean on the question before them?"""

import pytest

from index.follow_up import MAX_WORDS, is_bare, is_follow_up

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
    "ok and the third part?",
    "Yes, but how long?",
    "okay so which first",
    "hmm why",
    "the latter?",
    "how long is the last step",
]
STANDING = [
    "why learn machine learning?",
    "What is machine learning?",
    "android or python",
    "orders of magnitude",
    "sober advice for beginners",
    "do citizens need a degree",
    "ok thanks",
    "okra recipes",
    "well paid jobs in ML",
    "the second world war",
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


@pytest.mark.parametrize(
    "text",
    [
        "why",
        "Why?",
        "but why",
        "ok, and why not?",
        "how come??",
        "and the third one?",
        "the latter",
        "which",
        "ok but how much exactly?",
    ],
)
def test_what_names_nothing_asks_for_the_reason_or_a_part_of_what_was_said(text: str) -> None:
    assert is_bare(text)


@pytest.mark.parametrize(
    "text", ["", "why python", "why is maths needed", "how come it fails", "how much maths", "the last layer"]
)
def test_what_names_something_is_not_bare(text: str) -> None:
    assert not is_bare(text)
