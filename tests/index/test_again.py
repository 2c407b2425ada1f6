"""Which texts ask for the same once more, and of what?"""

import pytest

from index.again import MOST_CHARACTERS, asks_again, asks_shorter, matter_of

AGAIN = [
    "pls explain simple",
    "again but shorter",
    "explain like i am 5",
    "ELI5",
    "give example",
    "i don\u2019t get it",
    "too long, didnt read",
    "what do you mean",
    "in simple english please",
    "for a beginner please",
    "ok, explain it for my grandma",
    "in layman's terms",
    "in layman terms",
    "without jargon pls",
]
A_MATTER_OF_ITS_OWN = [
    "explain gradient descent simply",
    "give me an example of a feature",
    "i dont get backpropagation",
    "short course on sql",
    "is it simple?",
    "now i understand",
    "well explained",
    "thanks for the explanation",
    "and for a beginner?",
    "how much python for a beginner",
    "I am a beginner",
    "why",
    "",
    "???",
]


@pytest.mark.parametrize("text", AGAIN)
def test_it_asks_again(text: str) -> None:
    assert asks_again(text)


@pytest.mark.parametrize("text", A_MATTER_OF_ITS_OWN)
def test_it_does_not(text: str) -> None:
    assert not asks_again(text)


def test_a_long_text_says_what_it_is_about() -> None:
    assert not asks_again("explain again " * MOST_CHARACTERS)


def test_fewer_words_are_told_from_other_words() -> None:
    assert asks_shorter("again but shorter")
    assert not asks_shorter("again but easier")


def test_the_matter_is_the_last_question_that_names_one() -> None:
    assert matter_of([]) is None
    assert matter_of(["explain again"]) is None
    assert matter_of(["what is ml", "what is overfitting", "simpler", "example?"]) == "what is overfitting"
    nods = ["yes", "go on", "tell me more", "why?", "ok and then what?"]
    assert matter_of(["what is overfitting", *nods]) == "what is overfitting"
    assert matter_of(nods) is None
    assert matter_of(["how much they earn", "in india?"]) == "how much they earn in india?"
