"""Is it seen of which term a question wants to know what it is?"""

from time import process_time

import pytest

from index.retriever import Retriever
from index.terms import term_in


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What is positional encoding?", "positional encoding"),
        ("so whats a mixture of experts please", "mixture of experts"),
        ("ok explain the BM25 to me simply", "bm25"),
        ("u-net meaning", "u-net"),
        ("what does MAP mean", "map"),
        ("Positional encoding", "positional encoding"),
        ("how does positional encoding work?", None),
        ("should I learn C++", None),
        ("truck driver here", None),
        ("what is the way into a job at a bank?", None),
        ("what is it?", None),
        ("", None),
    ],
)
def test_the_term_that_is_asked_for(question: str, term: str | None) -> None:
    assert term_in(question) == term


def test_a_long_text_is_read_in_no_time() -> None:
    began = process_time()
    for text in (" " * 5000, "what is " * 1000, "-" * 5000, "a." * 2500):
        term_in(text)
    assert process_time() - began < 1, "seconds"


@pytest.mark.parametrize("term", ["merkle tree", "photoshop layers", "carbon dating"])
def test_a_term_that_no_note_tells_of_is_answered_by_no_neighbour(retriever: Retriever, term: str) -> None:
    for question in (f"what is {term}?", f"explain {term}", term):
        assert not retriever.find(question).is_trusted, question


@pytest.mark.parametrize(
    "term", ["overfitting", "attention mechanism", "bayes theorem", "one hot encoding", "kafka"]
)
def test_a_term_that_a_note_tells_of_is_answered(retriever: Retriever, term: str) -> None:
    for question in (f"what is {term}?", f"explain {term}", term):
        assert retriever.find(question).is_trusted, question
