"""While thousands of prompts go out: how long does a learner wait for an answer, and are all prompts sent?

benchmark_lanes.py                       600 prompts, half a minute
benchmark_lanes.py --learners 10000      seven minutes
benchmark_lanes.py --database URL        on PostgreSQL

The bot is a process of its own; the sandbox refuses, as Telegram does, what comes faster than 30 a second, or
one a second in a chat.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import quantiles
from zoneinfo import ZoneInfo

from bot.app import utc_now
from bot.errors import NextRungError
from bot.guidance.enrol import OVER
from bot.sandbox.learners import Words, write
from bot.sandbox.world import Chat
from bot.storage import learners
from knowledge.reader import read_pack
from scripts.live import Stage, staged, until

ASKERS = 20
PAUSE_SECONDS = 3.0  # between an answer and the learner's next question, on average
SEED = 6


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    prompts: int
    seconds: float
    waits: Sequence[float]
    lost: int
    twice: int
    refused: int

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.twice)


def main() -> int:
    """Print the figures; exit code 1 if a prompt was lost or came twice."""
    parser = argparse.ArgumentParser(
        prog="benchmark_lanes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--learners", type=int, default=600, metavar="N", help="who get a prompt (600)")
    parser.add_argument("--askers", type=int, default=ASKERS, metavar="N", help=f"who ask ({ASKERS})")
    parser.add_argument("--database", default="", metavar="URL", help="another than SQLite in a new folder")
    arguments = parser.parse_args()
    try:
        figures = asyncio.run(_measured(arguments.learners, arguments.askers, arguments.database))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(_table(figures))
    return 0 if figures.is_good else 1


def _table(figures: Figures) -> str:
    cuts = quantiles(figures.waits, n=100, method="inclusive")
    rate = figures.prompts / figures.seconds
    rows = (
        ("prompts sent", f"{figures.prompts} in {figures.seconds:.0f} s, {rate:.1f} a second"),
        ("prompts lost / sent twice", f"{figures.lost} / {figures.twice}"),
        ("calls refused with 429", f"{figures.refused}"),
        ("questions asked meanwhile", f"{len(figures.waits)}"),
        ("answer after, p50", f"{cuts[49]:.2f} s"),
        ("answer after, p99", f"{cuts[98]:.2f} s"),
        ("answer after, longest", f"{max(figures.waits):.2f} s"),
    )
    return "\n".join(f"{name:<28}{value}" for name, value in rows)


async def _measured(how_many: int, askers: int, database: str) -> Figures:
    async with staged(database) as stage:
        chats, asking = stage.learners(how_many), stage.learners(askers)
        stage.world.flood.switch(True)
        bot = await stage.start()
        await bot.is_listening()
        await _all_due(stage, chats)
        began, waits = time.monotonic(), list[float]()
        questions = [note.title for note in read_pack(stage.settings.knowledge_dir).notes.values()]
        tasks = [asyncio.create_task(_ask_on(stage, chat, questions, waits)) for chat in asking]
        await until(lambda: _sent_to(stage, chats).total() >= how_many, "the prompts", 60 + how_many / 5)
        seconds = time.monotonic() - began
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await bot.stopped()
        sent = _sent_to(stage, chats)
        refused = sum(call["status"] == 429 for call in stage.world.calls)
        twice = sum(count > 1 for count in sent.values())
        return Figures(sent.total(), seconds, waits, how_many - len(sent), twice, refused)


async def _all_due(stage: Stage, chats: Sequence[Chat]) -> None:
    """Learners who have all set the same hour, which has just come."""
    now = utc_now()
    noon = f"Etc/GMT{now.hour - 12:+d}"  # where it is about noon: nobody is prompted at night
    local = now.astimezone(ZoneInfo(noon)).time()
    async with stage.database.transaction() as tx:
        for chat in chats:
            learner_id = await learners.enrol(tx, chat.chat_id, "en", now)
            await learners.change(
                tx, learner_id, enrolment=OVER, timezone=noon, daily_time=local, next_prompt_at=now
            )


async def _ask_on(stage: Stage, chat: Chat, questions: Sequence[str], waits: list[float]) -> None:
    """A learner who asks, reads, thinks, and asks again."""
    chance = Random(SEED + chat.chat_id)
    while True:
        await asyncio.sleep(chance.expovariate(1 / PAUSE_SECONDS))
        before = len(chat.messages)
        asked_at = time.monotonic()
        write(stage.world, chat, chat.chat_id, Words(chance.choice(questions)))
        await until(lambda: len(chat.messages) > before + 1, "an answer")  # noqa: B023
        waits.append(time.monotonic() - asked_at)


def _sent_to(stage: Stage, chats: Sequence[Chat]) -> Counter[int]:
    """How many messages lie in each chat that got any."""
    return Counter({chat.chat_id: len(chat.messages) for chat in chats if chat.messages})


if __name__ == "__main__":
    sys.exit(main())
