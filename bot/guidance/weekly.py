"""A learner wants to see on Sunday evenings what the week has changed: whoever asked for it gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.guidance.progress import ShowProgress
from bot.guidance.record import SOMEWHERE
from bot.guidance.results import Progress, WeeklySet
from bot.learning import reminders
from bot.storage import learners, summaries
from bot.storage.database import Transaction
from bot.storage.learners import Learner
from bot.storage.summaries import DueSummary


@dataclass(frozen=True)
class Weekly:
    """Keeps who wants a summary, and makes each."""

    progress: ShowProgress

    async def set(
        self, tx: Transaction, telegram_id: int, is_wanted: bool, now: datetime
    ) -> WeeklySet | None:
        """From the next Sunday on, or no more; None of somebody who never wrote."""
        learner = await learners.find(tx, telegram_id)
        if learner is None:
            return None
        following = reminders.next_summary(now, _zone(learner)) if is_wanted else None
        await learners.change(tx, learner.id, next_summary_at=following)
        return WeeklySet(following.astimezone(_zone(learner)) if following else None)

    async def due(self, connection: Transaction, now: datetime, limit: int) -> Sequence[DueSummary]:
        """Whose time has come."""
        return await summaries.due(connection, now, limit)

    async def next_time(self, connection: Transaction) -> datetime | None:
        """When to look again."""
        return await summaries.next_time(connection)

    async def look_back(self, connection: Transaction, due: DueSummary, now: datetime) -> Progress | None:
        """What there is to tell; None of a week without an answer, as silence is no news."""
        progress = await self.progress.show(connection, due.telegram_id, now)
        return progress if progress and progress.answers_this_week else None

    async def claim(self, tx: Transaction, due: DueSummary, now: datetime) -> bool:
        """Whether this summary is to be sent now; by whom it is claimed, it is sent."""
        learner = await learners.find(tx, due.telegram_id)
        if learner is None:
            return False
        zone = _zone(learner)
        following = reminders.next_summary(now, zone)
        is_ours = await summaries.claim(tx, due.id, due.next_summary_at, following)
        return is_ours and reminders.is_in_time(due.next_summary_at, now, zone)

    async def postpone(self, tx: Transaction, due: DueSummary, until: datetime) -> None:
        """Something is wrong with this learner's summary: nobody else shall wait for it."""
        await summaries.claim(tx, due.id, due.next_summary_at, until)


def _zone(learner: Learner) -> ZoneInfo:
    return ZoneInfo(learner.timezone or SOMEWHERE)
