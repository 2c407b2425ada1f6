"""A learner wants to know what to learn next: one skill, with its reasons, that they may overrule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.guidance.record import Record
from bot.guidance.results import GoalHeld, Step
from bot.guidance.tutor import Tutor
from bot.learning.next_step import NextStep
from bot.storage import wishes
from bot.storage.database import Transaction


@dataclass(frozen=True)
class ChooseNextStep:
    """Chooses, and remembers what the learner says of it."""

    tutor: Tutor

    async def choose(self, connection: Transaction, telegram_id: int, now: datetime) -> Step | GoalHeld:
        """The next step of this learner; of somebody unknown that of a beginner."""
        record = await self.tutor.record(connection, telegram_id, now)
        step = record.next_step() if record else None
        if record is None or not isinstance(step, NextStep):
            return GoalHeld(self.tutor.track_title(record))
        return self._told(step, record)

    async def say(
        self, tx: Transaction, telegram_id: int, skill_id: str, word: str, now: datetime
    ) -> Step | GoalHeld:
        """Remember that a skill is begun, known or put off (a word of storage.wishes); then the next step."""
        record = await self.tutor.record(tx, telegram_id, now)
        if record and skill_id in self.tutor.library.skills:
            await wishes.say(tx, record.learner.id, skill_id, word, now)
        return await self.choose(tx, telegram_id, now)

    async def finish(
        self, tx: Transaction, telegram_id: int, skill_ids: Sequence[str], now: datetime
    ) -> tuple[str, ...]:
        """Remember what the learner says they have been through; the titles of those skills of the pack.

        A skill they know stays known: that is the stronger word.
        """
        record = await self.tutor.record(tx, telegram_id, now)
        skills = self.tutor.library.skills
        named = [each for each in skill_ids if record and each in skills]
        for skill_id in named:
            if record and skill_id not in record.known:
                await wishes.say(tx, record.learner.id, skill_id, wishes.FINISHED, now)
        return tuple(skills[each].title for each in named)

    def _told(self, step: NextStep, record: Record) -> Step:
        library = self.tutor.library
        learning = self.tutor.note_of(step.skill_id, "learning")
        resources = library.resources_of(learning) if learning else ()
        return Step(
            step.skill_id,
            library.skills[step.skill_id],
            step.reasons,
            {skill_id: skill.title for skill_id, skill in library.skills.items()},
            step.hours,
            learning,
            self.tutor.note_of(step.skill_id, "practice"),
            resources[0] if resources else None,
            record.may_place and self.tutor.can_place(self.tutor.track_of(record.learner)),
            step.skill_id in record.wished(wishes.PUT_OFF),
        )
