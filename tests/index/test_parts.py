"""Does a question ask for two things?"""

from time import process_time

import pytest

from index.parts import asks_of_the_world, clauses_of, things_in

CLAUSES = {
    "how much does it pay and what should I learn first?": (
        "how much does it pay",
        "what should I learn first",
    ),
    "What is SQL good for? Do I need it?": ("What is SQL good for", "Do I need it"),
}
COMPARED = {
    "difference between recall and precision": ("what is recall", "what is precision"),
    "compare PyTorch with TensorFlow": ("what is PyTorch", "what is TensorFlow"),
    "SQL vs NoSQL?": ("what is SQL", "what is NoSQL"),
}
JOINED = {
    "pay in India and the US": ("pay in India", "pay in the US"),
    "what is a GAN and a VAE?": ("what is a GAN", "what is a VAE"),
    "how much statistics and linear algebra do I need": (
        "how much statistics do I need",
        "how much linear algebra do I need",
    ),
    "bagging & boosting": ("bagging", "boosting"),
}
ONE = [
    "what is overfitting?",
    "what? how? why?",
    "I drive a lorry all day and can read at night. Where do I begin?",  # a story, then one question
    "choose between a small model that I understand well and a huge one that nobody understands at all",
    "mean and median and mode",
    "and then?",
    "I have a wife and two kids, can I learn ML",
    "",
]


@pytest.mark.parametrize(("question", "clauses"), CLAUSES.items())
def test_two_clauses_are_told_apart(question: str, clauses: tuple[str, str]) -> None:
    assert clauses_of(question) == clauses


@pytest.mark.parametrize(("question", "things"), COMPARED.items())
def test_two_things_compared_are_told_apart(question: str, things: tuple[str, str]) -> None:
    assert things_in(question) == tuple((thing,) for thing in things)


@pytest.mark.parametrize(("question", "things"), JOINED.items())
def test_two_things_joined_are_told_apart_among_other_readings(
    question: str, things: tuple[str, str]
) -> None:
    ways = things_in(question)
    assert ways
    assert all(thing in read for thing, read in zip(things, ways, strict=True))


@pytest.mark.parametrize("question", ONE)
def test_one_thing_stays_whole(question: str) -> None:
    assert clauses_of(question) is None
    assert things_in(question) is None


@pytest.mark.parametrize("text", ["ok and what now", "how do I clean and join tables"])
def test_what_is_no_question_is_no_clause(text: str) -> None:
    assert clauses_of(text) is None


def test_a_long_text_is_read_in_no_time() -> None:
    began = process_time()
    for text in ("a" + " " * 5000 + "b", "and " * 1200, "between " * 600, "?" * 5000):
        clauses_of(text)
        things_in(text)
    assert process_time() - began < 1, "seconds"


@pytest.mark.parametrize("text", ["what is the mamba architecture?", "who was Turing", "is rust any good"])
def test_a_question_about_the_world_is_no_small_talk(text: str) -> None:
    assert asks_of_the_world(text)


@pytest.mark.parametrize("text", ["what is your name", "do u like pizza", "nice weather today"])
def test_what_is_asked_of_the_bot_may_be(text: str) -> None:
    assert not asks_of_the_world(text)
