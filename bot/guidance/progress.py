"""A learner wants to see where they stand: the skills of their track, their week and their streak."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.guidance.record import Record
from bot.guidance.results import Progress, SkillProgress, SkillState
from bot.guidance.tutor import Tutor
from bot.learning.mastery import MASTERED_FROM
from bot.learning.next_step import LIKELY, NextStep
from bot.learning.reviews import retrievability
from bot.learning.streak import days_of, streak_of
from bot.storage.database import Transaction

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ShowProgress:
    """Puts together what a learner has reached."""

    tutor: Tutor

    async def show(self, connection: Transaction, telegram_id: int, now: datetime) -> Progress | None:
        """None of somebody who never wrote."""
        record = await self.tutor.record(connection, telegram_id, now)
        return self._progress(record) if record else None

    def _progress(self, record: Record) -> Progress:
        step = record.next_step()
        streak = streak_of(days_of(record.answers), record.today)
        ready = {*record.ready}
        skills = tuple(self._skill(skill_id, record, ready) for skill_id in record.graph.skills)
        week = [each for each in record.answers if record.now - each.answered_at < WEEK]
        total = sum(record.graph.hours.values())
        held = sum(
            record.graph.hours[each] * record.chances[each]
            for each in record.mastered_once & {*record.graph.skills}
        )
        return Progress(
            self.tutor.track_title(record),
            skills,
            step.skill_id if isinstance(step, NextStep) else None,
            streak.days,
            streak.freezes_left,
            tuple(sorted(record.mastered_once - record.mastered_before(record.now - WEEK))),
            len(week),
            held / total if total else 0.0,
            record.may_place and self.tutor.can_place(self.tutor.track_of(record.learner)),
        )

    def _skill(self, skill_id: str, record: Record, ready: Collection[str]) -> SkillProgress:
        mastery = record.masteries[skill_id]
        return SkillProgress(
            skill_id,
            self.tutor.library.skills[skill_id].title,
            _state(skill_id, record, ready),
            mastery.low,
            mastery.high,
            tuple(record.graph.prerequisites[skill_id]),
        )


def _state(skill_id: str, record: Record, ready: Collection[str]) -> SkillState:
    if skill_id in record.mastered_once:
        return "mastered" if _is_fresh(skill_id, record) else "fading"
    is_likely_held = record.chances[skill_id] >= LIKELY  # by placement, or by what rests on it
    if is_likely_held or any(each.skill_id == skill_id for each in record.history):
        return "learning"
    return "ready" if skill_id in ready else "locked"


def _is_fresh(skill_id: str, record: Record) -> bool:
    """Who said they know a skill holds it for as long as the card of its check says."""
    if record.masteries[skill_id].is_mastered or skill_id not in record.cards:
        return True
    recall = retrievability(record.cards[skill_id], record.today)
    return skill_id in record.known and recall >= MASTERED_FROM
