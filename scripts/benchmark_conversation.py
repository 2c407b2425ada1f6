"""How many learners can be answered, beside a bot that only repeats what it hears?

benchmark_conversation.py                64 learners, 20 seconds each
benchmark_conversation.py --database URL on PostgreSQL

Each bot is a process of its own, before the sandbox in this one. First every learner asks on as soon as an
answer has come: replies a second. Then questions come at random, half as many a second: how long does each
wait? Ours stores what it hears and says, and searches; its own limit of messages a second is off.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles

from bot.app import utc_now
from bot.errors import NextRungError
from bot.guidance.enrol import OVER
from bot.sandbox.learners import Words, write
from bot.sandbox.server import SANDBOX_TOKEN
from bot.sandbox.world import BOT_ID, Chat, World
from bot.storage import learners
from scripts.classmates import titles_of
from scripts.live import Stage, staged, until

LEARNERS, SECONDS = 64, 20.0
WARM_SECONDS = 3.0
SEED = 7

# The least that a bot can do with python-telegram-bot.
ECHO = """
import os
from telegram.ext import Application, MessageHandler, filters

async def repeat(update, context):
    await update.message.reply_text(update.message.text)

builder = Application.builder().token(os.environ["BOT_TOKEN"]).base_url(os.environ["BOT_API_URL"] + "/bot")
application = builder.concurrent_updates(True).build()
application.add_handler(MessageHandler(filters.TEXT, repeat))
application.run_polling()
"""

Figures = Mapping[str, float]


@dataclass
class Talk:
    """Learners who ask, and what they met: how long each answer took."""

    world: World
    chats: Sequence[Chat]
    titles: Sequence[str]
    chance: Random = field(default_factory=lambda: Random(SEED))
    waits: list[float] = field(default_factory=list)

    async def at_once(self, seconds: float) -> float:
        """Replies a second, where everybody asks on and on."""
        tasks = [asyncio.create_task(self._on_and_on(chat)) for chat in self.chats]
        await asyncio.sleep(WARM_SECONDS)
        before = len(self.waits)
        await asyncio.sleep(seconds)
        replies = len(self.waits) - before
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return replies / seconds

    async def at_random(self, a_second: float, seconds: float) -> list[float]:
        """The waits where so many questions come a second, each from a learner who has their answer."""
        self.waits.clear()
        free, asking = list(self.chats), set[asyncio.Task[None]]()
        over = time.monotonic() + seconds
        while time.monotonic() < over:
            await asyncio.sleep(self.chance.expovariate(a_second))
            if free:
                chat = free.pop(self.chance.randrange(len(free)))
                asking.add(asyncio.create_task(self._ask_once(chat, free)))
        await asyncio.gather(*asking)
        return self.waits

    async def _on_and_on(self, chat: Chat) -> None:
        while True:
            await self._ask(chat)

    async def _ask_once(self, chat: Chat, free: list[Chat]) -> None:
        await self._ask(chat)
        free.append(chat)

    async def _ask(self, chat: Chat) -> None:
        asked_at = time.monotonic()
        number = write(self.world, chat, chat.chat_id, Words(self.chance.choice(self.titles))).number
        await until(lambda: _is_answered(chat, number), "a reply")
        self.waits.append(time.monotonic() - asked_at)


def _is_answered(chat: Chat, number: int) -> bool:
    newest = next(reversed(chat.messages.values()))
    return newest.number > number and newest.body["from"]["id"] == BOT_ID


def main() -> int:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(
        prog="benchmark_conversation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--learners", type=int, default=LEARNERS, metavar="N", help=f"at once ({LEARNERS})")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="S", help=f"each way ({SECONDS:.0f})"
    )
    parser.add_argument("--database", default="", metavar="URL", help="another than SQLite in a new folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        told = {
            name: asyncio.run(measured(name, options.learners, options.seconds, options.database))
            for name in ("echo", "ours")
        }
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(told, indent=2) if options.json else table(told))
    return 0


def table(told: Mapping[str, Figures]) -> str:
    """As Markdown, with ours as a share of the other's."""
    lines = ["| | echo bot | ours | share |", "|---|---|---|---|"]
    for name, echo in told["echo"].items():
        ours = told["ours"][name]
        lines.append(f"| {name} | {echo:.3g} | {ours:.3g} | {ours / echo:.2f} |")
    return "\n".join(lines)


async def measured(name: str, how_many: int, seconds: float, database: str) -> Figures:
    """What one of the two bots does."""
    async with staged(database) as stage:
        chats = stage.learners(how_many)
        await _enrolled(stage, chats)
        async with _serving(stage, name) as process:
            talk = Talk(stage.world, chats, titles_of(stage.settings.knowledge_dir))
            before = _processor_seconds(process)
            rate = await talk.at_once(seconds)
            worked = (_processor_seconds(process) - before) / len(talk.waits)
            await asyncio.sleep(WARM_SECONDS)
            waits = await talk.at_random(rate / 2, seconds)
    cuts = quantiles(waits, n=100, method="inclusive")
    return {
        "replies a second": rate,
        "processor ms a reply": worked * 1000,
        "at half of it, p50 s": cuts[49],
        "at half of it, p99 s": cuts[98],
    }


async def _enrolled(stage: Stage, chats: Sequence[Chat]) -> None:
    """Nobody is asked about themselves."""
    async with stage.database.transaction() as tx:
        for chat in chats:
            await learners.change(tx, await learners.enrol(tx, chat.chat_id, "en", utc_now()), enrolment=OVER)


def _processor_seconds(process: Process) -> float:
    """What a process has used up to now, as Linux counts it."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def _serving(stage: Stage, name: str) -> AsyncIterator[Process]:
    if name == "ours":
        bot = await stage.listening(BOT_MESSAGES_PER_SECOND="1000")
        yield bot.process
        await bot.stopped()
        return
    own = {"BOT_TOKEN": SANDBOX_TOKEN, "BOT_API_URL": stage.sandbox.address}
    echo = await asyncio.create_subprocess_exec(*(sys.executable, "-c", ECHO), env={**os.environ, **own})
    try:
        yield echo
    finally:
        echo.terminate()
        await echo.wait()


if __name__ == "__main__":
    sys.exit(main())
