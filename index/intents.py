"""Is this a question about the path, or something else a learner says? Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.schema import IntentName

MIN_COSINE = 0.47  # to the nearest phrase, below which it says little; chosen on the exam of our pack
# A wish is like one of its phrases, and not less than like something off the path by this much. Chosen on
# the fitting part of the exam of our pack: neither costs one of its 236 phrases.
WISH_COSINE, OFF_PATH_LEAD = 0.4, 0.05
NOTES_LEAD = (
    0.3  # of a note, by which small talk is none: "yolo" is like no phrase, whatever a model says; ours
)
LIKE = 0.6  # to the nearest phrase, where no model is fitted and it must decide alone; our choice
SAME_WORDS = 0.90  # to the nearest phrase or passage: it is the same in other words, whatever a model says
SURE = 0.9  # probability of a wish that is one even in the very words of a note: "quiz: overfitting"
# Better one kind word too many than one too few: for these the nearest phrase is enough.
NEVER_MISSED = ("distress",)
GRAVE = ("distress", "sorrow")  # no words of comfort for what is only a little like a phrase of these
HEARTFELT = (*GRAVE, "discouraged", "burned-out")  # said in doubt, still answered by a kind word
OFF_PATH: Literal["off_path"] = "off_path"
SMALLTALK: Literal["smalltalk"] = "smalltalk"
MORE = "more"  # topic of small talk that asks to go on: "give me an example"
ABILITIES = "abilities"  # topic of small talk about the bot: "how does it work?"
OTHER = "other"  # topic of small talk that is like no phrase


@dataclass(frozen=True)
class Intent:
    """What a learner wants; `topic` is the kind of small talk, or of what lies off the path."""

    name: IntentName
    topic: str | None = None


@dataclass(frozen=True)
class IntentHit:
    """How close a text is to the closest phrase of an intent; `cosine` in [-1, 1]."""

    intent: Intent
    cosine: float


QUESTION = Intent("question")


def intent_of(
    hits: Sequence[IntentHit],
    passage_cosine: float,
    probabilities: Mapping[str, float] | None = None,
    is_legible: bool = True,
) -> Intent:
    """The intent of a text; what is off the path is a question, too.

    `hits` are the closest phrases of each intent and topic, `passage_cosine` is that of the closest passage,
    `probabilities` are an IntentModel's, where there is one. A model finds small talk in any noise, so a
    text without a known word is no more than its closest phrase says.
    """
    wishes = [hit for hit in hits if hit.intent.name not in (QUESTION.name, OFF_PATH)]
    nearest = max(hits, key=lambda hit: hit.cosine, default=IntentHit(QUESTION, 0.0))
    is_grave = nearest.intent.topic in NEVER_MISSED
    enough = MIN_COSINE if is_grave else LIKE if probabilities is None else SAME_WORDS
    asked = sum((probabilities or {}).get(name, 0.0) for name in (QUESTION.name, OFF_PATH))
    is_question_too = passage_cosine >= SAME_WORDS and asked >= 0.5  # "correlation or causation", as a quiz?
    if nearest.cosine >= max(enough, passage_cosine) and not is_question_too:
        return nearest.intent if nearest in wishes else QUESTION
    if probabilities is None or not is_legible:
        return QUESTION
    name, probability = max(
        ((hit.intent.name, probabilities.get(hit.intent.name, 0.0)) for hit in wishes),
        key=lambda each: each[1],
        default=(QUESTION.name, 1.0),
    )
    is_wording_of_a_note = passage_cosine >= max(SAME_WORDS, nearest.cosine)
    if asked >= probability or (is_wording_of_a_note and probability < SURE):
        return QUESTION
    fitting = [hit for hit in wishes if hit.intent.name == name]
    light = [hit for hit in fitting if hit.intent.topic not in GRAVE or hit.cosine >= LIKE]
    closest = max(light or fitting, key=lambda hit: hit.cosine)
    off_path = max((hit.cosine for hit in hits if hit.intent.name == OFF_PATH), default=-1.0)
    lead = off_path - closest.cosine
    if name != SMALLTALK:
        is_wish = closest.cosine >= WISH_COSINE and lead < OFF_PATH_LEAD
        return closest.intent if is_wish else QUESTION
    if lead > 0 or passage_cosine - closest.cosine >= NOTES_LEAD:
        return QUESTION
    if closest.cosine < MIN_COSINE:  # like no phrase
        return QUESTION if passage_cosine >= closest.cosine else Intent(SMALLTALK, OTHER)
    return closest.intent


def is_sure(intent: Intent, hits: Sequence[IntentHit], probabilities: Mapping[str, float] | None) -> bool:
    """Whether a text has this intent even where it may lean on a question before.

    "and the second step?" sounds like a wish for the next step, but after an answer of several steps it is
    no more than a question: only one of the phrases themselves, or a model without a doubt, says otherwise.
    Who is low gets a kind word all the same.
    """
    if intent.topic in HEARTFELT:
        return True
    closest = max((hit.cosine for hit in hits if hit.intent == intent), default=-1.0)
    if probabilities is None:
        return closest >= LIKE
    return closest >= SAME_WORDS or (closest >= LIKE and probabilities.get(intent.name, 0.0) >= SURE)
