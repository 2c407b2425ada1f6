"""Copy the bot's database while the bot runs; the copy is whole, checked, and in place in one step.

backup.py backups/                       a new file of this moment in that folder
backup.py backups/ --keep 14             and only the fourteen newest stay
backup.py backups/today.db               that very file

Of PostgreSQL it tells the command to run. To restore: docs/upgrading.md.
"""

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path

from bot.app import utc_now
from bot.errors import NextRungError
from bot.settings import read_settings
from bot.storage.backup import copy_sqlite, sqlite_file

SUFFIX = ".db"


def main() -> int:
    """Make a backup; exit code 2 if there is none to make or it cannot be."""
    parser = argparse.ArgumentParser(
        prog="backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("to", type=Path, help="a folder, or a file that ends in .db")
    parser.add_argument("--keep", type=int, metavar="N", help="of a folder: the newest N stay; else all do")
    arguments = parser.parse_args()
    if arguments.keep is not None and arguments.keep < 1:
        parser.error("--keep must be 1 or more")
    try:
        return asyncio.run(_back_up(arguments.to, arguments.keep))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


async def _back_up(to: Path, keep: int | None) -> int:
    settings = read_settings()
    source = sqlite_file(settings.database_address)
    if source is None:
        print("BOT_DATABASE_URL is PostgreSQL, which makes its own backups while it is used:")
        print("pg_dump --format=custom --file=backup.dump postgresql://user@host/name")
        return 2
    file = _file_for(to, source, utc_now())
    rows = await copy_sqlite(source, file)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, checked; " + ", ".join(_counted(rows)))
    for old in _too_old(file, source, keep if file.parent == to else None):
        old.unlink()
    return 0


def _file_for(to: Path, source: Path, now: datetime) -> Path:
    return to if to.suffix == SUFFIX else to / f"{source.stem}-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"


def _too_old(newest: Path, source: Path, keep: int | None) -> list[Path]:
    """The backups of the same database beyond the newest `keep`, which are named by their time."""
    if not keep:
        return []
    return sorted(newest.parent.glob(f"{source.stem}-????????T??????Z{SUFFIX}"))[:-keep]


def _counted(rows: dict[str, int]) -> list[str]:
    return [f"{count} {name}" for name, count in sorted(rows.items()) if count]


if __name__ == "__main__":
    sys.exit(main())
