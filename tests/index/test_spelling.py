"""Does spelling mend what learners mistype, and leave alone what they mean?"""

import pytest

from index.retriever import Retriever
from index.spelling import Spelling


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(["Machine learning with Python and kubernetes."], known=["is coursera good"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lerning", "learning"),
        ("pyhton", "python"),
        ("kubernets", "kubernetes"),
        ("diference", "difference"),
        ("Machin lerning, pleese?", "machine learning, please?"),
        ("proces", "process"),  # a letter not doubled, and no "prices"
    ],
)
def test_an_unknown_word_is_mended_towards_the_pack_or_common_english(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling.mend(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "leaning",  # right English, though the pack has "learning"
        "dont cant arent",
        "coursera",
        "mle",
        "2026 §$%",
        "Python",
        "",
        "zxcvqwertzuio",
    ],
)
def test_what_is_known_or_near_nothing_stays_as_it_is(spelling: Spelling, text: str) -> None:
    assert spelling.mend(text) == text


@pytest.mark.parametrize("text", ["what is python", "Coursera?", "kubernetes for xzqwv", "qwv dont xqv"])
def test_a_text_of_mostly_known_words_reads(spelling: Spelling, text: str) -> None:
    assert spelling.reads(text)


@pytest.mark.parametrize("text", ["", "?!", "7f7f7f 0x99", "wqeuiop python asdfg ghjkk", "qwvx"])
def test_noise_does_not_read_though_it_may_hold_a_word(spelling: Spelling, text: str) -> None:
    assert not spelling.reads(text)


def test_a_misspelt_question_finds_what_the_right_one_finds(tiny_retriever: Retriever) -> None:
    right = tiny_retriever.find("how much does an engineer earn?")
    misspelt = tiny_retriever.find("how much does an enginere earn?")
    assert misspelt.hits == right.hits
