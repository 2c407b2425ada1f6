"""Kill the bot again and again while learners ask and vote: is anything lost, or counted twice?

crash_test.py                            20 times, with 50 learners, on SQLite
crash_test.py --kills 100                as long as it takes, some ten seconds each
crash_test.py --database URL             on PostgreSQL
crash_test.py --database URL --replicas 2    two bots at work; each time one of them is killed

One repetition cannot be avoided: a reply whose sending was cut off between Telegram's receipt and our note of
it comes again. So a bot is stopped at a random instant, what is in that state is looked up, and then it is
killed; any other repetition counts as a fault.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from random import Random

from bot.errors import NextRungError
from bot.sandbox.world import BOT_ID
from bot.storage import outbox
from scripts.classmates import Classmate, all_done, classroom, counted, is_well, table, words_of
from scripts.live import Stage, staged

KILLS, LEARNERS = 20, 50
LONGEST_LIFE_SECONDS = 8.0  # of a bot that will be killed, from the moment it listens
ON_THE_WAY_SECONDS = 0.3  # in which the sandbox takes what the bot has sent already
SEED = 7


def main() -> int:
    """Print what was lost and repeated; exit code 1 if anything was that should not be."""
    parser = argparse.ArgumentParser(
        prog="crash_test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=KILLS, metavar="N", help=f"how often ({KILLS})")
    parser.add_argument("--learners", type=int, default=LEARNERS, metavar="N", help=f"({LEARNERS})")
    parser.add_argument("--database", default="", metavar="URL", help="another than SQLite in a new folder")
    parser.add_argument("--replicas", type=int, default=1, metavar="N", help="bots side by side (1)")
    given = parser.parse_args()
    if given.replicas > 1 and not given.database.startswith("postgresql"):
        parser.error("several replicas need --database postgresql+psycopg://...")
    try:
        rows = asyncio.run(_survived(given.kills, given.learners, given.database, given.replicas))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(table(rows))
    return 0 if is_well(rows) else 1


async def _survived(kills: int, learners: int, database: str, replicas: int) -> dict[str, int]:
    chance, is_over = Random(SEED), asyncio.Event()
    async with staged(database) as stage:
        room = classroom(stage, learners)
        bots = [await stage.listening(str(number)) for number in range(replicas)]
        living = [asyncio.create_task(mate.live(is_over)) for mate in room]
        for number in range(kills):
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
            victim = chance.randrange(replicas)
            bots[victim].frozen()
            await asyncio.sleep(ON_THE_WAY_SECONDS)
            await _note_doubts(stage, room)  # before another replica can take over
            await bots[victim].killed()
            print(f"killed {number + 1} of {kills}", file=sys.stderr)
            bots[victim] = await stage.listening(str(victim))
        is_over.set()
        await asyncio.gather(*living)
        await all_done(stage)
        for bot in bots:
            await bot.stopped()
        return await _counted(stage, room)


async def _note_doubts(stage: Stage, room: Sequence[Classmate]) -> None:
    """Replies that were read already, but are still to be sent by what the bot knows."""
    async with stage.database.reading() as connection:
        unsent = await outbox.oldest_of_chats(connection, BOT_ID)
    for mate in room:
        heard, payload = mate.heard(), unsent.get(mate.chat.chat_id, {})
        promised = str(payload.get("question") or payload.get("text", "")).partition("\n")[0]
        if heard and promised and words_of(heard[-1]) == promised:
            mate.doubts.add(heard[-1]["message_id"])


async def _counted(stage: Stage, room: Sequence[Classmate]) -> dict[str, int]:
    return await counted(stage, room) | {
        "replies repeated, in doubt at a kill": sum(len(mate.repeated & mate.doubts) for mate in room),
        "! replies repeated for no reason": sum(len(mate.repeated - mate.doubts) for mate in room),
    }


if __name__ == "__main__":
    sys.exit(main())
