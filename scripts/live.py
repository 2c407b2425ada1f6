"""A live bot for scripts that try it out: `python -m bot` as a process, against a sandbox in this one."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import open_database
from bot.sandbox.server import SANDBOX_TOKEN, SandboxServer, running_sandbox
from bot.sandbox.world import Chat, World
from bot.settings import Settings, read_settings
from bot.storage.database import Database

PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.02


@dataclass
class LiveBot:
    """One running bot; what it tells is in `log`."""

    process: asyncio.subprocess.Process
    log: Path

    async def is_listening(self) -> None:
        """Wait until it serves."""
        await until(lambda: "is listening" in self._told() or self.process.returncode is not None, "the bot")
        if self.process.returncode is not None:
            raise RuntimeError(f"the bot has ended:\n{self._told()}")

    def frozen(self) -> None:
        """SIGSTOP: nothing of it goes on, and nothing it holds is free, until it is killed."""
        self.process.send_signal(signal.SIGSTOP)

    async def killed(self) -> None:
        """Kill -9: nothing can be tidied up."""
        self.process.kill()
        await self.process.wait()

    async def stopped(self) -> None:
        """SIGTERM, and the time it takes."""
        self.process.send_signal(signal.SIGTERM)
        await self.process.wait()

    def _told(self) -> str:
        return self.log.read_text(errors="replace")


@dataclass(frozen=True)
class Stage:
    """A sandbox, a folder for its bots, and their database."""

    sandbox: SandboxServer
    folder: Path
    settings: Settings
    database: Database
    bots: list[LiveBot] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.sandbox.world

    async def start(self, name: str = "bot", **more: str) -> LiveBot:
        """A bot; it tells its story to a file of its name."""
        log = self.folder / f"{name}-{time.monotonic_ns()}.log"
        with log.open("wb") as told:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot"), env=self._environment(more), stdout=told, stderr=told
            )
        self.bots.append(LiveBot(process, log))
        return self.bots[-1]

    async def clear(self) -> None:
        """No bot outlives the stage, whatever ended it."""
        for bot in self.bots:
            if bot.process.returncode is None:
                await bot.killed()

    async def listening(self, name: str = "bot", **more: str) -> LiveBot:
        """A bot that serves already."""
        bot = await self.start(name, **more)
        await bot.is_listening()
        return bot

    def learners(self, how_many: int) -> list[Chat]:
        """New learners who have found the bot."""
        chats = []
        for number in range(how_many):
            chat = self.world.chats[self.world.add_learner(f"Learner {number}")["id"]]
            chat.is_started = True
            chats.append(chat)
        return chats

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        return others | {
            "BOT_TOKEN": SANDBOX_TOKEN,
            "BOT_API_URL": self.sandbox.address,
            "BOT_DATA_DIR": str(self.folder),
            "BOT_DATABASE_URL": self.settings.database_url,
            "BOT_KNOWLEDGE_DIR": str(self.settings.knowledge_dir),
            **more,
        }


@asynccontextmanager
async def staged(database_url: str = "") -> AsyncIterator[Stage]:
    """A stage in a folder that is gone afterwards; the index is that of BOT_DATA_DIR."""
    with tempfile.TemporaryDirectory(prefix="next-rung-", ignore_cleanup_errors=True) as name:
        folder, usual = Path(name), read_settings()
        (folder / "index").symlink_to(usual.index_dir.resolve())
        settings = usual.model_copy(
            update={
                "data_dir": folder,
                "database_url": database_url or f"sqlite+aiosqlite:///{folder}/nextrung.db",
            }
        )
        database = await open_database(settings)
        try:
            async with running_sandbox() as sandbox:
                stage = Stage(sandbox, folder, settings, database)
                try:
                    yield stage
                finally:
                    await stage.clear()
        finally:
            await database.close()


async def until(found: Callable[[], object], what: str, within: float = PATIENCE_SECONDS) -> object:
    """The first truthy value of `found()`; what is waited for in vain is named."""
    deadline = time.monotonic() + within
    while True:
        value = found()
        value = await value if isinstance(value, Awaitable) else value
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {within:.0f} s in vain for {what}")
        await asyncio.sleep(LOOK_SECONDS)
