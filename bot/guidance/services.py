"""The journeys in one typed value, for the handlers."""

from dataclasses import dataclass

from bot.guidance.ask import Ask
from bot.guidance.bookmarks import Bookmarks
from bot.guidance.daily import Daily
from bot.guidance.enrol import Enrol
from bot.guidance.follow import Follow
from bot.guidance.gaps import FindGaps
from bot.guidance.group_quiz import QuizGroups
from bot.guidance.inline import Inline
from bot.guidance.my_data import MyData
from bot.guidance.next_step import ChooseNextStep
from bot.guidance.operate import Operate
from bot.guidance.placement import Place
from bot.guidance.plan import MakePlan
from bot.guidance.progress import ShowProgress
from bot.guidance.quiz import Quiz
from bot.guidance.settings import ChangeSettings
from bot.guidance.weekly import Weekly
from knowledge.schema import Pack


@dataclass(frozen=True)
class Services:
    """What a learner can do with the bot."""

    ask: Ask
    enrol: Enrol
    quiz: Quiz
    next_step: ChooseNextStep
    progress: ShowProgress
    plan: MakePlan
    my_data: MyData
    settings: ChangeSettings
    placement: Place
    daily: Daily
    weekly: Weekly
    bookmarks: Bookmarks
    follow: Follow
    inline: Inline
    group_quiz: QuizGroups
    operate: Operate
    gaps: FindGaps

    @property
    def pack(self) -> Pack:
        """What the bot knows about."""
        return self.ask.library.pack

    @property
    def has_skills(self) -> bool:
        """Whether there is anything to learn step by step; a new pack often has notes alone."""
        return bool(self.ask.library.skills)

    @property
    def has_items(self) -> bool:
        """Whether there is anything to ask a learner."""
        return any(self.ask.library.items.values())
