"""Does anything hold up the event loop, in which all learners wait? A tour, and what each step takes."""

import asyncio
import gc
import time
from asyncio import events
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from bot.guidance.tutor import Tutor
from bot.sandbox.server import SandboxServer
from bot.storage import learners
from knowledge.library import Library
from scripts.benchmark_choosing import lived
from tests.journeys.conftest import Days, Json, Learner, RunningBot

ROUNDS = (
    3  # of the tour; what is longest in the best of them is no chance, and nothing loaded for the first time
)
ATTEMPTS = 290  # behind the learner: two months, five a day
UNIT = 200_000  # numbers to add up: some 2 ms of the machine that the limit was chosen on
LIMIT = 2.0  # units: 5 ms
STEPS = (
    "what is overfitting",
    "salary of a nurse",
    "what should I learn next",
    "/plan",
    "/progress",
    "/quiz",
)
MORE = ("/settings", "/export", "/daily 8am", "/help", "/saved", "/placement", "/next", "thanks!")


@dataclass
class Loop:
    """What callbacks of the event loop took of the processor: the longest of each step, in every round."""

    longest: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _now: float = 0.0

    def timed(self, run: Callable[[events.Handle], None]) -> Callable[[events.Handle], None]:
        def run_timed(handle: events.Handle) -> None:
            began = time.thread_time()
            run(handle)
            if not _is_of_the_test(handle):
                self._now = max(self._now, time.thread_time() - began)

        return run_timed

    async def take(self, step: str, made: Awaitable[Json | None]) -> Json | None:
        """Go a step, and wait a moment for what comes after it."""
        self._now = 0.0
        told = await made
        await asyncio.sleep(0.2)
        self.longest[step].append(self._now)
        return told

    def too_long(self, limit: float) -> dict[str, float]:
        """The steps that take longer than that each time, with their seconds."""
        return {step: min(taken) for step, taken in self.longest.items() if min(taken) > limit}


def _is_of_the_test(handle: events.Handle) -> bool:
    """The sandbox and the learners' hands run in the same loop."""
    task = getattr(handle._callback, "__self__", None)
    name = task.get_coro().__qualname__ if isinstance(task, asyncio.Task) else ""
    return name.startswith(("test_", "RequestResponseCycle", "Server"))


@pytest.fixture
def bot(days: Days, sandbox: SandboxServer) -> RunningBot:
    return RunningBot(days.database, sandbox)


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    watched = Loop()
    monkeypatch.setattr(events.Handle, "_run", watched.timed(events.Handle._run))
    gc.collect()
    gc.disable()  # what it takes here is the heap of all tests
    yield watched
    gc.enable()


async def answered(alex: Learner, asked: Json | None) -> Json:
    assert asked
    await alex.client.votes(asked, 0, learner=alex.telegram_id)
    return await alex.reads()


async def test_no_step_of_a_tour_holds_up_the_event_loop(
    alex: Learner, days: Days, loop: Loop, library: Library
) -> None:
    async with days.database.transaction() as tx:
        learner = await learners.find(tx, alex.telegram_id)
        assert learner
        await lived(tx, Tutor(library, Random(1)), learner.id, ATTEMPTS)
    for day in range(ROUNDS):
        for text in (*STEPS, *MORE):
            asked = await loop.take(text, alex.asks(text))
            if asked and "poll" in asked:
                await loop.take("a vote", answered(alex, asked))
        await loop.take("a daily prompt", days.pass_to(day, "08:00"))
    unit = min(_seconds(sum, range(UNIT)) for _ in range(20))
    assert loop.too_long(LIMIT * unit) == {}


def _seconds(work: Callable[[range], object], over: range) -> float:
    began = time.thread_time()
    work(over)
    return time.thread_time() - began
