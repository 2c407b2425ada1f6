"""Do several learners fit on one page, side by side or one at a time? A real browser, the bot by HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.sandbox.page.browsing import ALEX, DESK, IN_A_BROWSER, Bot, bubble, opened, say, sticking_out

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(loop_scope="package")
async def desk(browser: Browser, address: str) -> AsyncIterator[Page]:
    """The page on a wide screen."""
    async with opened(browser, address, viewport=DESK) as page:
        yield page


async def open_side(page: Page) -> None:
    await page.get_by_role("button", name="Learners and groups").click()


async def test_a_click_adds_a_learner_whose_chat_lies_beside(desk: Page, bot: Bot) -> None:
    await desk.get_by_role("button", name="Add a learner").click()
    bea, alex = (
        desk.get_by_role("region", name="Chat of Bea"),
        desk.get_by_role("region", name="Chat of Alex"),
    )
    await bea.get_by_role("button", name="Start", exact=True).click()
    started = await bot.next_update("message")
    assert started["from"]["first_name"] == "Bea"
    await bot.send("Hello Bea", started["chat"]["id"])
    await expect(bea.get_by_text("Hello Bea")).to_be_visible()
    await expect(alex.get_by_text("Hello Bea")).to_have_count(0)
    await expect(alex.get_by_role("button", name="Start", exact=True)).to_be_visible()
    places = [await each.evaluate("(one) => one.getBoundingClientRect().toJSON()") for each in (alex, bea)]
    assert places[0]["x"] + places[0]["width"] <= places[1]["x"]
    assert await sticking_out(desk) == []


async def test_what_lies_open_comes_back_after_a_reload_and_can_be_closed(desk: Page, bot: Bot) -> None:
    await desk.get_by_role("button", name="Add a learner").click()
    await expect(desk.locator(".pane")).to_have_count(2)
    await desk.reload()
    await expect(desk.locator(".pane")).to_have_count(2)
    await desk.get_by_role("button", name="Close the chat of Alex").click()
    await expect(desk.locator(".pane")).to_have_count(1)
    await expect(desk.locator(".status")).to_contain_text("you are Bea")
    await desk.get_by_role("button", name="Open the chat of Alex beside").press("Enter")
    await expect(desk.locator(".pane .owner")).to_have_text(["Bea", "Alex"])


async def test_a_late_answer_takes_nobody_off_the_list(desk: Page, bot: Bot) -> None:
    fetched, go_on = asyncio.Event(), asyncio.Event()

    async def delay(route: Route) -> None:
        answer = await route.fetch()
        fetched.set()
        await go_on.wait()
        await route.fulfill(response=answer)

    listed = desk.locator("#learner-list").get_by_role("listitem")
    await desk.get_by_role("button", name="Add a learner").click()
    await expect(desk.locator(".pane")).to_have_count(2)
    await expect(listed).to_have_count(2)
    await expect(desk).to_have_url(re.compile(rf"#{ALEX},\d+$"))
    state_of_bea = f"**/sandbox/state?chat_id={desk.url.rpartition(',')[2]}"
    await desk.route(state_of_bea, delay, times=1)
    await bot.call("setMyCommands", commands=[])  # each chat asks for its state
    async with asyncio.timeout(60):
        await fetched.wait()
    await desk.get_by_role("button", name="Add a learner").click()
    await expect(listed).to_have_count(3)
    async with desk.expect_response(state_of_bea):
        go_on.set()
    await desk.wait_for_timeout(100)  # for what the page does with it
    assert await listed.count() == 3


async def test_starting_over_leaves_one_empty_chat(desk: Page, bot: Bot) -> None:
    await desk.get_by_role("button", name="Add a learner").click()
    await expect(desk.locator(".pane")).to_have_count(2)
    await desk.get_by_role("button", name="Chat menu").first.click()
    await desk.get_by_role("menuitem", name="Start over").click()
    await desk.get_by_role("button", name="Forget everything").click()
    await expect(desk.locator(".pane")).to_have_count(1)
    await expect(desk.locator(".status")).to_contain_text("you are Alex")
    await expect(desk.locator("#learner-list").get_by_role("listitem")).to_have_count(1)


async def test_a_chat_that_is_not_shown_is_marked_unread_until_it_is(chat: Page, bot: Bot) -> None:
    await open_side(chat)
    await chat.get_by_role("button", name="Add a learner").click()
    await expect(chat.locator(".status")).to_contain_text("you are Bea")
    for words in ("One", "Two"):
        await bot.send(words, ALEX)
    await expect(chat.get_by_role("button", name="Learners and groups, 2 unread")).to_be_visible()
    await expect(chat.get_by_text("Next Rung wrote in the chat of Alex")).to_be_attached()
    await open_side(chat)
    await chat.get_by_role("button", name="Alex English 2 unread").click()
    await expect(bubble(chat, "Two")).to_be_visible()
    await expect(chat.get_by_role("button", name="Learners and groups", exact=True)).to_be_visible()


async def test_a_group_in_which_any_learner_addresses_the_bot(desk: Page, bot: Bot) -> None:
    await desk.get_by_role("button", name="Add a learner").click()
    await expect(desk.locator(".pane")).to_have_count(2)
    await desk.get_by_role("button", name="Add a group").click()
    group = desk.get_by_role("region", name="Chat of Study group")
    await expect(group).to_contain_text("Here the bot hears commands")
    await group.get_by_role("button", name="Speaking as Bea").click()
    await desk.get_by_role("menuitem", name="Alex").click()
    await group.get_by_role("textbox").fill("what is overfitting?")
    await group.get_by_role("button", name="Address @next_rung_bot").click()
    await desk.keyboard.press("Enter")
    heard = await bot.next_update("message")
    assert (heard["from"]["first_name"], heard["text"]) == ("Alex", "@next_rung_bot what is overfitting?")
    assert heard["chat"]["title"] == "Study group"


async def test_the_list_on_a_phone_is_left_by_escape_and_holds_the_focus(chat: Page) -> None:
    await open_side(chat)
    await expect(chat.get_by_role("button", name="Close", exact=True)).to_be_focused()
    for _ in range(12):
        await chat.keyboard.press("Tab")
        assert await chat.evaluate("!document.activeElement.closest('#panes')")
    await chat.get_by_role("button", name="Close", exact=True).focus()
    await chat.keyboard.press("Escape")
    await expect(chat.get_by_role("complementary")).to_be_hidden()
    await expect(chat.get_by_role("button", name="Learners and groups")).to_be_focused()


async def test_a_link_to_the_bot_in_a_group_goes_to_the_private_chat_with_its_payload(
    chat: Page, bot: Bot
) -> None:
    await open_side(chat)
    await chat.get_by_role("button", name="Add a group").click()
    await expect(chat.locator(".status")).to_contain_text("2 members")
    await say(chat, "/quiz@next_rung_bot")
    group_id = (await bot.next_update("message"))["chat"]["id"]
    link = {"text": "Go on in private", "url": "https://t.me/next_rung_bot?start=note-pay"}
    await bot.send("A scoreboard", group_id, reply_markup={"inline_keyboard": [[link]]})
    await chat.get_by_role("link", name="Go on in private").click()
    started = await bot.next_update("message")
    assert (started["text"], started["chat"]["id"]) == ("/start note-pay", ALEX)
    await expect(bubble(chat, "/start note-pay")).to_be_visible()
