"""How is the database reached? One engine, short transactions, migrations; the rows are others' matter."""

import asyncio
import logging
import os
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, event, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DatabaseAway, DatabaseUnavailable, DiskFull
from bot.storage.writers import WritersQueue

logger = logging.getLogger(__name__)

Transaction = AsyncConnection  # the name other rooms know it by

_MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATION_LOCK = 0x4E52_4442  # any number no other program locks: "NRDB"
# Three replicas have room in PostgreSQL's 100 connections; one that was cut is replaced before it is missed.
ON_A_SERVER: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
# Each connection to SQLite has a thread: to close one that is wanted again at once costs more than a search.
IN_A_FILE: dict[str, Any] = {"pool_size": 24, "max_overflow": 24, "pool_use_lifo": True}
SCRUBBED_WITHIN = 60  # tries, a second apart
SCRUBBING_MS = 500  # that writers wait for readers in each of them
OWNER_ONLY = 0o600  # learners' words are in it
LEAST_FREE = 1_000_000  # bytes
BUSY_TIMEOUT_SECONDS = 10  # how long SQLite waits for another writer; ours take milliseconds


class _NoWayThere(Exception):
    """The tables are of a version from which no migration leads to ours."""


class Database:
    """The bot's database: SQLite in WAL mode, or PostgreSQL.

    SQLite has one writer at a time. A transaction takes that place when it begins, not at its first
    write: a reader that turns writer after somebody else wrote would fail instead of wait. Writers of this
    process queue up before that; SQLite's own waiting is a sleep of up to 100 ms and knows no order.

    Raises:
        DatabaseUnavailable: when `address` is none.
    """

    def __init__(self, address: str) -> None:
        self.engine = _engine_for(address)
        self._where = self.engine.url.render_as_string(hide_password=True)
        self._reader = self.engine.execution_options(is_reader=True)
        self._writers: WritersQueue | None = None
        if self.engine.url.get_backend_name() == "sqlite":
            self._writers = WritersQueue()
            _set_up_sqlite(self.engine)

    @asynccontextmanager
    async def transaction(self, is_urgent: bool = False) -> AsyncIterator[Transaction]:
        """All of it is written, or nothing. On SQLite the urgent go before the others who wait."""
        place = self._writers.place(is_urgent) if self._writers else nullcontext()
        async with place, self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A view of one moment; it waits for no writer, and what is written in it is lost."""
        async with self._reader.connect() as connection:
            yield connection

    async def migrate(self) -> None:
        """Bring the tables to this version of the program.

        Raises:
            DatabaseUnavailable: with the reason in one line; DatabaseAway where a server does not answer.
            DiskFull: SQLite has no room for it.
        """
        try:
            self._keep_to_owner()
            async with self.engine.begin() as connection:
                await connection.run_sync(_upgrade)
        except (SQLAlchemyError, OSError, _NoWayThere) as error:
            await self.close()
            await asyncio.to_thread(_wait_for_sqlite_threads)
            if (folder := self._full_folder(error)) is not None:
                raise DiskFull(folder) from error
            reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
            is_away = self.engine.url.get_backend_name() == "postgresql" and may_pass(error)
            raise (DatabaseAway if is_away else DatabaseUnavailable)(
                f"the database {self._where} cannot be used: {reason}; "
                "check BOT_DATABASE_URL and BOT_DATA_DIR"
            ) from error

    def _keep_to_owner(self) -> None:
        """A new file of SQLite is nobody else's to read; those beside it get the same mode from it."""
        if self.engine.url.get_backend_name() == "sqlite" and (file := self.engine.url.database):
            with suppress(OSError):  # it is there, or SQLite will say what is wrong
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))

    def _full_folder(self, error: Exception) -> Path | None:
        """The folder of SQLite's file, where this error means that there is no room in it."""
        if self.engine.url.get_backend_name() != "sqlite":
            return None
        folder = Path(self.engine.url.database or "").parent
        is_full = "disk is full" in str(error) or ("disk I/O error" in str(error) and _is_crammed(folder))
        return folder if is_full else None

    async def scrub(self) -> None:
        """Empty SQLite's write-ahead log, where what was erased would still be found; PostgreSQL has none.

        Whoever reads from the log is waited for; of two who empty it at once SQLite turns one away.
        """
        if self.engine.url.get_backend_name() != "sqlite":
            return
        async with self.engine.connect() as connection:
            raw = await connection.get_raw_connection()  # no transaction: it would be in its own way
            sqlite: Any = raw.driver_connection
            await sqlite.execute(f"PRAGMA busy_timeout = {SCRUBBING_MS}")
            try:
                await _emptied(sqlite)
            finally:
                await sqlite.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")

    async def close(self) -> None:
        await self.engine.dispose()


async def _emptied(sqlite: Any) -> None:
    for _ in range(SCRUBBED_WITHIN):
        [(is_busy, *_)] = await sqlite.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        if not is_busy:
            return
        await asyncio.sleep(1)
    logger.error("SQLite's log could not be emptied: it may hold what was erased until the bot stops")


def may_pass(error: BaseException) -> bool:
    """Whether the same may succeed later, as the database is busy, full or away; or never."""
    passing = (OperationalError, InterfaceError, InternalError, NoConnectionFree, OSError)
    return isinstance(error, passing)


def insert_new(connection: Transaction, table: Table) -> Any:
    """An insert that passes over rows that exist already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def _engine_for(address: str) -> AsyncEngine:
    """An engine, not yet connected."""
    try:
        url = make_url(address)
        return create_async_engine(
            url, **(ON_A_SERVER if url.get_backend_name() == "postgresql" else IN_A_FILE)
        )
    except ModuleNotFoundError as error:
        raise DatabaseUnavailable(
            f"BOT_DATABASE_URL needs the Python package {error.name}, which is not installed; "
            "for PostgreSQL run `.venv/bin/pip install -c constraints.txt -e '.[postgres]'`"
        ) from error
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnavailable(
            "BOT_DATABASE_URL is not the address of a database; "
            "one looks like postgresql+psycopg://name:password@host:5432/database"
        ) from error


def _is_crammed(folder: Path) -> bool:
    """Whether next to nothing is free: SQLite then may fail to make the file that its readers share."""
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE
    except OSError:
        return False


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # replicas that start together: one migrates, the others wait
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    if not _is_of_this_version(connection):
        _migrate(connection)


def _is_of_this_version(connection: Connection) -> bool:
    """Whether the last migration was run: told without Alembic, whose import takes as long as a start."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    newest = max(file.name for file in _MIGRATIONS.glob("versions/m*.py"))
    return [*connection.scalars(text("select version_num from alembic_version"))] == [newest[1:5]]


def _migrate(connection: Connection) -> None:
    import alembic.command
    import alembic.config
    import alembic.util

    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        alembic.command.upgrade(config, "head")
    except alembic.util.CommandError as error:
        way_back = "run that version, or restore the backup of before it (docs/upgrading.md)"
        raise _NoWayThere(f"a newer version of the bot has changed it ({error}): {way_back}") from error


def _wait_for_sqlite_threads() -> None:
    """A thread of aiosqlite tells the event loop of its end, and fails loudly where that has ended before."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            thread.join(timeout=1)


def _set_up_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def configure(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None  # transactions begin where `begin` below says so
        cursor = dbapi_connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",  # what is acknowledged outlives a power cut; 3 ms a commit on our disks
            "secure_delete = ON",  # what a learner has erased shall not be found in the file
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        is_reader = connection.get_execution_options().get("is_reader")
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")
