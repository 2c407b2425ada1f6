"""What is known of a learner, read once and made sense of: what every journey of the tutor stands on."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.learning import mastery, next_step, placement
from bot.learning.evidence import Outcome, Response
from bot.learning.graph import SkillGraph
from bot.learning.mastery import Mastery
from bot.learning.placement import Answers, Standing, States
from bot.learning.reviews import Card, retrievability
from bot.storage import attempts, cards, placements, wishes
from bot.storage.attempts import Attempt
from bot.storage.database import Transaction
from bot.storage.learners import Learner
from bot.storage.placements import Placement

QUIZ, CHECK, PLACEMENT, DAILY = "quiz", "check", "placement", "daily"  # what an attempt is for
UNTOLD = -1.0  # logits: a skill of which nothing is known is rather not held yet; our choice
FINISHED = 0.7  # chance that a skill is held whose learner says they have finished it; our choice
SOMEWHERE = "UTC"  # the zone of who did not tell theirs


@dataclass(frozen=True)
class Record:
    """A learner on their track. `now` is the moment everything is judged at."""

    learner: Learner
    graph: SkillGraph
    attempts: Sequence[Attempt]
    cards: Mapping[str, Card]
    wishes: Mapping[str, tuple[str, datetime]]
    placement: Placement | None
    placed: Mapping[str, float]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """Where the learner's days begin and end."""
        return ZoneInfo(self.learner.timezone or SOMEWHERE)

    @property
    def today(self) -> date:
        """The learner's local date."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def answers(self) -> tuple[Response, ...]:
        """Every answer, whatever it was asked for, oldest first."""
        return tuple(each.response() for each in self.attempts if each.outcome)

    @cached_property
    def history(self) -> tuple[Response, ...]:
        """The answers that mastery is made of, oldest first; those it starts from were told by placement."""
        placing = self._placing if self.placed else []
        return tuple(each.response() for each in self.attempts if each.outcome and each not in placing)

    @property
    def placement_answers(self) -> Answers:
        """Of the last placement, oldest first."""
        return [(each.skill_id, Outcome(each.outcome)) for each in self._placing if each.outcome]

    @property
    def _placing(self) -> list[Attempt]:
        return placing(self.attempts, self.placement)

    @cached_property
    def priors(self) -> Mapping[str, float]:
        """Log-odds of each skill of the track before the first quiz: from placement, and from what they say.

        Who has finished a skill has most likely met all it rests on.
        """
        believed = {skill_id: self.placed.get(skill_id, UNTOLD) for skill_id in self.graph.skills}
        said = [skill_id for skill_id, (wish, _) in self.wishes.items() if wish == wishes.FINISHED]
        for finished in said:
            for skill_id in {finished, *self.graph.foundations.get(finished, ())} & believed.keys():
                believed[skill_id] = max(believed[skill_id], mastery.log_odds(FINISHED))
        return believed

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


def placing(shown: Sequence[Attempt], run: Placement | None) -> list[Attempt]:
    """What was asked in one placement, oldest first."""
    if run is None:
        return []
    return [each for each in shown if each.purpose == PLACEMENT and each.shown_at >= run.started_at]


async def read(
    connection: Transaction,
    learner: Learner,
    graph: SkillGraph,
    states_of: Callable[[], Awaitable[States]],
    now: datetime,
) -> Record:
    """Everything stored of a learner; the states of the graph are wanted only of who was placed on it."""
    kept = await cards.of_learner(connection, learner.id)
    shown = await attempts.of_learner(connection, learner.id)
    run = await placements.latest(connection, learner.id)
    answers = [(each.skill_id, Outcome(each.outcome)) for each in placing(shown, run) if each.outcome]
    answers = [each for each in answers if each[0] in graph.prerequisites]
    placed: Mapping[str, float] = {}
    if run and run.ended_at and len(answers) >= placement.FEWEST:
        standing = Standing(learner.standing or Standing.UNKNOWN)
        placed = placement.priors(placement.posterior(await states_of(), standing, answers))
    return Record(
        learner,
        graph,
        shown,
        {skill_id: Card.from_json(card) for skill_id, card in kept.items()},
        await wishes.of_learner(connection, learner.id),
        run,
        placed,
        now,
    )
