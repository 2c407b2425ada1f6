"""A running sandbox, a learner's hands and a bot's raw voice for the tests of the server."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Options, SandboxServer, running_sandbox


class RawBot:
    """Calls Bot API methods with JSON and gives back status and body, as they are."""

    def __init__(self, sandbox: SandboxServer) -> None:
        base = f"{sandbox.address}/bot{sandbox.token}"
        self.http = httpx.AsyncClient(base_url=base, timeout=20, trust_env=False)

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/{method}", json=params)
        body: dict[str, Any] = answer.json()
        assert answer.status_code == (200 if body["ok"] else body["error_code"])
        return body

    async def does(self, method: str, **params: Any) -> Any:
        body = await self.call(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        body = await self.call(method, **params)
        assert not body["ok"], body
        return str(body["description"])


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    async with running_sandbox(options=Options(loopback_webhooks=True)) as server:
        yield server


@pytest.fixture
async def learner(sandbox: SandboxServer) -> AsyncIterator[SandboxClient]:
    """Alex, who has pressed Start."""
    async with SandboxClient(sandbox.address) as client:
        await client.says("/start")
        yield client


@pytest.fixture
async def bot(sandbox: SandboxServer, learner: SandboxClient) -> AsyncIterator[RawBot]:
    raw = RawBot(sandbox)
    yield raw
    await raw.http.aclose()
