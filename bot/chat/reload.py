"""Has the pack changed? The new one is made ready beside the old, and takes its place in one step."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from bot.chat import connection
from bot.chat.context import SERVICES, BotApplication
from bot.chat.metrics import RELOADS, Metrics
from bot.chat.tasks import errand
from bot.guidance.results import (
    PackUnchanged,
    Reloaded,
    ReloadFailed,
    Reloading,
    ReloadRefused,
    ReloadUnderWay,
)
from bot.guidance.services import Services
from knowledge.library import Library
from knowledge.problems import PackError

logger = logging.getLogger(__name__)


@dataclass
class Reload:
    """Swaps the journeys as a whole: a turn keeps those it began with, the next one gets the new ones.

    `read` and `prepare` block, and run in a thread; `make_index` takes minutes, and has a process of its own.
    """

    application: BotApplication
    read: Callable[[], Library]
    make_index: Callable[[], Awaitable[None]]
    prepare: Callable[[Services, Library], Services]
    clock: Callable[[], datetime]
    metrics: Metrics
    is_under_way: bool = False

    async def run(self) -> Reloading:
        """Read the pack and put it to work, or tell why not."""
        if self.is_under_way:
            return ReloadUnderWay()
        self.is_under_way = True
        try:
            result = await self._run()
        except PackError as error:
            result = ReloadRefused(tuple(error.problems))
        except Exception as error:
            logger.exception("the pack could not be reloaded; the old one stays at work")
            result = ReloadFailed(f"{type(error).__name__}: {error}")
        finally:
            self.is_under_way = False
        self._tell(result)
        return result

    async def _run(self) -> Reloading:
        began, before = self.clock(), cast("Services", self.application.bot_data[SERVICES])
        library = await asyncio.to_thread(self.read)
        if await asyncio.to_thread(_is_same, library, before.ask.library):
            return PackUnchanged(before.operate.pack())
        await self.make_index()
        after = await asyncio.to_thread(self.prepare, before, library)
        self.application.bot_data[SERVICES] = after
        errand(connection.introduce(self.application))
        seconds = (self.clock() - began).total_seconds()
        return Reloaded(after.operate.pack(), *_changes(before.ask.library, after.ask.library), seconds)

    def _tell(self, result: Reloading) -> None:
        outcome = {
            Reloaded: "reloaded",
            PackUnchanged: "unchanged",
            ReloadRefused: "refused",
        }.get(type(result), "failed")
        self.metrics.count(RELOADS, outcome)
        logger.info("reload: %s", outcome, extra={"action": f"reload_{outcome}"})
        if isinstance(result, ReloadRefused):
            for problem in result.problems:
                logger.warning("the pack has a problem: %s", problem)


def _is_same(one: Library, other: Library) -> bool:
    """But for the lines on which everything stands."""
    return replace(one, places={}) == replace(other, places={})


def _changes(old: Library, new: Library) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Ids of the notes that are new, changed or gone."""
    both = old.notes.keys() & new.notes.keys()
    return (
        tuple(sorted(new.notes.keys() - old.notes.keys())),
        tuple(sorted(note_id for note_id in both if old.notes[note_id] != new.notes[note_id])),
        tuple(sorted(old.notes.keys() - new.notes.keys())),
    )
