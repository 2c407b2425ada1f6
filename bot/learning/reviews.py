"""What is about to be forgotten, and when to ask again? One FSRS card for each learner and skill. Pure.

FSRS counts whole days, so it is given days: the learner's local dates, as noons in UTC. Neither an evening
answer followed by a morning one, nor a journey, nor a change of clocks then looks like an answer on the same
day (for which FSRS is no better than a constant: srs-benchmark, its table with same-day reviews).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache

import fsrs
from fsrs import Rating, Scheduler, State
from pydantic import TypeAdapter

from bot.learning.evidence import History, Outcome, Response

# Every set of weights a review was ever made with, so that old logs can be replayed after a change. These
# are the defaults of fsrs 6.3, fitted on some 10,000 users of Anki; our own come after 1,000 reviews.
WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "fsrs-6.3-default": (
        *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
        *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
    )
}
WEIGHTS_VERSION = "fsrs-6.3-default"  # of new reviews

# The predicted recall at which a skill is due. FSRS defines stability as the days down to 0.9, and on options
# a guess flatters the recall, so we stay at the top of the useful range: 4 reviews in a skill's first 60
# days, against 3 at 0.85 and 5 at 0.95.
DESIRED_RETENTION = 0.9

LONGEST_INTERVAL = 365  # days; ours: nobody should rely on an answer given more than a year ago
MOST_DUE_A_DAY = 5  # skills; learners give 3 to 5 answers a day, and a backlog shown whole makes people quit


@dataclass(frozen=True)
class Review:
    """One graded review, as it is logged. `reviewed_on` is the learner's local date."""

    skill_id: str
    rating: Rating
    reviewed_at: datetime
    reviewed_on: date
    weights_version: str = WEIGHTS_VERSION


@dataclass(frozen=True)
class Card:
    """What is remembered of one skill: `stability` in days until recall falls to 0.9, `difficulty` 1 to 10.

    `due_on` and `reviewed_on` are local dates; `lapses` counts how often it was known and then was not.
    """

    skill_id: str
    stability: float
    difficulty: float
    due_on: date
    reviewed_at: datetime
    reviewed_on: date
    reviews: int
    lapses: int
    weights_version: str

    @property
    def due_at(self) -> datetime:
        """About when it falls due, for a search in storage; whether it is due is told by `due_on`."""
        return self.reviewed_at + (self.due_on - self.reviewed_on)

    def to_json(self) -> str:
        return _CARDS.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "Card":
        return _CARDS.validate_json(text)

    def to_fsrs(self) -> fsrs.Card:
        """The library's card; it has one id for all, as ours are told apart by skill."""
        return fsrs.Card(
            card_id=0,
            state=State.Review,
            stability=self.stability,
            difficulty=self.difficulty,
            due=_noon(self.due_on),
            last_review=_noon(self.reviewed_on),
        )


_CARDS = TypeAdapter(Card)


@dataclass(frozen=True)
class DueToday:
    """The skills to ask for today, most urgent first; `later` wait for another day."""

    cards: tuple[Card, ...]
    later: int


def rating_of(response: Response) -> Rating:
    """Never Easy: an option chosen fast tells too little to wait much longer for the next time."""
    if response.outcome is not Outcome.CORRECT:
        return Rating.Again
    return Rating.Hard if response.had_hint else Rating.Good


def review_of(card: Card | None, response: Response) -> Review | None:
    """What an answer counts for; None when the skill has had its one review of that day, or of a later one.

    A later one: who flies east across the date line lives a day twice.
    """
    if card is not None and response.answered_on <= card.reviewed_on:
        return None
    return Review(response.skill_id, rating_of(response), response.answered_at, response.answered_on)


def after(card: Card | None, review: Review) -> Card:
    """The card after a review; with none before, the skill's first."""
    before = card.to_fsrs() if card else fsrs.Card(card_id=0, due=_noon(review.reviewed_on))
    then, _ = _scheduler(review.weights_version).review_card(before, review.rating, _noon(review.reviewed_on))
    assert then.stability is not None
    assert then.difficulty is not None
    return Card(
        review.skill_id,
        then.stability,
        then.difficulty,
        then.due.date(),
        review.reviewed_at,
        review.reviewed_on,
        reviews=(card.reviews if card else 0) + 1,
        lapses=(card.lapses + (review.rating is Rating.Again)) if card else 0,
        weights_version=review.weights_version,
    )


def replay(responses: History, weights_version: str = WEIGHTS_VERSION) -> Card | None:
    """The card of one skill from its answers, oldest first; None where there are none."""
    card = None
    for response in responses:
        review = review_of(card, response)
        card = after(card, replace(review, weights_version=weights_version)) if review else card
    return card


def replay_log(reviews: Iterable[Review]) -> Card | None:
    """The card of one skill from its log, each review with the weights it was made with."""
    card = None
    for review in reviews:
        card = after(card, review)
    return card


def cards_of(history: History) -> dict[str, Card]:
    """The cards of all skills a learner has answered for."""
    by_skill: dict[str, list[Response]] = {}
    for response in history:
        by_skill.setdefault(response.skill_id, []).append(response)
    return {skill: card for skill, responses in by_skill.items() if (card := replay(responses))}


def retrievability(card: Card, today: date) -> float:
    """The probability of a right answer on a local date, in (0, 1]."""
    return _scheduler(card.weights_version).get_card_retrievability(card.to_fsrs(), _noon(today))


def is_due(card: Card, today: date) -> bool:
    """Whether the day has come, whatever the hour."""
    return card.due_on <= today


def due(
    cards: Sequence[Card], today: date, weights: Mapping[str, float], limit: int = MOST_DUE_A_DAY
) -> DueToday:
    """At most `limit` skills a day, those first where most is lost: what is forgotten times what it weighs.

    Reviews already made today count towards the limit, so that a capped day ends; first answers do not.
    """
    waiting = [(retrievability(card, today), card) for card in cards if is_due(card, today)]
    waiting.sort(key=lambda each: (-(1 - each[0]) * weights.get(each[1].skill_id, 0.0), each[0]))
    made = sum(card.reviews > 1 and card.reviewed_on >= today for card in cards)
    today_only = waiting[: max(limit - made, 0)]
    return DueToday(tuple(card for _, card in today_only), len(waiting) - len(today_only))


@cache
def _scheduler(weights_version: str) -> Scheduler:
    """No learning steps: they are minutes, and we ask by days. No fuzz: it is hidden chance, and a replay
    must give the same card; a pile of due skills is spread by the limit of a day instead.
    """
    return Scheduler(
        WEIGHTS[weights_version],
        desired_retention=DESIRED_RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST_INTERVAL,
        enable_fuzzing=False,
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
