"""When is there an answer, when not, and what is said of its sources and offered instead?"""

from dataclasses import replace

import pytest

from index.answer import (
    CLOSE,
    NEAR,
    OFF_PATH_CONFIDENCE,
    OFFERS,
    Abstention,
    Answer,
    TwoAnswers,
    answer_with,
    decide,
)
from index.intents import QUESTION
from index.judgement import Signals
from index.retriever import Found, Hit
from knowledge.library import Library

STARTERS = ["path.overview", "pay.salary"]
OTHERS = ("skills.maths", "skills.python", "path.overview", "start.first-project")


def found(
    confidence: float = 0.9,
    *,
    best: str = "pay.salary",
    is_trusted: bool = False,
    words: float = 3,
    is_legible: bool = True,
    on_path: float = -1.0,
) -> Found:
    """The best note with these figures, and others of the tiny pack below it."""
    hits = [Hit(note_id, 1.0 - n / 10, 0.5, 0.5, 0.5) for n, note_id in enumerate((best, *OTHERS))]
    signals = Signals(1.0, 0.5, 0.5, 0.5, 0.0, words, 0.0, on_path, 0.0)
    return Found(tuple(hits), QUESTION, signals, confidence, is_trusted, is_legible)


def outcome(decision: Answer | TwoAnswers | Abstention) -> str:
    return decision.reason if isinstance(decision, Abstention) else type(decision).__name__


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (found(0.4, is_trusted=True), "Answer"),
        (found(0.4), "nothing_close"),
        (found(OFF_PATH_CONFIDENCE), "nothing_close"),
        (found(OFF_PATH_CONFIDENCE - 0.001), "off_path"),
        (found(0.001, on_path=0.0), "nothing_close"),  # nobody can say whether it is off the path
        (found(0.001, words=0), "too_vague"),  # stop words alone
        (found(0.001, is_legible=False), "unreadable"),  # no known word at all
        (found(0.4, is_trusted=True, is_legible=False, words=0), "Answer"),  # trust says it all
    ],
)
def test_trust_decides_and_the_signals_give_the_reason(tiny: Library, finding: Found, expected: str) -> None:
    assert outcome(decide("salary?", [finding], tiny)) == expected


@pytest.mark.parametrize("question", ["", "   ", "?", "?!...", "📈", "---", "\n"])
def test_a_text_without_a_word_is_too_vague_whatever_was_found(tiny: Library, question: str) -> None:
    decision = decide(question, [found(is_trusted=True)], tiny)
    assert isinstance(decision, Abstention)
    assert decision.reason == "too_vague"
    assert [note.id for note in decision.offers] == STARTERS


def test_an_answer_is_the_best_note_with_the_confidence_in_it(tiny: Library) -> None:
    decision = decide("salary?", [found(0.75, is_trusted=True)], tiny)
    assert isinstance(decision, Answer)
    assert decision.note == tiny.notes["pay.salary"]
    assert decision.text == tiny.notes["pay.salary"].body
    assert decision.is_whole
    assert decision.score == 0.75


@pytest.mark.parametrize(("gap", "leads"), [(CLOSE - 0.01, True), (CLOSE + 0.01, False)])
def test_the_next_best_note_leads_the_buttons_only_where_it_is_close(
    tiny: Library, gap: float, leads: bool
) -> None:
    hits = (Hit("pay.salary", 1.0, 0.5, 0.5, 0.5), Hit("start.first-project", 1.0 - gap, 0.5, 0.5, 0.5))
    decision = decide("salary?", [replace(found(is_trusted=True), hits=hits)], tiny)
    assert isinstance(decision, Answer)
    assert (decision.related[0].id == "start.first-project") is leads
    assert len({note.id for note in decision.related}) == len(decision.related)


def test_who_wants_more_gets_the_whole_note(tiny: Library) -> None:
    decision = decide("more", [replace(found(is_trusted=True), wants_more=True)], tiny)
    assert isinstance(decision, Answer)
    assert decision.is_whole


def test_two_things_asked_for_are_answered_by_two_notes(tiny: Library) -> None:
    two = [found(0.9, is_trusted=True), found(0.8, best="skills.maths", is_trusted=True)]
    decision = decide("what is the pay, and how much maths do I need?", two, tiny)
    assert isinstance(decision, TwoAnswers)
    assert [part.note.id for part in decision.parts] == ["pay.salary", "skills.maths"]
    assert [citation.passage_id for citation in decision.citations][:2] == ["pay.salary", "skills.maths"]
    assert decision.score == 0.8


def test_near_misses_are_offered_the_nearest_first(tiny: Library) -> None:
    decision = decide("salary?", [found(0.4)], tiny)
    assert isinstance(decision, Abstention)
    assert [note.id for note in decision.offers] == ["pay.salary", "skills.maths", "skills.python"][:OFFERS]
    assert decision.score == 0.4


def test_what_is_near_to_nothing_is_offered_the_starters_and_not_called_near(tiny: Library) -> None:
    far = tuple(replace(hit, cosine=NEAR - 0.01) for hit in found().hits)
    decision = decide("overfitting?", [replace(found(0.4), hits=far)], tiny)
    assert isinstance(decision, Abstention)
    assert [note.id for note in decision.offers] == STARTERS
    assert not decision.is_near
    one = (replace(far[0], cosine=NEAR), *far[1:])
    decision = decide("overfitting?", [replace(found(0.4), hits=one)], tiny)
    assert isinstance(decision, Abstention)
    assert [note.id for note in decision.offers] == ["pay.salary"]
    assert decision.is_near


def test_off_the_path_the_starters_are_offered(tiny: Library) -> None:
    decision = decide("weather?", [found(0.01)], tiny)
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


def test_a_note_asked_for_by_its_button_is_whole_and_certain(tiny: Library) -> None:
    answer = answer_with(tiny.notes["pay.salary"], tiny)
    assert (answer.score, answer.is_whole) == (1.0, True)
