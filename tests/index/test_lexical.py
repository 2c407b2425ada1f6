"""Do shared words count, and only so far?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex
from index.passages import Passage, passages_of
from knowledge.reader import read_pack
from tests.conftest import TINY_PACK

INDEX = LexicalIndex(passages_of(read_pack(TINY_PACK).notes.values()))


@pytest.mark.parametrize("query", ["", " \n", "?!...", "📈", "the of and is", "zxcv qwertz", "a"])
def test_a_query_without_a_known_word_shares_nothing(query: str) -> None:
    assert INDEX.shared_words(query) == {}


def test_unknown_words_beside_a_known_one_do_no_harm_to_the_score() -> None:
    known, mixed = INDEX.shared_words("salary"), INDEX.shared_words("salary zxcv")
    assert {name: shared.score for name, shared in known.items()} == {
        name: shared.score for name, shared in mixed.items()
    }


def test_only_passages_that_share_a_word_are_named_and_the_rarer_word_wins() -> None:
    shared = INDEX.shared_words("bicycles for an engineer")
    assert max(shared, key=lambda name: shared[name].score) == "start.first-project"
    assert "skills.maths" not in shared


@pytest.mark.parametrize("query", ["SALARY", "salaries", "Salary?"])
def test_a_word_is_known_in_every_form(query: str) -> None:
    assert set(INDEX.shared_words(query)) == {"pay.salary"}


@pytest.mark.parametrize(
    ("query", "coverage"),
    [
        ("salary", 1.0),
        ("the salary", 1.0),
        ("salary pay", 1.0),
    ],
)
def test_a_passage_that_holds_every_word_but_stop_words_covers_the_question(
    query: str, coverage: float
) -> None:
    assert INDEX.shared_words(query)["pay.salary"].coverage == pytest.approx(coverage)


def test_words_that_stand_nowhere_weigh_most_and_are_told() -> None:
    one, two = "salary zxcv", "salary of a nurse zxcv"
    covered = [INDEX.shared_words(query)["pay.salary"].coverage for query in ("salary", one, two)]
    assert 1.0 == covered[0] > 0.5 > covered[1] > covered[2] > 0
    assert [INDEX.unknown_share(query) for query in ("salary", "zxcv", "", "the")] == [0.0, 1.0, 0.0, 0.0]
    assert 0.5 < INDEX.unknown_share(one) < INDEX.unknown_share(two) < 1.0
    assert [INDEX.count(query) for query in ("", "the", "the salary", two)] == [0, 0, 1, 3]


def test_a_number_that_stands_nowhere_takes_nothing_away() -> None:
    assert INDEX.shared_words("salary 43")["pay.salary"].coverage == 1.0
    assert INDEX.unknown_share("salary 43") == 0.0
    assert INDEX.unknown_share("43") == 0.0


def test_the_score_saturates_below_1_however_much_is_shared() -> None:
    once, often, all_of_it = (
        INDEX.shared_words(query)["pay.salary"].score
        for query in (
            "salary",
            "salary engineer year",
            "salary engineer year good pay earn figures USA " * 50,
        )
    )
    assert 0 < once < often < all_of_it < 1


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("salary pay python maths engineer zx?\n"), max_size=300))
def test_scores_and_coverage_stay_within_their_bounds(query: str) -> None:
    for shared in INDEX.shared_words(query).values():
        assert 0 < shared.score < 1
        assert 0 < shared.coverage <= 1


def test_a_pack_of_one_note_is_searched_too() -> None:
    index = LexicalIndex([Passage("a.b", ("Salary",))])
    assert set(index.shared_words("salary")) == {"a.b"}
