"""How do updates reach a bot that set a webhook? POST with retries; the queue itself is in updates.py."""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from bot.sandbox.updates import UpdateQueue
from bot.sandbox.values import Json

MAX_RETRY_SECONDS = 60.0
MAX_RETRY_AFTER = 3600.0
TIMEOUT_SECONDS = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class WebhookSettings:
    """What setWebhook asked for."""

    url: str
    secret_token: str = ""
    max_connections: int = 40


@dataclass
class Webhook:
    """Delivers updates in parallel, up to `max_connections` at once, hence out of order like Telegram."""

    settings: WebhookSettings
    updates: UpdateQueue
    first_retry_seconds: float = 1.0
    last_error: Json = field(default_factory=dict)

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._deliver_all())

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def info(self) -> Json:
        """The WebhookInfo object, less what the queue knows."""
        host = urlsplit(self.settings.url).hostname or ""
        known = {
            "url": self.settings.url,
            "max_connections": self.settings.max_connections,
            "ip_address": host,
        }
        return known | {"has_custom_certificate": False} | self.last_error

    async def _deliver_all(self) -> None:
        free = asyncio.Semaphore(self.settings.max_connections)
        async with (
            httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                await free.acquire()
                await self.updates.arrived()
                delivery = tasks.create_task(self._deliver(client, self.updates.take()))
                delivery.add_done_callback(lambda _: free.release())

    async def _deliver(self, client: httpx.AsyncClient, update: Json) -> None:
        """Until the bot answers 2xx; one that is cut short goes back to the queue."""
        pause = self.first_retry_seconds
        try:
            while (wait := await self._post(client, update)) is not None:
                await asyncio.sleep(wait or pause)
                pause = min(2 * pause, MAX_RETRY_SECONDS)
        except asyncio.CancelledError:
            self.updates.put_back(update)
            raise

    async def _post(self, client: httpx.AsyncClient, update: Json) -> float | None:
        """None when accepted; else the seconds the bot asked to wait, or 0."""
        headers = {SECRET_HEADER: self.settings.secret_token} if self.settings.secret_token else {}
        try:
            answer = await client.post(self.settings.url, json=update, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._failed(str(error) or type(error).__name__)
            return 0.0
        if answer.is_success:
            return None
        self._failed(f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
        wanted = answer.headers.get("Retry-After", "")
        return min(float(wanted), MAX_RETRY_AFTER) if wanted.isdigit() else 0.0

    def _failed(self, why: str) -> None:
        self.last_error = {"last_error_date": int(time.time()), "last_error_message": why}
