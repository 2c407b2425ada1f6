"""Can time be let pass on the page, and does it show what time it is for the bot?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from playwright.async_api import Browser, Page, expect

from bot.sandbox.server import SandboxServer, running_sandbox
from tests.sandbox.page.browsing import DESK, IN_A_BROWSER, Bot, bubble, opened

pytestmark = IN_A_BROWSER


@asynccontextmanager
async def lives_by_the_clock(sandbox: SandboxServer) -> AsyncIterator[Bot]:
    """A bot that has one message to send whenever it catches up."""
    bot = Bot(sandbox.address)

    async def catch_up() -> datetime | None:
        if sandbox.world.clock.ahead:
            await bot.send("Good morning")
        return None

    sandbox.world.clock.follow(catch_up)
    await bot.call("getUpdates")
    yield bot
    await bot.close()


async def start(page: Page) -> None:
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(bubble(page, "/start")).to_be_visible()


async def test_a_day_later(browser: Browser) -> None:
    async with (
        running_sandbox() as sandbox,
        lives_by_the_clock(sandbox),
        opened(browser, sandbox.address, viewport=DESK) as page,
    ):
        await start(page)
        await expect(page.locator("#bot-ahead")).to_have_text("the same as yours")
        await page.get_by_role("button", name="A day later").press("Enter")
        await expect(bubble(page, "Good morning")).to_be_visible()
        await expect(page.get_by_text("for the bot. 1 message came.")).to_be_visible()
        await expect(page.locator("#bot-ahead")).to_have_text("1 day ahead of yours")
        await expect(page.locator(".day")).to_have_text(["Yesterday", "Today"])
        await expect(page.get_by_role("button", name="A day later")).to_be_focused()


async def test_a_phone_has_it_in_the_chats_menu(browser: Browser) -> None:
    async with (
        running_sandbox() as sandbox,
        lives_by_the_clock(sandbox),
        opened(browser, sandbox.address) as page,
    ):
        await start(page)
        await expect(page.get_by_text("For the bot it is")).to_be_hidden()
        await page.get_by_role("button", name="Chat menu").click()
        await page.get_by_role("menuitem", name="A week later").click()
        await expect(page.get_by_text("For the bot it is")).to_be_visible()
        await expect(page.locator(".toast")).to_contain_text("1 message came")


async def test_where_no_bot_lives_by_the_clock_it_is_not_offered(chat: Page) -> None:
    await chat.get_by_role("button", name="Chat menu").click()
    await expect(chat.get_by_role("menuitem", name="Start over")).to_be_visible()
    await expect(chat.get_by_role("menuitem", name="A day later")).to_have_count(0)
    await chat.keyboard.press("Escape")
    await chat.get_by_role("button", name="Learners and groups").click()
    await expect(chat.get_by_role("button", name="A day later")).to_be_hidden()
