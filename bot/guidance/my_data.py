"""A learner wants to have all that is stored about them."""

from dataclasses import dataclass
from datetime import datetime

from bot.guidance.results import Export, NothingStored
from bot.storage import learners, personal
from bot.storage.database import Transaction


@dataclass(frozen=True)
class MyData:
    """Hands a learner what is theirs; `Enrol` erases it."""

    async def export(
        self, connection: Transaction, telegram_id: int, now: datetime
    ) -> Export | NothingStored:
        """Everything; of somebody unknown there is nothing but the message that asks."""
        if await learners.find(connection, telegram_id) is None:
            return NothingStored()
        return Export(await personal.everything(connection, telegram_id), now)
