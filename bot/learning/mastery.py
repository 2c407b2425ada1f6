"""How sure is it that a learner can do a skill, and will the next answer be right? Pure.

The chance of a right answer starts from what is believed before (a prior), moved by the learner's ability
over all skills (an Elo rating) and by the item's difficulty. The answers on the skill itself count as an
average that forgets: each takes up a share of it. One more right answer never lowers any of these numbers.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from bot.learning.evidence import DIFFICULTY_OF_LEVEL, History, Response

# Of the low bound: nine in ten sure of 7 in 10 middling items, where Khan Academy's "familiar" begins.
MASTERED_FROM = 0.7
DAYS_TO_MASTER = 2  # local days with a right answer: one sitting shows what was just read, not what is kept
ITEMS_TO_MASTER = 3  # different items got right: one item over and over shows that item (DeepTutor's fault)
RANGE_WIDTH = 1.2816  # standard errors to each side of the middle: 80 % of a normal distribution
FORGOTTEN = 0.25  # chance of a right answer once forgotten: a guess among four options
HINTED = 0.5  # how much of an answer a right one after a hint counts; our own choice
SUREST = 0.99  # chance beyond which no belief and no average of answers goes: a slip is always possible

ANSWERS_TO_MOVE = 30  # they place an item within a logit (Linacre 1994, "Sample size and item calibration")
EXPECTED_SUCCESS = 0.75  # share of right answers quizzes aim at: they choose items predicted at 0.70 to 0.85
HARDEST = 3.0  # logits: no item is taken as harder, or easier below zero; one gets 5 % right there


@dataclass(frozen=True)
class Weights:
    """The fitted numbers.

    The step of the Elo rating over all skills after n answers is, in logits,
    ability_step / (1 + ability_slowing * n), but at least ability_least.
    `first` and `later` are added to the log-odds of the first answer on a skill and of those after it.
    `share`: of the average over a skill's answers that a new one takes up. `trust`: how far the log-odds
    follow this average away from what was believed. `spread`: standard deviation, in logits, of a learner's
    true level on a skill around that belief.
    """

    ability_step: float
    ability_slowing: float
    ability_least: float
    first: float
    later: float
    share: float
    trust: float
    spread: float


# Fitted on all 3,361 learners of the training file of ASSISTments 2009-10 (skill builder), 2026-11-22:
# scripts/evaluate_mastery.py --data FILE --train FILE --json
ASSISTMENTS = Weights(
    ability_step=0.6,
    ability_slowing=0.2,
    ability_least=0.02,
    first=-0.414,
    later=0.177,
    share=0.2,
    trust=0.710,
    spread=0.928,
)


@dataclass
class _Record:
    """What a learner did on one skill, in sums."""

    answers: int = 0
    unmoved: float = 1.0  # share of the average that is still what was believed before
    right: float = 0.0  # share of the average that right answers make up
    squares: float = 0.0  # of the shares of single answers: tells to how many equal ones they amount
    days: set[date] = field(default_factory=set)
    items: set[str] = field(default_factory=set)

    def add(self, response: Response, is_right: bool, share: float) -> None:
        self.answers += 1
        self.unmoved *= 1 - share
        self.right = (1 - share) * self.right + share * is_right
        self.squares = (1 - share) ** 2 * self.squares + share**2
        if is_right and not response.had_hint:
            self.days.add(response.answered_on)
            self.items.add(response.item_id)

    def copy(self) -> "_Record":
        return replace(self, days=set(self.days), items=set(self.items))

    @property
    def effective_answers(self) -> float:
        """How many equally weighted answers would tell as much (Kish 1965)."""
        return (1 - self.unmoved) ** 2 / self.squares if self.answers else 0.0


@dataclass(frozen=True)
class Mastery:
    """How likely a learner gets a middling item of a skill right; it is 80 % sure to lie from low to high."""

    skill_id: str
    probability: float
    low: float
    high: float
    is_mastered: bool


@dataclass(frozen=True)
class Standing:
    """A history, read once: tells about any skill and item at no further cost. See `standing`."""

    ability: float
    priors: Mapping[str, float]
    weights: Weights
    records: Mapping[str, _Record]

    def chance(self, skill_id: str, difficulty: float) -> float:
        """The probability that the next answer to an item of this skill and difficulty is right."""
        record = self.records.get(skill_id, _Record())
        if not record.answers:
            return probability(self._believed(skill_id) - difficulty + self.weights.first)
        return probability(self._level(skill_id, record) - difficulty)

    def mastery(self, skill_id: str, retrievability: float = 1.0) -> Mastery:
        """Where the learner stands on a skill; `retrievability` is the chance that it is still remembered."""
        record = self.records.get(skill_id, _Record())
        level = self._level(skill_id, record)
        margin = RANGE_WIDTH * self._standard_error(level, record)
        low, middle, high = (
            _remembered(probability(each), retrievability) for each in (level - margin, level, level + margin)
        )
        is_shown = len(record.days) >= DAYS_TO_MASTER and len(record.items) >= ITEMS_TO_MASTER
        return Mastery(skill_id, middle, low, high, is_shown and low >= MASTERED_FROM)

    def _believed(self, skill_id: str) -> float:
        """Log-odds on a middling item before any answer on the skill."""
        limit = log_odds(SUREST)
        return min(max(self.priors.get(skill_id, 0.0) + self.ability, -limit), limit)

    def _level(self, skill_id: str, record: _Record) -> float:
        """Log-odds on a middling item, as after a first answer; so a wrong first one never raises it."""
        believed = self._believed(skill_id)
        average = record.unmoved * probability(believed) + record.right
        average = min(max(average, 1 - SUREST), SUREST)
        return believed + self.weights.later + self.weights.trust * (log_odds(average) - believed)

    def _standard_error(self, level: float, record: _Record) -> float:
        """In logits, from what the belief and the answers tell, added up.

        The belief tells 1 / spread^2, an answer with the chance p tells p * (1 - p) (Fisher information of
        the Rasch model), and it counts as far as the average over the answers is trusted.
        """
        chance = probability(level)
        told = self.weights.trust * record.effective_answers * chance * (1 - chance)
        return 1 / math.sqrt(1 / self.weights.spread**2 + told)


def standing(history: History, priors: Mapping[str, float], weights: Weights = ASSISTMENTS) -> Standing:
    """Read a history once.

    `priors`: for each skill the log-odds that the learner could do a middling item of it before the first
    answer of `history`, from placement or what they said of themselves; 0 where nothing is known.
    """
    reading = Reading(priors, weights)
    for response in history:
        reading.add(response)
    return reading.standing()


@dataclass
class Reading:
    """A history on the way through it, one response after the other."""

    priors: Mapping[str, float]
    weights: Weights = ASSISTMENTS
    ability: float = 0.0
    answers: int = 0
    records: defaultdict[str, _Record] = field(default_factory=lambda: defaultdict(_Record))

    def add(self, response: Response) -> None:
        """What one response tells of ability and of its skill."""
        is_right, weights = response.is_right, self.weights
        told = HINTED if is_right and response.had_hint else 1.0
        expected = probability(self.priors.get(response.skill_id, 0.0) + self.ability - response.difficulty)
        self.ability += told * ability_step(self.answers, weights) * (is_right - expected)
        self.answers += 1
        share = told * weights.share * telling(response.difficulty, is_right)
        self.records[response.skill_id].add(response, is_right, share)

    def copy(self) -> "Reading":
        """The same, to read on from without changing this one."""
        records = {skill_id: record.copy() for skill_id, record in self.records.items()}
        return replace(self, records=defaultdict(_Record, records))

    def standing(self) -> Standing:
        """As of what was read so far; reading on changes it."""
        return Standing(self.ability, self.priors, self.weights, self.records)


def predict(
    history: History,
    skill_id: str,
    difficulty: float,
    priors: Mapping[str, float],
    weights: Weights = ASSISTMENTS,
) -> float:
    """The probability that the next answer to an item of this skill and difficulty is right."""
    return standing(history, priors, weights).chance(skill_id, difficulty)


def mastery_of(
    history: History, skill_id: str, priors: Mapping[str, float], retrievability: float = 1.0
) -> Mastery:
    """Where a learner stands on one skill."""
    return standing(history, priors).mastery(skill_id, retrievability)


def masteries(
    history: History, priors: Mapping[str, float], retrievabilities: Mapping[str, float]
) -> dict[str, Mastery]:
    """Where a learner stands on every skill that has a prior; what was never reviewed has not faded."""
    held = standing(history, priors)
    return {skill_id: held.mastery(skill_id, retrievabilities.get(skill_id, 1.0)) for skill_id in priors}


def moved_difficulty(level: int, right: int, answers: int, expected: float = EXPECTED_SUCCESS) -> float:
    """An item's difficulty in logits: its author's `level`, moved by its own record from 30 answers on.

    `expected` is the mean chance that was predicted when it was asked. The record says that the item is
    harder than its author thought by log-odds(expected) - log-odds(right / answers), half an answer being
    added on each side (Haldane 1956). Author and record count as 30 to `answers`: an author's level is taken
    to be right within a logit, which is what 30 answers tell.
    """
    author = DIFFICULTY_OF_LEVEL[level]
    if answers < ANSWERS_TO_MOVE:
        return author
    harder = log_odds(expected) - log_odds((right + 0.5) / (answers + 1))
    moved = author + harder * answers / (answers + ANSWERS_TO_MOVE)
    return min(max(moved, -HARDEST), HARDEST)


def ability_step(answers: int, weights: Weights) -> float:
    """How far an answer that could not be foreseen moves ability (uncertainty function: Pelánek 2016)."""
    return max(weights.ability_step / (1 + weights.ability_slowing * answers), weights.ability_least)


@lru_cache(maxsize=1024)  # items share few difficulties
def telling(difficulty: float, is_right: bool) -> float:
    """How much an answer counts: 1 for a middling item, more when a hard one is right or an easy one wrong.

    With these weights the average tends to the chance on a middling item, whichever items were asked: with
    ability a and difficulty d right and wrong answers weigh as exp(a - d) * exp(d) to 1 (Rasch model).
    """
    return 2 * probability(difficulty if is_right else -difficulty)


def probability(logit: float) -> float:
    """Of log-odds, in (0, 1)."""
    if not -30.0 < logit < 30.0:
        logit = math.copysign(30.0, logit)
    return 1 / (1 + math.exp(-logit))


def log_odds(chance: float) -> float:
    """Of a probability in (0, 1)."""
    return math.log(chance / (1 - chance))


def _remembered(chance: float, retrievability: float) -> float:
    """Remembered, the chance is as it was; forgotten, it is a guess (or still less, where it was)."""
    return retrievability * chance + (1 - retrievability) * min(chance, FORGOTTEN)
