"""What the tests of all rooms share: packs, the real model, one index, and no settings from outside."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from bot.guidance.atlas import FILE as ATLAS
from bot.guidance.places import prepare_atlas
from bot.storage.database import Database
from index.embedder import EMBEDDED_MODEL, Embedder, open_embedder, twin_name
from index.kept import EMBEDDINGS, remembered
from index.opening import open_retriever
from index.retriever import Retriever
from knowledge.kept import read_kept_pack
from knowledge.library import Library
from knowledge.reader import read_pack

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine breaks no rule
hypothesis.settings.load_profile("untimed")

PROJECT = Path(__file__).resolve().parent.parent
REAL_PACK = PROJECT / "knowledge" / "packs" / "ml_engineer"
TINY_PACK = PROJECT / "tests" / "packs" / "tiny"
BREAD_PACK = PROJECT / "tests" / "packs" / "bread"
DATABASE = "nextrung.db"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file first that builds the index of the real pack; those that would only wait for it come last."""
    waiting = {item.path for item in items if "retriever" in getattr(item, "fixturenames", ())}
    builds = min(waiting, default=None)
    items.sort(key=lambda item: (item.path != builds, item.path in waiting))


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """No BOT_ variable of whoever runs the tests reaches a test or a program it starts."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("BOT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def library(twins: Path) -> Library:
    """The real pack; it tells no places."""
    with FileLock(twins / "pack.lock"):  # reading it takes seconds, and the others have it from the first
        return read_kept_pack(REAL_PACK, twins)


@pytest.fixture(scope="session")
def tiny() -> Library:
    """The pack one can hold in the head."""
    return read_pack(TINY_PACK)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the tiny pack, to break."""
    return Path(shutil.copytree(TINY_PACK, tmp_path / "pack"))


@pytest.fixture
def bread(tmp_path: Path) -> Path:
    """A copy of the bread pack, to plant faults in."""
    return Path(shutil.copytree(BREAD_PACK, tmp_path / "bread"))


@pytest.fixture(scope="session")
def twins(pytestconfig: pytest.Config) -> Path:
    """Where the real model's twin, its embeddings and the real pack's index are kept from run to run.

    They take some minutes. A stale one is never taken: each tells what it was made of.
    """
    return pytestconfig.cache.mkdir("index")  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, twins: Path) -> Path:
    """A BOT_DATA_DIR for the whole run, without a database."""
    folder = tmp_path_factory.mktemp("var")
    (folder / "index").symlink_to(twins)
    return folder


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database of this version that holds nothing, to copy: making one takes as long as a test."""
    folder = tmp_path_factory.mktemp("database")

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{folder / DATABASE}")
        await database.migrate()
        await database.close()

    asyncio.run(make())
    return folder / DATABASE


@pytest.fixture(scope="session")
def atlas_folder(twins: Path) -> Path:
    """Where the atlas of cities is kept."""
    with FileLock(twins / "atlas.lock"):
        prepare_atlas(twins)
    return twins


@pytest.fixture(scope="session")
def twin(twins: Path, atlas_folder: Path) -> Embedder:
    """The real model as it serves."""
    with FileLock(twins / "twin.lock"):  # one worker of pytest-xdist makes it, the others wait
        return open_embedder(EMBEDDED_MODEL, twins)


@pytest.fixture(scope="session")
def retriever(library: Library, twin: Embedder, twins: Path) -> Retriever:
    """The search over the real pack; a test without need of it does not wait until it is built."""
    with FileLock(twins / "index.lock"):
        return searching(library, twin, twins)


@pytest.fixture(scope="session")
def embedder(retriever: Retriever, twins: Path) -> Iterator[Embedder]:
    """The real model, which remembers what it embedded for the real pack and in earlier runs."""
    with remembered(retriever.embedder, twins) as remembering:
        yield remembering


@pytest.fixture(scope="session")
def tiny_index(tiny: Library, twin: Embedder, twins: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder with the tiny pack's index."""
    folder = tmp_path_factory.mktemp("tiny-index")
    share_model(twins, folder)
    searching(tiny, twin, folder)
    return folder


def searching(library: Library, embedder: Embedder, folder: Path) -> Retriever:
    """The search over any pack, with its index in `folder`."""
    return open_retriever(library, embedder, folder)


def share_model(twins: Path, folder: Path) -> None:
    """Spares a program that keeps its index in `folder` the making of the twin, the atlas and embeddings."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (twin_name(EMBEDDED_MODEL), EMBEDDINGS, ATLAS):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(twins / name)
