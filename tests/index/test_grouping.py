"""Do questions about one matter come together?"""

from index.embedder import Embedder
from index.grouping import grouped

ASKED = [
    "salary of a nurse?",
    "how do I become a pilot",
    "What does a nurse earn?",
    "becoming a pilot, how?",
    "nurse salary",
]


def test_questions_that_mean_the_same_are_one_group_and_the_largest_comes_first(embedder: Embedder) -> None:
    assert grouped(ASKED, embedder) == [[ASKED[0], ASKED[2], ASKED[4]], [ASKED[1], ASKED[3]]]


def test_nothing_asked_is_no_group(embedder: Embedder) -> None:
    assert grouped([], embedder) == []
