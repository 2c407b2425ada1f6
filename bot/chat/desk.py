"""What do operators' commands need beside the journeys? The parts they set in motion."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.chat.broadcaster import Broadcaster
from bot.chat.context import BotApplication
from bot.chat.gate import Destination, calls_for
from bot.chat.reload import Reload
from bot.chat.views import operate as view
from bot.chat.views.reply import Reply
from bot.observability import followed_update
from bot.storage import outbox
from bot.storage.database import Database

logger = logging.getLogger(__name__)

DESK = "desk"  # where app.py puts it in `bot_data`


@dataclass(frozen=True)
class Desk:
    """The operators' desk; `on_retry` wakes what works off the inbox, `on_replies` what sends."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    started_at: datetime
    reload: Reload
    broadcaster: Broadcaster
    on_retry: Callable[[], None]
    on_replies: Callable[[], None]

    async def reload_for(self, telegram_id: int) -> None:
        """Reload, which may take minutes, and tell this operator what came of it."""
        await self.tell(view.reloading(await self.reload.run()), telegram_id)

    async def tell(self, reply: Reply, telegram_id: int) -> None:
        """Write to an operator outside of any turn."""
        try:
            async with self.database.transaction() as tx:
                calls = calls_for(reply, Destination(telegram_id))
                await outbox.put(tx, self.application.bot.id, calls, self.clock(), inbox_id=followed_update())
        except Exception:
            logger.exception("an operator could not be told: %s", reply.text.text)
        self.on_replies()
