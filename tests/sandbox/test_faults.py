"""Calls that fail on purpose, and the log of all calls."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from bot.sandbox.client import SandboxClient
    from tests.sandbox.conftest import RawBot

ALEX = 1001


async def test_flood_says_how_long_to_wait(bot: RawBot, learner: SandboxClient) -> None:
    await learner.faults("429", "sendMessage", retry_after=7, times=1)
    await bot.does("getMe")
    body = await bot.call("sendMessage", chat_id=ALEX, text="x")
    assert body["description"] == "Too Many Requests: retry after 7"
    assert body["parameters"] == {"retry_after": 7}
    await bot.does("sendMessage", chat_id=ALEX, text="x")


async def test_flood_limits_on_demand(bot: RawBot, learner: SandboxClient) -> None:
    await learner.faults("flood_limits")
    answers = [await bot.call("sendMessage", chat_id=ALEX, text="x") for _ in range(30)]
    assert [one["ok"] for one in answers[:5]] == [True] * 5
    refused = [one for one in answers if not one["ok"]]
    assert refused[0]["parameters"] == {"retry_after": 1}
    group = await learner.add_group("Study", [ALEX])
    await bot.does("sendMessage", chat_id=group, text="another chat is free")
    await learner.call("DELETE", "faults")
    await bot.does("sendMessage", chat_id=ALEX, text="x")


@pytest.mark.parametrize(
    ("kind", "words"), [("500", "Internal Server Error"), ("404", "Not Found"), ("403", "Sorry")]
)
async def test_statuses(bot: RawBot, learner: SandboxClient, kind: str, words: str) -> None:
    await learner.faults(kind, times=1, text="Sorry" if kind == "403" else None)
    assert await bot.refusal("getMe") == words


async def test_bad_gateway_is_not_json(bot: RawBot, learner: SandboxClient) -> None:
    await learner.faults("502")
    answer = await bot.http.post("/getMe")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    await learner.call("DELETE", "faults")
    await bot.does("getMe")


@pytest.mark.parametrize(("kind", "arrived"), [("drop", 0), ("drop_after", 1)])
async def test_dropped_connections(bot: RawBot, learner: SandboxClient, kind: str, arrived: int) -> None:
    await learner.faults(kind, "sendMessage", times=1)
    with pytest.raises(httpx.TransportError):
        await bot.call("sendMessage", chat_id=ALEX, text="x")
    assert len(await learner.replies()) == arrived
    await bot.does("sendMessage", chat_id=ALEX, text="x")


async def test_a_call_given_up_while_hanging_does_not_run(bot: RawBot, learner: SandboxClient) -> None:
    await learner.faults("hang", "sendMessage", seconds=30, times=1)
    with pytest.raises(httpx.ReadTimeout):
        await bot.http.post("/sendMessage", json={"chat_id": ALEX, "text": "x"}, timeout=0.2)
    await asyncio.sleep(0.1)
    assert await learner.replies() == []


async def test_a_short_hang_is_only_late(bot: RawBot, learner: SandboxClient) -> None:
    await learner.faults("hang", "sendMessage", seconds=0.3, times=1)
    started = time.monotonic()
    await bot.does("sendMessage", chat_id=ALEX, text="x")
    assert time.monotonic() - started >= 0.3


async def test_all_calls_are_logged(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("getMe")
    await bot.refusal("sendMessage", chat_id=ALEX, text="")
    await bot.http.post("/sendPhoto", data={"chat_id": "1001"}, files={"photo": ("a.png", b"text")})
    me, message, photo = await learner.calls()
    assert (me["method"], me["status"], me["response"]["result"]["id"]) == ("getMe", 200, 4242)
    assert (message["status"], message["params"]) == (400, {"chat_id": ALEX, "text": ""})
    assert photo["params"]["photo"] == "<a.png, 4 bytes>"
    assert await learner.calls(method="sendphoto") == [photo]
    assert await learner.calls(since=me["number"]) == [message, photo]
