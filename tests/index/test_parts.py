"""Does a question ask for two things?"""

import pytest

from index.parts import parts_of

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
