"""How is a SQLite database copied while it is used? By SQLite itself; then it is checked and put in place."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.errors import DatabaseUnavailable
from bot.storage.database import OWNER_ONLY


def sqlite_file(address: str) -> Path | None:
    """The file behind a database's address; None for PostgreSQL."""
    url = make_url(address)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


async def copy_sqlite(source: Path, target: Path) -> dict[str, int]:
    """Copy `source` as it is at one moment; returns how many rows each table of the copy holds.

    Raises:
        DatabaseUnavailable: there is none, or the copy is not sound; then `target` is as it was.
    """
    return await asyncio.to_thread(_copy, source, target)


def _copy(source: Path, target: Path) -> dict[str, int]:
    if not source.is_file():
        raise DatabaseUnavailable(f"there is no database {source}; check BOT_DATA_DIR and BOT_DATABASE_URL")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as running:
            running.execute("vacuum into ?", [str(unfinished)])
        rows = _checked(unfinished)
        with unfinished.open("rb") as copy:
            os.fsync(copy.fileno())
        unfinished.replace(target)
    except sqlite3.Error as error:
        raise DatabaseUnavailable(f"{source} cannot be copied: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _checked(copy: Path) -> dict[str, int]:
    """The rows of each table, after every page and every reference between tables was looked at."""
    with closing(sqlite3.connect(copy)) as opened:
        [told] = opened.execute("pragma integrity_check(1)").fetchone()
        stray = opened.execute("pragma foreign_key_check").fetchall()
        if told != "ok" or stray:
            raise sqlite3.DatabaseError(f"the copy is not sound: {told}, {len(stray)} stray rows")
        names = [name for (name,) in opened.execute("select name from sqlite_schema where type = 'table'")]
        return {name: opened.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names}
