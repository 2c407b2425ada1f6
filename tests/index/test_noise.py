"""Which parts of a text are not meant to be read?"""

import pytest

from index.noise import is_noise, without_noise


@pytest.mark.parametrize("text", ["W" * 300, "ha" * 50, "\U0001f600" * 20, "1" * 99])
def test_the_same_over_and_over_is_noise(text: str) -> None:
    assert is_noise(text)


@pytest.mark.parametrize("text", ["hahaha", "noooo", "what is overfitting", ""])
def test_a_word_is_none(text: str) -> None:
    assert not is_noise(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<b>what</b> is <script>alert(1)</script> overfitting", " what  is   overfitting"),
        ("a very very very long word", "a very long word"),
        ("is a <b and c> 2 in List<String>", "is a <b and c> 2 in List<String>"),
        ("had had", "had had"),
        ("what is overfitting\nhi\nwhat is overfitting\n", "what is overfitting hi"),
    ],
)
def test_tags_and_repetitions_are_left_out(text: str, read: str) -> None:
    assert without_noise(text).split() == read.split()


@pytest.mark.parametrize(
    "text",
    [
        "overfitting 😅",
        "🤷🏽‍♀️ overfitting",
        "overfitting :)",
        "lol overfitting",
        "overfitting ¯\\_(ツ)_/¯",
        "overfitting ❤️ xD",
        "hahaha overfitting <3",
    ],
)
def test_a_face_beside_a_word_says_nothing(text: str) -> None:
    assert without_noise(text) == "overfitting"


@pytest.mark.parametrize("text", ["😅", "lol", "lol ok", "👍 yes", "C++ or C#?", "a:b", "list[8:3]", "3:1?"])
def test_a_face_alone_and_signs_of_code_stay(text: str) -> None:
    assert without_noise(text) == text
