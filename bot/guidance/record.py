"""What is known of a learner, read once and made sense of: what every journey of the tutor stands on."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.guidance.readings import Readings
from bot.learning import mastery, next_step, placement
from bot.learning.evidence import Outcome, Response
from bot.learning.graph import SkillGraph
from bot.learning.mastery import Mastery
from bot.learning.placement import Answers, Standing, States
from bot.learning.reviews import Card, retrievability
from bot.storage import cards, placements, wishes
from bot.storage.attempts import Attempt
from bot.storage.database import Transaction
from bot.storage.learners import Learner
from bot.storage.placements import Placement
from bot.storage.settled import SettledAttempts

QUIZ, CHECK, PLACEMENT, DAILY = "quiz", "check", "placement", "daily"  # what an attempt is for
UNTOLD = -1.0  # logits: a skill of which nothing is known is rather not held yet; our choice
FINISHED = 0.7  # chance that a skill is held whose learner says they have finished it; our choice
SOMEWHERE = "UTC"  # the zone of who did not tell theirs


@dataclass(frozen=True)
class Record:
    """A learner on their track. `now` is the moment everything is judged at.

    `placement` is the latest, under way or over, and `placing` what it showed. `placed` are the log-odds that
    the latest one over with enough answers led to, `placed_by` the ids of the attempts it rests on.
    """

    learner: Learner
    graph: SkillGraph
    attempts: Sequence[Attempt]
    cards: Mapping[str, Card]
    wishes: Mapping[str, tuple[str, datetime]]
    placement: Placement | None
    placing: Sequence[Attempt]
    placed: Mapping[str, float]
    placed_by: frozenset[int]
    now: datetime
    readings: Readings

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
        return tuple(response for _, response in self._answered)

    @cached_property
    def _answered(self) -> Sequence[tuple[Attempt, Response]]:
        """Made once: there may be thousands."""
        return [(each, each.response) for each in self.attempts if each.outcome]

    @cached_property
    def history(self) -> tuple[Response, ...]:
        """The answers that mastery is made of, oldest first; those it starts from were told by placement."""
        return tuple(response for each, response in self._answered if each.id not in self.placed_by)

    @property
    def standing(self) -> Standing:
        """What the learner said of themselves at the start."""
        return _standing(self.learner)

    @property
    def is_placing(self) -> bool:
        """Whether a placement is under way."""
        return self.placement is not None and self.placement.ended_at is None

    @property
    def may_place(self) -> bool:
        """Whether a placement would tell much: there is none yet, and little else to go by."""
        return not self.placed and len(self.answers) < placement.FEWEST

    @property
    def placement_answers(self) -> Answers:
        """Of the latest placement, as far as they are about this track, oldest first."""
        return _outcomes(_answered(self.placing, self.graph))

    @property
    def known(self) -> frozenset[str]:
        """What the learner says they know: by a check, or overruling us."""
        return frozenset(each for each, (wish, _) in self.wishes.items() if wish == wishes.KNOWN)

    @property
    def checks(self) -> Sequence[Response]:
        """The answers to "do I know this already?", oldest first."""
        return [response for each, response in self._answered if each.purpose == CHECK]

    @cached_property
    def missed_rounds(self) -> Mapping[str, int]:
        """Rounds gone wrong in a row on a skill; what placement asks nobody need have learnt."""
        quizzed = [response for each, response in self._answered if each.purpose != PLACEMENT]
        return next_step.missed_rounds(self.graph, quizzed)

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
    def reading(self) -> mastery.Standing:
        """The history, read once: it is long, and much is asked of it."""
        return self.readings.standing(self.learner, self.history, self.priors, self.now)

    @cached_property
    def masteries(self) -> Mapping[str, Mastery]:
        """Where the learner stands on every skill of the track, as far as it is remembered today."""
        return {skill_id: self.mastery_of(skill_id) for skill_id in self.priors}

    @cached_property
    def mastered_once(self) -> frozenset[str]:
        """What was mastered when it was last answered, faded since or not."""
        return self._mastered(self.reading, self.now + timedelta(seconds=1))

    def mastered_before(self, moment: datetime) -> frozenset[str]:
        """What was mastered by answers, or said to be known, before that moment."""
        answers = [each for each in self.history if each.answered_at < moment]
        return self._mastered(mastery.standing(answers, self.priors), moment)

    def _mastered(self, standing: mastery.Standing, moment: datetime) -> frozenset[str]:
        said = {
            skill_id
            for skill_id, (wish, made_at) in self.wishes.items()
            if wish == wishes.KNOWN and made_at < moment
        }
        return frozenset(each for each in self.priors if standing.mastery(each).is_mastered) | said

    @cached_property
    def chances(self) -> Mapping[str, float]:
        """How likely each skill is held; what the learner says they know is taken as held."""
        said = {skill_id: 1.0 for skill_id, (wish, _) in self.wishes.items() if wish == wishes.KNOWN}
        return {skill_id: each.probability for skill_id, each in self.masteries.items()} | said

    def mastery_of(self, skill_id: str) -> Mastery:
        """Where the learner stands on one skill, be it of their track or not."""
        card = self.cards.get(skill_id)
        recall = retrievability(card, self.today) if card else 1.0
        return self.reading.mastery(skill_id, recall)

    @property
    def held(self) -> Mapping[str, float]:
        """The skills that are likely held, and how likely."""
        return {each: self.chances[each] for each in self.priors if self.chances[each] >= next_step.LIKELY}

    @property
    def ready(self) -> tuple[str, ...]:
        """Skills that may be learnt now: not held, but all they need is."""
        return self.graph.outer_fringe(self.held)

    def wished(self, word: str) -> list[str]:
        """The skills of which the learner said this."""
        return [skill_id for skill_id, (wish, _) in self.wishes.items() if wish == word]

    @property
    def _just_finished(self) -> list[str]:
        """What the learner says they have finished, until answers on it or above it tell more."""
        said = [(skill_id, at) for skill_id, (wish, at) in self.wishes.items() if wish == wishes.FINISHED]
        latest = {each.skill_id: each.answered_at for each in self.answers} if said else {}
        doubted = {each for missed in self.missed_rounds for each in self.graph.foundations[missed]}
        new = [skill_id for skill_id, at in said if skill_id not in latest or latest[skill_id] <= at]
        return [skill_id for skill_id in new if skill_id not in doubted]

    def next_step(self) -> next_step.NextStep | next_step.GoalReached:
        """The skill to take up next."""
        return next_step.choose(
            self.graph,
            self.chances,
            mastered=self.mastered_once,
            put_off=self.wished(wishes.PUT_OFF) + self._just_finished,
            failed=self.missed_rounds,
            begun=self.wished(wishes.STARTED),
            overruled=self.wished(wishes.KNOWN),
        )


def _standing(learner: Learner) -> Standing:
    return Standing(learner.standing or Standing.UNKNOWN)


def _shown_in(runs: Sequence[Placement], shown: Sequence[Attempt]) -> list[list[Attempt]]:
    """What each placement showed: from its start to that of the next."""
    found: dict[int, list[Attempt]] = {run.id: [] for run in runs}
    for each in (one for one in shown if one.purpose == PLACEMENT):
        begun = [run.id for run in runs if run.started_at <= each.shown_at]
        if begun:
            found[begun[-1]].append(each)
    return list(found.values())


def _answered(shown: Sequence[Attempt], graph: SkillGraph) -> list[Attempt]:
    """What is about a skill of the graph: placed for one track, one is placed for what others share."""
    return [each for each in shown if each.outcome and each.skill_id in graph.prerequisites]


def _outcomes(answered: Sequence[Attempt]) -> Answers:
    return [(each.skill_id, Outcome(each.outcome)) for each in answered if each.outcome]


def _telling(
    runs: Sequence[Placement], asked: Sequence[Sequence[Attempt]], graph: SkillGraph
) -> list[Attempt]:
    """The answers of the latest placement that is over and had enough of them."""
    of_runs = ((run, _answered(shown, graph)) for run, shown in zip(runs, asked, strict=True))
    enough = [each for run, each in of_runs if run.ended_at and len(each) >= placement.FEWEST]
    return enough[-1] if enough else []


async def read(
    connection: Transaction,
    learner: Learner,
    graph: SkillGraph,
    settled: SettledAttempts,
    readings: Readings,
    states_of: Callable[[], Awaitable[States]],
    now: datetime,
) -> Record:
    """Everything stored of a learner; the states of the graph are wanted only of who was placed on it."""
    kept = await cards.of_learner(connection, learner.id)
    shown = await settled.of_learner(connection, learner, now)
    runs = await placements.of_learner(connection, learner.id)
    asked = _shown_in(runs, shown)
    telling = _telling(runs, asked, graph)
    placed: Mapping[str, float] = {}
    if telling:
        chances = placement.posterior(await states_of(), _standing(learner), _outcomes(telling))
        placed = placement.priors(chances)
    return Record(
        learner,
        graph,
        shown,
        {skill_id: Card.from_json(card) for skill_id, card in kept.items()},
        await wishes.of_learner(connection, learner.id),
        runs[-1] if runs else None,
        asked[-1] if asked else [],
        placed,
        frozenset(each.id for each in telling),
        now,
        readings,
    )
