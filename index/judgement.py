"""What does a learner want, and how far can the best passage be trusted? Applies fitted numbers. Pure."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from index.intent_model import IntentModel
from index.intents import OFF_PATH, QUESTION
from index.note_model import NoteModel

SIGNALS = ("score", "cosine", "body", "coverage", "unknown", "words", "off_path", "on_path", "leans")


@dataclass(frozen=True)
class Signals:
    """What speaks for and against the best passage of a question; each is one plain number.

    `score`: how well it ranks; `cosine` and `body`: those of its best wording and of its body. `coverage`:
    share of the question's words it holds, rare ones counting more; `unknown`: share of those that stand in
    no passage. `words`: how many the question has, at most 12. `off_path`: cosine of the nearest phrase that
    is off the path. `on_path`: log-odds that a classifier gives a question of the path against one off it.
    `leans`: 1 where a question that was read with the one before finds another passage than that one, and
    which holds a word of its own, else 0; half a question says little by itself.
    """

    score: float
    cosine: float
    body: float
    coverage: float
    unknown: float
    words: float
    off_path: float
    on_path: float
    leans: float


@dataclass(frozen=True)
class Trust:
    """A logistic model over signals: the probability that the best passage answers.

    `threshold` is the least probability that is enough to answer with.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def confidence(self, signals: Signals) -> float:
        """The probability, in (0, 1)."""
        values = asdict(signals)
        logit = self.bias + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def log_odds_on_path(probabilities: Mapping[str, float]) -> float:
    """How much more a text is like a question of the path than like one off it; 0 where nobody can say."""
    on, off = probabilities.get(QUESTION.name, 0.0), probabilities.get(OFF_PATH, 0.0)
    return math.log(max(on, 1e-9) / max(off, 1e-9)) if OFF_PATH in probabilities else 0.0


@dataclass(frozen=True)
class Judgement:
    """Everything fitted for one pack and one model.

    A pack with few phrases has no intent model, one with few or very many notes no model of these.
    """

    trust: Trust
    intents: IntentModel | None
    notes: NoteModel | None = None


# For a pack that has no exam to fit on: fitted with the score alone on the exam of the pack that comes
# with the bot. There the threshold would be 0.22 (4 % of the answerable declined); a pack without an exam
# is small and its words are few, so it is lower: of 31 questions to a pack about bees 0.22 declined 9,
# 0.14 declines 3, and nine questions off its path stay below 0.13.
PLAIN = Judgement(Trust({"score": 8.74}, bias=-9.75, threshold=0.14), None)
