"""Move what the bot remembers from SQLite to PostgreSQL. Stop the bot first.

migrate_to_postgres.py postgresql+psycopg://user:password@host/name
migrate_to_postgres.py URL --source old/nextrung.db       another database than that of the settings

Everything is moved, or nothing; the rows are counted on both sides. A second run finds that all is there.
SQLite's file stays as it is. Then set BOT_DATABASE_URL to the new address and start the bot.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from tqdm import tqdm

from bot.errors import DatabaseUnavailable, NextRungError
from bot.settings import read_settings
from bot.storage.backup import sqlite_file
from bot.storage.database import Database
from bot.storage.moving import Counts, Move


def main() -> int:
    """Move; exit code 2 if that cannot be."""
    parser = argparse.ArgumentParser(
        prog="migrate_to_postgres", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("to", metavar="URL", help="an empty database on PostgreSQL")
    parser.add_argument("--source", type=Path, help="the SQLite file; without it that of the bot")
    given = parser.parse_args()
    if not given.to.startswith("postgresql"):
        parser.error("the target must be postgresql+psycopg://user:password@host/name")
    try:
        asyncio.run(_move(_source(given.source), given.to))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _source(named: Path | None) -> Path:
    """The file to move from."""
    file = named or sqlite_file(read_settings().database_address)
    if file is None:
        raise DatabaseUnavailable(
            "BOT_DATABASE_URL is PostgreSQL already; name what to move with --source FILE"
        )
    if not file.is_file():
        raise DatabaseUnavailable(f"there is no database {file}; name it with --source")
    return file


async def _move(source: Path, to: str) -> None:
    move = Move(Database(f"sqlite+aiosqlite:///{source}"), Database(to))
    try:
        await move.source.migrate()
        await move.target.migrate()
        if await move.was_made():
            print("Everything is there already; nothing was moved.")
            return
        moved = await _made(move)
    finally:
        await move.source.close()
        await move.target.close()
    print(
        "Moved and counted: " + ", ".join(f"{count} {name}" for name, count in sorted(moved.items()) if count)
    )
    print(f"Set BOT_DATABASE_URL to the new address and start the bot. {source} stays as it was.")


async def _made(move: Move) -> Counts:
    with tqdm(total=sum((await move.count()).values()), unit=" rows", mininterval=0.5) as bar:
        return await move.make(bar.update)


if __name__ == "__main__":
    sys.exit(main())
