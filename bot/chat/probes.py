"""Is the bot ready, and what are its figures? Answers /readyz and /metrics; others do the counting."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.chat import metrics as names
from bot.chat.context import SERVICES, BotApplication
from bot.chat.metrics import BULK, ERRORS, INBOX, REPLIES, Metrics
from bot.guidance.services import Services
from bot.storage import figures, inbox
from bot.storage.database import Database
from bot.storage.figures import Figures

logger = logging.getLogger(__name__)

DATABASE_SECONDS = 5.0  # whoever asks gives up after ten, as Prometheus and Docker do unless told otherwise


@dataclass(frozen=True)
class Probes:
    """Reads the figures of one running bot."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    metrics: Metrics
    started_at: datetime

    @property
    def routes(self) -> list[Route]:
        """What the HTTP door answers beside /healthz and the webhook."""
        return [Route("/readyz", self.readyz), Route("/metrics", self.collect)]

    async def readyz(self, _request: Request) -> Response:
        """200 while the pack is there and the database answers, so that learners can be served."""
        try:
            async with asyncio.timeout(DATABASE_SECONDS), self.database.reading() as connection:
                await inbox.open_rows(connection, self.application.bot.id)
        except Exception as error:
            logger.warning("the database does not answer (%s: %s)", type(error).__name__, error)
            return JSONResponse({"status": "the database does not answer"}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def collect(self, _request: Request) -> Response:
        """Everything counted; the figures of the database stay as they were where it does not answer."""
        found = await self._figures()
        if found:
            self._note(found)
        return Response(self.metrics.told(), media_type=CONTENT_TYPE_LATEST)

    async def _figures(self) -> Figures | None:
        try:
            async with asyncio.timeout(DATABASE_SECONDS), self.database.reading() as connection:
                return await figures.read(connection, self.application.bot.id, self.clock())
        except Exception as error:
            logger.warning("the figures cannot be read (%s: %s)", type(error).__name__, error)
            return None

    def _note(self, found: Figures) -> None:
        now, told = self.clock(), self.metrics
        boxes = {INBOX: found.inbox, REPLIES: found.replies, BULK: found.bulk}
        told.set(names.BOX_ROWS, {(name,): box.waiting for name, box in boxes.items()})
        told.set(names.BOX_AGE, {(name,): box.age(now).total_seconds() for name, box in boxes.items()})
        told.set(names.SET_ASIDE, {(): found.set_aside})
        told.set(names.FAILED, {(): found.failed})
        told.set(names.LEARNERS, {(): found.audience.here})
        told.set(names.ACTIVE, {("day",): found.active_today, ("week",): found.active_this_week})
        told.set(
            names.RATED,
            {("helpful",): found.questions.helpful, ("not_helpful",): found.questions.not_helpful},
        )
        pack = cast("Services", self.application.bot_data[SERVICES]).operate.pack()
        told.set(names.PACK, {(pack.title, pack.index): 1})
        told.set(names.STARTED, {(): self.started_at.timestamp()})


class _ErrorCounter(logging.Handler):
    """Counts what is logged as an error."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.count(ERRORS, record.name)


@contextlib.asynccontextmanager
async def counting_errors(metrics: Metrics) -> AsyncIterator[None]:
    """Count every error logged while the block lasts."""
    root, counter = logging.getLogger(), _ErrorCounter(metrics)
    root.addHandler(counter)
    try:
        yield
    finally:
        root.removeHandler(counter)
