"""Is a text a question about the path, or something else a learner says?"""

import pytest

from index.intents import (
    LIKE,
    MIN_COSINE,
    QUESTION,
    SAME_WORDS,
    SURE,
    Intent,
    IntentHit,
    intent_of,
    is_sure,
)
from index.retriever import Retriever
from knowledge.library import Library

QUIZ = Intent("quiz")
THANKS = Intent("smalltalk", "thanks")
GREETING = Intent("smalltalk", "greeting")
DISTRESS = Intent("smalltalk", "distress")
WEATHER = Intent("off_path", "weather")
ABOVE, BELOW = LIKE + 0.05, MIN_COSINE - 0.001


@pytest.mark.parametrize(
    ("said", "hits", "passage_cosine", "intent"),
    [
        ("nothing is close", [], 0.0, QUESTION),
        ("a phrase is just close enough", [IntentHit(QUIZ, LIKE)], 0.0, QUIZ),
        ("a phrase is not close enough", [IntentHit(QUIZ, LIKE - 0.001)], 0.0, QUESTION),
        ("a passage is closer", [IntentHit(QUIZ, ABOVE)], ABOVE + 0.001, QUESTION),
        ("a passage is as close", [IntentHit(QUIZ, ABOVE)], ABOVE, QUIZ),
        ("the closest phrase wins", [IntentHit(QUIZ, ABOVE), IntentHit(THANKS, ABOVE + 0.1)], 0.0, THANKS),
        ("whatever its place", [IntentHit(THANKS, ABOVE + 0.1), IntentHit(QUIZ, ABOVE)], 0.0, THANKS),
        ("off the path is a question", [IntentHit(WEATHER, ABOVE), IntentHit(QUIZ, BELOW)], 0.0, QUESTION),
    ],
)
def test_without_a_model_the_intent_is_the_closest_phrases_if_it_is_close_and_closer_than_any_passage(
    said: str, hits: list[IntentHit], passage_cosine: float, intent: Intent
) -> None:
    assert intent_of(hits, passage_cosine) == intent, said


NEAR = [IntentHit(QUIZ, 0.55), IntentHit(THANKS, 0.4), IntentHit(GREETING, 0.5), IntentHit(WEATHER, 0.2)]


@pytest.mark.parametrize(
    ("said", "hits", "probabilities", "intent"),
    [
        ("the model decides", NEAR, {"question": 0.2, "quiz": 0.7, "smalltalk": 0.1}, QUIZ),
        (
            "a wish is like one of its phrases",
            [IntentHit(QUIZ, 0.35)],
            {"question": 0.2, "quiz": 0.8},
            QUESTION,
        ),
        (
            "what is nearer to something off the path is no wish",
            [IntentHit(QUIZ, 0.55), IntentHit(WEATHER, 0.65)],
            {"question": 0.2, "quiz": 0.8},
            QUESTION,
        ),
        (
            "grave words only for what is close to them",
            [IntentHit(DISTRESS, BELOW), IntentHit(GREETING, BELOW - 0.1)],
            {"smalltalk": 0.9, "question": 0.1},
            Intent("smalltalk", "other"),
        ),
        ("small talk has its closest topic", NEAR, {"question": 0.2, "smalltalk": 0.8}, GREETING),
        (
            "on and off the path are questions",
            NEAR,
            {"question": 0.3, "off_path": 0.3, "quiz": 0.4},
            QUESTION,
        ),
        ("the same words beat it", [IntentHit(QUIZ, SAME_WORDS)], {"question": 0.99, "quiz": 0.01}, QUIZ),
        ("distress is never missed", [IntentHit(DISTRESS, ABOVE)], {"question": 0.99}, DISTRESS),
        (
            "chat that is more like something off the path",
            [IntentHit(GREETING, 0.3), IntentHit(WEATHER, 0.4)],
            {"smalltalk": 0.9, "question": 0.1},
            QUESTION,
        ),
    ],
)
def test_with_a_model_it_decides_but_for_what_is_certain(
    said: str, hits: list[IntentHit], probabilities: dict[str, float], intent: Intent
) -> None:
    assert intent_of(hits, 0.0, probabilities) == intent, said


def test_the_very_words_of_a_note_are_a_question_unless_the_model_is_sure() -> None:
    for probability, expected in ((SURE - 0.01, QUESTION), (SURE, QUIZ)):
        probabilities = {"quiz": probability, "question": 1 - probability}
        assert intent_of([IntentHit(QUIZ, 0.5)], SAME_WORDS, probabilities) == expected


def test_noise_is_no_small_talk_whatever_a_model_finds_in_it() -> None:
    probabilities = {"smalltalk": 0.9, "question": 0.1}
    assert intent_of(NEAR, 0.0, probabilities, is_legible=False) == QUESTION
    assert intent_of([IntentHit(THANKS, SAME_WORDS)], 0.0, probabilities, is_legible=False) == THANKS


@pytest.mark.parametrize(
    ("said", "intent", "cosine", "probability", "sure"),
    [
        ("a phrase itself", QUIZ, SAME_WORDS, 0.1, True),
        ("like a phrase, and the model has no doubt", QUIZ, LIKE, SURE, True),
        ("like a phrase, and the model doubts", QUIZ, LIKE, SURE - 0.01, False),
        ("like no phrase, whatever the model says", QUIZ, LIKE - 0.01, 0.99, False),
        ("small talk in doubt", THANKS, LIKE, 0.6, False),
        ("who is low is heard in doubt, too", DISTRESS, 0.0, 0.1, True),
    ],
)
def test_what_may_lean_on_a_question_is_a_wish_only_where_that_is_sure(
    said: str, intent: Intent, cosine: float, probability: float, sure: bool
) -> None:
    hits = [IntentHit(intent, cosine), IntentHit(GREETING, SAME_WORDS)]
    assert is_sure(intent, hits, {intent.name: probability}) == sure, said


def test_without_a_model_it_is_sure_by_the_nearest_phrase() -> None:
    assert is_sure(QUIZ, [IntentHit(QUIZ, LIKE)], None)
    assert not is_sure(QUIZ, [IntentHit(QUIZ, LIKE - 0.01)], None)
    assert not is_sure(QUIZ, [], None)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("i want to stop", "discouraged"),
        ("i want to end it all", "distress"),
        ("cancel", "acknowledgement"),
        ("wie lange dauert es", "language"),
        ("¿cuánto tiempo se tarda?", "language"),
    ],
)
def test_what_learners_say_beside_the_matter(retriever: Retriever, text: str, topic: str) -> None:
    assert retriever.find(text).intent == Intent("smalltalk", topic)


@pytest.mark.parametrize("term", ["mamba", "faiss", "ndcg"])
def test_a_rare_term_alone_is_a_question(retriever: Retriever, term: str) -> None:
    assert retriever.find(term).intent.name == "question"


def test_nearly_every_example_phrase_of_the_real_pack_is_recognised(
    library: Library, retriever: Retriever
) -> None:
    """Wishes by a sample; every phrase of distress."""
    wishes = [each for each in library.phrases if each.intent not in ("question", "off_path")]
    said = [(each.intent, each.topic, phrase) for each in wishes for phrase in each.phrases]
    missed = [
        (phrase, heard)
        for intent, _, phrase in said[::7]
        if (heard := retriever.find(phrase).intent).name != intent
    ]
    assert len(missed) <= len(said[::7]) * 0.03, missed
    for phrase in (phrase for _, topic, phrase in said if topic == "distress"):
        assert retriever.find(phrase).intent == Intent("smalltalk", "distress"), phrase
