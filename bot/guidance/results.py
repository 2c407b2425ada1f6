"""Everything a journey can end in: the contract between the journeys and the views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from bot.learning.evidence import Outcome
from bot.learning.mastery import Mastery
from bot.learning.next_step import Reason
from bot.learning.plan import Plan
from index.answer import Abstention, Answer, TwoAnswers
from index.intents import Intent
from knowledge.schema import Item, Note, Pack, Resource, Skill


@dataclass(frozen=True)
class Welcome:
    """A learner has come in."""

    pack: Pack
    starters: tuple[Note, ...]


@dataclass(frozen=True)
class SmallTalk:
    """Something human that is no question; `topic` says what kind."""

    topic: str
    starters: tuple[Note, ...]


@dataclass(frozen=True)
class NotYet:
    """A wish this version of the bot cannot fulfil, told by its intent."""

    intent: Intent
    starters: tuple[Note, ...]


@dataclass(frozen=True)
class NoteGone:
    """A button names a note that the pack no longer holds."""

    starters: tuple[Note, ...]


SkillState = Literal["mastered", "learning", "ready", "locked", "fading"]


@dataclass(frozen=True)
class SkillProgress:
    """Where a learner stands with one skill; mastery lies between `low` and `high`, from 0 to 1."""

    skill_id: str
    title: str
    state: SkillState
    low: float
    high: float
    prerequisites: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """Where a learner stands on a track; `goal_share`, from 0 to 1, is how much of it is behind them.

    `skills` are in an order in which they can be learnt; `mastered_this_week` holds skill ids.
    """

    track_title: str
    skills: tuple[SkillProgress, ...]
    next_skill_id: str | None
    streak_days: int
    freezes_left: int
    mastered_this_week: tuple[str, ...]
    answers_this_week: int
    goal_share: float


@dataclass(frozen=True)
class Asked:
    """An item put before the learner; `options` are the ids in the order shown, "I don't know" last."""

    attempt_id: int
    skill_title: str
    item: Item
    options: tuple[str, ...]


@dataclass(frozen=True)
class NothingToAsk:
    """Every item was seen too lately; from `until_on`, a local date, there is one again, if at all."""

    skill_title: str | None
    until_on: date | None


@dataclass(frozen=True)
class Feedback:
    """What came of an answer: the chosen option's words, the note behind, and what it did to mastery."""

    skill_id: str
    skill_title: str
    attempt_id: int
    item: Item
    chosen: str
    outcome: Outcome
    note: Note
    before: Mastery
    after: Mastery


@dataclass(frozen=True)
class AlreadyAnswered:
    """A second tap on an item that has its answer; the first one counts."""

    item: Item
    chosen: str


@dataclass(frozen=True)
class ItemGone:
    """An item that is no more in the pack, is not this learner's, or whose poll nobody knows."""


@dataclass(frozen=True)
class Hint:
    """A nudge towards the answer; None where the item has none."""

    text: str | None


@dataclass(frozen=True)
class ItemReported:
    """Somebody finds an item wrong or unclear."""


@dataclass(frozen=True)
class Step:
    """The next step: one skill with its promise, what speaks for it, and where to begin."""

    skill_id: str
    skill: Skill
    reasons: tuple[Reason, ...]
    titles: Mapping[str, str]
    hours: float
    learning: Note | None
    practice: Note | None
    resource: Resource | None


@dataclass(frozen=True)
class GoalHeld:
    """Nothing is left on the track."""

    track_title: str


@dataclass(frozen=True)
class DailyPlan:
    """When the learner's daily prompt comes: `at` on their clock, None if it is off.

    `next_at` is the next one and `local_now` the moment, both by that clock; a plan without `next_at` rests.
    `timezone` is None of a learner who has not told theirs; `is_weekly` where a summary comes on Sundays.
    """

    at: time | None
    every: int
    next_at: datetime | None
    local_now: datetime
    timezone: str | None
    is_weekly: bool = False


@dataclass(frozen=True)
class DailyPrompt:
    """The item of the day; `is_fading` of a skill that was held and begins to fade."""

    prompt_id: int
    asked: Asked
    is_fading: bool = False


@dataclass(frozen=True)
class DailyDoubt:
    """Some prompts in a row were not answered: shall they go on? Until the learner says so, they rest."""

    every: int


@dataclass(frozen=True)
class PromptLater:
    """The prompt comes again at that time of the learner's clock."""

    at: datetime
    prompt_id: int
    is_news: bool = True


@dataclass(frozen=True)
class PromptSkipped:
    """No prompt today any more; `is_late` where the learner wanted it later, and the day ends."""

    plan: DailyPlan
    is_late: bool = False


@dataclass(frozen=True)
class PromptOver:
    """A button of a prompt that has had its answer or its day; the plan is None of who is no learner."""

    plan: DailyPlan | None


@dataclass(frozen=True)
class WeeklySet:
    """A summary of the week comes at that time of the learner's clock; None: no more."""

    next_at: datetime | None


@dataclass(frozen=True)
class Planned:
    """The way to the goal, week by week. `owner` tells this learner's calendar from another's.

    `is_assumed` where the learner did not say how many hours a week they have; `study_time`, of their zone,
    is None where they named no hour.
    """

    track_title: str
    plan: Plan
    titles: Mapping[str, str]
    is_assumed: bool
    timezone: str
    study_time: time | None
    owner: str
    now: datetime


@dataclass(frozen=True)
class Export:
    """Everything stored about a learner: the rows of each table."""

    tables: Mapping[str, Sequence[Mapping[str, object]]]
    made_at: datetime


@dataclass(frozen=True)
class NothingStored:
    """Nobody knows this learner."""


@dataclass(frozen=True)
class Stopped:
    """The bot writes only when it is written to; `had_prompts` tells whether it did otherwise before."""

    had_prompts: bool


Quizzed = Asked | NothingToAsk | Feedback | AlreadyAnswered | ItemGone | Hint | ItemReported
Heard = Answer | TwoAnswers | Abstention | SmallTalk | NotYet
