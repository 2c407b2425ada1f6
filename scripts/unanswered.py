"""What did learners ask in vain, and which answers did not help? So that the pack grows where needed."""

import argparse
import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.app import build_embedder, open_database, utc_now
from bot.errors import NextRungError
from bot.observability import set_up_logs
from bot.settings import Settings, read_settings
from bot.storage import questions
from index.grouping import grouped

EXAMPLES = 5  # of a group shown


@dataclass(frozen=True)
class Asked:
    """The questions without an answer, and those whose asker said of the answer whether it helped."""

    unanswered: list[str]
    unhelpful: list[tuple[str, str]]
    helpful: int


def main() -> int:
    """Print the groups, largest first; exit code 2 if the database or the model cannot be used."""
    parser = argparse.ArgumentParser(prog="unanswered", description=__doc__)
    parser.add_argument("--days", type=int, default=30, help="how far to look back (default: 30)")
    days = parser.parse_args().days
    try:
        settings = read_settings()
        set_up_logs("WARNING", settings.log_format)
        asked = asyncio.run(_asked(settings, days))
        texts = asked.unanswered
        groups = grouped(texts, build_embedder(settings)) if texts else []
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(texts)} questions without an answer in {days} days, {len(groups)} matters")
    for group in groups:
        print(f"\n{len(group)}  {group[0]}")
        for line in _examples(group[1:]):
            print(line)
    print(f"\n{len(asked.unhelpful)} answers called not helpful, {asked.helpful} helpful")
    for note_id, group in _by_note(asked.unhelpful):
        print(f"\n{len(group)}  {note_id}")
        for line in _examples(group):
            print(line)
    return 0


def _examples(group: Sequence[str]) -> Iterator[str]:
    for text in list(dict.fromkeys(group))[: EXAMPLES - 1]:
        yield f"   {text}"


def _by_note(unhelpful: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The questions by the note that did not answer them, most of them first."""
    groups: dict[str, list[str]] = defaultdict(list)
    for note_id, text in unhelpful:
        groups[note_id].append(text)
    return sorted(groups.items(), key=lambda each: -len(each[1]))


async def _asked(settings: Settings, days: int) -> Asked:
    database, since = await open_database(settings), utc_now() - timedelta(days=days)
    try:
        async with database.reading() as connection:
            return Asked(
                await questions.unanswered(connection, since),
                await questions.unhelpful(connection, since),
                await questions.helpful(connection, since),
            )
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
