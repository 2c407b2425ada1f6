"""Kill the bot again and again while learners ask and vote: is anything lost, or counted twice?

crash_test.py                            20 times, with 50 learners, on SQLite
crash_test.py --kills 100                as long as it takes, some ten seconds each
crash_test.py --database URL             on PostgreSQL
crash_test.py --database URL --replicas 2    two bots at work; each time one of them is killed

One repetition cannot be avoided: a reply whose sending was cut off between Telegram's receipt and our note of
it comes again. What was in that state is looked up after each kill; any other repetition counts as a fault.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from bot.errors import NextRungError
from bot.sandbox.learners import Words, press, vote, write
from bot.sandbox.world import BOT_ID, Chat, World
from bot.storage import attempts, inbox, outbox
from knowledge.reader import read_pack
from scripts.live import Stage, staged, until

KILLS, LEARNERS = 20, 50
PAUSE_SECONDS = 4.0  # a learner's, on average, between one thing and the next
LONGEST_LIFE_SECONDS = 8.0  # of a bot that will be killed, from the moment it listens
PATIENCE_SECONDS = 300.0  # of a learner: some restarts
SEED = 7

Json = dict[str, Any]


@dataclass
class Classmate:
    """A learner who asks for notes by their titles, and answers items; counts what comes of it."""

    world: World
    chat: Chat
    titles: Sequence[str]
    chance: Random
    asked: int = 0
    votes: int = 0
    unanswered: list[str] = field(default_factory=list)
    doubts: set[int] = field(default_factory=set)

    async def live(self, is_over: asyncio.Event) -> None:
        """Ask and answer in turns."""
        while not is_over.is_set():
            await asyncio.sleep(self.chance.expovariate(1 / PAUSE_SECONDS))
            await self._ask()
            await asyncio.sleep(self.chance.expovariate(1 / PAUSE_SECONDS))
            await self._answer_an_item()

    def heard(self, after: int = 0) -> list[Json]:
        """What the bot wrote here after a message."""
        bodies = [message.body for message in self.chat.messages.values()]
        return [one for one in bodies if one["from"]["id"] == BOT_ID and one["message_id"] > after]

    async def _ask(self) -> None:
        title = self.titles[(self.chat.chat_id + self.asked) % len(self.titles)]
        self.asked += 1
        said = self._says(title)
        await self._waits(lambda: any(words_of(one) == title for one in self.heard(said)), title)

    async def _answer_an_item(self) -> None:
        said = self._says("/quiz")
        if not await self._waits(lambda: self._items(said), "/quiz"):
            return
        item = self._items(said)[0]
        last = self.heard()[-1]["message_id"]
        if "poll" in item:
            vote(self.world, item["poll"]["id"], self.chat.chat_id, [self._choice(item["poll"]["options"])])
        else:
            number = item["message_id"]
            press(self.world, self.chat, self.chat.chat_id, number, self.chance.choice(_answers(item)))
        self.votes += 1
        await self._waits(lambda: [one for one in self.heard(last) if not _is_item(one)], "a vote")

    def _items(self, after: int) -> list[Json]:
        return [one for one in self.heard(after) if _is_item(one)]

    def _choice(self, options: Sequence[object]) -> int:
        return self.chance.randrange(len(options))

    def _says(self, text: str) -> int:
        return int(write(self.world, self.chat, self.chat.chat_id, Words(text)).number)

    async def _waits(self, found: Any, what: str) -> bool:
        try:
            await until(found, what, PATIENCE_SECONDS)
        except TimeoutError:
            self.unanswered.append(what)
            return False
        return True

    @property
    def repeated(self) -> set[int]:
        """Replies that came again right after; nobody asks the same twice in a row."""
        pairs = pairwise(self.heard())
        return {one["message_id"] for one, following in pairs if words_of(one) == words_of(following)}


def words_of(message: Json) -> str:
    """What tells a reply from the one before: the first line, or the question of a poll."""
    poll = message.get("poll")
    return str(poll["question"] if poll else message.get("text", "")).partition("\n")[0]


def _answers(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    data = [button["callback_data"] for row in rows for button in row]
    return [each for each in data if each.startswith("answer:")]


def _is_item(message: Json) -> bool:
    return "poll" in message or bool(_answers(message))


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
    print("\n".join(f"{name:<44}{value}" for name, value in rows.items()))
    return 1 if any(value for name, value in rows.items() if name.startswith("!")) else 0


async def _survived(kills: int, learners: int, database: str, replicas: int) -> dict[str, int]:
    chance, is_over = Random(SEED), asyncio.Event()
    async with staged(database) as stage:
        titles = sorted(note.title for note in read_pack(stage.settings.knowledge_dir).notes.values())
        room = [
            Classmate(stage.world, chat, titles, Random(chat.chat_id)) for chat in stage.learners(learners)
        ]
        bots = [await stage.listening(str(number)) for number in range(replicas)]
        living = [asyncio.create_task(mate.live(is_over)) for mate in room]
        for number in range(kills):
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
            victim = chance.randrange(replicas)
            await bots[victim].killed()
            await _note_doubts(stage, room)
            print(f"killed {number + 1} of {kills}", file=sys.stderr)
            bots[victim] = await stage.listening(str(victim))
        is_over.set()
        await asyncio.gather(*living)
        await until(lambda: _is_all_done(stage), "the boxes to be empty")
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


async def _is_all_done(stage: Stage) -> bool:
    async with stage.database.reading() as connection:
        return not await inbox.open_rows(connection, BOT_ID) and not await outbox.oldest_of_chats(
            connection, BOT_ID
        )


async def _counted(stage: Stage, room: Sequence[Classmate]) -> dict[str, int]:
    async with stage.database.reading() as connection:
        answered = await attempts.answered(connection)
        given_up = len(await outbox.failed(connection, BOT_ID))
    votes = sum(mate.votes for mate in room)
    return {
        "questions asked": sum(mate.asked for mate in room),
        "! questions and votes without a reply": sum(len(mate.unanswered) for mate in room),
        "votes cast": votes,
        "! votes lost": max(0, votes - answered),
        "! votes counted twice": max(0, answered - votes),
        "! replies given up": given_up,
        "replies repeated, in doubt at a kill": sum(len(mate.repeated & mate.doubts) for mate in room),
        "! replies repeated for no reason": sum(len(mate.repeated - mate.doubts) for mate in room),
    }


if __name__ == "__main__":
    sys.exit(main())
