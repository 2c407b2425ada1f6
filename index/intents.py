"""Is this a question about the path, or something else a learner says? Judges by example phrases. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.schema import IntentName

# Chosen on the pack's exam (scripts/evaluate_retrieval.py): no question is taken for anything else,
# and four phrases in five are recognised.
MIN_COSINE = 0.47


@dataclass(frozen=True)
class Intent:
    """What a learner wants; `topic` is the kind of small talk."""

    name: IntentName
    topic: str | None = None


@dataclass(frozen=True)
class IntentHit:
    """How close a text is to the closest phrase of an intent; `cosine` in [-1, 1]."""

    intent: Intent
    cosine: float


QUESTION = Intent("question")


def intent_of(hits: Sequence[IntentHit], passage_cosine: float) -> Intent:
    """The intent whose phrases are close, and closer than the closest passage; else a question."""
    closest = max(hits, key=lambda hit: hit.cosine, default=IntentHit(QUESTION, 0.0))
    is_sure = closest.cosine >= max(MIN_COSINE, passage_cosine)
    return closest.intent if is_sure else QUESTION
