"""Whatever ends the bot, and whenever: every question is answered, in its order, and once.

One exception cannot be avoided: when the process dies after Telegram took a reply and before it is noted
down, nobody can tell whether it arrived. It is sent again, for a reply twice beats none. These tests know
exactly which replies were in that state, and allow no other repetition.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from knowledge.library import Library
from tests.resilience.conftest import Launcher
from tests.resilience.processes import BotProcess, until

LEARNERS = 5
SECONDS_TO_STOP = 5.0  # the issue's
# From the first question on; on an idle machine an answer takes some 50 ms, five of them 200 ms.
INSTANTS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7)


def title_of(reply: str) -> str:
    return reply.partition("\n")[0]


@dataclass
class Classroom:
    """Learners who ask for notes by their titles, and keep count of what they have asked and read."""

    client: SandboxClient
    titles: Sequence[str]
    asked: dict[int, list[str]] = field(default_factory=dict)

    async def fill(self) -> None:
        for number in range(LEARNERS):
            self.asked[await self.client.add_learner(f"Learner {number}")] = []

    async def everybody_asks(self) -> None:
        """One question each, all at once; nobody asks the same thing twice in a row."""
        await asyncio.gather(*(self._ask(learner) for learner in self.asked))

    async def _ask(self, learner: int) -> None:
        title = self.titles[(learner + len(self.asked[learner])) % len(self.titles)]
        self.asked[learner].append(title)
        await self.client.says(title, learner)

    async def read(self) -> dict[int, list[str]]:
        """The titles of all replies, by learner."""
        return {
            learner: [title_of(reply["text"]) for reply in await self.client.replies(learner)]
            for learner in self.asked
        }

    async def all_is_answered(self) -> bool:
        read = await self.read()
        return all(set(asked) <= set(read[who]) and len(read[who]) >= len(asked) for who, asked in self.asked.items())


@pytest.fixture
async def classroom(client: SandboxClient, tiny: Library) -> Classroom:
    room = Classroom(client, sorted(note.title for note in tiny.notes.values()))
    await room.fill()
    return room


def unsent(start: Launcher) -> set[tuple[int, str]]:
    """What a dead bot left in its outbox: who is to read which note's title."""
    with closing(sqlite3.connect(start.data_dir / "nextrung.db")) as database:
        rows = database.execute("select chat_id, json_extract(payload, '$.text') from outbox").fetchall()
    return {(chat_id, title_of(text)) for chat_id, text in rows}
