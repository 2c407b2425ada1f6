"""What did learners ask that the bot could not answer? Groups it, so that the pack grows where needed."""

import argparse
import asyncio
import sys
from datetime import timedelta

from bot.app import build_embedder, open_database, utc_now
from bot.errors import NextRungError
from bot.observability import set_up_logs
from bot.settings import Settings, read_settings
from bot.storage import questions
from index.grouping import grouped

EXAMPLES = 5  # of a group shown


def main() -> int:
    """Print the groups, largest first; exit code 2 if the database or the model cannot be used."""
    parser = argparse.ArgumentParser(prog="unanswered", description=__doc__)
    parser.add_argument("--days", type=int, default=30, help="how far to look back (default: 30)")
    days = parser.parse_args().days
    try:
        settings = read_settings()
        set_up_logs("WARNING", settings.log_format)
        asked = asyncio.run(_unanswered(settings, days))
        groups = grouped(asked, build_embedder(settings)) if asked else []
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(asked)} questions without an answer in {days} days, {len(groups)} matters")
    for group in groups:
        print(f"\n{len(group)}  {group[0]}")
        for text in list(dict.fromkeys(group[1:]))[: EXAMPLES - 1]:
            print(f"   {text}")
    return 0


async def _unanswered(settings: Settings, days: int) -> list[str]:
    database = await open_database(settings)
    try:
        async with database.reading() as connection:
            return await questions.unanswered(connection, utc_now() - timedelta(days=days))
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
