"""Does the bot's memory grow? Hundreds of thousands of updates: talk in groups, questions, votes, stickers.

soak_test.py                             20,000 updates, some minutes
soak_test.py --updates 200000            the measure of a release
soak_test.py --database URL              on PostgreSQL

Most updates need no reply, as Telegram takes 25 messages a second and no more. What counts is memory of its
own; the pages of the model's file that were read are the system's to take back. Linux only: it reads /proc.
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import mean

from bot.errors import NextRungError
from bot.sandbox.learners import Words, write
from bot.sandbox.world import BOT_ID, Chat
from bot.storage import inbox
from scripts.classmates import all_done, classroom
from scripts.live import LiveBot, Stage, staged, until

UPDATES, TALKERS, CLASSMATES = 20_000, 2_000, 10
LOOKS = 20  # at the memory, evenly spaced
WARM_LOOKS = 4  # of these, until caches have filled
BATCH = 200  # updates at once; about as many may wait, so that no queue is what grows
SEED = 13
SAYINGS = (
    "anyone here?",
    "I like <b>trees</b>",
    "see you at 8 😀",
    "'; drop table learners; --",
    "ok",
    "why?",
)


def main() -> int:
    """Print the memory as it goes; exit code 1 if it grew."""
    parser = argparse.ArgumentParser(
        prog="soak_test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--updates", type=int, default=UPDATES, metavar="N", help=f"how many ({UPDATES})")
    parser.add_argument("--database", default="", metavar="URL", help="another than SQLite in a new folder")
    given = parser.parse_args()
    try:
        sizes = asyncio.run(_soaked(given.updates, given.database))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if has_grown(sizes) else 0


def has_grown(sizes: list[float]) -> bool:
    """Whether the second half, once warm, takes over a tenth more than the first; says so."""
    warm = sizes[WARM_LOOKS:]
    first, second = mean(warm[: len(warm) // 2]), mean(warm[len(warm) // 2 :])
    print(f"{'warm, first half on average':<30}{first:8.1f} MB")
    print(f"{'warm, second half on average':<30}{second:8.1f} MB, {second / first - 1:+.1%}")
    return second > first * 1.1


async def _soaked(updates: int, database: str) -> list[float]:
    is_over = asyncio.Event()
    async with staged(database) as stage:
        say = _talk(stage)
        bot = await stage.listening()
        living = [asyncio.create_task(mate.live(is_over)) for mate in classroom(stage, CLASSMATES)]
        sizes = [await _after(stage, bot, say, updates // LOOKS, look + 1) for look in range(LOOKS)]
        is_over.set()
        await asyncio.gather(*living)
        await all_done(stage)
        await bot.stopped()
        return sizes


def _talk(stage: Stage) -> Callable[[], None]:
    """Somebody says something in a group that lets the bot hear everything."""
    chance = Random(SEED)
    people = [stage.world.add_learner(f"Talker {number}")["id"] for number in range(TALKERS)]
    group: Chat = stage.world.add_group("Study group", set(people), privacy=False)

    def say() -> None:
        kind = chance.choice(("", "", "", "sticker", "photo"))
        words = Words(kind=kind) if kind else Words(f"{chance.choice(SAYINGS)} {chance.random():.3f}")
        write(stage.world, group, chance.choice(people), words)
        group.messages.clear()  # a chat of 200,000 messages is the sandbox's memory, not the bot's

    return say


async def _after(stage: Stage, bot: LiveBot, say: Callable[[], None], updates: int, look: int) -> float:
    """The bot's memory after so many more updates, in megabytes."""
    for _ in range(updates // BATCH):
        for _ in range(BATCH):
            say()
        await until(lambda: _is_nearly_done(stage), "the bot to keep up")
    own, mapped = memory_of(bot.process.pid)
    print(f"after {look * updates:>7} updates {own:12.1f} MB, and {mapped:.1f} of files", flush=True)
    return own


async def _is_nearly_done(stage: Stage) -> bool:
    async with stage.database.reading() as connection:
        return len(stage.world.updates) + await inbox.open_rows(connection, BOT_ID) < BATCH


def memory_of(process_id: int) -> tuple[float, float]:
    """What a process holds in memory of its own, and of files, in megabytes."""
    told = Path(f"/proc/{process_id}/status").read_text()
    found = [re.search(rf"{name}:\s+(\d+) kB", told) for name in ("RssAnon", "RssFile")]
    own, mapped = (int(each[1]) / 1024 if each else 0.0 for each in found)
    return own, mapped


if __name__ == "__main__":
    sys.exit(main())
