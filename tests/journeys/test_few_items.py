"""A pack with two items alone: when both rest, who is asked every day hears so once."""

from dataclasses import replace

import pytest

from bot.sandbox.server import SandboxServer
from knowledge.library import Library
from tests.journeys.conftest import Days, Learner, RunningBot


@pytest.fixture(scope="session")
def library(library: Library) -> Library:
    return replace(library, items={"python": library.items["python"][:2]})


@pytest.fixture
def bot(days: Days, sandbox: SandboxServer) -> RunningBot:
    return RunningBot(days.database, sandbox)


async def test_a_day_without_a_question_is_told_once(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8")
    for day in range(2):
        await days.pass_to(day, "08:00")
        await alex.client.votes(await alex.reads(), 0, learner=alex.telegram_id)
        await alex.reads()
    for day in range(2, 9):
        await days.pass_to(day, "08:00")
    told = await alex.reads()
    assert told["text"].startswith("No daily question today: you have seen all that fit you now")
    assert told["text"].endswith("The next comes on 16 March.")
    assert len(await alex.client.replies(alex.chat_id)) == 6, "and not again, day after day"
    await days.pass_to(14, "08:00")
    assert (await alex.reads())["poll"]
