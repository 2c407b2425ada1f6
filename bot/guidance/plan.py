"""A learner wants to know what to do in which week, and when they will be there."""

from dataclasses import dataclass
from datetime import datetime

from bot.guidance.record import Record
from bot.guidance.results import GoalHeld, Planned
from bot.guidance.tutor import Tutor
from bot.learning.next_step import NextStep
from bot.learning.plan import plan_of
from bot.storage import learners
from bot.storage.database import Transaction

ASSUMED_HOURS = 5  # a week, of who did not say: an hour on each working day; our choice


@dataclass(frozen=True)
class MakePlan:
    """Plans from today and from what is held: a plan made anew knows of no arrears."""

    tutor: Tutor

    async def make(self, connection: Transaction, telegram_id: int, now: datetime) -> Planned | GoalHeld:
        """The plan of this learner."""
        record = await self.tutor.record(connection, telegram_id, now)
        planned = self._planned(record) if record else None
        return planned or GoalHeld(self.tutor.track_title(record))

    async def change_hours(
        self, tx: Transaction, telegram_id: int, hours: int, now: datetime
    ) -> Planned | GoalHeld:
        """Remember how many hours a week the learner has; then the new plan."""
        learner = await learners.find(tx, telegram_id)
        if learner:
            await learners.change(tx, learner.id, hours_a_week=hours)
        return await self.make(tx, telegram_id, now)

    def _planned(self, record: Record) -> Planned | None:
        """None where nothing is left to learn."""
        learner, step = record.learner, record.next_step()
        first = step.skill_id if isinstance(step, NextStep) else None
        hours = learner.hours_a_week or ASSUMED_HOURS
        held = record.mastered_once - {first}  # what has faded is planned again
        plan = plan_of(record.graph, held, record.chances, hours, record.today, first)
        if not plan.weeks:
            return None
        return Planned(
            self.tutor.track_title(record),
            plan,
            {skill_id: skill.title for skill_id, skill in self.tutor.library.skills.items()},
            learner.hours_a_week is None,
            record.zone.key,
            learner.daily_time,
            str(learner.id),
            record.now,
            self.tutor.track_of(learner),
        )
