"""How updates reach a bot: long polling and webhook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.sandbox.server import Options, running_sandbox

if TYPE_CHECKING:
    from bot.sandbox.client import SandboxClient
    from tests.sandbox.conftest import RawBot

ALEX = 1001
Received = asyncio.Queue[tuple[str, dict[str, str]]]


def kinds(updates: list[dict[str, Any]]) -> list[str]:
    return [next(name for name in update if name != "update_id") for update in updates]


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_offset_confirms_and_a_negative_one_keeps_the_newest(
    bot: RawBot, learner: SandboxClient
) -> None:
    for text in "abc":
        await learner.says(text)
    first = await bot.does("getUpdates", limit=1)
    assert texts(first) == ["/start"]
    assert first[0]["update_id"] == pytest.approx(time.time(), abs=60)
    assert texts(await bot.does("getUpdates", offset=first[0]["update_id"] + 1)) == ["a", "b", "c"]
    assert texts(await bot.does("getUpdates", offset=-2)) == ["b", "c"]
    assert texts(await bot.does("getUpdates")) == ["b", "c"]


async def test_a_long_poll_wakes_at_once(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("getUpdates", offset=-1)
    last = (await bot.does("getUpdates"))[0]["update_id"]
    polling = asyncio.create_task(bot.does("getUpdates", offset=last + 1, timeout=30))
    await asyncio.sleep(0.1)
    assert not polling.done()
    await learner.says("hello")
    assert texts(await asyncio.wait_for(polling, 1)) == ["hello"]


async def test_a_long_poll_ends_empty_after_its_timeout(bot: RawBot) -> None:
    last = (await bot.does("getUpdates"))[-1]["update_id"]
    assert await bot.does("getUpdates", offset=last + 1, timeout=1) == []


async def test_the_older_of_two_pollers_gets_409(bot: RawBot) -> None:
    last = (await bot.does("getUpdates"))[-1]["update_id"]
    older = asyncio.create_task(bot.refusal("getUpdates", offset=last + 1, timeout=30))
    await asyncio.sleep(0.1)
    assert await bot.does("getUpdates", offset=last + 1) == []
    assert await older == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


async def test_allowed_updates_are_remembered(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("getUpdates", allowed_updates=["edited_message"], offset=-1)
    message = await learner.says("a")
    await learner.call(
        "POST", "messages/edit", {"chat_id": ALEX, "message_id": message["message_id"], "text": "b"}
    )
    assert kinds(await bot.does("getUpdates"))[1:] == ["edited_message"]


async def test_injected_and_duplicated_updates(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("getUpdates", offset=2_000_000_000)
    await learner.faults("duplicate_update")
    await learner.says("twice")
    await learner.says("once")
    given = await learner.call("POST", "updates", {"strange": {"is": "taken as it is"}})
    updates = await bot.does("getUpdates")
    assert texts(updates[:3]) == ["twice", "twice", "once"]
    assert updates[0]["update_id"] == updates[1]["update_id"]
    assert updates[3] == given


@asynccontextmanager
async def receiver(*statuses: int) -> AsyncIterator[tuple[str, Received]]:
    """A bot's web server that answers with these statuses, then with 200."""
    received: Received = asyncio.Queue()
    answers = list(statuses)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        received.put_nowait((body, headers))
        status = answers.pop(0) if answers else 200
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook", received
    finally:
        server.close()
        await server.wait_closed()


async def test_webhook_delivers_with_secret_and_blocks_polling(bot: RawBot, learner: SandboxClient) -> None:
    polling = asyncio.create_task(bot.refusal("getUpdates", offset=2_000_000_000, timeout=30))
    await asyncio.sleep(0.1)
    async with receiver() as (url, received):
        await bot.does("setWebhook", url=url, secret_token="s3cret", max_connections=1)
        assert await polling == "Conflict: terminated by setWebhook request"
        await learner.says("hello")
        body, headers = await asyncio.wait_for(received.get(), 5)
        assert '"hello"' in body
        assert headers["x-telegram-bot-api-secret-token"] == "s3cret"
        assert (await bot.refusal("getUpdates")).startswith(
            "Conflict: can't use getUpdates method while webhook is"
        )
        info = await bot.does("getWebhookInfo")
        assert (info["url"], info["max_connections"], info["pending_update_count"]) == (url, 1, 0)
        await bot.does("deleteWebhook")
    assert await bot.does("getUpdates") == []


async def test_webhook_retries_until_accepted(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("getUpdates", offset=2_000_000_000)
    async with receiver(500, 404) as (url, received):
        await bot.does("setWebhook", url=url)
        started = time.monotonic()
        await learner.says("again")
        for _ in range(3):
            await asyncio.wait_for(received.get(), 5)
        assert time.monotonic() - started >= 3  # 1 s, then 2 s
        error = (await bot.does("getWebhookInfo"))["last_error_message"]
        assert error.startswith("Wrong response from the webhook: 404")


async def test_what_a_webhook_did_not_take_waits_for_the_next_poller(
    bot: RawBot, learner: SandboxClient
) -> None:
    await bot.does("getUpdates", offset=2_000_000_000)
    async with receiver(500, 500, 500) as (url, received):
        await bot.does("setWebhook", url=url)
        await learner.says("keep me")
        await asyncio.wait_for(received.get(), 5)
        await bot.does("deleteWebhook")
    assert texts(await bot.does("getUpdates")) == ["keep me"]


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "http://127.0.0.1:9/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.io:9/x"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://10.0.0.1/x"}, "bad webhook: IP address 10.0.0.1 is reserved"),
        ({"url": "https://a.io:x/"}, "invalid webhook URL specified"),
        ({"url": "https://a.io/", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://a.io/", "secret_token": "ä"}, "secret token contains unallowed characters"),
    ],
)
async def test_webhooks_are_refused(params: dict[str, str], reason: str) -> None:
    async with running_sandbox(options=Options()) as sandbox, httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{sandbox.address}/bot{sandbox.token}/setWebhook", json=params)
        assert answer.json()["description"] == f"Bad Request: {reason}"
