"""Is it seen of which term a question wants to know what it is?"""

from time import process_time

import pytest

from index.intents import QUESTION
from index.retriever import Retriever
from index.terms import term_explained_in, term_in


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


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("How does a random forest work?", "random forest"),
        ("ok, how exactly does PCA really work", "pca"),
        ("what is dropout and why is it used", "dropout"),
        ("Can you explain softmax with an example?", "softmax"),
        ("what is meant by recall in machine learning", "recall"),
        ("explain gradient descent like I am five", "gradient descent"),
        ("RNN?", "rnn"),
        ("What is machine learning?", "machine learning"),
        ("how does a bank use machine learning", None),
        ("how does the work of a data engineer look like", None),
        ("why do we need statistics", None),
    ],
)
def test_the_term_that_is_to_be_explained(question: str, term: str | None) -> None:
    assert term_explained_in(question) == term


def test_a_long_text_is_read_in_no_time() -> None:
    began = process_time()
    for text in (" " * 5000, "what is " * 1000, "-" * 5000, "a." * 2500, "how does x work " * 500):
        term_in(text)
        term_explained_in(text)
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


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("how does mlflow work", "mlops-serving.registry"),
        ("explain power bi", "dashboards.bi-tools"),
        ("RNN?", "nlp-transformers.rnn"),
        ("what is dropout and why is it used", "dl-foundations.dropout"),
        ("can you explain quantization with an example", "mlops-serving.faster-models"),
    ],
)
def test_a_term_is_explained_however_it_is_asked_for(retriever: Retriever, question: str, note: str) -> None:
    found = retriever.find(question)
    assert (found.best, found.is_trusted, found.intent) == (note, True, QUESTION)
