"""Everything moves to PostgreSQL as it was, once, and only into an empty place."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bot.storage import learners, tables
from bot.storage.database import Database
from scripts import migrate_to_postgres
from tests.postgres import fresh_database
from tests.storage.conftest import ALEX, NOW, SAM, fill, rows_of, sqlite_address


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Database]:
    """A bot's database with a row in every table."""
    opened = Database(sqlite_address(tmp_path))
    await opened.migrate()
    async with opened.transaction() as tx:
        await fill(tx, ALEX)
    yield opened
    await opened.close()


@pytest.fixture
async def target() -> AsyncIterator[Database]:
    opened = Database(fresh_database())
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def _usual_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_address(tmp_path))


async def move(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["migrate_to_postgres", *map(str, arguments)])
    return await asyncio.to_thread(migrate_to_postgres.main)


def address_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


async def test_every_row_of_every_table_moves_as_it_was(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await move(monkeypatch, address_of(target)) == 0
    assert "1 learners" in capsys.readouterr().out
    for table in tables.metadata.sorted_tables:
        rows = await rows_of(source, table)
        assert rows
        assert await rows_of(target, table) == rows


async def test_a_second_run_moves_nothing_even_when_the_bot_has_gone_on(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await move(monkeypatch, address_of(target))
    async with target.transaction() as tx:
        await fill(tx, SAM)  # ids go on after those that were moved, or this would fail
    capsys.readouterr()
    assert await move(monkeypatch, address_of(target)) == 0
    assert "already" in capsys.readouterr().out
    assert len(await rows_of(target, tables.learners)) == 2


@pytest.mark.parametrize("used", ["asks", "votes"])
async def test_a_source_that_was_used_after_it_was_moved_is_told(
    used: str,
    source: Database,
    target: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await move(monkeypatch, address_of(target))
    later = NOW + timedelta(days=1)
    async with source.transaction() as tx:
        if used == "asks":
            (row,) = (await tx.execute(select(tables.questions))).mappings()
            await tx.execute(insert(tables.questions).values({**row, "id": None, "asked_at": later}))
        else:
            await tx.execute(update(tables.attempts).values(answered_at=later))
    assert await move(monkeypatch, address_of(target)) == 2
    assert "the source was used after it was moved" in capsys.readouterr().err


async def test_a_database_with_other_data_is_left_alone(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with target.transaction() as tx:
        await learners.enrol(tx, SAM, "en", NOW)
    assert await move(monkeypatch, address_of(target)) == 2
    assert "empty database" in capsys.readouterr().err
    assert len(await rows_of(target, tables.learners)) == 1


async def test_what_fails_half_way_leaves_nothing_behind(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with source.transaction() as tx:
        too_long = "x" * 60  # for PostgreSQL; SQLite keeps it
        await tx.execute(update(tables.wishes).values(wish=too_long))
    assert await move(monkeypatch, address_of(target)) == 2
    assert "nothing was: value too long" in capsys.readouterr().err
    for table in tables.metadata.sorted_tables:
        assert await rows_of(target, table) == []


async def test_where_there_is_nothing_to_move_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await move(monkeypatch, "postgresql+psycopg:///a", "--source", tmp_path / "no.db") == 2
    assert "no database" in capsys.readouterr().err


async def test_two_thousand_rows_move_in_batches(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with source.transaction() as tx:
        many = [{"telegram_id": 5000 + number, "joined_at": NOW} for number in range(2001)]
        await tx.execute(insert(tables.learners), many)
    assert await move(monkeypatch, address_of(target)) == 0
    assert await rows_of(target, tables.learners) == await rows_of(source, tables.learners)
