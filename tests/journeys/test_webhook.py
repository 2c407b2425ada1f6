"""By webhook instead of polling: Telegram delivers, and only Telegram."""

import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.chat.webhook import WEBHOOK_SECRET_HEADER
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from bot.settings import Address, Settings
from bot.storage import tables
from tests.journeys.conftest import PATIENCE, Json, Learner, RunningBot, until

SECRET = "only-telegram-knows"
QUESTION = "is it hard?"
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": 1_770_000_000,
        "from": {"id": 1001, "is_bot": False, "first_name": "Alex"},
        "chat": {"id": 1001, "type": "private", "first_name": "Alex"},
        "text": QUESTION,
    },
}


@pytest.fixture
def address() -> Address:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return Address("127.0.0.1", listener.getsockname()[1])


@pytest.fixture
def settings(settings: Settings, address: Address) -> Settings:
    by_webhook = {"webhook_url": f"http://{address}", "listen": address, "webhook_secret": SecretStr(SECRET)}
    return settings.model_copy(update=by_webhook)


@pytest.fixture
async def door(bot: RunningBot, address: Address, sandbox: SandboxServer) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who knows the address, once the bot has opened it and told Telegram."""

    async def is_open() -> bool:
        return sandbox.world.webhook is not None

    await until(is_open, "the bot to set its webhook")
    async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False, timeout=PATIENCE) as http:
        yield http


async def stored(bot: RunningBot) -> int:
    async with bot.database.reading() as connection:
        return int(await connection.scalar(select(func.count()).select_from(tables.inbox)) or 0)


async def test_a_question_is_answered(alex: Learner, door: httpx.AsyncClient, client: SandboxClient) -> None:
    assert (await alex.asks(QUESTION))["text"]
    assert (await alex.asks("thanks"))["text"].startswith("You're welcome")
    assert await client.calls("getUpdates") == []


async def test_a_delivery_that_comes_twice_is_answered_once(
    alex: Learner, door: httpx.AsyncClient, client: SandboxClient
) -> None:
    await alex.writes("/start")
    await alex.has_read(1)
    for _ in range(3):
        answer = await door.post("/webhook", json=UPDATE, headers={WEBHOOK_SECRET_HEADER: SECRET})
        assert answer.status_code == 200
    await alex.has_read(2)
    await alex.asks("thanks")
    assert len(await client.replies()) == 3


async def test_nobody_without_the_secret_is_let_in(bot: RunningBot, door: httpx.AsyncClient) -> None:
    for wrong in ["", "somebody else", SECRET[:-1], SECRET + "x", SECRET.upper(), "sécret".encode(), None]:
        headers = {} if wrong is None else {WEBHOOK_SECRET_HEADER: wrong}
        answer = await door.post("/webhook", json=UPDATE, headers=headers)
        assert answer.status_code == 403, wrong
        assert SECRET not in answer.text
    assert await stored(bot) == 0


async def test_a_delivery_that_is_no_update_is_not_kept_and_does_no_harm(
    alex: Learner, bot: RunningBot, door: httpx.AsyncClient
) -> None:
    for content, status in {
        **{b"": 400, b"{": 400, b"\xff\xfe": 400, b"[" * 100_000: 400, b"x" * 2_000_000: 413},
        **{b"null": 200, b"[1]": 200, b'"hi"': 200, b"{}": 200, b'{"update_id": "1"}': 200},
    }.items():
        answer = await door.post("/webhook", content=content, headers={WEBHOOK_SECRET_HEADER: SECRET})
        assert answer.status_code == status, content[:20]
    assert await stored(bot) == 0
    assert (await alex.asks(QUESTION))["text"]


async def test_only_deliveries_and_the_health_are_to_be_had(door: httpx.AsyncClient) -> None:
    health = await door.get("/healthz")
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert (await door.get("/webhook")).status_code == 405
    assert (await door.get("/")).status_code == 404


async def test_telegram_is_told_where_to_deliver_and_with_which_secret(
    door: httpx.AsyncClient, client: SandboxClient
) -> None:
    [call] = await client.calls("setWebhook")
    told: Json = call["params"]
    assert told["url"].endswith("/webhook")
    assert told["secret_token"] == SECRET
