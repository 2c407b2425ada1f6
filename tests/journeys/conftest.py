"""The real bot against the sandbox over real HTTP, with the real model and a database; and learners."""

import asyncio
import contextlib
import logging
import shutil
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as wall_clock
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.app import Bot, build_bot, open_database
from bot.chat.lately import A_DOUBLE_TAP
from bot.chat.pacing import Pace, unpaced
from bot.guidance.ask import Ask
from bot.guidance.enrol import OVER
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Options, SandboxServer, running_sandbox
from bot.sandbox.world import ALEX_ID
from bot.settings import Settings
from bot.storage import learners, prompts, tables
from bot.storage.database import Database
from index.retriever import Retriever
from index.wishes import Wishes
from knowledge.library import Library
from tests.conftest import DATABASE, share_model

PATIENCE = 60.0  # seconds for what takes a moment: the machine may be busy

Json = dict[str, Any]
T = TypeVar("T")


async def until(found: Callable[[], Awaitable[T]], what: str) -> T:
    """The first truthy answer of `found`; a test that waits in vain says for what."""
    deadline = time.monotonic() + PATIENCE
    while not (value := await found()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.02)
    return value


@dataclass(frozen=True)
class Learner:
    """Somebody with a phone, in their private chat or in a group."""

    client: SandboxClient
    telegram_id: int
    chat_id: int

    def in_group(self, chat_id: int) -> "Learner":
        return Learner(self.client, self.telegram_id, chat_id)

    async def writes(self, text: str = "", **more: Any) -> Json:
        """Send a message; `more` may hold reply_to, kind and caption."""
        return await self.client.says(text, self.telegram_id, self.chat_id, **more)

    async def reads(self) -> Json:
        """The next message of the bot."""
        return await self.client.next_reply(PATIENCE, self.chat_id)

    async def asks(self, text: str = "", **more: Any) -> Json:
        """Write, and read the reply."""
        await self.writes(text, **more)
        return await self.reads()

    async def presses(self, message: Json, button: str) -> Json:
        """Press a button, named by its label or its data, and read the reply."""
        await self.client.presses(message, button, self.telegram_id)
        return await self.reads()

    async def presses_again(self, message: Json, button: str) -> Json:
        """The same a moment after the first time, and so on purpose."""
        await asyncio.sleep(A_DOUBLE_TAP.total_seconds())
        return await self.presses(message, button)

    async def has_read(self, count: int) -> list[Json]:
        """All messages of the bot, once there are so many."""

        async def enough() -> list[Json]:
            found = await self.client.replies(self.chat_id)
            return found if len(found) >= count else []

        return await until(enough, f"{count} replies in chat {self.chat_id}")

    async def is_shown_typing(self) -> None:
        """Wait until the bot seems to type."""
        await until(lambda: self._sees("typing"), "the bot to type")

    async def _sees(self, what: str) -> Any:
        return (await self.client.state(self.chat_id))[what]


class Search(ThreadPoolExecutor):
    """The workers of the bot's search; a question can be held until the test lets it go."""

    def __init__(self) -> None:
        super().__init__(4, "search")
        self._held: dict[str, Held] = {}

    def submit(self, find: Any, /, *args: Any, **more: Any) -> Future[Any]:
        return super().submit(self._find, find, *args, **more)

    def _find(self, find: Any, question: str, *more: Any) -> Any:
        if question in self._held:
            self._held[question].reached.set()
            self._held[question].released.wait(PATIENCE)
        return find(question, *more)

    @contextlib.contextmanager
    def holding(self, question: str) -> Iterator["Held"]:
        """The search for `question` takes as long as the block."""
        held = self._held[question] = Held(threading.Event(), threading.Event())
        try:
            yield held
        finally:
            held.released.set()


@dataclass(frozen=True)
class Held:
    """A search that has begun, or will, and goes on when it is released."""

    reached: threading.Event
    released: threading.Event

    async def is_reached(self) -> None:
        """Wait until it has begun."""
        assert await asyncio.to_thread(self.reached.wait, PATIENCE)


@dataclass(frozen=True)
class RunningBot:
    """The bot at work, and what a test may look at."""

    database: Database
    sandbox: SandboxServer

    async def sends(self, chat_id: int, text: str, *buttons: str) -> Json:
        """A message of the bot as an earlier version may have sent it, with these callback data."""
        rows = [[{"text": data, "callback_data": data}] for data in buttons]
        message = {"chat_id": chat_id, "text": text, "reply_markup": {"inline_keyboard": rows}}
        address = f"{self.sandbox.address}/bot{self.sandbox.token}/sendMessage"
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            sent: Json = (await http.post(address, json=message)).json()["result"]
            return sent

    async def has_asked_who_it_is(self, telegram_id: int, language: str) -> None:
        """The enrolment of this learner is over, and comes between no question and the next."""
        async with self.database.transaction() as tx:
            learner_id = await learners.enrol(tx, telegram_id, language, datetime.now(UTC))
            await learners.change(tx, learner_id, enrolment=OVER)


@pytest.fixture
def options() -> Options:
    """How the sandbox is set up; a test may have it otherwise."""
    return Options(loopback_webhooks=True)


@pytest.fixture
async def sandbox(options: Options) -> AsyncIterator[SandboxServer]:
    """A Bot API server; at the end of each journey it must have had nothing to complain of."""
    async with running_sandbox(options=options) as server:
        yield server
        assert server.world.violations == [], "Telegram would have cut or dropped something"


class Hands(SandboxClient):
    """In its groups the bot has been for long: no hello stands before what a test looks at."""

    async def call(self, verb: str, path: str, body: Json | None = None, **query: Any) -> Any:
        """As any client's; a group is new only where that is said."""
        if path == "groups" and body is not None:
            body = {"is_new": False, **body}
        return await super().call(verb, path, body, **query)


@pytest.fixture
async def client(sandbox: SandboxServer) -> AsyncIterator[SandboxClient]:
    """The hands of all learners."""
    async with Hands(sandbox.address) as hands:
        yield hands


@pytest.fixture
def search() -> Iterator[Search]:
    with Search() as workers:
        yield workers


@pytest.fixture
def settings(sandbox: SandboxServer, tmp_path: Path, atlas_folder: Path, new_database: Path) -> Settings:
    """The bot's settings; a test may have them otherwise. What takes time to make is there already."""
    share_model(atlas_folder, tmp_path / "index")
    shutil.copy(new_database, tmp_path / DATABASE)
    return Settings(
        _env_file=None, token=SecretStr(sandbox.token), api_url=sandbox.address, data_dir=tmp_path
    )


@pytest.fixture
def pace() -> Pace:
    """How fast the bot sends: at once, unless a test has it otherwise; no journey shall wait for Telegram."""
    return unpaced()


@pytest.fixture
async def bot(
    settings: Settings,
    sandbox: SandboxServer,
    library: Library,
    retriever: Retriever,
    search: Search,
    pace: Pace,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[RunningBot]:
    """The bot as `make run` starts it; at the end of each journey it must have logged no error."""
    database = await open_database(settings)
    stop = asyncio.Event()
    ask = Ask(library, retriever, Wishes(library, retriever), search)
    running = asyncio.create_task(build_bot(settings, ask, database, pace=pace).run(stop))
    yield RunningBot(database, sandbox)
    stop.set()
    await running
    await database.close()
    assert [told for told in caplog.get_records("call") if told.levelno >= logging.ERROR] == []


@pytest.fixture
async def alex(client: SandboxClient, bot: RunningBot) -> Learner:
    """A learner who has found the bot, and was asked who they are."""
    await bot.has_asked_who_it_is(ALEX_ID, "en")
    return Learner(client, ALEX_ID, ALEX_ID)


@pytest.fixture
def newcomer(client: SandboxClient, bot: RunningBot) -> Learner:
    """A learner of whom the bot knows nothing."""
    return Learner(client, ALEX_ID, ALEX_ID)


@pytest.fixture
async def sam(client: SandboxClient, bot: RunningBot) -> Learner:
    """Another one."""
    number = await client.add_learner("Sam", "de")
    await bot.has_asked_who_it_is(number, "de")
    return Learner(client, number, number)


def labels(message: Json) -> list[str]:
    """What stands on the buttons under a message, from top to bottom."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def titles(library: Library, *note_ids: str) -> list[str]:
    return [library.notes[note_id].title for note_id in note_ids]


MORNING = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # a Monday, before eight by UTC
DAY = timedelta(days=1)
NEXT = ("next_prompt_at", "next_summary_at")


@dataclass
class Clock:
    """The time, as long as nobody moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Days:
    """Lets the time pass for a running bot."""

    clock: Clock
    bot: Bot
    database: Database

    async def pass_to(self, day: int, at: str) -> None:
        """It becomes that time, by UTC, so many days after the first; whatever is due then is sent."""
        self.clock.now = datetime.combine(MORNING.date() + day * DAY, wall_clock.fromisoformat(at), UTC)
        self.bot.tick.wake()
        await until(self._nobody_is_due, "every prompt to be sent")

    async def _nobody_is_due(self) -> bool:
        async with self.database.reading() as connection:
            rows = await connection.execute(select(*(tables.learners.c[name] for name in NEXT)))
            is_planned = tables.prompts.c.state == prompts.PLANNED
            planned = await connection.scalar(select(func.count()).where(is_planned))
            waiting = await connection.scalar(select(func.count()).select_from(tables.outbox))
            is_over = not (planned or waiting)
            return is_over and all(at is None or at > self.clock.now for row in rows for at in row)

    async def rows(self, table: Any) -> list[dict[str, Any]]:
        async with self.database.reading() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture
async def days(
    settings: Settings,
    library: Library,
    retriever: Retriever,
    search: Search,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Days]:
    """The bot, with a clock in the hands of the test."""
    database, stop = await open_database(settings), asyncio.Event()
    ask = Ask(library, retriever, Wishes(library, retriever), search)
    built = build_bot(settings, ask, database, clock, unpaced())
    running = asyncio.create_task(built.run(stop))
    yield Days(clock, built, database)
    stop.set()
    await running
    await database.close()
    assert [told for told in caplog.get_records("call") if told.levelno >= logging.ERROR] == []
