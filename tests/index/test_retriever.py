"""Does a question find its passages, best first, whatever is typed?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embedder import EMBEDDED_MODEL, Embeddings, RememberingEmbedder
from index.export import load
from index.intents import MORE, QUESTION, Intent
from index.retriever import MAX_HITS, MAX_QUERY_CHARACTERS, Retriever
from knowledge.library import Library


def test_a_note_is_found_first_by_each_of_its_own_wordings(tiny: Library, tiny_retriever: Retriever) -> None:
    for note in tiny.notes.values():
        for wording in (note.title, *note.asks):
            assert tiny_retriever.find(wording).hits[0].passage_id == note.id, wording


def test_notes_of_the_real_pack_are_found_first_by_their_titles(
    library: Library, retriever: Retriever
) -> None:
    missed = {
        note.title: first
        for note in library.notes.values()
        if (first := retriever.find(note.title).hits[0].passage_id) != note.id
    }
    assert missed == {}


@pytest.mark.parametrize(
    ("question", "note_id"),
    [
        ("How much money does the job bring?", "pay.salary"),  # meaning: hardly a word in common
        ("are matrices importent", "skills.maths"),  # a word of the body, and a slip of the pen
        ("bicycles", "start.first-project"),  # a rare word alone
        ("WHICH STEPS LEAD TO THE JOB", "path.overview"),
    ],
)
def test_meaning_and_words_both_find(tiny_retriever: Retriever, question: str, note_id: str) -> None:
    assert tiny_retriever.find(question).hits[0].passage_id == note_id


def test_hits_come_best_first_each_note_once_and_not_too_many(
    tiny: Library, tiny_retriever: Retriever, retriever: Retriever
) -> None:
    few, many = tiny_retriever.find("python").hits, retriever.find("python").hits
    assert {hit.passage_id for hit in few} == set(tiny.notes)
    assert len({hit.passage_id for hit in many}) == len(many) == MAX_HITS
    for hits in (few, many):
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all(-1.3 <= hit.score <= 2.9 and -1.00001 <= hit.cosine <= 1.00001 for hit in hits)
        assert all(0 <= hit.coverage <= 1 for hit in hits)


def test_a_shared_word_raises_the_score_above_the_cosine(tiny_retriever: Retriever) -> None:
    best = tiny_retriever.find("salary").hits[0]
    assert best.score > best.cosine
    assert best.coverage == 1.0


@dataclass(frozen=True)
class Original:
    """The embedding model as sentence-transformers runs it."""

    model: Any
    identity: str = "the original"
    dimension: int = 384

    def embed(self, texts: Sequence[str]) -> Embeddings:
        return np.asarray(self.model.encode(list(texts), normalize_embeddings=True))


TIE = 0.003  # of a score up to 2.9: which of two so near comes first is chance


def test_questions_find_the_same_first_as_by_sentence_transformers(
    library: Library, retriever: Retriever
) -> None:
    original = RememberingEmbedder(Original(load(EMBEDDED_MODEL)))
    questions = [question.ask for question in library.exam.test.answerable]
    original.embed([retriever.spelling.mend(question) for question in questions])
    by_original = replace(retriever, embedder=original)
    ours, theirs = ([each.find(one) for one in questions] for each in (retriever, by_original))
    assert fmean(one.best == other.best for one, other in zip(ours, theirs, strict=True)) >= 0.99
    near = ({hit.passage_id for hit in one.hits if one.hits[0].score - hit.score < TIE} for one in ours)
    assert fmean(other.best in first for first, other in zip(near, theirs, strict=True)) >= 0.995


def test_the_same_question_finds_the_same(tiny_retriever: Retriever) -> None:
    assert tiny_retriever.find("linear algebra") == tiny_retriever.find("linear algebra")


def test_a_very_long_text_is_judged_by_its_beginning(tiny_retriever: Retriever) -> None:
    beginning = "what does an engineer earn? ".ljust(MAX_QUERY_CHARACTERS, "x")
    assert tiny_retriever.find(beginning + " bicycles" * 1_000) == tiny_retriever.find(beginning)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello", Intent("smalltalk", "greeting")),
        ("thanks a lot!", Intent("smalltalk", "thanks")),
        ("quiz me please", Intent("quiz")),
        ("remind me every morning", Intent("set_daily")),
        ("is linear algebra needed", QUESTION),
        ("how do I bake sourdough bread?", QUESTION),
    ],
)
def test_what_a_learner_wants_is_heard_along_with_what_is_found(
    tiny_retriever: Retriever, text: str, intent: Intent
) -> None:
    assert tiny_retriever.find(text).intent == intent


def test_a_follow_up_is_found_with_what_was_asked_before(tiny_retriever: Retriever) -> None:
    alone = tiny_retriever.find("and the pay?")
    leaning = tiny_retriever.find("and the pay?", "What does an ML engineer do?")
    assert leaning.hits[0].passage_id == alone.hits[0].passage_id == "pay.salary"
    assert leaning.signals != alone.signals


def test_what_answered_before_is_not_told_again(retriever: Retriever) -> None:
    salary = "How much does an ML engineer earn?"
    assert retriever.find(salary).best == "pay.salary"
    assert retriever.find("and in which cities?", salary).best == "pay.best-paying-cities"


def test_half_a_question_is_trusted_where_it_leads_on_and_not_away(
    retriever: Retriever,
) -> None:
    salary = "How much does an ML engineer earn?"
    on, away = (retriever.find(text, salary) for text in ("and with a PhD?", "and my taxes?"))
    assert (on.is_trusted, on.signals.leans) == (True, 1.0)
    assert not away.is_trusted


@pytest.mark.parametrize("text", ["and my dog?", "and flights to Rome?", "what about pizza?"])
def test_half_a_question_that_names_what_is_off_the_path_is_declined(retriever: Retriever, text: str) -> None:
    for earlier in ("What is overfitting?", "Do I need a degree?"):
        assert not retriever.find(text, earlier).is_trusted


@pytest.mark.parametrize("text", ["and a cover letter?", "and the coding round?"])
def test_half_a_question_that_names_what_a_note_tells_is_answered(retriever: Retriever, text: str) -> None:
    assert retriever.find(text, "how do I prepare my application?").is_trusted


def test_it_that_stands_for_nothing_asks_of_the_whole_way(retriever: Retriever) -> None:
    found = retriever.find("how long does it take?", "what is overfitting?")
    assert (found.best, found.is_trusted) == ("path.how-long", True)
    assert retriever.find("how long does it take?", "how do I learn Python?").best == "python.learning"


@pytest.mark.parametrize(
    "earlier",
    ["what is backpropagation?", "what is a random forest?", "do I need a degree?", "what is Docker?"],
)
def test_who_wants_more_gets_all_of_the_answer_or_what_stands_beside_it(
    retriever: Retriever, earlier: str
) -> None:
    before = retriever.find(earlier).best
    more = retriever.find("more", earlier)
    assert (more.is_trusted, more.intent) == (True, QUESTION)
    assert (more.best == before and more.wants_more) or more.best in retriever.kin[before]


def test_who_wants_more_where_nothing_more_is_near_gets_all_of_the_answer(retriever: Retriever) -> None:
    again = retriever.find("tell me more", "what types of machine learning are there?")
    assert (again.best, again.intent, again.wants_more) == ("basics.types-of-ml", QUESTION, True)


def test_what_points_back_is_no_wish_unless_that_is_sure(retriever: Retriever) -> None:
    question, earlier = "ok and the second step?", "What are the steps to become an ML engineer?"
    assert retriever.find(question).intent != QUESTION
    assert retriever.find(question, earlier).intent == QUESTION


@pytest.mark.parametrize(
    ("text", "intent"), [("and quiz me on that", "quiz"), ("thanks, that helps", "smalltalk")]
)
def test_a_clear_wish_stays_one_after_a_question(retriever: Retriever, text: str, intent: str) -> None:
    assert retriever.find(text, "What is overfitting?").intent.name == intent


def test_a_bare_why_is_told_by_the_reasons_of_what_was_said(retriever: Retriever) -> None:
    found = retriever.find("why?", "Python is the language to learn for ML")
    assert (found.is_trusted, found.intent) == (True, QUESTION)
    assert not retriever.find("why?", "The sea is blue").is_trusted


def test_a_question_that_stands_alone_does_not_lean(retriever: Retriever) -> None:
    question = "Do I need a degree to become an ML engineer?"
    assert retriever.find(question, "What is a random forest?") == retriever.find(question)


@pytest.mark.parametrize(
    ("question", "notes"),
    [
        ("What does an ML engineer earn and how do I learn SQL?", {"pay.salary", "sql-databases.learning"}),
        (
            "how do I learn git? what is overfitting?",
            {"swe-git-testing.learning", "ml-evaluation.overfitting"},
        ),
    ],
)
def test_a_question_for_two_things_finds_both(retriever: Retriever, question: str, notes: set[str]) -> None:
    assert {found.best for found in retriever.find_each(question)} == notes


@pytest.mark.parametrize(
    ("question", "notes"),
    [
        (
            "what is overfitting and regularization",
            ("ml-evaluation.overfitting", "ml-supervised.regularisation"),
        ),
        (
            "difference between git and docker",
            ("swe-git-testing.git-and-github", "distributed-cloud.containers"),
        ),
    ],
)
def test_two_things_in_one_clause_are_both_told(
    retriever: Retriever, question: str, notes: tuple[str, str]
) -> None:
    assert tuple(found.best for found in retriever.find_each(question)) == notes


@pytest.mark.parametrize(
    "question",
    [
        "precision and recall",
        "what is the difference between bias and variance",
        "I have a wife and two kids, can I learn ML",
        "is it possible to work and study",
    ],
)
def test_two_things_that_one_note_tells_are_one_finding(retriever: Retriever, question: str) -> None:
    assert len(retriever.find_each(question)) == 1


def test_a_clause_that_means_nothing_by_itself_brings_no_second_note(retriever: Retriever) -> None:
    [found] = retriever.find_each("Is leetcode needed to get in, and how many problems should one do?")
    assert found.best == "portfolio-job.leetcode-amount"


@pytest.mark.parametrize(
    ("question", "notes"),
    [
        (
            "What does a data scientist do and what do they earn?",
            ("roles.data-scientist", "pay.data-scientist"),
        ),
        ("what is mlops and how do I learn it?", ("skills.mlops", "mlops-serving.learning")),
        ("is it too late to start and where do I begin?", ("future.too-late", "start.overview")),
    ],
)
def test_the_second_half_of_a_question_may_lean_on_the_first(
    retriever: Retriever, question: str, notes: tuple[str, str]
) -> None:
    assert tuple(found.best for found in retriever.find_each(question)) == notes


@pytest.mark.parametrize(
    "question", ["what is docker and why do I need it", "What is overfitting and how do I avoid it?"]
)
def test_two_halves_of_one_matter_are_one_finding(retriever: Retriever, question: str) -> None:
    assert len(retriever.find_each(question)) == 1


def test_a_comparison_that_one_note_tells_is_one_finding(retriever: Retriever) -> None:
    [found] = retriever.find_each("PyTorch or TensorFlow, which one?")
    assert found.best == "skills.pytorch-or-tensorflow"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(alphabet=st.characters(), max_size=200),
    after=st.none() | st.text(alphabet=st.characters(), max_size=50),
)
def test_whatever_is_typed_something_is_found(
    tiny_retriever: Retriever, text: str, after: str | None
) -> None:
    assert len(tiny_retriever.find(text, after).hits) == 6


@pytest.mark.parametrize("text", ["", "\ud83d", "what is \udcff ML?", "\0", "\u202e\u200d", "?" * 5_000])
def test_odd_texts_are_searched_like_any_other(tiny_retriever: Retriever, text: str) -> None:
    assert len(tiny_retriever.find(text).hits) == 6


def test_who_asks_again_gets_the_answer_before(retriever: Retriever) -> None:
    found = retriever.find("pls explain simple", "what is overfitting")
    assert (found.best, found.wants_more) == ("ml-evaluation.overfitting", True)
    shorter = retriever.find("again but shorter", "what is overfitting")
    assert (shorter.best, shorter.wants_less) == ("ml-evaluation.overfitting", True)
    assert retriever.find("pls explain simple").intent.topic == MORE
    assert retriever.find("pls explain simple", "explain again").intent.topic == MORE


def test_what_is_left_out_is_taken_from_the_question_before(retriever: Retriever) -> None:
    assert retriever.find("how to fix it", "what is overfitting").best == "ml-evaluation.overfitting"
    assert retriever.find("what about germany", "how much do ml engineers earn").best == "pay.germany"
    assert not retriever.find("how to cook it", "what is overfitting").is_trusted
    assert not retriever.find("and germany?", "who is the king of france").is_trusted


def test_a_key_held_down_is_no_small_talk(retriever: Retriever) -> None:
    assert retriever.find("W" * 300).intent.name == "question"
    assert not retriever.find("W" * 300).is_trusted
