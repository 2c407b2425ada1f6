"""Telegram has a bad day: what fails is tried again, in order; what is refused for good holds up nobody."""

import sqlite3
from contextlib import closing
from itertools import groupby

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from bot.sandbox.values import Json
from bot.sandbox.world import ALEX_ID
from tests.resilience.conftest import Launcher
from tests.resilience.processes import PATIENCE, BotProcess, locked, until

QUESTIONS = ("How much maths do I need?", "Which programming language first?")


@pytest.fixture
async def bot(start: Launcher, sandbox: SandboxServer) -> BotProcess:
    running = start(sandbox.address)
    await running.tells("is listening")
    return running


async def titles(client: SandboxClient, chat: int = ALEX_ID) -> list[str]:
    """The first lines of all that the bot has written in a chat."""
    return [str(reply["text"]).partition("\n")[0] for reply in await client.replies(chat)]


async def asks(client: SandboxClient, *questions: str, learner: int = ALEX_ID) -> None:
    for question in questions:
        await client.says(question, learner)


async def reads(client: SandboxClient, *expected: str, chat: int = ALEX_ID) -> None:
    """These replies are there in the end, in this order, and no others."""

    async def has_come() -> bool:
        return len(await titles(client, chat)) >= len(expected)

    await until(has_come, f"{len(expected)} replies")
    assert await titles(client, chat) == list(expected)


async def refused(client: SandboxClient, method: str, status: int) -> list[Json]:
    """The calls of a method that were answered with this status."""
    return [call for call in await client.calls(method) if call["status"] == status]


# Sending


async def test_too_many_requests_are_waited_out_for_as_long_as_telegram_says(
    bot: BotProcess, client: SandboxClient
) -> None:
    await client.faults("429", "sendMessage", retry_after=2, times=2)
    await asks(client, *QUESTIONS)
    await reads(client, *QUESTIONS)
    first, second, third, *_ = [call["at"] for call in await client.calls("sendMessage")]
    assert second - first >= 2
    assert third - second >= 2


@pytest.mark.parametrize("kind", ["500", "502", "drop"])
async def test_a_reply_that_cannot_be_sent_is_sent_later_once_and_in_order(
    bot: BotProcess, client: SandboxClient, kind: str
) -> None:
    await client.faults(kind, "sendMessage", times=3)
    await asks(client, *QUESTIONS)
    await reads(client, *QUESTIONS)
    assert len(await client.calls("sendMessage")) == 3 + len(QUESTIONS)


async def test_a_reply_whose_arrival_stays_unknown_is_rather_sent_twice(
    bot: BotProcess, client: SandboxClient
) -> None:
    await client.faults("drop_after", "sendMessage", times=1)
    await asks(client, *QUESTIONS)
    await reads(client, QUESTIONS[0], *QUESTIONS)


async def test_a_call_that_hangs_is_given_up_and_meanwhile_holds_up_nobody_else(
    bot: BotProcess, client: SandboxClient
) -> None:
    await client.faults("hang", "sendMessage", times=1)
    await asks(client, *QUESTIONS)
    sam = await client.add_learner()
    await asks(client, *QUESTIONS, learner=sam)
    await reads(client, *QUESTIONS, chat=sam)
    assert await titles(client) == []
    await reads(client, *QUESTIONS)


async def test_refused_formatting_costs_the_formatting_only(bot: BotProcess, client: SandboxClient) -> None:
    trouble = "Bad Request: can't parse entities: Unsupported start tag"
    await client.faults("400", "sendMessage", times=1, text=trouble)
    await asks(client, *QUESTIONS)
    await reads(client, *QUESTIONS)
    bare, formatted = await client.replies()
    assert "entities" not in bare
    assert "entities" in formatted
    assert bare["reply_markup"]


async def test_a_reply_refused_for_good_is_kept_for_the_operator_and_the_next_one_goes_out(
    bot: BotProcess, client: SandboxClient, start: Launcher
) -> None:
    await client.faults("400", "sendMessage", times=1, text="Bad Request: PEER_FLOOD")
    await asks(client, *QUESTIONS)
    await reads(client, QUESTIONS[1])
    ((error,),) = rows(start, "select error from outbox where failed_at is not null")
    assert "PEER_FLOOD" in error.upper()


async def test_a_learner_who_has_blocked_the_bot_is_left_in_peace_until_they_are_back(
    bot: BotProcess, client: SandboxClient, start: Launcher
) -> None:
    await client.faults("429", "sendMessage", retry_after=1, times=1)
    await asks(client, QUESTIONS[0])
    await until(lambda: refused(client, "sendMessage", 429), "the reply to be held up")
    await client.call("POST", "block", {"chat_id": ALEX_ID})
    await until(lambda: refused(client, "sendMessage", 403), "the reply to be refused")
    await until(lambda: blocked(start) == [ALEX_ID], "the bot to take note")
    await client.call("POST", "unblock", {"chat_id": ALEX_ID})
    await asks(client, QUESTIONS[1])
    await reads(client, QUESTIONS[1])
    assert blocked(start) == []
    assert len(await refused(client, "sendMessage", 403)) == 1


async def test_a_reply_follows_a_group_that_became_a_supergroup(
    bot: BotProcess, client: SandboxClient
) -> None:
    group = await client.add_group("Study circle", [ALEX_ID])
    await client.faults("429", "sendMessage", retry_after=1, times=1)
    await client.says(f"@next_rung_bot {QUESTIONS[0]}", chat=group)
    await until(lambda: refused(client, "sendMessage", 429), "the reply to be held up")
    moved = await client.call("POST", "migrate", {"chat_id": group})
    await reads(client, QUESTIONS[0], chat=moved["chat_id"])
    assert len(await refused(client, "sendMessage", 400)) == 1, "the old group is tried once"


# Fetching


@pytest.mark.parametrize("kind", ["409", "500", "drop", "hang"])
async def test_updates_that_cannot_be_fetched_are_fetched_later(
    bot: BotProcess, client: SandboxClient, kind: str
) -> None:
    await client.faults(kind, "getUpdates", times=2, seconds=1)
    await asks(client, *QUESTIONS)
    await reads(client, *QUESTIONS)
    await asks(client, *QUESTIONS)
    await reads(client, *QUESTIONS, *QUESTIONS)
    assert bot.stderr.count("updates cannot be fetched") + bot.stderr.count("another program polls") <= 1


async def test_an_update_delivered_twice_is_answered_once(bot: BotProcess, client: SandboxClient) -> None:
    await client.call("POST", "faults", {"kind": "duplicate_update", "times": 2})
    await asks(client, *QUESTIONS, *QUESTIONS)
    await reads(client, *QUESTIONS, *QUESTIONS)


async def test_updates_the_database_cannot_take_are_fetched_again_when_it_can(
    bot: BotProcess, client: SandboxClient, start: Launcher
) -> None:
    with locked(start.database):
        await asks(client, *QUESTIONS)
        await bot.tells("updates could not be stored")
    await reads(client, *QUESTIONS)


# Everything at once


async def test_on_the_worst_of_days_everybody_is_answered_in_the_end(
    bot: BotProcess, client: SandboxClient
) -> None:
    for kind in ("500", "drop", "429", "502", "drop_after", "409"):
        await client.faults(kind, times=1, retry_after=1)
    learners = [await client.add_learner() for _ in range(5)]
    for learner in learners:
        await asks(client, *QUESTIONS, learner=learner)
    for learner in learners:

        async def is_answered(learner: int = learner) -> bool:
            return {*QUESTIONS} <= {*await titles(client, learner)}

        await until(is_answered, "both answers", within=2 * PATIENCE)
        assert [title for title, _ in groupby(await titles(client, learner))] == list(QUESTIONS)
    assert bot.is_alive
    assert "Traceback" not in bot.stderr


def rows(start: Launcher, question: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(start.database)) as connection:
        return connection.execute(question).fetchall()


def blocked(start: Launcher) -> list[int]:
    """Telegram ids of the learners who have shut the bot out, as the bot knows it."""
    return [
        int(one) for (one,) in rows(start, "select telegram_id from learners where blocked_at is not null")
    ]
