"""How do tests of the page drive it? A browser that tolerates no complaint, and the bot by HTTP."""

import json
import shutil
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from bot.sandbox.world import SANDBOX_TOKEN

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ALEX = 1001
expect.set_options(timeout=30_000)  # ms, not the usual five seconds: the machine may be busy
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
# Motion is reduced, so that nothing moves while it is looked at.
CALM: dict[str, Any] = {"viewport": PHONE, "reduced_motion": "reduce"}
SECONDS = 1000  # playwright counts milliseconds

IN_A_BROWSER = [
    # One loop for the folder, so that one browser and one sandbox serve all tests.
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="no Chromium found: none of chromium, chromium-browser, google-chrome is on PATH",
    ),
]


class Bot:
    """The bot's side of a chat: calls of the Bot API and the updates they bring."""

    def __init__(self, address: str) -> None:
        self.http = httpx.AsyncClient(base_url=f"{address}/bot{SANDBOX_TOKEN}/", timeout=20)
        self._offset = 0

    async def call(self, method: str, files: Any = None, **params: Any) -> Any:
        plain = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
        }
        answer = (await self.http.post(method, data=plain, files=files)).json()
        assert answer["ok"], answer
        return answer["result"]

    async def send(self, text: str, chat_id: int = ALEX, **params: Any) -> Any:
        return await self.call("sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **params)

    async def next_update(self, kind: str) -> Any:
        """The next update of a kind; others before it are passed over."""
        for _ in range(10):
            updates = await self.call("getUpdates", offset=self._offset, timeout=5, limit=1)
            assert updates, f"no {kind} came"
            self._offset = updates[0]["update_id"] + 1
            if kind in updates[0]:
                return updates[0][kind]
        raise AssertionError(f"no {kind} among ten updates")

    async def close(self) -> None:
        await self.http.aclose()


@contextmanager
def no_complaints(page: Page, but: str) -> Iterator[None]:
    """What the console complains of ends the test, except what contains `but`."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not (but and but in message.text):
            complaints.append(message.text)

    def on_error(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", on_console)
    page.on("pageerror", on_error)
    yield
    page.remove_listener("console", on_console)
    page.remove_listener("pageerror", on_error)
    assert complaints == []


@asynccontextmanager
async def opened(browser: Browser, address: str, but: str = "", **context: Any) -> AsyncIterator[Page]:
    """The page in a window of its own."""
    page = await (await browser.new_context(**(CALM | context))).new_page()
    try:
        with no_complaints(page, but):
            await visit(page, address)
            yield page
    finally:
        await page.context.close()


async def visit(page: Page, address: str) -> None:
    page.set_default_timeout(10 * SECONDS)
    await page.goto(address)
    await expect(page.locator(".status")).to_contain_text("you are")


def bubble(page: Page, text: str) -> Locator:
    return page.locator(".bubble", has_text=text)


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.keyboard.press("Enter")


def picture(width: int = 320, height: int = 200) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x99" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def sticking_out(page: Page) -> list[str]:
    """Elements that stick out of the screen; what scrolls inside a box of its own may be wide."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter((one) => !one.closest('pre') && one.getBoundingClientRect().right > innerWidth + 0.5
                             && getComputedStyle(one).visibility !== 'hidden')
            .map((one) => `${one.tagName}.${one.className}`)"""
    )
    return found
