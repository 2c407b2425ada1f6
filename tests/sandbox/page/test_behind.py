"""Does the page show what the bot asks, and can faults be made by a click?"""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.sandbox.server import Options, running_sandbox
from tests.sandbox.page.browsing import ALEX, DESK, IN_A_BROWSER, Bot, bubble, opened

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(loop_scope="package")
async def behind(browser: Browser, address: str) -> AsyncIterator[Page]:
    """A wide page with the panel open."""
    async with opened(browser, address, viewport=DESK) as page:
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
        await page.get_by_role("button", name="Behind the scenes").click()
        yield page


async def refused(bot: Bot, text: str) -> int:
    """The status of a message; 0 where the line broke."""
    try:
        return (await bot.http.post("sendMessage", data={"chat_id": ALEX, "text": text})).status_code
    except httpx.TransportError:
        return 0


async def test_calls_stand_newest_first_with_what_they_brought(behind: Page, bot: Bot) -> None:
    await bot.send("One")
    await bot.call("getUpdates")
    assert await refused(bot, "") == 400
    calls = behind.locator("#calls .call summary")
    await expect(calls).to_have_count(2)
    await expect(calls.first).to_contain_text("400: Bad Request: message text is empty")
    await expect(calls.last).to_contain_text("sendMessage to Alex")
    await expect(calls.last).to_contain_text("200")
    await expect(calls.last).to_contain_text("ms")
    await calls.last.press("Enter")
    await expect(behind.get_by_label("Parameters and answer").last).to_contain_text('"text": "One"')
    await behind.reload()
    await behind.get_by_role("button", name="Behind the scenes").click()
    await expect(calls).to_have_count(2)


@pytest.mark.parametrize(
    ("label", "status"), [("429", 429), ("502", 502), ("Line breaks before", 0), ("Line breaks after", 0)]
)
async def test_a_fault_meets_the_next_message_and_is_used_up(
    behind: Page, bot: Bot, label: str, status: int
) -> None:
    await behind.get_by_role("button", name=label).press("Enter")
    await expect(behind.locator("#waiting")).to_contain_text(f"Waiting for the next message: {label}")
    await bot.call("sendChatAction", chat_id=ALEX, action="typing")
    assert await refused(bot, "lost?") == status
    await expect(behind.locator("#used")).to_contain_text("Used up by sendMessage")
    await expect(behind.locator("#waiting")).to_have_text("No fault waits: every message goes through.")
    assert await refused(bot, "Here it is") == 200
    await expect(bubble(behind, "Here it is")).to_be_visible()


async def test_a_storm_fails_every_other_call_until_it_is_over(behind: Page, bot: Bot) -> None:
    storm = behind.get_by_role("button", name="storm")
    await storm.click()
    await expect(storm).to_have_attribute("aria-pressed", "true")
    results = [await refused(bot, str(number)) for number in range(8)]
    assert [result == 200 for result in results].count(True) == 4
    assert {429, 502, 0} <= set(results)
    await behind.get_by_role("button", name="No more faults").click()
    await expect(storm).to_have_attribute("aria-pressed", "false")
    assert {await refused(bot, str(number)) for number in range(4)} == {200}


async def test_an_update_that_comes_twice(behind: Page, bot: Bot) -> None:
    await bot.next_update("message")
    await behind.get_by_role("button", name="Update comes twice").click()
    await expect(behind.locator("#waiting")).to_contain_text("Update comes twice")
    await behind.get_by_role("textbox", name="Message").fill("hello")
    await behind.keyboard.press("Enter")
    await expect(bubble(behind, "hello")).to_be_visible()
    updates = (await bot.http.post("getUpdates", data={"timeout": 5})).json()["result"]
    assert [one["message"]["text"] for one in updates[-2:]] == ["hello", "hello"]


async def test_a_phone_shows_the_panel_over_the_chat_and_escape_leaves_it(chat: Page) -> None:
    await chat.get_by_role("button", name="Chat menu").click()
    await chat.get_by_role("menuitem", name="Behind the scenes").click()
    panel = chat.get_by_role("complementary", name="Behind the scenes")
    await expect(panel).to_be_visible()
    await expect(panel.get_by_role("button", name="Close")).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(chat.get_by_role("button", name="Chat menu")).to_be_focused()


async def test_operators_are_there_and_marked(browser: Browser) -> None:
    options = Options(operators=(1000, ALEX))
    async with (
        running_sandbox(options=options) as sandbox,
        opened(browser, sandbox.address, viewport=DESK) as page,
    ):
        learners = page.locator("#learner-list")
        await expect(learners.get_by_role("button", name="Alex Operator, English")).to_be_visible()
        await learners.get_by_role("button", name="Robin Operator, English").click()
        await expect(page.get_by_role("region", name="Chat of Robin")).to_contain_text("operator")
        await asyncio.gather(*(page.get_by_role("button", name="Add a learner").click() for _ in range(2)))
        await expect(learners.get_by_role("listitem")).to_have_count(4)
