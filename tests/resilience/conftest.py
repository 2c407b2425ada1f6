"""A sandbox in the test, bots as processes beside it, and learners who want answers."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.guidance.enrol import OVER
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Options, SandboxServer, running_sandbox
from bot.sandbox.world import ALEX_ID
from index.embedder import Embedder
from index.kept import EMBEDDINGS
from tests.conftest import PROJECT, TINY_PACK, share_model
from tests.resilience.processes import BotProcess, warm_up

EVERYBODY = (7, *range(ALEX_ID, ALEX_ID + 500))  # of the sloppy server, and of the sandboxes


class Launcher:
    """Starts bots in one folder, so that the second finds what the first has stored."""

    def __init__(self, folder: Path, index: Path | None = None) -> None:
        self.folder = folder
        self._index = index
        self._started: list[BotProcess] = []

    @property
    def data_dir(self) -> Path:
        return self.folder / "var"

    @property
    def database(self) -> Path:
        return self.data_dir / "nextrung.db"

    def __call__(self, address: str = "", **settings: str) -> BotProcess:
        """A bot for the Bot API server at `address`; BOT_ settings may be given or overruled by name."""
        if self._index and not self.data_dir.exists():
            self.copy_index()
        usual = {"BOT_DATA_DIR": str(self.data_dir), "BOT_KNOWLEDGE_DIR": str(TINY_PACK)}
        if address:
            usual |= {"BOT_API_URL": address, "BOT_TOKEN": Options().token}
        started = BotProcess(self.folder, usual | settings)
        self._started.append(started)
        return started

    def copy_index(self) -> None:
        """Spares the bot the building of its index."""
        assert self._index
        shutil.copytree(
            self._index, self.data_dir / "index", ignore=shutil.ignore_patterns("model-*", EMBEDDINGS)
        )
        share_model(self._index, self.data_dir / "index")
        shutil.copy(self._index.with_name(self.database.name), self.database)

    def end_all(self) -> None:
        for one in self._started:
            one.kill()


@pytest.fixture(scope="session", autouse=True)
def _imported_once() -> None:
    """The slow imports are done before the first test's time begins to run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")  # an OpenMP pool does not survive a fork
        patch.setenv("PYTHONPATH", str(PROJECT))  # Python 3.11's fork server knows no other sys.path
        warm_up()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, twins: Path) -> Path:
    """The index of the tiny pack, as a bot has built it; the database beside it knows everybody."""
    launcher = Launcher(tmp_path_factory.mktemp("index"))
    share_model(twins, launcher.data_dir / "index")
    asyncio.run(_one_start(launcher))
    _note_that_everybody_was_asked(launcher.database)
    return launcher.data_dir / "index"


def _note_that_everybody_was_asked(database: Path) -> None:
    """The enrolment is over for all learners of these tests, and follows nobody's first answer."""
    row = (
        "insert into learners (telegram_id, joined_at, enrolment) values (?, '2026-11-22 00:00:00.000000', ?)"
    )
    with closing(sqlite3.connect(database)) as connection:
        connection.executemany(row, [(number, OVER) for number in EVERYBODY])
        connection.commit()


async def _one_start(launcher: Launcher) -> None:
    async with running_sandbox() as server:
        await launcher(server.address).tells("is listening")
        launcher.end_all()


@pytest.fixture
def start(tmp_path: Path, index: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path, index)
    yield launcher
    launcher.end_all()


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    async with running_sandbox(options=Options(loopback_webhooks=True)) as server:
        yield server


@pytest.fixture
async def client(sandbox: SandboxServer) -> AsyncIterator[SandboxClient]:
    """The hands of all learners."""
    async with SandboxClient(sandbox.address) as hands:
        yield hands
