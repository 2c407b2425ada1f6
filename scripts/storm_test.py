"""Let a share of all calls to Telegram fail for minutes while learners ask and vote: is anything lost?

storm_test.py                            30 seconds, 20 % of calls, 30 learners
storm_test.py --seconds 300              the measure of a release
storm_test.py --database URL             on PostgreSQL

Calls fail as Telegram's do: 429 with a time to wait, a 502 page, silence, a line that breaks before the call
was taken or after. A reply whose receipt got lost comes again; that is counted, not held against the bot.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass, field
from random import Random

from bot.errors import NextRungError
from bot.sandbox.faults import Fault, Faults
from scripts.classmates import all_done, classroom, counted, is_well, table
from scripts.live import staged

SECONDS, LEARNERS, SHARE = 30.0, 30, 0.2
LONGEST_SILENCE_SECONDS = 40.0  # of a call; the bot gives up after 30
SEED = 11


@dataclass
class Storm(Faults):
    """Faults by chance, for a share of all calls."""

    share: float
    chance: Random = field(default_factory=lambda: Random(SEED))
    failed: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def next_for(self, method: str) -> Fault | None:
        """The fault of this call, if it shall have one."""
        if self.chance.random() >= self.share:
            return None
        self.failed += 1
        kind = self.chance.choice(("429", "502", "503", "hang", "drop", "drop_after"))
        seconds = self.chance.uniform(1, LONGEST_SILENCE_SECONDS)
        return Fault(method, kind, retry_after=self.chance.randint(1, 3), seconds=seconds, times=1)


def main() -> int:
    """Print what was lost; exit code 1 if anything was."""
    parser = argparse.ArgumentParser(
        prog="storm_test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="N", help=f"how long ({SECONDS:.0f})"
    )
    parser.add_argument("--learners", type=int, default=LEARNERS, metavar="N", help=f"({LEARNERS})")
    parser.add_argument(
        "--share", type=float, default=SHARE, metavar="X", help=f"of calls that fail ({SHARE})"
    )
    parser.add_argument("--database", default="", metavar="URL", help="another than SQLite in a new folder")
    given = parser.parse_args()
    try:
        rows = asyncio.run(_weathered(given.seconds, given.learners, given.share, given.database))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(table(rows))
    return 0 if is_well(rows) else 1


async def _weathered(seconds: float, learners: int, share: float, database: str) -> dict[str, int]:
    is_over, storm = asyncio.Event(), Storm(share)
    async with staged(database) as stage:
        room = classroom(stage, learners)
        bot = await stage.listening()
        stage.world.faults = storm
        living = [asyncio.create_task(mate.live(is_over)) for mate in room]
        await asyncio.sleep(seconds)
        storm.share = 0.0
        is_over.set()
        await asyncio.gather(*living)
        await all_done(stage)
        await bot.stopped()
        repeated = sum(len(mate.repeated) for mate in room)
        return {
            "calls failed": storm.failed,
            **await counted(stage, room),
            "replies repeated, as their receipt got lost": repeated,
        }


if __name__ == "__main__":
    sys.exit(main())
