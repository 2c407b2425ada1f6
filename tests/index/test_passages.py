"""What of a note can be found, and does its text lose nothing but its marks?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import passages_of, plain_text
from knowledge.library import Library


def test_a_note_is_one_passage_reachable_by_title_asks_and_body(tiny: Library) -> None:
    (passage,) = passages_of([tiny.notes["pay.salary"]])
    assert passage.passage_id == "pay.salary"
    assert passage.wordings == (
        "What does an ML engineer earn?",
        "salary of a machine learning engineer per year",
        "is the pay good",
        "What does an ML engineer earn?. About $125,000 a year in the USA, by figures of 2020.",
    )


def test_words_of_all_wordings_count_in_lexical_search(tiny: Library) -> None:
    (passage,) = passages_of([tiny.notes["pay.salary"]])
    assert all(wording in passage.text for wording in passage.wordings)


def test_passages_come_in_the_order_of_their_ids_whatever_the_order_of_the_notes(tiny: Library) -> None:
    notes = list(tiny.notes.values())
    passages = passages_of(notes)
    assert [passage.passage_id for passage in passages] == sorted(tiny.notes)
    assert passages_of(reversed(notes)) == passages


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Learn **Python** and *some* maths.", "Learn Python and some maths."),
        ("Type `pip install numpy`.", "Type pip install numpy."),
        ("See [the guild](https://guild.example).", "See the guild."),
        ("One line\nand the next.", "One line and the next."),
        ("First.\n\nSecond.", "First. Second."),
        ("Two things:\n\n- vectors\n- matrices", "Two things: vectors matrices"),
        ("1. Programming\n2. Statistics", "Programming Statistics"),
        ("It pays $125,000 & more, 2 < 3", "It pays $125,000 & more, 2 < 3"),
        ("", ""),
    ],
)
def test_plain_text_is_the_markdown_without_its_marks(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=20), st.randoms())
def test_no_word_is_lost_however_it_is_marked(words: list[str], random) -> None:  # type: ignore[no-untyped-def]
    marks = ["{}", "**{}**", "*{}*", "`{}`", "[{}](https://x.example)", "{}\n", "{}\n\n"]
    markdown = " ".join(random.choice(marks).format(word) for word in words)
    assert plain_text(markdown).split() == words
