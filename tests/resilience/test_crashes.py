"""Whatever ends the bot, and whenever: every question is answered, in its order, and once.

One exception cannot be avoided: when the process dies after Telegram took a reply and before it is noted
down, nobody can tell whether it arrived. It is sent again, for a reply twice beats none. These tests know
exactly which replies were in that state, and allow no other repetition.
"""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from bot.chat.drain import Drain
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from bot.sandbox.values import Json
from bot.sandbox.world import BOT_ID
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Outgoing
from knowledge.library import Library
from tests.resilience.conftest import Launcher
from tests.resilience.processes import PATIENCE, BotProcess, free_address, locked, until

LEARNERS = 5
PROMPT = "Your question of the day."
SECONDS_TO_STOP = 5.0  # the issue's
# From the first question on; on an idle machine an answer takes some 50 ms, five of them 200 ms.
INSTANTS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7)


def title_of(reply: str) -> str:
    return reply.partition("\n")[0]


@dataclass
class Classroom:
    """Learners who ask for notes by their titles; knows who is to read what, and how often."""

    client: SandboxClient
    titles: Sequence[str]
    asked: dict[int, list[str]] = field(default_factory=dict)
    doubts: set[tuple[int, int]] = field(default_factory=set)

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

    async def note_doubts(self, database: Path) -> None:
        """After a kill: a reply that was read already, but is still to be sent by what the bot knows.

        It is named by its place among the replies, so that it counts once however often the bot is killed.
        """
        unsent = first_unsent(database)
        for learner, read in (await self.read()).items():
            if read and read[-1] == unsent.get(learner):
                self.doubts.add((learner, len(read)))

    @property
    def in_doubt(self) -> Counter[int]:
        """How many replies come twice, by learner."""
        return Counter(learner for learner, _ in self.doubts)

    async def is_answered(self) -> bool:
        read = await self.read()
        return all(len(read[who]) >= len(self.asked[who]) + self.in_doubt[who] for who in self.asked)

    async def is_served_by(self, bot: BotProcess) -> None:
        """Every question has been answered once and in order when this bot has done its work."""
        await bot.tells("is listening")
        await until(self.is_answered, "all answers")
        bot.asked_to_stop()  # so that nothing more can come
        assert await bot.exit_code() == 0
        for learner, read in (await self.read()).items():
            assert [title for title, _ in groupby(read)] == self.asked[learner]
            assert len(read) == len(self.asked[learner]) + self.in_doubt[learner]


def first_unsent(database: Path) -> dict[int, str]:
    """For each chat the title of the oldest reply that a dead bot left in its outbox."""
    question = "select chat_id, json_extract(payload, '$.text') from outbox order by id desc"
    with closing(sqlite3.connect(database)) as connection:
        return {chat_id: title_of(text) for chat_id, text in connection.execute(question)}


@pytest.fixture
async def classroom(client: SandboxClient, tiny: Library) -> Classroom:
    room = Classroom(client, sorted(note.title for note in tiny.notes.values()))
    await room.fill()
    return room


async def test_killed_at_any_instant_the_bot_answers_every_question_once_after_a_restart(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    for instant in INSTANTS:
        bot = start(sandbox.address)
        await bot.tells("is listening")
        await classroom.everybody_asks()
        await asyncio.sleep(instant)  # not to wait for anything: this is the instant
        bot.kill()
        await classroom.note_doubts(start.database)
    await classroom.is_served_by(start(sandbox.address))
    assert await classroom.client.violations() == []


async def test_killed_again_while_it_recovers_the_bot_still_loses_and_repeats_nothing(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    first = start(sandbox.address)
    await first.tells("is listening")
    for _ in range(4):
        await classroom.everybody_asks()
    first.kill()
    await classroom.note_doubts(start.database)
    for words in ("loading the embedding model", "is listening", "answered with"):
        recovering = start(sandbox.address)
        await recovering.tells(words)
        recovering.kill()
        await classroom.note_doubts(start.database)
    await classroom.is_served_by(start(sandbox.address))


# Each step of an answer


async def test_killed_before_a_question_is_fetched(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    bot = start(sandbox.address)
    await bot.tells("is listening")
    bot.kill()
    await classroom.everybody_asks()
    await classroom.is_served_by(start(sandbox.address))


async def test_killed_when_a_question_is_fetched_but_not_yet_stored(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    bot = start(sandbox.address)
    await bot.tells("is listening")
    with locked(start.database):
        await classroom.everybody_asks()
        await until(lambda: fetched(classroom.client), "the bot to fetch the questions")
        bot.kill()
    await classroom.is_served_by(start(sandbox.address))


async def test_killed_before_telegram_heard_that_the_questions_are_stored(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    bot = start(sandbox.address)
    await bot.tells("is listening")
    await classroom.everybody_asks()
    await until(classroom.is_answered, "all answers")
    bot.kill()
    await classroom.note_doubts(start.database)
    for update in await fetched(classroom.client):  # what Telegram does with unconfirmed updates
        await classroom.client.call("POST", "updates", update)
    await classroom.everybody_asks()  # answered after whatever comes before it
    await classroom.is_served_by(start(sandbox.address))


async def test_killed_while_the_replies_are_on_their_way(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    await classroom.client.faults("hang", "sendMessage")
    bot = start(sandbox.address)
    await bot.tells("is listening")
    await classroom.everybody_asks()
    await until(lambda: len(first_unsent(start.database)) == LEARNERS, "all replies to lie in the outbox")
    bot.kill()
    await classroom.client.call("DELETE", "faults")
    await classroom.is_served_by(start(sandbox.address))


async def test_only_a_reply_that_arrived_but_could_not_be_noted_down_comes_twice(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    bot = start(sandbox.address)
    await bot.tells("is listening")
    await classroom.client.faults("hang", "sendMessage", times=LEARNERS, seconds=2)
    await classroom.everybody_asks()
    await until(lambda: len(first_unsent(start.database)) == LEARNERS, "all replies to lie in the outbox")
    with locked(start.database):
        await until(classroom.is_answered, "all replies to arrive")
        bot.kill()
    await classroom.note_doubts(start.database)
    assert classroom.in_doubt.total() == LEARNERS
    await classroom.is_served_by(start(sandbox.address))


async def promise_prompt(database: Path, chat_id: int) -> None:
    """A message of the bulk lane, as the tick puts it into the outbox."""
    opened = Database(f"sqlite+aiosqlite:///{database}")
    async with opened.transaction() as tx:
        prompt = Outgoing(chat_id, "sendMessage", {"chat_id": chat_id, "text": PROMPT})
        await outbox.put(tx, BOT_ID, [prompt], datetime.now(UTC), lane=outbox.BULK)
    await opened.close()


def is_on_its_way(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("select count(*) from outbox where begun_at is not null").fetchone()[0] == 1


async def test_a_prompt_that_arrived_but_could_not_be_noted_down_does_not_come_twice(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    bot, learner = start(sandbox.address), next(iter(classroom.asked))
    await bot.tells("is listening")
    await classroom.everybody_asks()
    await until(classroom.is_answered, "everybody to be answered")
    await classroom.client.faults("hang", "sendMessage", times=1, seconds=2)
    await promise_prompt(start.database, learner)
    await until(lambda: is_on_its_way(start.database), "the prompt to be on its way")

    async def copies() -> int:
        return [reply["text"] for reply in await classroom.client.replies(learner)].count(PROMPT)

    with locked(start.database):
        await until(copies, "the prompt to arrive")
        bot.kill()
    await start(sandbox.address).tells("is listening")
    await classroom.everybody_asks()
    await until(classroom.is_answered, "everybody to be answered again")
    assert await copies() == 1
    assert is_on_its_way(start.database), "in doubt, until it is told to the operator"


# Asked to stop


@pytest.mark.parametrize("instant", INSTANTS[::5])
async def test_asked_to_stop_with_work_in_flight_the_bot_stops_soon_and_loses_nothing(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom, instant: float
) -> None:
    bot = start(sandbox.address)
    await bot.tells("is listening")
    for _ in range(5):
        await classroom.everybody_asks()
    await asyncio.sleep(instant)  # not to wait for anything: this is the instant
    await stops_in_time(bot)
    await classroom.is_served_by(start(sandbox.address))
    assert not classroom.in_doubt, "a bot that may tidy up leaves no doubt"


async def test_asked_to_stop_while_telegram_does_not_answer_the_bot_still_stops_soon(
    start: Launcher, sandbox: SandboxServer, classroom: Classroom
) -> None:
    await classroom.client.faults("hang", "sendMessage")
    bot = start(sandbox.address, BOT_LISTEN=free_address())
    await bot.tells("is listening")
    await classroom.everybody_asks()
    await until(lambda: len(first_unsent(start.database)) == LEARNERS, "all replies to lie in the outbox")
    await classroom.client.faults("hang")
    await stops_in_time(bot)
    await classroom.client.call("DELETE", "faults")
    await classroom.is_served_by(start(sandbox.address))


async def test_a_drain_that_is_woken_in_the_very_moment_it_is_to_stop_stops() -> None:
    looked = asyncio.Event()

    async def nothing_is_due(_busy: Collection[int], _limit: int) -> list[int]:
        return []

    async def look_in_an_hour(_busy: Collection[int]) -> datetime:
        looked.set()
        return datetime.now(UTC) + timedelta(hours=1)

    async def work(_row: int) -> None:
        raise AssertionError("there is no work")

    drain = Drain("empty", nothing_is_due, look_in_an_hour, int, work, lambda: datetime.now(UTC), limit=1)
    async with asyncio.timeout(PATIENCE) as patience:
        async with drain.running():
            await looked.wait()
            for _ in range(10):
                await asyncio.sleep(0)  # by then it waits to be woken
            drain.wake()
    assert not patience.expired()


async def stops_in_time(bot: BotProcess) -> None:
    asked_at = time.monotonic()
    bot.asked_to_stop()
    assert await bot.exit_code() == 0
    assert time.monotonic() - asked_at < SECONDS_TO_STOP
    assert "Traceback" not in bot.stderr


async def fetched(client: SandboxClient) -> list[Json]:
    """The updates the bot was given so far."""
    answers = [
        call["response"]["result"] for call in await client.calls("getUpdates") if call["status"] == 200
    ]
    return [update for answer in answers for update in answer]
