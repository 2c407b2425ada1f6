"""Telegram has a bad day: what fails is tried again, in order; what is refused for good holds up nobody.

One bot goes through all of it, as in life; each test has a learner of its own.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer, running_sandbox
from bot.sandbox.values import Json
from tests.resilience.conftest import Launcher
from tests.resilience.processes import BotProcess, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTIONS = ("How much maths do I need?", "Which programming language first?")


@dataclass(frozen=True)
class Learner:
    """Somebody who asks, and reads what comes; `since` is the number of the last call before their time."""

    client: SandboxClient
    number: int
    since: int

    async def asks(self, *questions: str) -> None:
        for question in questions:
            await self.client.says(question, self.number)

    async def titles(self, chat: int | None = None) -> list[str]:
        """The first lines of all that the bot has written in a chat, the learner's own if none is said."""
        replies = await self.client.replies(chat or self.number)
        return [str(reply["text"]).partition("\n")[0] for reply in replies]

    async def reads(self, *expected: str, chat: int | None = None) -> None:
        """These replies are there in the end, in this order, and no others."""

        async def have_come() -> bool:
            return len(await self.titles(chat)) >= len(expected)

        await until(have_come, f"{len(expected)} replies")
        assert await self.titles(chat) == list(expected)

    async def calls(self, method: str, status: int = 0) -> list[Json]:
        """The bot's calls of a method in this learner's time; `status` picks those answered with it."""
        calls = await self.client.calls(method, self.since)
        return [call for call in calls if status in (0, call["status"])]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory, index: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path_factory.mktemp("faults"), index)
    yield launcher
    launcher.end_all()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[SandboxServer]:
    async with running_sandbox() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(sandbox: SandboxServer) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox.address) as hands:
        yield hands


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(start: Launcher, sandbox: SandboxServer) -> BotProcess:
    running = start(sandbox.address)
    await running.tells("is listening")
    return running


@pytest_asyncio.fixture(loop_scope="module")
async def learner(bot: BotProcess, client: SandboxClient) -> AsyncIterator[Learner]:
    number = await client.add_learner()
    calls = await client.calls()
    yield Learner(client, number, calls[-1]["number"])
    await client.call("DELETE", "faults")
    assert bot.is_alive
    assert await client.violations() == []


# Sending


async def test_too_many_requests_are_waited_out_for_as_long_as_telegram_says(learner: Learner) -> None:
    await learner.client.faults("429", "sendMessage", retry_after=2, times=2)
    await learner.asks(*QUESTIONS)
    await learner.reads(*QUESTIONS)
    first, second, third, *_ = [call["at"] for call in await learner.calls("sendMessage")]
    assert second - first >= 2
    assert third - second >= 2


@pytest.mark.parametrize("kind", ["500", "502", "drop"])
async def test_a_reply_that_cannot_be_sent_is_sent_later_once_and_in_order(
    learner: Learner, kind: str
) -> None:
    await learner.client.faults(kind, "sendMessage", times=2)
    await learner.asks(*QUESTIONS)
    await learner.reads(*QUESTIONS)
    assert len(await learner.calls("sendMessage")) == 2 + len(QUESTIONS)


async def test_a_reply_whose_arrival_stays_unknown_is_rather_sent_twice(learner: Learner) -> None:
    await learner.client.faults("drop_after", "sendMessage", times=1)
    await learner.asks(*QUESTIONS)
    await learner.reads(QUESTIONS[0], *QUESTIONS)


async def test_refused_formatting_costs_the_formatting_only(learner: Learner) -> None:
    trouble = "Bad Request: can't parse entities: Unsupported start tag"
    await learner.client.faults("400", "sendMessage", times=1, text=trouble)
    await learner.asks(*QUESTIONS)
    await learner.reads(*QUESTIONS)
    bare, formatted = await learner.client.replies(learner.number)
    assert "entities" not in bare
    assert "entities" in formatted
    assert bare["reply_markup"]


async def test_a_reply_refused_for_good_is_kept_for_the_operator_and_the_next_one_goes_out(
    learner: Learner, start: Launcher
) -> None:
    await learner.client.faults("400", "sendMessage", times=1, text="Bad Request: PEER_FLOOD")
    await learner.asks(*QUESTIONS)
    await learner.reads(QUESTIONS[1])
    ((chat_id, error),) = rows(start, "select chat_id, error from outbox where failed_at is not null")
    assert chat_id == learner.number
    assert "PEER_FLOOD" in str(error).upper()


async def test_a_learner_who_has_blocked_the_bot_is_left_in_peace_until_they_are_back(
    learner: Learner, start: Launcher
) -> None:
    chat = {"chat_id": learner.number}
    await learner.client.faults("429", "sendMessage", retry_after=1, times=1)
    await learner.asks(QUESTIONS[0])
    await until(lambda: learner.calls("sendMessage", 429), "the reply to be held up")
    await learner.client.call("POST", "block", chat)
    await until(lambda: learner.calls("sendMessage", 403), "the reply to be refused")
    await until(lambda: blocked(start) == [learner.number], "the bot to take note")
    await learner.client.call("POST", "unblock", chat)
    await learner.asks(QUESTIONS[1])
    await learner.reads(QUESTIONS[1])
    assert blocked(start) == []
    assert len(await learner.calls("sendMessage", 403)) == 1


async def test_a_reply_follows_a_group_that_became_a_supergroup(learner: Learner) -> None:
    there = {"title": "Study circle", "learner_ids": [learner.number], "is_new": False}
    group = (await learner.client.call("POST", "groups", there))["chat_id"]
    await learner.client.faults("429", "sendMessage", retry_after=1, times=1)
    await learner.client.says(f"@next_rung_bot {QUESTIONS[0]}", learner.number, group)
    await until(lambda: learner.calls("sendMessage", 429), "the reply to be held up")
    moved = await learner.client.call("POST", "migrate", {"chat_id": group})
    await learner.reads(QUESTIONS[0], chat=moved["chat_id"])
    assert len(await learner.calls("sendMessage", 400)) == 1, "the old group is tried once"


# Fetching


@pytest.mark.parametrize(("kind", "times"), [("409", 2), ("500", 1), ("drop", 1), ("hang", 2)])
async def test_updates_that_cannot_be_fetched_are_fetched_later(
    learner: Learner, bot: BotProcess, kind: str, times: int
) -> None:
    told_before = told_of_fetching(bot)
    await learner.client.faults(kind, "getUpdates", times=times, seconds=1)
    await learner.asks(*QUESTIONS)
    await learner.reads(*QUESTIONS)
    await learner.asks(*QUESTIONS)
    await learner.reads(*QUESTIONS, *QUESTIONS)
    assert told_of_fetching(bot) - told_before <= 1, "one line when the trouble begins"


async def test_an_update_delivered_twice_is_answered_once(learner: Learner) -> None:
    await learner.client.call("POST", "faults", {"kind": "duplicate_update", "times": 2})
    await learner.asks(*QUESTIONS, *QUESTIONS)
    await learner.reads(*QUESTIONS, *QUESTIONS)


# Everything at once


async def test_on_the_worst_of_days_everybody_is_answered_in_the_end(learner: Learner) -> None:
    client = learner.client
    for kind in ("500", "drop", "429", "502", "drop_after", "409"):
        await client.faults(kind, times=1, retry_after=1)
    everybody = [learner, *[Learner(client, await client.add_learner(), learner.since) for _ in range(4)]]
    for one in everybody:
        await one.asks(*QUESTIONS)
    for one in everybody:

        async def is_answered(one: Learner = one) -> bool:
            return {*QUESTIONS} <= {*await one.titles()}

        await until(is_answered, "both answers")
        assert [title for title, _ in groupby(await one.titles())] == list(QUESTIONS)


def told_of_fetching(bot: BotProcess) -> int:
    return bot.stderr.count("updates cannot be fetched") + bot.stderr.count("another program polls")


def rows(start: Launcher, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(start.database)) as connection:
        return connection.execute(question).fetchall()


def blocked(start: Launcher) -> list[object]:
    """Telegram ids of the learners who have shut the bot out, as the bot knows it."""
    found = rows(start, "select telegram_id from learners where blocked_at is not null")
    return [telegram_id for (telegram_id,) in found]
