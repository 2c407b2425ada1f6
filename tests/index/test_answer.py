"""When is there an answer, when not, and what is said of its sources and offered instead?"""

import pytest

from index.answer import (
    MIN_COSINE_IF_COVERED,
    MIN_FOLLOW_UP_SCORE,
    MIN_SCORE,
    OFF_PATH_SCORE,
    OFFERS,
    Abstention,
    Answer,
    answer_with,
    decide,
)
from index.intents import QUESTION
from index.retriever import Found, Hit
from knowledge.library import Library

A_HAIR = 0.001
STARTERS = ["path.overview", "pay.salary"]


def found(score: float, *, cosine: float = 0.0, coverage: float = 0.0, follow_up: bool = False) -> Found:
    """The salary note with these figures, and every other note of the tiny pack below it."""
    others = ("skills.maths", "skills.python", "path.overview", "start.first-project")
    best = Hit("pay.salary", score, cosine, coverage)
    rest = (Hit(note_id, score - 0.1, 0.0, 0.0) for note_id in others)
    return Found((best, *rest), QUESTION, follow_up)


def outcome(decision: Answer | Abstention) -> str:
    return "answer" if isinstance(decision, Answer) else decision.reason


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        (found(MIN_SCORE), "answer"),
        (found(MIN_SCORE - A_HAIR), "nothing_close"),
        (found(OFF_PATH_SCORE), "nothing_close"),
        (found(OFF_PATH_SCORE - A_HAIR), "off_path"),
        (found(-1.0), "off_path"),
        # every word of a short question stands in the note: closeness in meaning is enough
        (found(OFF_PATH_SCORE, cosine=MIN_COSINE_IF_COVERED, coverage=1.0), "answer"),
        (found(OFF_PATH_SCORE, cosine=MIN_COSINE_IF_COVERED - A_HAIR, coverage=1.0), "nothing_close"),
        (found(OFF_PATH_SCORE, cosine=MIN_COSINE_IF_COVERED, coverage=0.99), "nothing_close"),
        # a follow-up has a threshold of its own, and its words are not all it says
        (found(MIN_FOLLOW_UP_SCORE, follow_up=True), "answer"),
        (found(MIN_FOLLOW_UP_SCORE - A_HAIR, follow_up=True), "nothing_close"),
        (found(OFF_PATH_SCORE, cosine=MIN_COSINE_IF_COVERED, coverage=1.0, follow_up=True), "nothing_close"),
        (found(OFF_PATH_SCORE - A_HAIR, follow_up=True), "off_path"),
    ],
)
def test_the_best_hit_decides_between_answer_and_reason(tiny: Library, hits: Found, expected: str) -> None:
    assert outcome(decide("salary?", hits, tiny)) == expected


@pytest.mark.parametrize("question", ["", "   ", "?", "?!...", "📈", "---", "\n"])
def test_a_text_without_a_word_is_too_vague_whatever_was_found(tiny: Library, question: str) -> None:
    decision = decide(question, found(2.0), tiny)
    assert isinstance(decision, Abstention)
    assert decision.reason == "too_vague"
    assert [note.id for note in decision.offers] == STARTERS


def test_an_answer_is_the_best_note_with_its_score(tiny: Library) -> None:
    decision = decide("salary?", found(1.25), tiny)
    assert isinstance(decision, Answer)
    assert decision.note == tiny.notes["pay.salary"]
    assert decision.text == tiny.notes["pay.salary"].body
    assert decision.score == 1.25


def test_near_misses_are_offered_the_nearest_first(tiny: Library) -> None:
    decision = decide("salary?", found(OFF_PATH_SCORE), tiny)
    assert isinstance(decision, Abstention)
    assert [note.id for note in decision.offers] == ["pay.salary", "skills.maths", "skills.python"][:OFFERS]
    assert decision.score == OFF_PATH_SCORE


def test_off_the_path_the_starters_are_offered(tiny: Library) -> None:
    decision = decide("weather?", found(0.1), tiny)
    assert isinstance(decision, Abstention)
    assert [note.id for note in decision.offers] == STARTERS


def test_an_answer_cites_every_source_of_its_note_in_order(tiny: Library) -> None:
    answer = answer_with(tiny.notes["skills.python"], tiny)
    assert [(c.passage_id, c.title, c.source.title) for c in answer.citations] == [
        ("skills.python", "Which programming language first?", "A handbook for beginners"),
        ("skills.python", "Which programming language first?", "The guild of engineers"),
    ]


def test_an_answer_leads_on_to_related_notes(tiny: Library) -> None:
    answer = answer_with(tiny.notes["skills.python"], tiny)
    assert [note.id for note in answer.related] == ["path.overview", "start.first-project"]


def test_a_note_asked_for_by_its_button_is_certain(tiny: Library) -> None:
    assert answer_with(tiny.notes["pay.salary"], tiny).score == 1.0


def test_the_thresholds_leave_room_for_every_outcome() -> None:
    assert -1 < OFF_PATH_SCORE < MIN_FOLLOW_UP_SCORE <= MIN_SCORE < 2
