"""What is known of a learner, read once and made sense of: what every journey of the tutor stands on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from bot.learning import mastery, next_step
from bot.learning.evidence import Response
from bot.learning.graph import SkillGraph
from bot.learning.mastery import Mastery
from bot.learning.reviews import Card, retrievability
from bot.storage import attempts, cards, wishes
from bot.storage.attempts import Attempt
from bot.storage.database import Transaction
from bot.storage.learners import Learner

QUIZ = "quiz"  # what an attempt is for
UNTOLD = -1.0  # logits: a skill of which nothing is known is rather not held yet; our choice


@dataclass(frozen=True)
class Record:
    """A learner on their track. `now` is the moment everything is judged at."""

    learner: Learner
    graph: SkillGraph
    attempts: Sequence[Attempt]
    cards: Mapping[str, Card]
    wishes: Mapping[str, tuple[str, datetime]]
    now: datetime

    @property
    def today(self) -> date:
        """The date; of UTC, until learners can tell their zone."""
        return self.now.astimezone(UTC).date()

    @cached_property
    def history(self) -> tuple[Response, ...]:
        """Every answer, oldest first."""
        return tuple(each.response() for each in self.attempts if each.outcome)

    @property
    def priors(self) -> Mapping[str, float]:
        """Log-odds of each skill of the track before the first quiz."""
        return dict.fromkeys(self.graph.skills, UNTOLD)

    @cached_property
    def masteries(self) -> Mapping[str, Mastery]:
        """Where the learner stands on every skill of the track, as far as it is remembered today."""
        recalls = {skill_id: retrievability(card, self.today) for skill_id, card in self.cards.items()}
        return mastery.masteries(self.history, self.priors, recalls)

    @cached_property
    def mastered_once(self) -> frozenset[str]:
        """What was mastered when it was last answered, faded since or not."""
        return self.mastered_before(self.now + timedelta(seconds=1))

    def mastered_before(self, moment: datetime) -> frozenset[str]:
        """What was mastered by answers, or said to be known, before that moment."""
        answers = [each for each in self.history if each.answered_at < moment]
        fresh = mastery.masteries(answers, self.priors, {})
        said = {
            skill_id
            for skill_id, (wish, made_at) in self.wishes.items()
            if wish == wishes.KNOWN and made_at < moment
        }
        return frozenset(skill_id for skill_id, each in fresh.items() if each.is_mastered) | said

    @cached_property
    def chances(self) -> Mapping[str, float]:
        """How likely each skill is held; what the learner says they know is taken as held."""
        said = {skill_id: 1.0 for skill_id, (wish, _) in self.wishes.items() if wish == wishes.KNOWN}
        return {skill_id: each.probability for skill_id, each in self.masteries.items()} | said

    def mastery_of(self, skill_id: str) -> Mastery:
        """Where the learner stands on one skill, be it of their track or not."""
        card = self.cards.get(skill_id)
        recall = retrievability(card, self.today) if card else 1.0
        return mastery.mastery_of(self.history, skill_id, self.priors, recall)

    @property
    def ready(self) -> tuple[str, ...]:
        """Skills that may be learnt now: not held, but all they need is."""
        held = {skill_id for skill_id, chance in self.chances.items() if chance >= next_step.LIKELY}
        return self.graph.outer_fringe(held)

    def next_step(self) -> next_step.NextStep | next_step.GoalReached:
        """The skill to take up next."""
        by_wish = {
            word: [skill_id for skill_id, (wish, _) in self.wishes.items() if wish == word]
            for word in (wishes.PUT_OFF, wishes.KNOWN, wishes.STARTED)
        }
        return next_step.choose(
            self.graph,
            self.chances,
            mastered=self.mastered_once,
            put_off=by_wish[wishes.PUT_OFF],
            begun=by_wish[wishes.STARTED],
            overruled=by_wish[wishes.KNOWN],
        )


async def read(connection: Transaction, learner: Learner, graph: SkillGraph, now: datetime) -> Record:
    """Everything stored of a learner."""
    kept = await cards.of_learner(connection, learner.id)
    return Record(
        learner,
        graph,
        await attempts.of_learner(connection, learner.id),
        {skill_id: Card.from_json(card) for skill_id, card in kept.items()},
        await wishes.of_learner(connection, learner.id),
        now,
    )
