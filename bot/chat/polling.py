"""How do updates come in by long polling? Stored first; the next poll then confirms them to Telegram."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.chat.context import BotApplication
from bot.chat.metrics import POLLS, Metrics
from bot.chat.pauses import pause_after
from bot.chat.receive import Inbox
from bot.chat.updates import ALLOWED_UPDATES, is_update
from bot.storage.replica import Replica

logger = logging.getLogger(__name__)

POLL_SECONDS = 25  # Telegram holds a poll for up to 50 s
POLL_LIMIT = 100
STANDBY_SECONDS = 0.5  # after which a replica looks whether it is for it to poll by now
IDLE_POLL_SECONDS = 0.3  # at least, for a poll that brings nothing new: some servers answer at once
OFFSET_SECONDS = 10.0  # of silence, after which an offset is no longer trusted


@dataclass
class Poller:
    """Asks Telegram for updates, and confirms them by the next question, after they are stored.

    Telegram lets one program poll; of several replicas the leading one does.
    """

    application: BotApplication
    inbox: Inbox
    clock: Callable[[], datetime]
    replica: Replica
    metrics: Metrics = field(default_factory=Metrics)
    last_success_at: datetime | None = None  # nothing was fetched yet
    _offset: int | None = None
    _news_at: float = 0.0  # seconds of the loop's clock

    async def run(self) -> None:
        """Poll until cancelled; every fault is waited out."""
        failures_in_a_row = 0
        while True:
            try:
                await self._poll_if_leading()
            except Exception as error:
                self._forget_offset()
                failures_in_a_row += 1
                self.metrics.count(POLLS, "failed")
                _tell(error, failures_in_a_row)
                await asyncio.sleep(pause_after(error, failures_in_a_row))
            else:
                failures_in_a_row = 0
                self.last_success_at = self.clock()

    async def _poll_if_leading(self) -> None:
        if self.replica.is_leading:
            await self._poll_and_store()
        else:
            await asyncio.sleep(STANDBY_SECONDS)

    async def _poll_and_store(self) -> None:
        """One poll. The next one confirms, by its offset, what is stored now."""
        asked_at = self._now()
        payloads = await self._poll()
        if payloads:
            await self.inbox.store(payloads)
        following = max((one["update_id"] + 1 for one in payloads if is_update(one)), default=self._offset)
        if following != self._offset:
            self._offset, self._news_at = following, self._now()
            return
        if self._now() - self._news_at > OFFSET_SECONDS:
            self._forget_offset()
        await asyncio.sleep(max(0.0, IDLE_POLL_SECONDS - (self._now() - asked_at)))

    def _forget_offset(self) -> None:
        """Ask the next time for everything the server has; what comes twice the inbox passes over.

        A Bot API server that was set up anew may count its updates from one again. An offset from its
        former life is higher than all of them, so it would confirm each as read, and the bot would be
        deaf until somebody restarts it. A restart shows as a fault, or as nothing but silence.
        """
        self._offset, self._news_at = None, self._now()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def _poll(self) -> list[Any]:
        seconds = POLL_SECONDS if self.last_success_at else 0  # at first: can it be done at all?
        question = {"timeout": seconds, "limit": POLL_LIMIT, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            question["offset"] = self._offset
        answer = await self.application.bot.do_api_request(
            "getUpdates", question, read_timeout=POLL_SECONDS + 10
        )
        if not isinstance(answer, list):
            raise TelegramError(f"getUpdates answered with a {type(answer).__name__}, not a list")
        self.metrics.count(POLLS, "answered")  # not by a replica that only stands by
        return answer


def _tell(error: Exception, failures_in_a_row: int) -> None:
    """One line when trouble begins and every tenth time it goes on; not one a second."""
    if failures_in_a_row % 10 != 1:
        return
    if isinstance(error, Conflict):
        logger.warning("another program polls with the same token; only one can: %s", error)
    elif isinstance(error, InvalidToken | EndPointNotFound):  # 401 and 404; every server knows getUpdates
        logger.error("Telegram no longer accepts BOT_TOKEN; get it anew from @BotFather and restart")
    elif isinstance(error, TelegramError):
        logger.warning("updates cannot be fetched (%s); trying again", error)
    else:
        logger.exception("updates could not be stored; trying again")
