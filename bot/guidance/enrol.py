"""A learner comes, and may leave without a trace."""

from dataclasses import dataclass
from datetime import datetime

from bot.guidance.results import Stopped, Welcome
from bot.storage import learners, personal, prompts
from bot.storage.database import Transaction
from knowledge.library import Library


@dataclass(frozen=True)
class Enrol:
    """Keeps the list of learners."""

    library: Library

    def welcome(self) -> Welcome:
        return Welcome(self.library.pack, self.library.starters)

    async def meet(self, tx: Transaction, telegram_id: int, language: str | None, now: datetime) -> int:
        """The learner's id; a new learner is written down."""
        return await learners.enrol(tx, telegram_id, language, now)

    async def leave(self, tx: Transaction, telegram_id: int, now: datetime) -> None:
        """The learner has blocked the bot: send nothing until they are back."""
        await learners.mark_blocked(tx, telegram_id, now)

    async def forget(self, tx: Transaction, telegram_id: int) -> None:
        """Erase everything about the learner."""
        await personal.forget(tx, telegram_id)

    async def stop(self, tx: Transaction, telegram_id: int, now: datetime) -> Stopped:
        """Send nothing more that the learner did not just ask for."""
        return Stopped(had_prompts=await prompts.stop(tx, telegram_id))
