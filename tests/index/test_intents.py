"""Is a text a question about the path, or something else a learner says?"""

import pytest

from index.intents import MIN_COSINE, QUESTION, Intent, IntentHit, intent_of
from index.retriever import Retriever
from knowledge.library import Library

QUIZ = Intent("quiz")
THANKS = Intent("smalltalk", "thanks")
ABOVE, BELOW = MIN_COSINE + 0.1, MIN_COSINE - 0.001


@pytest.mark.parametrize(
    ("said", "hits", "passage_cosine", "intent"),
    [
        ("nothing is close", [], 0.0, QUESTION),
        ("a phrase is just close enough", [IntentHit(QUIZ, MIN_COSINE)], 0.0, QUIZ),
        ("a phrase is not close enough", [IntentHit(QUIZ, BELOW)], 0.0, QUESTION),
        ("a passage is closer", [IntentHit(QUIZ, ABOVE)], ABOVE + 0.001, QUESTION),
        ("a passage is as close", [IntentHit(QUIZ, ABOVE)], ABOVE, QUIZ),
        ("the closest phrase wins", [IntentHit(QUIZ, ABOVE), IntentHit(THANKS, ABOVE + 0.1)], 0.0, THANKS),
        ("whatever its place", [IntentHit(THANKS, ABOVE + 0.1), IntentHit(QUIZ, ABOVE)], 0.0, THANKS),
    ],
)
def test_the_intent_is_the_closest_phrases_if_it_is_close_enough_and_closer_than_any_passage(
    said: str, hits: list[IntentHit], passage_cosine: float, intent: Intent
) -> None:
    assert intent_of(hits, passage_cosine) == intent, said


def test_every_example_phrase_of_the_real_pack_is_recognised(library: Library, retriever: Retriever) -> None:
    said = [(Intent(each.intent, each.topic), phrase) for each in library.intents for phrase in each.phrases]
    nearest = map(retriever.vectors.nearest, retriever.embedder.embed([phrase for _, phrase in said]))
    misheard = [
        (phrase, heard)
        for (intent, phrase), near in zip(said, nearest, strict=True)
        if (heard := intent_of(near.intents, max(near.passages.values()))) != intent
    ]
    assert misheard == []
