"""One browser and one sandbox for all tests of the page."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox.server import running_sandbox
from tests.sandbox.page.browsing import CALM, CHROMIUM, CHROMIUM_ARGS, Bot, no_complaints, visit


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def running() -> AsyncIterator[str]:
    async with running_sandbox("127.0.0.1") as sandbox:
        yield sandbox.address


@pytest_asyncio.fixture(loop_scope="package")
async def address(running: str) -> str:
    """Where the sandbox is; it has forgotten what tests before did."""
    async with httpx.AsyncClient(base_url=running) as client:
        (await client.post("/sandbox/reset")).raise_for_status()
    return running


@pytest_asyncio.fixture(loop_scope="package")
async def bot(address: str) -> AsyncIterator[Bot]:
    client = Bot(address)
    yield client
    await client.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def window(browser: Browser) -> Page:
    """One window for all tests that ask for nothing special."""
    return await (await browser.new_context(**CALM)).new_page()


@pytest_asyncio.fixture(loop_scope="package")
async def page(window: Page, address: str) -> AsyncIterator[Page]:
    with no_complaints(window, but=""):
        await window.goto("about:blank")
        await visit(window, address)
        yield window


@pytest_asyncio.fixture(loop_scope="package")
async def chat(page: Page, bot: Bot) -> Page:
    """The page after Start was pressed."""
    await page.get_by_role("button", name="Start", exact=True).click()
    assert (await bot.next_update("message"))["text"] == "/start"
    return page
