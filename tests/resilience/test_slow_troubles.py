"""What takes the bot ten seconds and more to get over. The stories run side by side: they mostly wait."""

import asyncio
from pathlib import Path

import httpx
import pytest

from bot.chat.send import SEND_SECONDS
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Options, SandboxServer, running_sandbox
from bot.sandbox.values import Json
from tests.resilience.conftest import Launcher
from tests.resilience.processes import PATIENCE, free_address, locked, until
from tests.resilience.sloppy_server import SloppyServer, running

MATHS, LANGUAGE = "How much maths do I need?", "Which programming language first?"
PROJECT = "Which project should I build first?"


async def titles(client: SandboxClient, learner: int) -> list[str]:
    return [str(reply["text"]).partition("\n")[0] for reply in await client.replies(learner)]


async def reads(client: SandboxClient, learner: int, *expected: str, within: float = PATIENCE) -> None:
    """These replies are there in the end, in this order, and no others."""

    async def have_come() -> bool:
        return len(await titles(client, learner)) >= len(expected)

    await until(have_come, f"{len(expected)} replies", within)
    assert await titles(client, learner) == list(expected)


async def a_call_that_hangs_is_given_up_and_meanwhile_holds_up_nobody_else(start: Launcher) -> None:
    async with running_sandbox() as sandbox, SandboxClient(sandbox.address) as client:
        await start(sandbox.address).tells("is listening")
        alex, sam = await client.add_learner("Alex"), await client.add_learner("Sam")
        await client.faults("hang", "sendMessage", times=1)
        await client.says(MATHS, alex)
        await client.says(LANGUAGE, alex)
        await until(lambda: not sandbox.world.faults.to_come(), "the bot to begin with Alex")
        await client.says(MATHS, sam)
        await reads(client, sam, MATHS)
        assert await titles(client, alex) == []
        await reads(client, alex, MATHS, LANGUAGE, within=SEND_SECONDS + PATIENCE)


async def a_reply_that_the_server_takes_twenty_seconds_over_is_sent_once(start: Launcher) -> None:
    async with running_sandbox() as sandbox, SandboxClient(sandbox.address) as client:
        await start(sandbox.address).tells("is listening")
        alex = await client.add_learner("Alex")
        await client.faults("hang", "sendMessage", times=1, seconds=20)
        await client.says(MATHS, alex)
        await client.says(LANGUAGE, alex)
        await reads(client, alex, MATHS, LANGUAGE)
        assert len(await client.calls("sendMessage")) == 2


async def updates_the_database_cannot_take_are_fetched_again_when_it_can(start: Launcher) -> None:
    async with running_sandbox() as sandbox, SandboxClient(sandbox.address) as client:
        bot = start(sandbox.address)
        await bot.tells("is listening")
        alex = await client.add_learner("Alex")
        with locked(start.database):
            await client.says(MATHS, alex)
            await client.says(LANGUAGE, alex)
            await bot.tells("updates could not be stored")
        await reads(client, alex, MATHS, LANGUAGE)


async def a_delivery_the_database_cannot_take_is_refused_and_comes_again(start: Launcher) -> None:
    options = Options(loopback_webhooks=True)
    async with running_sandbox(options=options) as sandbox, SandboxClient(sandbox.address) as client:
        address = free_address()
        bot = start(sandbox.address, BOT_LISTEN=address, BOT_WEBHOOK_URL=f"http://{address}")
        await bot.tells("is listening")
        alex = await client.add_learner("Alex")
        with locked(start.database):
            await client.says(MATHS, alex)
            await until(lambda: has_complained(sandbox), "Telegram to complain of the bot")
        await reads(client, alex, MATHS)


async def has_complained(sandbox: SandboxServer) -> bool:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"{sandbox.address}/bot{sandbox.token}/getWebhookInfo")
    info: Json = answer.json()["result"]
    return "500" in info.get("last_error_message", "")


async def a_restarted_server_may_count_its_updates_from_one_again(start: Launcher) -> None:
    first = SloppyServer()
    async with running(first):
        for _ in range(3):
            first.hears(MATHS)
        bot = start(first.address)
        await until(lambda: len(first.texts(7)) >= 3, "three answers")
    second = SloppyServer(port=first.port)
    async with running(second):
        second.hears(LANGUAGE)
        await until(lambda: second.texts(7), "an answer")
        second.hears(PROJECT)
        await until(lambda: len(second.texts(7)) >= 2, "one more answer")
        assert [text.partition("\n")[0] for text in second.texts(7)] == [LANGUAGE, PROJECT]
        assert bot.is_alive


STORIES = (
    a_call_that_hangs_is_given_up_and_meanwhile_holds_up_nobody_else,
    a_reply_that_the_server_takes_twenty_seconds_over_is_sent_once,
    updates_the_database_cannot_take_are_fetched_again_when_it_can,
    a_delivery_the_database_cannot_take_is_refused_and_comes_again,
    a_restarted_server_may_count_its_updates_from_one_again,
)


@pytest.mark.timeout(200)
async def test_troubles_that_last_are_got_over(tmp_path: Path, index: Path) -> None:
    launchers = [Launcher(tmp_path / story.__name__, index) for story in STORIES]
    try:
        await asyncio.gather(*(story(start) for story, start in zip(STORIES, launchers, strict=True)))
    finally:
        for launcher in launchers:
            launcher.end_all()
