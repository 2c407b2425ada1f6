"""What does an operator read when the database cannot be used? One line that names it and what to check."""

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.errors import DatabaseUnavailable, DiskFull
from bot.storage.database import Database
from tests.postgres import address_of
from tests.storage.conftest import sqlite_address


async def refusal(address: str) -> str:
    """What is told of the database at `address`."""
    running = set(threading.enumerate())
    with pytest.raises(DatabaseUnavailable) as told:
        await use(address)
    left = [thread.name for thread in set(threading.enumerate()) - running]
    assert not [name for name in left if not name.startswith("asyncio_")], "a thread outlives the failure"
    line = str(told.value)
    assert line.count("\n") == 0
    assert "BOT_DATABASE_URL" in line
    return line


async def use(address: str) -> None:
    database = Database(address)
    try:
        await database.migrate()
    finally:
        await database.close()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "nextrung.db").write_text("Dear diary, " * 1000)
    line = await refusal(sqlite_address(tmp_path))
    assert str(tmp_path / "nextrung.db") in line
    assert "file is not a database" in line


async def test_a_damaged_database(tmp_path: Path) -> None:
    database = Database(sqlite_address(tmp_path))
    await database.migrate()
    await database.close()
    file = tmp_path / "nextrung.db"
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 8192)
    assert "malformed" in await refusal(sqlite_address(tmp_path))


async def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert "unable to open database file" in await refusal(sqlite_address(tmp_path / "nowhere"))


async def test_a_folder_in_whose_place_there_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert "unable to open database file" in await refusal(sqlite_address(tmp_path / "var"))


async def test_a_folder_one_may_not_write_to(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    if os.access(folder, os.W_OK):
        folder = Path("/proc/self")  # for root no folder is locked but this one
    assert "unable to open database file" in await refusal(sqlite_address(folder))


async def test_a_file_one_may_only_read(tmp_path: Path) -> None:
    (tmp_path / "nextrung.db").touch()
    line = await refusal(f"sqlite+aiosqlite:///file:{tmp_path / 'nextrung.db'}?mode=ro&uri=true")
    assert "readonly" in line


async def test_a_database_of_a_later_version_of_the_program(database: Database, address: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(text("update alembic_version set version_num = '9999'"))
    line = await refusal(address)
    assert "9999" in line
    assert "newer version" in line
    assert "docs/upgrading.md" in line


async def test_a_server_that_does_not_answer() -> None:
    line = await refusal("postgresql+psycopg://bot:hunter2@127.0.0.1:1/next_rung")
    assert "127.0.0.1" in line
    assert "refused" in line
    assert "hunter2" not in line


async def test_a_server_without_that_database() -> None:
    assert 'database "nobody_made_it" does not exist' in await refusal(address_of("nobody_made_it"))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://bot:hunter2@localhost:five/next_rung",
        "postgresql+psycopg://bot:hunter2@[::1/next_rung",
        "sqlite+aiosqlite://bot:hunter2@localhost/next_rung",
    ],
)
async def test_an_address_that_cannot_be_read(address: str) -> None:
    assert "hunter2" not in await refusal(address)


async def test_a_driver_that_is_not_installed() -> None:
    without_driver = "import sys; sys.modules['psycopg'] = None; "
    opening = (
        "from bot.storage.database import Database; Database('postgresql+psycopg://localhost/next_rung')"
    )
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", without_driver + opening, stderr=asyncio.subprocess.PIPE
    )
    _, told = await program.communicate()
    last = told.decode().splitlines()[-1]
    assert "DatabaseUnavailable: BOT_DATABASE_URL needs the Python package psycopg" in last
    assert "pip install" in last


async def test_a_full_disk_is_told_with_its_folder_and_no_setting_is_blamed(tmp_path: Path) -> None:
    database = Database(sqlite_address(tmp_path))

    @event.listens_for(database.engine.sync_engine, "connect")
    def fills_up(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 3")

    with pytest.raises(DiskFull) as told:
        await database.migrate()
    assert f"the disk is full ({tmp_path}): make room there" in str(told.value)
    assert "BOT_DATABASE_URL" not in str(told.value)
