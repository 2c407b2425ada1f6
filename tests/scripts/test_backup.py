"""A backup made while the bot writes is whole, opens as a database, and spoils nothing if it fails."""

import asyncio
import os
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import learners, tables
from bot.storage.database import Database
from scripts import backup
from tests.storage.conftest import ALEX, NOW, fill, rows_of, sqlite_address


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_address(tmp_path))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """The database of a bot at work."""
    opened = Database(sqlite_address(tmp_path))
    await opened.migrate()
    async with opened.transaction() as tx:
        await fill(tx, ALEX)
    yield opened
    await opened.close()


async def back_up(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["backup", *map(str, arguments)])
    return await asyncio.to_thread(backup.main)


async def test_a_backup_can_be_used_in_the_place_of_the_database(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copies" / "today.db"
    assert await back_up(monkeypatch, copy) == 0
    assert "1 learners" in capsys.readouterr().out
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    restored = Database(f"sqlite+aiosqlite:///{copy}")
    await restored.migrate()
    for table in tables.metadata.sorted_tables:
        assert await rows_of(restored, table) == await rows_of(database, table)
    await restored.close()


async def test_what_is_written_meanwhile_is_in_the_copy_as_a_whole_or_not_at_all(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over = asyncio.Event()

    async def write_pairs() -> None:
        number = 0
        while not is_over.is_set():
            number += 2
            async with database.transaction() as tx:
                await learners.enrol(tx, number, "en", NOW)
                await asyncio.sleep(0)
                await learners.enrol(tx, number + 1, "en", NOW)

    writing = asyncio.create_task(write_pairs())
    for number in range(5):
        assert await back_up(monkeypatch, tmp_path / f"{number}.db") == 0
    is_over.set()
    await writing
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            ((count,),) = copy.execute("select count(*) from learners where telegram_id != ?", [ALEX])
            assert count % 2 == 0


async def test_a_backup_that_fails_leaves_the_former_one_and_says_why(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "today.db"
    copy.write_text("the former one")
    await database.close()
    (tmp_path / "nextrung.db").write_bytes(b"no database" * 1_000)
    assert await back_up(monkeypatch, copy) == 2
    assert "cannot be copied" in capsys.readouterr().err
    assert copy.read_text() == "the former one"
    (tmp_path / "nextrung.db").unlink()
    assert await back_up(monkeypatch, copy) == 2
    assert "there is no database" in capsys.readouterr().err
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []


async def test_of_a_folder_the_newest_stay(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    names = [f"nextrung-2026010{day}T000000Z.db" for day in range(1, 5)]
    for name in (*names, "notes.db"):
        (folder / name).touch()
    assert await back_up(monkeypatch, folder, "--keep", 3) == 0
    left = sorted(path.name for path in folder.iterdir())
    assert left[:2] == names[-2:]
    assert "notes.db" in left
    assert len(left) == 4


@pytest.mark.parametrize("keep", [0, -3])
async def test_to_keep_none_is_refused(
    keep: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        await back_up(monkeypatch, tmp_path, "--keep", keep)
    assert "--keep must be 1 or more" in capsys.readouterr().err


async def test_of_postgresql_the_command_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql+psycopg://me:secret@host/name")
    assert await back_up(monkeypatch, tmp_path) == 2
    told = capsys.readouterr().out
    assert "pg_dump" in told
    assert "secret" not in told
