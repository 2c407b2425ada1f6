"""How do the tables come to be? By migrations alone: they are what the program believes they are."""

import asyncio
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.storage import learners, tables
from bot.storage import migrations as migrations_package
from bot.storage.database import Database
from tests.storage.conftest import ALEX, BOT, NOW, fill, rows_of

MIGRATE = """
import asyncio, sys
from bot.storage.database import Database

async def main():
    database = Database(sys.argv[1])
    await database.migrate()
    await database.close()

sys.stdin.read(1)  # all wait here, so that all begin together
asyncio.run(main())
"""


async def test_a_fresh_database_has_every_table_and_nothing_else(database: Database) -> None:
    async with database.reading() as connection:
        names = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    assert names == {*tables.metadata.tables, "alembic_version"}


async def test_a_new_file_of_sqlite_is_nobody_elses_to_read(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'nextrung.db'}")
    await database.migrate()
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}  # noqa: ASYNC240
    await database.close()
    assert modes == dict.fromkeys(("nextrung.db", "nextrung.db-wal", "nextrung.db-shm"), 0o600)


async def test_what_the_migrations_make_is_what_the_program_expects(database: Database) -> None:
    async with database.reading() as connection:
        differences = await connection.run_sync(_differences)
    assert differences == [], "write a migration for what changed in tables.py"


async def test_migrating_again_changes_nothing_and_keeps_what_is_there(database: Database) -> None:
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "en", NOW)
    before = await rows_of(database, tables.learners)
    await database.migrate()
    assert await rows_of(database, tables.learners) == before


async def test_every_migration_can_be_taken_back(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run_sync(_migrate, alembic.command.downgrade, "base")
        names = await tx.run_sync(lambda sync: inspect(sync).get_table_names())
    assert names == ["alembic_version"]
    await database.migrate()


async def test_what_waits_at_the_upgrade_goes_to_the_bot_that_was_last_at_work(database: Database) -> None:
    async with database.transaction() as tx:
        await fill(tx, ALEX)
        await tx.run_sync(_migrate, alembic.command.downgrade, "0001")
        await tx.run_sync(_migrate, alembic.command.upgrade, "head")
    assert [row["bot_id"] for row in await rows_of(database, tables.outbox)] == [BOT]


async def test_programs_that_start_at_once_on_one_database_all_find_it_ready(address: str) -> None:
    starting = [await _a_program_that_migrates(address) for _ in range(3)]
    ended = await asyncio.gather(*(program.communicate(b"!") for program in starting))
    assert [(program.returncode, told) for program, (_, told) in zip(starting, ended, strict=True)] == [
        (0, b"")
    ] * 3
    database = Database(address)
    async with database.transaction() as tx:
        assert list(await tx.scalars(text("select version_num from alembic_version"))) == ["0012"]
    await database.close()


async def _a_program_that_migrates(address: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", MIGRATE, address, stdin=pipe, stdout=pipe, stderr=pipe
    )


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, tables.metadata))


def _migrate(connection: Connection, move: Callable[[alembic.config.Config, str], None], to: str) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", migrations_package.__path__[0])
    config.attributes["connection"] = connection
    move(config, to)
