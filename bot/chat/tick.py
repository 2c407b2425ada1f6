"""Whose daily prompt is due? One tick for everybody, from the database; the sender does the rest."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, cast

from bot.chat.context import SERVICES, BotApplication
from bot.chat.gate import Destination, calls_for
from bot.chat.views import daily as view
from bot.chat.views import group_quiz as group_view
from bot.chat.views import weekly as weekly_view
from bot.chat.views.reply import Reply
from bot.guidance.daily import SET_BACK
from bot.guidance.quiz import Bank
from bot.guidance.results import DailyPrompt
from bot.guidance.services import Services
from bot.storage import outbox
from bot.storage.database import Database, Transaction, may_pass
from bot.storage.group_quizzes import GroupQuiz
from bot.storage.prompts import Prompt
from bot.storage.replica import Replica
from bot.storage.summaries import DueSummary
from bot.storage.together import Together

logger = logging.getLogger(__name__)

STANDBY_SECONDS = 2.0  # after which a replica looks whether it is for it to prompt by now
TICK_SECONDS = 20.0  # the longest a prompt waits whose time was set after we last looked
BATCH = 100  # learners read at once, and claimed in one transaction
SIDE_BY_SIDE = 4  # learners thought about at once, and written down in one transaction
# Between two of them others get at the database and the event loop; enough for all that Telegram takes.
BREATH_SECONDS = 0.02
Make = Callable[[], Coroutine[Any, Any, None]]


@dataclass
class Tick:
    """Makes the prompts of all learners whose time has come; of several replicas the leading one does."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    on_prompts: Callable[[], None]
    replica: Replica
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _thinking: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, SIDE_BY_SIDE))
    _together: Together = field(init=False)

    def __post_init__(self) -> None:
        self._together = Together(self.database, is_urgent=False)

    def wake(self) -> None:
        """Look at once."""
        self._wake.set()

    async def run(self) -> None:
        """Look every now and then, and when the next prompt is due."""
        while True:
            self._wake.clear()
            seconds = TICK_SECONDS
            try:
                seconds = await self._serve_if_leading()
            except Exception:
                logger.exception("daily prompts: the database did not answer; trying again")
                seconds = STANDBY_SECONDS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._wake.wait()

    async def _serve_if_leading(self) -> float:
        """Seconds until there is something to look for again."""
        if not self.replica.is_leading:
            return STANDBY_SECONDS
        await self.serve()
        return await self._seconds_to_next()

    async def serve(self) -> None:
        """Everybody who is due now: all are claimed, at once as many as may be; then each prompt is made."""
        await self.claim()
        while waiting := await self._waiting():
            services, planned, bank = waiting
            await self._serve_all(
                (prompt, partial(self._prompt, services, telegram_id, prompt, bank))
                for telegram_id, prompt in planned
            )
            await self.claim()
        while summaries := await self._due_summaries():
            await self._serve_all((each, partial(self._summary, each)) for each in summaries)
        while over := await self._quizzes_over():
            for quiz in over:
                await self._end(quiz)

    async def claim(self) -> None:
        """Nobody else will prompt those who are due; what they are asked is chosen afterwards."""
        claimed = BATCH
        while claimed == BATCH:
            async with self.database.transaction() as tx:
                claimed = await self._services.daily.claim(tx, self.clock(), BATCH)

    async def _waiting(self) -> tuple[Services, Sequence[tuple[int, Prompt]], Bank] | None:
        """Whose prompt is to be made, and what from: a reload shall not come between the two."""
        services = self._services
        async with self.database.reading() as connection:
            planned = await services.daily.planned(connection, BATCH)
            bank = await services.quiz.bank(connection, self.clock()) if planned else None
        return (services, planned, bank) if bank else None

    async def _due_summaries(self) -> Sequence[DueSummary]:
        async with self.database.reading() as connection:
            return await self._services.weekly.due(connection, self.clock(), BATCH)

    async def _quizzes_over(self) -> Sequence[GroupQuiz]:
        async with self.database.reading() as connection:
            return await self._services.group_quiz.due(connection, self.clock(), BATCH)

    async def _end(self, quiz: GroupQuiz) -> None:
        """Tell a group how its quiz ended; Telegram has closed the poll by itself."""
        journey, now = self._services.group_quiz, self.clock()
        try:
            async with self.database.transaction() as tx:
                if closed := await journey.end(tx, quiz, now):
                    reply = group_view.closed(closed, self.application.bot.username)
                    await self._promise(tx, Destination(quiz.chat_id, quiz.thread_id), reply, now)
        except Exception as error:
            if may_pass(error):
                raise
            logger.exception("the end of the group's quiz %d cannot be told", quiz.id)
            async with self.database.transaction() as tx:
                await journey.give_up(tx, quiz, now)
        self.on_prompts()

    async def _serve_all(self, due: Iterable[tuple[Prompt | DueSummary, Make]]) -> None:
        """One after whose error the same may succeed later keeps none of the others waiting."""
        made = await asyncio.gather(
            *(self._serve_one(each, make) for each, make in due), return_exceptions=True
        )
        for error in filter(None, made):
            raise error

    async def _serve_one(self, due: Prompt | DueSummary, make: Make) -> None:
        """What cannot be made is set back, with its error told."""
        try:
            async with self._thinking:
                await make()
                await asyncio.sleep(BREATH_SECONDS)
        except Exception as error:
            if may_pass(error):
                raise
            learner_id = due.learner_id if isinstance(due, Prompt) else due.id
            logger.exception("the daily prompt of learner %d cannot be made; trying again later", learner_id)
            async with self.database.transaction() as tx:
                await self._set_back(tx, due)

    async def _set_back(self, tx: Transaction, due: Prompt | DueSummary) -> None:
        until = self.clock() + SET_BACK
        if isinstance(due, Prompt):
            await self._services.daily.plan_again(tx, due, until)
        else:
            await self._services.weekly.postpone(tx, due, until)

    async def _prompt(self, services: Services, telegram_id: int, prompt: Prompt, bank: Bank) -> None:
        """The item and the row in the outbox in one transaction, after all the thinking."""
        daily, now = services.daily, self.clock()
        async with self.database.reading() as connection:
            ready = await daily.prepare(connection, telegram_id, prompt, bank, now)
        if ready is None:
            return

        async def write(tx: Transaction) -> None:
            if made := await daily.prompt(tx, ready):
                until = ready.not_after if isinstance(made, DailyPrompt) else None
                await self._promise(tx, Destination(telegram_id), view.prompt(made), now, until)

        await self._together.write(write)
        self.on_prompts()

    async def _summary(self, due: DueSummary) -> None:
        weekly, now = self._services.weekly, self.clock()
        async with self.database.reading() as connection:
            progress = await weekly.look_back(connection, due, now)

        async def write(tx: Transaction) -> None:
            if await weekly.claim(tx, due, now) and progress:
                await self._promise(tx, Destination(due.telegram_id), weekly_view.summary(progress), now)

        await self._together.write(write)
        self.on_prompts()

    async def _promise(
        self, tx: Transaction, to: Destination, reply: Reply, now: datetime, not_after: datetime | None = None
    ) -> None:
        calls, bot_id = calls_for(reply, to), self.application.bot.id
        await outbox.put(tx, bot_id, calls, now, lane=outbox.BULK, not_after=not_after)

    async def next_time(self) -> datetime | None:
        """When somebody is due again, as far as is known now."""
        async with self.database.reading() as connection:
            times = [
                await each.next_time(connection)
                for each in (self._services.daily, self._services.weekly, self._services.group_quiz)
            ]
        return min((at for at in times if at), default=None)

    async def _seconds_to_next(self) -> float:
        at = await self.next_time()
        seconds = (at - self.clock()).total_seconds() if at else TICK_SECONDS
        return min(max(BREATH_SECONDS, seconds), TICK_SECONDS)

    @property
    def _services(self) -> Services:
        return cast("Services", self.application.bot_data[SERVICES])
