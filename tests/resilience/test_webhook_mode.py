"""By webhook: deliveries are checked, stored before they are acknowledged, and never answered twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from tests.resilience.conftest import Launcher
from tests.resilience.processes import BotProcess, free_address, until

QUESTIONS = ("How much maths do I need?", "Which programming language first?")
SECRET = "tell-nobody"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Bot:
    """A bot that waits for deliveries at `address`."""

    process: BotProcess
    address: str

    async def delivered(self, body: bytes, secret: str = SECRET, kind: str = "application/json") -> int:
        """The status with which the bot answers a delivery."""
        headers = {HEADER: secret, "Content-Type": kind}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            answer = await http.post(f"{self.address}/webhook", content=body, headers=headers)
        return answer.status_code

    async def health(self) -> tuple[int, object]:
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{self.address}/healthz")
        return answer.status_code, answer.json()


def started(start: Launcher, sandbox: SandboxServer, address: str, url: str, **settings: str) -> Bot:
    settings = {"BOT_LISTEN": address, "BOT_WEBHOOK_URL": url, **settings}
    return Bot(start(sandbox.address, **settings), f"http://{address}")


@pytest.fixture
async def bot(start: Launcher, sandbox: SandboxServer) -> Bot:
    address = free_address()
    running = started(start, sandbox, address, f"http://{address}", BOT_WEBHOOK_SECRET=SECRET)
    await running.process.tells("is listening")
    return running


async def read(client: SandboxClient, *expected: str) -> None:
    """Alex reads these replies in the end, in this order, and no others."""

    async def titles() -> list[str]:
        return [str(reply["text"]).partition("\n")[0] for reply in await client.replies()]

    async def have_come() -> bool:
        return len(await titles()) >= len(expected)

    await until(have_come, f"{len(expected)} replies")
    assert await titles() == list(expected)


async def test_a_learner_is_answered_by_webhook_and_the_bot_is_well(bot: Bot, client: SandboxClient) -> None:
    await client.says(QUESTIONS[0])
    await read(client, QUESTIONS[0])
    ((told),) = await client.calls("setWebhook")
    assert told["params"]["url"] == f"{bot.address}/webhook"
    assert told["params"]["secret_token"] == SECRET
    assert await client.calls("getUpdates") == []
    assert await bot.health() == (200, {"status": "ok"})
    bot.process.asked_to_stop()
    assert await bot.process.exit_code() == 0
    assert "Traceback" not in bot.process.stderr


async def test_without_a_secret_in_the_settings_one_is_made_that_does_not_betray_the_token(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient
) -> None:
    address = free_address()
    bot = started(start, sandbox, address, f"http://{address}", BOT_LOG_LEVEL="debug")
    await client.says(QUESTIONS[0])
    await read(client, QUESTIONS[0])
    ((told),) = await client.calls("setWebhook")
    secret = told["params"]["secret_token"]
    assert len(secret) == 64
    assert sandbox.token.partition(":")[2] not in secret
    assert "'secret_token': '<secret>'" in bot.process.stderr, "not even the fullest log shows it"
    assert secret not in bot.process.stderr


async def test_only_what_telegram_delivers_is_taken(bot: Bot, client: SandboxClient) -> None:
    forged = b'{"update_id": 1, "message": {"text": "/start", "chat": {"id": 1001, "type": "private"}}}'
    assert await bot.delivered(forged, secret="") == 403
    assert await bot.delivered(forged, secret="guessed") == 403
    assert await bot.delivered(forged, secret=SECRET + "x") == 403
    assert await bot.delivered(b"not JSON") == 400
    assert await bot.delivered(b"") == 400
    assert await bot.delivered(b"\xff\xfe\x00") == 400
    assert await bot.delivered(b"<update/>", kind="text/xml") == 400
    assert await bot.delivered(b"[" * 100_000) == 400
    assert await bot.delivered(b'{"update_id": 1, "message": {"text": "%b"}}' % (b"x" * 5_000_000)) == 413
    # What is JSON and no update would only come again if it was refused.
    for no_update in (b"[]", b"null", b"5", b'{"update_id": "1"}', b"[" * 500 + b"]" * 500):
        assert await bot.delivered(no_update) == 200
    await client.says(QUESTIONS[0])
    await read(client, QUESTIONS[0])
    assert await bot.health() == (200, {"status": "ok"})
    assert "Traceback" not in bot.process.stderr


@dataclass
class Proxy:
    """What stands in front of many a bot: here one that answers 500 now and then, as it should not."""

    target: str
    passes_on: list[bool] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        """Of the first deliveries those marked true reach the bot; all of them are answered with 500."""
        body = await request.body()
        is_faulty = bool(self.passes_on)
        if is_faulty and not self.passes_on.pop(0):
            return Response(status_code=500)
        headers = {HEADER: request.headers.get(HEADER, "")}
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{self.target}/webhook", content=body, headers=headers)
        return Response(status_code=500 if is_faulty else answer.status_code)


@contextlib.asynccontextmanager
async def in_front_of(target: str, passes_on: list[bool], address: str) -> AsyncIterator[None]:
    routes = [Route("/webhook", Proxy(target, passes_on).answer, methods=["POST"])]
    host, _, port = address.partition(":")
    config = uvicorn.Config(
        Starlette(routes=routes), host, int(port), log_config=None, access_log=False, lifespan="off"
    )
    program = uvicorn.Server(config)
    serving = asyncio.create_task(program._serve())  # signals belong to pytest
    try:
        yield
    finally:
        program.should_exit = True
        await serving


@pytest.mark.parametrize("passes_on", [[False], [True], [True, False, True]])
async def test_deliveries_answered_with_500_come_again_and_are_answered_once(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient, passes_on: list[bool]
) -> None:
    inner, outer = free_address(), free_address()
    async with in_front_of(f"http://{inner}", passes_on, outer):
        bot = started(start, sandbox, inner, f"http://{outer}")
        await bot.process.tells("is listening")
        await client.says(QUESTIONS[0])
        await until(lambda: not passes_on, "the faults to be used up")
        await read(client, QUESTIONS[0])
        await client.says(QUESTIONS[1])
        await read(client, *QUESTIONS)


async def test_what_is_delivered_while_the_bot_is_away_is_answered_when_it_is_back(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient
) -> None:
    address = free_address()
    first = started(start, sandbox, address, f"http://{address}")
    await first.process.tells("is listening")
    first.process.kill()
    await client.says(QUESTIONS[0])
    started(start, sandbox, address, f"http://{address}")
    await read(client, QUESTIONS[0])


async def test_a_bot_that_polls_tells_that_it_is_well_and_takes_no_deliveries(
    start: Launcher, sandbox: SandboxServer
) -> None:
    address = free_address()
    bot = Bot(start(sandbox.address, BOT_LISTEN=address), f"http://{address}")
    await bot.process.tells("is listening")

    async def is_well() -> bool:
        return await bot.health() == (200, {"status": "ok"})

    await until(is_well, "the first fetching")
    assert await bot.delivered(b"{}") == 404


async def test_a_bot_that_never_could_fetch_is_not_well(start: Launcher, sandbox: SandboxServer) -> None:
    address = free_address()
    async with SandboxClient(sandbox.address) as client:
        await client.faults("502", "getUpdates", times=10_000)
        bot = Bot(start(sandbox.address, BOT_LISTEN=address), f"http://{address}")
        await bot.process.tells("is listening")
        assert (await bot.health())[0] == 503
