"""Whatever comes in the place of an update: the bot lives on, and no learner sees more than an apology."""

import sqlite3
from contextlib import closing

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from tests.resilience.conftest import Launcher
from tests.resilience.malformed import malformed, real_updates
from tests.resilience.processes import until

QUESTION = "How much maths do I need?"
HOW_MANY = 5_000
INNARDS = ("Traceback", "Error", "Exception", ".py", "line ", "sqlite", "None", "{", "object at")


@pytest.mark.timeout(300)
async def test_5000_malformed_updates_end_in_no_crash_and_no_innards_shown(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient
) -> None:
    real = await real_updates(sandbox, client)
    bot = start(sandbox.address)
    await bot.tells("is listening")
    for update in malformed(real, HOW_MANY, seed=20):
        sandbox.world.updates.inject(update)
    await client.says(QUESTION)
    await until(lambda: is_answered(client), "an answer to a normal question", within=200)
    assert bot.is_alive
    await until(lambda: not still_open(start), "the last malformed update to be dealt with")
    for text in [call["params"].get("text", "") for call in await client.calls("sendMessage")]:
        assert not [word for word in INNARDS if word in text], text
    assert await client.violations() == []
    bot.asked_to_stop()
    assert await bot.exit_code() == 0


async def is_answered(client: SandboxClient) -> bool:
    return any(reply["text"].startswith(QUESTION) for reply in await client.replies())


def still_open(start: Launcher) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(start.database)) as connection:
        return connection.execute("select id, error from inbox where done_at is null").fetchall()
