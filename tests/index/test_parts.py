"""Does a question ask for two things?"""

import pytest

from index.parts import asks_of_the_world, parts_of

TWO = {
    "how much does it pay and what should I learn first?": (
        "how much does it pay",
        "what should I learn first",
    ),
    "What is SQL good for? Do I need it?": ("What is SQL good for", "Do I need it"),
    "difference between recall and precision": ("what is recall", "what is precision"),
    "compare PyTorch with TensorFlow": ("what is PyTorch", "what is TensorFlow"),
    "SQL vs NoSQL?": ("what is SQL", "what is NoSQL"),
}
ONE = [
    "what is overfitting?",
    "how do I clean and join tables",  # two verbs, one matter
    "ok and what now",  # no question before the "and"
    "what? how? why?",
    "I drive a lorry all day and can read at night. Where do I begin?",  # a story, then one question
    "choose between a small model that I understand well and a huge one that nobody understands at all",
    "",
]


@pytest.mark.parametrize(("question", "parts"), TWO.items())
def test_two_things_are_told_apart(question: str, parts: tuple[str, str]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize("question", ONE)
def test_one_thing_stays_whole(question: str) -> None:
    assert parts_of(question) == ()


@pytest.mark.parametrize("text", ["what is the mamba architecture?", "who was Turing", "is rust any good"])
def test_a_question_about_the_world_is_no_small_talk(text: str) -> None:
    assert asks_of_the_world(text)


@pytest.mark.parametrize("text", ["what is your name", "do u like pizza", "nice weather today"])
def test_what_is_asked_of_the_bot_may_be(text: str) -> None:
    assert not asks_of_the_world(text)
