"""Learners for scripts that try the bot out: they ask and vote, and count what comes of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from bot.guidance.told import track_told
from bot.sandbox.learners import Words, press, vote, write
from bot.sandbox.world import BOT_ID, Chat, World
from bot.storage import attempts, inbox, outbox
from knowledge.reader import read_pack
from scripts.live import Stage, until

PAUSE_SECONDS = 4.0  # a learner's, on average, between one thing and the next
PATIENCE_SECONDS = 300.0  # of a learner: some restarts

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
    data = [button.get("callback_data", "") for row in rows for button in row]
    return [each for each in data if each.startswith("answer:")]


def _is_item(message: Json) -> bool:
    return "poll" in message or bool(_answers(message))


def classroom(stage: Stage, learners: int) -> list[Classmate]:
    """So many learners, each with chances of their own."""
    titles = titles_of(stage.settings.knowledge_dir)
    return [Classmate(stage.world, chat, titles, Random(chat.chat_id)) for chat in stage.learners(learners)]


def titles_of(pack: Path) -> list[str]:
    """The titles of its notes, as questions; the name of a goal is none to the bot."""
    library = read_pack(pack)
    return sorted(note.title for note in library.notes.values() if not track_told(note.title, library.tracks))


async def all_done(stage: Stage) -> None:
    """Wait until the bot has nothing left to do."""

    async def is_done() -> bool:
        async with stage.database.reading() as connection:
            waiting = await inbox.open_rows(connection, BOT_ID)
            return not waiting and not await outbox.oldest_of_chats(connection, BOT_ID)

    await until(is_done, "the boxes to be empty")


async def counted(stage: Stage, room: Sequence[Classmate]) -> dict[str, int]:
    """What was asked, lost and counted twice; a name with a "!" should be none."""
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
    }


def table(rows: dict[str, int]) -> str:
    """The rows for people."""
    return "\n".join(f"{name:<44}{value}" for name, value in rows.items())


def is_well(rows: dict[str, int]) -> bool:
    """Whether nothing happened that should not."""
    return not any(value for name, value in rows.items() if name.startswith("!"))
