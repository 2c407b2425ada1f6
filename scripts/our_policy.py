"""Which question and which lesson next, as the bot does it?

Placement first; then items by bot/learning/quiz.py, and the step of bot/learning/next_step.py, on the
mastery and the cards of all answers. What bot/guidance/record.py reads from a database is kept in memory
here, and every response is read once; tests/scripts/test_compare_policies.py holds the two against each
other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.guidance.record import UNTOLD
from bot.learning import next_step, placement, quiz, reviews
from bot.learning.evidence import DIFFICULTY_OF_LEVEL, Outcome, Response
from bot.learning.graph import SkillGraph
from bot.learning.mastery import Reading
from bot.learning.next_step import NextStep
from bot.learning.placement import Standing, States
from bot.learning.quiz import Choice, Context, Shown
from bot.learning.reviews import Card
from knowledge.schema import Item
from scripts.rivals import Items, Question

START = datetime(2026, 1, 1, 19, tzinfo=UTC)
BETWEEN = timedelta(minutes=1)  # from one answer of a day to the next


@dataclass
class Ours:
    """The bot's policy for one learner; they take every step it offers and begin it."""

    graph: SkillGraph
    items: Items
    states: States
    said: Standing
    rng: Random
    placed: list[tuple[str, Outcome]] = field(default_factory=list)
    is_placed: bool = False
    reading: Reading = field(default_factory=lambda: Reading({}))
    told: list[Response] = field(default_factory=list)
    missed: Mapping[str, int] = field(default_factory=dict)
    latest: dict[str, Response] = field(default_factory=dict)  # by item, oldest first
    shown: dict[str, Shown] = field(default_factory=dict)  # in placement
    cards: dict[str, Card] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    answers_today: int = 0
    today: int = -1

    def __post_init__(self) -> None:
        self._start_from(dict.fromkeys(self.graph.skills, UNTOLD))

    def ask(self, day: int) -> Question | None:
        self._wake(day)
        if not self.is_placed:
            asked = self._placing()
            if asked:
                return asked
        choice = quiz.choose_item(self.items, self.context(), self.rng)
        return (choice.skill_id, choice.item) if isinstance(choice, Choice) else None

    def hear(self, question: Question, outcome: Outcome, day: int) -> None:
        skill_id, item = question
        response = self._response(skill_id, item, outcome)
        self.answers_today += 1
        if not self.is_placed:
            self.placed.append((skill_id, outcome))
            self.shown[item.id] = Shown(item.id, response.answered_at)
            return
        self.reading.add(response)
        self.told.append(response)
        self.missed = next_step.missed_rounds(self.graph, self.told)
        self.latest.pop(item.id, None)
        self.latest[item.id] = response
        review = reviews.review_of(self.cards.get(skill_id), response)
        if review:
            self.cards[skill_id] = reviews.after(self.cards.get(skill_id), review)

    def lesson(self, day: int) -> str | None:
        self._wake(day)
        if not self.is_placed:
            return None  # they finish placement first
        step = self.step(self.chances())
        if not isinstance(step, NextStep):
            return None
        if step.skill_id not in self.begun:
            self.begun.append(step.skill_id)
        return step.skill_id

    def thinks_ready(self, skill_id: str) -> bool:
        """Whether each prerequisite is at least likely held, by the bot's own estimate."""
        chances = self.chances()
        return all(chances[each] >= next_step.LIKELY for each in self.graph.prerequisites[skill_id])

    @property
    def on(self) -> date:
        return self.now.date()

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.today) + self.answers_today * BETWEEN

    def chances(self) -> dict[str, float]:
        """How likely each skill is held today."""
        standing = self.reading.standing()
        recalls = {each: reviews.retrievability(card, self.on) for each, card in self.cards.items()}
        return {
            each: standing.mastery(each, recalls.get(each, 1.0)).probability for each in self.graph.skills
        }

    def mastered_once(self) -> frozenset[str]:
        standing = self.reading.standing()
        return frozenset(each for each in self.graph.skills if standing.mastery(each).is_mastered)

    def step(self, chances: dict[str, float]) -> next_step.NextStep | next_step.GoalReached:
        return next_step.choose(
            self.graph, chances, mastered=self.mastered_once(), failed=self.missed, begun=self.begun
        )

    def context(self) -> Context:
        """What the choice of an item goes by. Of each item only the latest response counts for it."""
        chances = self.chances()
        held = {each for each, chance in chances.items() if chance >= next_step.LIKELY}
        step = self.step(chances)
        first = [step.skill_id] if isinstance(step, NextStep) else []
        return Context(
            now=self.now,
            today=self.on,
            predict=self._predict,
            history=list(self.latest.values()),
            shown=list(self.shown.values()),
            cards=self.cards,
            fringe=[*first, *(each for each in self.graph.outer_fringe(held) if each not in first)],
            mastered_once=self.mastered_once(),
            held={each: chances[each] for each in self.graph.skills if each in held},
            studied=first[0] if first and first[0] in self.begun else None,
        )

    def _predict(self, skill_id: str, item: Item) -> float:
        return self.reading.standing().chance(skill_id, DIFFICULTY_OF_LEVEL[item.level])

    def _wake(self, day: int) -> None:
        if day != self.today:
            self.today, self.answers_today = day, 0

    def _placing(self) -> Question | None:
        """The next question of placement; at its end, mastery starts from what it told."""
        chances = placement.posterior(self.states, self.said, self.placed)
        skill_id = placement.next_question(self.graph, chances, self.placed)
        if skill_id is None:
            self.is_placed = True
            self._start_from(dict(placement.priors(chances)))
            return None
        fresh = [item for item in self.items[skill_id] if item.id not in self.shown]
        return skill_id, self.rng.choice(fresh)

    def _start_from(self, priors: dict[str, float]) -> None:
        self.reading = Reading(priors)

    def _response(self, skill_id: str, item: Item, outcome: Outcome) -> Response:
        return Response(skill_id, item.id, DIFFICULTY_OF_LEVEL[item.level], outcome, self.now, self.on)
