"""Everything a journey can end in: the contract between the journeys and the views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.guidance.places import Place
from bot.learning.check import Verdict
from bot.learning.evidence import Outcome
from bot.learning.mastery import Mastery
from bot.learning.next_step import Reason
from bot.learning.placement import Standing
from bot.learning.plan import Plan
from bot.storage.figures import Figures
from bot.storage.group_quizzes import Score, Vote
from bot.storage.inbox import SetAside
from bot.storage.outbox import FailedMessage
from bot.storage.reports import ReportedItem
from index.answer import Abstention, Answer, NoOtherWords, TwoAnswers
from index.answer import Reason as WhyNot
from index.intents import Intent
from knowledge.problems import Problem
from knowledge.schema import Item, Note, Pack, Resource, Skill, Track


@dataclass(frozen=True)
class Welcome:
    """A learner has come in; `offers_setup` unless they were asked already who they are."""

    pack: Pack
    starters: tuple[Note, ...]
    offers_setup: bool = False
    has_skills: bool = True


@dataclass(frozen=True)
class SmallTalk:
    """Something human that is no question; `topic` says what kind."""

    topic: str
    starters: tuple[Note, ...]


@dataclass(frozen=True)
class WishHeard:
    """A wish instead of a question, told by its intent; it is fulfilled in private chats alone."""

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

    `skills` are in an order in which they can be learnt; `mastered_this_week` holds skill ids. `may_place`:
    a placement would tell more.
    """

    track_title: str
    skills: tuple[SkillProgress, ...]
    next_skill_id: str | None
    streak_days: int
    freezes_left: int
    mastered_this_week: tuple[str, ...]
    answers_this_week: int
    goal_share: float
    may_place: bool = False


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
    is_placing: bool = False


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
    """The next step: one skill with its promise, what speaks for it, and where to begin.

    `may_place`: too little is known of the learner to be sure of it. `was_put_off`: by the learner, and so
    was all else that may be learnt now.
    """

    skill_id: str
    skill: Skill
    reasons: tuple[Reason, ...]
    titles: Mapping[str, str]
    hours: float
    learning: Note | None
    practice: Note | None
    resource: Resource | None
    may_place: bool = False
    was_put_off: bool = False


@dataclass(frozen=True)
class GoalHeld:
    """Nothing is left on the track."""

    track_title: str


SettingName = Literal["goal", "standing", "hours", "zone"]


@dataclass(frozen=True)
class Profile:
    """What a learner has told of themselves; None is what they did not, and then the defaults hold.

    `now` is the time where they are; `tracks` is what there is to choose from, the default first. `alike`:
    where it is as late now, and clocks change, of somebody whose zone is a mere distance from UTC.
    """

    track_id: str | None
    standing: Standing | None
    hours: int | None
    zone: str | None
    zone_title: str
    now: datetime
    tracks: Mapping[str, Track]
    alike: tuple[Place, ...] = ()


@dataclass(frozen=True)
class SettingAsked:
    """A question to the learner about themselves; in the enrolment after what they told just before.

    `zones` are those to choose from by the time it is there.
    """

    what: SettingName
    profile: Profile
    is_enrolment: bool
    told: SettingName | None = None
    zones: tuple[str, ...] = ()
    is_first: bool = False


@dataclass(frozen=True)
class SettingChanged:
    """The learner's newest word, as it stands now."""

    what: SettingName
    profile: Profile


@dataclass(frozen=True)
class PlacesFound:
    """Several places bear the name that the learner wrote."""

    places: tuple[Place, ...]
    is_enrolment: bool


@dataclass(frozen=True)
class Enrolled:
    """The last question of the enrolment is behind the learner; `told` is what they said to it."""

    profile: Profile
    told: SettingName | None = None


@dataclass(frozen=True)
class SkippedBefore:
    """A second tap on "Skip", or one after the enrolment has gone on."""


@dataclass(frozen=True)
class ChoiceGone:
    """An old button for something that cannot be chosen any more, as a track that the pack has no longer."""


Settled = Profile | SettingAsked | SettingChanged | PlacesFound | Enrolled | SkippedBefore | ChoiceGone


@dataclass(frozen=True)
class CheckOffered:
    """A learner says they know a skill: two questions, or their word."""

    skill_id: str
    skill_title: str


@dataclass(frozen=True)
class CheckAsked:
    """One of the two questions; `number` says which."""

    asked: Asked
    number: int


@dataclass(frozen=True)
class Uncheckable:
    """Too few items of the skill are fresh, so the learner's word is taken."""

    skill_title: str


@dataclass(frozen=True)
class Checked:
    """An answer to a check, and what the check has come to."""

    feedback: Feedback
    verdict: Verdict


@dataclass(frozen=True)
class PlacementOffered:
    """What a placement is, and the choice to begin; `answered` in the one under way, None where none is."""

    track_title: str
    answered: int | None
    was_placed: bool


@dataclass(frozen=True)
class PlacementAsked:
    """An item of a placement; `number` counts from 1."""

    asked: Asked
    number: int


@dataclass(frozen=True)
class PlacementNoted:
    """An answer in a placement is written down; what was right is told at the end."""


@dataclass(frozen=True)
class PlacementAnswer:
    """One answer of a placement, for the end."""

    skill_title: str
    item: Item
    outcome: Outcome


@dataclass(frozen=True)
class Placed:
    """The end of a placement: the answers, and titles of the skills by what is now believed of them.

    `is_enough`: whether there were answers enough to believe anything by them.
    """

    answers: tuple[PlacementAnswer, ...]
    is_enough: bool
    held: tuple[str, ...]
    doubtful: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class PlacementOver:
    """A button of a placement that has ended."""


@dataclass(frozen=True)
class PlacementForNobody:
    """Only a person has somewhere to stand."""


@dataclass(frozen=True)
class PlacementTooShort:
    """The pack has fewer items than a placement takes."""


Placing = PlacementOffered | PlacementAsked | Placed | PlacementOver | PlacementForNobody | PlacementTooShort
Checking = CheckOffered | CheckAsked | Checked


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
class DailyNothing:
    """Every item was seen too lately, until that local date; told on the first of such days alone."""

    until_on: date | None


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
    track_id: str = ""


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


@dataclass(frozen=True)
class Rated:
    """The asker said whether an answer helped; None where they took it back."""

    was_helpful: bool | None


@dataclass(frozen=True)
class NotTheirs:
    """Somebody rates the answer to another's question, or to one that is no longer stored."""


@dataclass(frozen=True)
class NoteKept:
    """A note is among the saved ones."""


@dataclass(frozen=True)
class NoteNotKept:
    """A note is no longer among the saved ones."""


@dataclass(frozen=True)
class SavedNotes:
    """A page of the saved notes, from 0, newest first; `count` is how many there are on all `pages`.

    `gone` more were saved that the pack no longer has.
    """

    notes: tuple[Note, ...]
    page: int
    pages: int
    count: int
    is_tidying: bool = False
    gone: int = 0


@dataclass(frozen=True)
class SkillShown:
    """A skill to whoever followed a link to it; `needs` are titles, `note` is where to begin."""

    skill_id: str
    skill: Skill
    needs: tuple[str, ...]
    note: Note | None
    has_items: bool


@dataclass(frozen=True)
class TrackShown:
    """A track to whoever followed a link to it; `skills` is how many it asks for."""

    track_id: str
    track: Track
    skills: int
    note: Note


@dataclass(frozen=True)
class LinkGone:
    """A link leads to what the pack no longer holds, or to nothing there ever was."""

    starters: tuple[Note, ...]


@dataclass(frozen=True)
class Cards:
    """What is shown to whoever types in any chat: short answers, the best first.

    `reason` is why there is no answer among them, "a_wish" where something other than an answer was wanted;
    None where there is one, or where nothing was asked yet.
    """

    answers: tuple[Answer, ...]
    reason: WhyNot | Literal["a_wish"] | None = None


@dataclass(frozen=True)
class GroupAsked:
    """An item put to a group; `options` as in `Asked`."""

    quiz_id: int
    skill_title: str
    item: Item
    options: tuple[str, ...]
    open_for: timedelta


@dataclass(frozen=True)
class GroupStillOpen:
    """A group wants the next item while one has been open for a moment only."""


@dataclass(frozen=True)
class GroupNothing:
    """A group has seen every item lately."""

    skill_title: str | None


@dataclass(frozen=True)
class GroupClosed:
    """The end of an item put to a group: who answered what, and how the best stand."""

    skill_id: str
    item: Item
    note: Note
    votes: tuple[Vote, ...]
    best: tuple[Score, ...]


@dataclass(frozen=True)
class GroupVoted:
    """Somebody of a group answered; only the first answer counts."""

    is_first: bool


@dataclass(frozen=True)
class GroupOver:
    """An answer to an item of a group that is closed, or that nobody knows."""


@dataclass(frozen=True)
class Scoreboard:
    """How the members of a group stand, the best first."""

    best: tuple[Score, ...]


Rating = Rated | NotTheirs | NoteKept | NoteNotKept
Quizzed = Asked | NothingToAsk | Feedback | AlreadyAnswered | ItemGone | Hint | ItemReported
Heard = Answer | TwoAnswers | NoOtherWords | Abstention | SmallTalk | WishHeard


@dataclass(frozen=True)
class PackAtWork:
    """The pack that answers, what is in it, and the index it is found by."""

    title: str
    skills: int
    notes: int
    items: int
    index: str


@dataclass(frozen=True)
class Status:
    """How the bot does, for an operator; `sending` are the broadcasts under way."""

    figures: Figures
    pack: PackAtWork
    sending: tuple["BroadcastShown", ...]
    started_at: datetime
    now: datetime


@dataclass(frozen=True)
class Gap:
    """One matter that was asked in vain, so many times; `reasons` are why: of an abstention, or unhelpful.

    `question_id` is the newest question about it, and `examples` differ from each other.
    """

    question_id: int
    asked: int
    examples: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Gaps:
    """What was asked in vain in so many days, largest matter first, from the one numbered `after` on.

    `foreign` questions were in another language, beside the others.
    """

    gaps: tuple[Gap, ...]
    after: int
    matters: int
    questions: int
    foreign: int
    days: int


@dataclass(frozen=True)
class NoteWanted:
    """A gap to be filled, and what the pack has next to it."""

    gap: Gap
    related: tuple[Note, ...]


@dataclass(frozen=True)
class GapGone:
    """Nobody asked that lately, or it is answered by now."""


@dataclass(frozen=True)
class Reported:
    """An item that learners call wrong or unclear; None where the pack no longer has it."""

    report: ReportedItem
    item: Item | None


@dataclass(frozen=True)
class Troubles:
    """How much waits for an operator."""

    reported: int
    set_aside: int
    failed: int


Trouble = Reported | SetAside | FailedMessage


@dataclass(frozen=True)
class TroublePage:
    """Some troubles of one kind, from the one numbered `after` on; `settled` is what was just done."""

    kind: Literal["items", "aside", "unsent"]
    troubles: tuple[Trouble, ...]
    after: int
    total: int
    now: datetime
    settled: Literal["retried", "dropped", "cleared", "gone"] | None = None


@dataclass(frozen=True)
class BroadcastShown:
    """A broadcast, and how far it is. Of a draft `recipients` would get it, else they get or got it."""

    id: int
    state: str
    recipients: int
    left_out: int
    waiting: int
    failed: int
    withdrawn: int
    is_stale: bool = False

    @property
    def sent(self) -> int:
        """How many were taken by Telegram."""
        return max(0, self.recipients - self.waiting - self.failed - self.withdrawn)


@dataclass(frozen=True)
class BroadcastRehearsed:
    """A dry run: everything but the sending."""

    shown: BroadcastShown
    batches: int


@dataclass(frozen=True)
class BroadcastGone:
    """No broadcast bears that number any more."""


@dataclass(frozen=True)
class Reloaded:
    """A changed pack is at work; ids of the notes that are new, changed or gone."""

    pack: PackAtWork
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class PackUnchanged:
    """The files say what is at work already."""

    pack: PackAtWork


@dataclass(frozen=True)
class ReloadRefused:
    """The pack has problems; what was at work still is."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ReloadFailed:
    """Something else went wrong; what was at work still is."""

    reason: str


@dataclass(frozen=True)
class ReloadUnderWay:
    """One is enough at a time."""


Reloading = Reloaded | PackUnchanged | ReloadRefused | ReloadFailed | ReloadUnderWay
Broadcasting = BroadcastShown | BroadcastRehearsed | BroadcastGone
