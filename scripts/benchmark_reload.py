"""While learners ask: how long do they wait when the pack is changed in flight, and is a question lost?

benchmark_reload.py                      20 learners, one changed note, SIGHUP after ten seconds
benchmark_reload.py --askers 40

The bot is a process of its own on a copy of BOT_KNOWLEDGE_DIR, with an index folder of its own.
"""

import argparse
import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from statistics import quantiles

from bot.errors import NextRungError
from bot.sandbox.learners import Words, write
from bot.sandbox.world import Chat
from knowledge.reader import read_pack
from scripts.live import LiveBot, Stage, staged, until

ASKERS = 20
PAUSE_SECONDS = 3.0  # between an answer and the learner's next question, on average
CALM_SECONDS = 10.0  # before and after
RELOAD_SECONDS = 900.0  # at most: embeddings are kept, but the numbers are fitted anew
SEED = 8


@dataclass
class Asked:
    """What learners met: when each question was asked, and how long its answer took."""

    waits: list[tuple[float, float]] = field(default_factory=list)


def main() -> int:
    """Print the figures; exit code 1 if a question was lost."""
    parser = argparse.ArgumentParser(
        prog="benchmark_reload", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--askers", type=int, default=ASKERS, metavar="N", help=f"who ask ({ASKERS})")
    try:
        return asyncio.run(_measured(parser.parse_args().askers))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


async def _measured(askers: int) -> int:
    async with staged() as stage:
        pack = Path(shutil.copytree(stage.settings.knowledge_dir, stage.folder / "pack"))
        _own_index(stage)
        bot = await stage.start(BOT_KNOWLEDGE_DIR=str(pack))
        await bot.is_listening()
        questions = [note.title for note in read_pack(pack).notes.values()]
        asked, chats = Asked(), stage.learners(askers)
        tasks = [asyncio.create_task(_ask_on(stage, chat, questions, asked)) for chat in chats]
        await asyncio.sleep(CALM_SECONDS)
        began = time.monotonic()
        await _reloaded(bot, pack)
        ended = time.monotonic()
        await asyncio.sleep(CALM_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await until(lambda: not any(map(_unanswered, chats)), "the last answers")
        await bot.stopped()
        return _tell(asked, chats, began, ended)


def _own_index(stage: Stage) -> None:
    """The new index shall push none of the usual ones out."""
    usual = (stage.folder / "index").resolve()
    (stage.folder / "index").unlink()
    shutil.copytree(usual, stage.folder / "index")


async def _reloaded(bot: LiveBot, pack: Path) -> None:
    note = next(iter(sorted((pack / "notes").rglob("*.md"))))
    note.write_text(note.read_text("utf-8").rstrip() + " Told anew.\n", "utf-8")
    bot.process.send_signal(signal.SIGHUP)
    told = partial(bot.log.read_text, errors="replace")
    await until(lambda: "the pack is reloaded" in told(), "the reload", RELOAD_SECONDS)


async def _ask_on(stage: Stage, chat: Chat, questions: Sequence[str], asked: Asked) -> None:
    """A learner who asks, reads, thinks, and asks again."""
    chance = Random(SEED + chat.chat_id)
    while True:
        await asyncio.sleep(chance.expovariate(1 / PAUSE_SECONDS))
        before, asked_at = len(chat.messages), time.monotonic()
        write(stage.world, chat, chat.chat_id, Words(chance.choice(questions)))
        await until(lambda: len(chat.messages) > before + 1, "an answer")  # noqa: B023
        asked.waits.append((asked_at, time.monotonic() - asked_at))


def _unanswered(chat: Chat) -> int:
    """How many of a learner's messages stand after the bot's last."""
    count = 0
    for message in reversed(list(chat.messages.values())):
        if message.body["from"]["is_bot"]:
            break
        count += 1
    return count


def _tell(asked: Asked, chats: Sequence[Chat], began: float, ended: float) -> int:
    lost = sum(map(_unanswered, chats))
    print(f"reload took {ended - began:.1f} s; questions answered {len(asked.waits)}, lost {lost}")
    spans = {"before": (0.0, began), "meanwhile": (began, ended), "after": (ended, float("inf"))}
    for name, (start, end) in spans.items():
        waits = [wait for at, wait in asked.waits if start <= at < end]
        if len(waits) > 1:
            cuts = quantiles(waits, n=100, method="inclusive")
            told = f"p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, longest {max(waits):.2f} s"
            print(f"{name:<10} {len(waits):>5} answers, {told}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
