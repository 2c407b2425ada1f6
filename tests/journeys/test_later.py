"""Is everything that is due made and sent while the sandbox's clock is moved on?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import build_bot, open_database
from bot.chat.pacing import Pace
from bot.guidance.ask import Ask
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from index.retriever import Retriever
from index.wishes import Wishes
from knowledge.library import Library
from tests.journeys.conftest import Json, Learner, RunningBot, Search, until

HOUR, DAY, WEEK = 3600, 86_400, 604_800


@pytest.fixture
async def bot(
    settings: Settings, sandbox: SandboxServer, library: Library, retriever: Retriever, search: Search
) -> AsyncIterator[RunningBot]:
    """The bot as the sandbox starts it: by the sandbox's clock, at Telegram's pace."""
    database, stop = await open_database(settings), asyncio.Event()
    ask = Ask(library, retriever, Wishes(library, retriever), search)
    built = build_bot(settings, ask, database, sandbox.world.clock, Pace())
    sandbox.world.clock.follow(built.catch_up)
    running = asyncio.create_task(built.run(stop))
    yield RunningBot(database, sandbox)
    stop.set()
    await running
    await database.close()


async def later(client: SandboxClient, seconds: int) -> Json:
    """Time passes, as soon as the bot is there."""

    async def can_move() -> bool:
        return bool((await client.state())["time"]["can_move"])

    await until(can_move, "the bot to listen")
    told: Json = await client.call("POST", "clock", {"seconds": seconds})
    return told


def date_of(message: Json) -> datetime:
    return datetime.fromtimestamp(message["date"], UTC)


async def test_a_week_later_each_day_has_had_its_question_at_its_hour(
    alex: Learner, client: SandboxClient
) -> None:
    await alex.asks("/daily 8am")
    before = len(await client.replies())
    told = await later(client, 3 * DAY)
    came = (await client.replies())[before:]
    assert told["messages"] == len(came) == 3
    assert {(date_of(each).hour, date_of(each).minute) for each in came} == {(8, 0)}
    assert len({date_of(each).date() for each in came}) == 3
    assert all("poll" in each for each in came)


async def test_learners_who_wait_for_nothing_are_not_disturbed_and_served_as_ever(
    alex: Learner, client: SandboxClient
) -> None:
    assert (await later(client, WEEK))["messages"] == 0
    answered = await alex.asks("What is overfitting?")
    assert abs(date_of(answered) - datetime.now(UTC) - timedelta(days=7)) < timedelta(minutes=2)
    assert "overfit" in answered["text"].lower()


async def test_a_message_held_up_by_a_refusal_goes_out_when_its_time_has_come(
    alex: Learner, client: SandboxClient
) -> None:
    await client.faults("429", "sendMessage", times=1, retry_after=300)
    await alex.writes("What is overfitting?")

    async def was_refused() -> bool:
        return any(one["status"] == 429 for one in await client.calls("sendMessage"))

    await until(was_refused, "the refusal")
    await later(client, HOUR)
    assert "overfit" in (await alex.reads())["text"].lower()
