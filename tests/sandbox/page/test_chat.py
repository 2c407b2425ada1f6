"""Does a chat show what the sandbox says and send what is pressed? A real browser, the bot by HTTP."""

from contextlib import suppress

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, expect
from playwright.async_api import Error as PlaywrightError

from bot.sandbox.server import running_sandbox
from tests.sandbox.page.browsing import (
    ALEX,
    DESK,
    IN_A_BROWSER,
    PHONE,
    SECONDS,
    Bot,
    bubble,
    opened,
    picture,
    say,
    sticking_out,
)

pytestmark = IN_A_BROWSER


async def test_description_and_start_before_the_first_message(
    browser: Browser, bot: Bot, address: str
) -> None:
    await bot.call("setMyDescription", description="I guide you step by step.")
    async with opened(browser, address) as page:
        await expect(page.locator(".intro")).to_contain_text("I guide you step by step.")
        await expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
        await expect(page.locator(".intro")).to_be_hidden()
        assert (await bot.next_update("message"))["from"]["id"] == ALEX


async def test_what_is_typed_after_start_stands_in_the_line(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
        await page.keyboard.type("what is ml")
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("what is ml")


async def test_a_bot_that_is_not_there_yet_is_told_of_until_it_is(browser: Browser) -> None:
    async with running_sandbox("127.0.0.1") as fresh, opened(browser, fresh.address) as page:
        await expect(page.locator(".notice")).to_contain_text("The bot is getting ready")
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
        await expect(page.locator(".notice")).to_contain_text("The bot is getting ready")
        bot = Bot(fresh.address)
        assert (await bot.next_update("message"))["text"] == "/start"
        await expect(page.locator(".notice")).to_be_empty()
        await page.reload()
        await expect(page.locator(".status")).to_contain_text("you are")
        await expect(page.locator(".notice")).to_be_empty()
        await bot.close()


async def test_question_and_reply(chat: Page, bot: Bot) -> None:
    await say(chat, "What is overfitting?")
    await expect(bubble(chat, "What is overfitting?")).to_be_visible()
    assert (await bot.next_update("message"))["text"] == "What is overfitting?"
    await bot.call("sendChatAction", chat_id=ALEX, action="typing")
    await expect(chat.locator(".status")).to_have_text("typing")
    await bot.send("\U0001f9e0 A model that <b>learns the noise</b> too.")
    await expect(chat.locator(".theirs strong")).to_have_text("learns the noise")
    await expect(chat.locator(".status")).to_contain_text("you are Alex")


async def test_formatting(chat: Page, bot: Bot) -> None:
    await bot.send(
        "<b>b <i>bi</i></b> <u>u</u> <s>s</s> <code>c</code> <a href='https://example.org/'>link</a>\n"
        "<pre><code class='language-python'>x &lt; 3</code></pre>\n<blockquote>said</blockquote>\n"
        "<tg-spoiler>hidden</tg-spoiler> try /help",
    )
    last = chat.locator(".row").last
    await expect(last.locator("strong em")).to_have_text("bi")
    await expect(last.locator(".code-head")).to_contain_text("python")
    await expect(last.locator("pre")).to_have_text("x < 3")
    await expect(last.locator("blockquote")).to_have_text("said")
    await expect(last.get_by_role("link", name="link")).to_have_attribute("rel", "noopener noreferrer")
    await last.get_by_role("button", name="Hidden text").press("Enter")
    await expect(last.locator(".spoiler")).to_have_text("hidden")
    await last.get_by_role("button", name="/help").click()
    assert (await bot.next_update("message"))["text"] == "/help"


async def test_data_never_becomes_markup(chat: Page) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\">"
    await say(chat, hostile)
    await expect(bubble(chat, hostile)).to_be_visible()
    # The sandbox refuses such a link, so it is slipped in on its way to the page.
    link = {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:document.title='owned'"}

    async def slip_in(route: Route) -> None:
        state = await (await route.fetch()).json()
        state["messages"][-1]["entities"] = [link]
        with suppress(PlaywrightError):  # a poll that the end of the page or of this route has cut off
            await route.fulfill(json=state)

    await chat.route("**/sandbox/state*", slip_in)
    await chat.reload()
    await expect(bubble(chat, hostile)).to_be_visible()
    await chat.unroute_all(behavior="ignoreErrors")
    assert await chat.locator(".messages img, .messages a").count() == 0
    assert "owned" not in await chat.title()


async def test_inline_button(chat: Page, bot: Bot) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Deeper", "callback_data": "deeper:1"}]]}
    sent = await bot.send("Short answer.", reply_markup=keyboard)
    button = chat.get_by_role("button", name="Deeper")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    query = await bot.next_update("callback_query")
    assert query["data"] == "deeper:1"
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Here it comes")
    await expect(chat.locator(".toast")).to_have_text("Here it comes")
    await expect(button).not_to_have_attribute("aria-busy", "true")
    await bot.call("editMessageText", chat_id=ALEX, message_id=sent["message_id"], text="Long answer.")
    await expect(bubble(chat, "Long answer.")).to_contain_text("edited")
    await expect(button).to_have_count(0)


async def test_alert_of_a_button(chat: Page, bot: Bot) -> None:
    await bot.send("?", reply_markup={"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]})
    await chat.get_by_role("button", name="Go").click()
    query = await bot.next_update("callback_query")
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Already done", show_alert=True)
    await expect(chat.get_by_role("dialog")).to_contain_text("Already done")
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(
    ("choice", "verdict", "shares"),
    [
        ("Too little data", "Your answer: right", ["0%", "100%"]),
        ("Too much sun", "Your answer: wrong", ["100%", "0%"]),
    ],
)
async def test_quiz(chat: Page, bot: Bot, choice: str, verdict: str, shares: list[str]) -> None:
    await bot.call(
        "sendPoll",
        chat_id=ALEX,
        question="Why does it overfit?",
        options=[{"text": "Too much sun"}, {"text": "Too little data"}],
        type="quiz",
        correct_option_ids=[1],
        is_anonymous=False,
        explanation="Few examples are learnt by heart.",
    )
    poll = chat.get_by_role("group", name="Quiz: Why does it overfit?")
    await expect(poll).not_to_contain_text("learnt by heart")
    await poll.get_by_role("button", name=choice).press("Enter")
    answer = await bot.next_update("poll_answer")
    assert answer["option_ids"] == [["Too much sun", "Too little data"].index(choice)]
    await expect(poll.locator(".option", has_text=choice)).to_contain_text(verdict)
    await expect(poll.get_by_role("listitem")).to_contain_text(shares)
    await expect(poll.locator(".right")).to_contain_text("Too little data")
    await expect(poll).to_contain_text("learnt by heart")
    await expect(poll.locator("button.option")).to_have_count(0)


async def test_poll_with_several_answers(chat: Page, bot: Bot) -> None:
    options = [{"text": "Mon"}, {"text": "Tue"}, {"text": "Wed"}]
    await bot.call(
        "sendPoll",
        chat_id=ALEX,
        question="When?",
        options=options,
        is_anonymous=False,
        allows_multiple_answers=True,
    )
    poll = chat.get_by_role("group", name="Poll: When?")
    for day in ("Wed", "Mon"):
        await poll.get_by_role("button", name=day).click()
    await poll.get_by_role("button", name="Vote").click()
    assert (await bot.next_update("poll_answer"))["option_ids"] == [0, 2]
    await poll.get_by_role("button", name="Take back my vote").click()
    assert (await bot.next_update("poll_answer"))["option_ids"] == []
    await expect(poll.locator("button.option")).to_have_count(3)


async def test_command_list(chat: Page, bot: Bot) -> None:
    commands = [("ask", "Ask a question"), ("quiz", "Get a quiz"), ("quiet", "Pause the daily prompt")]
    listed = [{"command": name, "description": words} for name, words in commands]
    await bot.call("setMyCommands", commands=listed)
    await chat.get_by_role("button", name="Commands").click()
    await expect(chat.get_by_role("option")).to_have_count(3)
    await chat.get_by_role("textbox", name="Message").press_sequentially("qui")
    await expect(chat.get_by_role("option")).to_have_count(2)
    await chat.keyboard.press("ArrowDown")
    await expect(chat.get_by_role("option", selected=True)).to_contain_text("/quiet")
    await chat.keyboard.press("Enter")
    await expect(bubble(chat, "/quiet")).to_be_visible()
    assert (await bot.next_update("message"))["text"] == "/quiet"


async def test_photo_reply_and_deletion(chat: Page, bot: Bot) -> None:
    sent = await bot.call(
        "sendPhoto", files={"photo": ("p.png", picture(), "image/png")}, chat_id=ALEX, caption="Your week"
    )
    await expect(chat.get_by_role("img", name="Your week")).to_be_visible()
    loaded = "(one) => one.decode().then(() => one.naturalWidth)"
    assert await chat.get_by_role("img", name="Your week").evaluate(loaded) == 320
    await bubble(chat, "Your week").hover()
    await chat.get_by_role("button", name="Message actions").last.click()
    await chat.get_by_role("menuitem", name="Reply").click()
    await say(chat, "Nice")
    assert (await bot.next_update("message"))["reply_to_message"]["message_id"] == sent["message_id"]
    await expect(bubble(chat, "Nice")).to_contain_text("Your week")
    await bot.call("deleteMessage", chat_id=ALEX, message_id=sent["message_id"])
    await expect(chat.get_by_role("img", name="Your week")).to_have_count(0)


async def test_a_document_is_a_link_that_downloads_it_under_its_name(chat: Page, bot: Bot) -> None:
    file = {"document": ("plan.ics", b"BEGIN:VCALENDAR", "text/calendar")}
    await bot.call("sendDocument", files=file, chat_id=ALEX, caption="Your weeks")
    await expect(bubble(chat, "Your weeks")).to_contain_text("plan.ics")
    async with chat.expect_download() as started:
        await chat.get_by_role("link", name="Download plan.ics, 15 bytes").click()
    download = await started.value
    assert download.suggested_filename == "plan.ics"
    assert (await download.path()).read_bytes() == b"BEGIN:VCALENDAR"


async def test_learner_edits(chat: Page, bot: Bot) -> None:
    await say(chat, "Waht is a tensor?")
    await expect(bubble(chat, "Waht")).to_be_visible()
    await chat.keyboard.press("ArrowUp")
    await say(chat, "What is a tensor?")
    await expect(bubble(chat, "What is a tensor?")).to_contain_text("edited")
    assert (await bot.next_update("edited_message"))["text"] == "What is a tensor?"


@pytest.mark.parametrize(
    ("label", "kind"), [("Voice message", "voice"), ("Sticker", "sticker"), ("Photo", "photo")]
)
async def test_attachments(chat: Page, bot: Bot, label: str, kind: str) -> None:
    await chat.get_by_role("button", name="Attach").click()
    await chat.get_by_role("menuitem", name=label).click()
    assert kind in await bot.next_update("message")
    await expect(chat.locator(".row.mine")).to_have_count(2)


async def test_blocking(chat: Page, bot: Bot) -> None:
    await chat.get_by_role("button", name="Chat menu").click()
    await chat.get_by_role("menuitem", name="Block the bot").click()
    await expect(chat.get_by_text("You blocked the bot")).to_be_visible()
    assert (await bot.next_update("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await chat.get_by_role("button", name="Unblock the bot").click()
    await expect(chat.get_by_role("textbox", name="Message")).to_be_visible()


async def test_groups_and_learners(chat: Page, bot: Bot) -> None:
    await chat.get_by_role("button", name="Learners and groups").click()
    await chat.get_by_text("With names of your own").click()
    await chat.get_by_label("First name").fill("Bo")
    await chat.get_by_role("button", name="Add this learner").click()
    await expect(chat.locator(".status")).to_contain_text("you are Bo")
    await chat.get_by_role("button", name="Learners and groups").click()
    await chat.get_by_text("With names of your own").click()
    await chat.get_by_label("Title").fill("Study circle")
    await chat.get_by_role("button", name="Create group").click()
    await expect(chat.get_by_role("heading", name="Study circle")).to_be_visible()
    await say(chat, "/ask why")
    asked = await bot.next_update("message")
    assert asked["chat"]["title"] == "Study circle"
    assert asked["from"]["first_name"] == "Bo"
    await chat.get_by_role("button", name="Speaking as Bo").click()
    await chat.get_by_role("menuitem", name="Alex").click()
    await expect(bubble(chat, "/ask why").locator(".sender")).to_have_text("Bo")


async def test_reload_and_second_window_show_the_same(
    chat: Page, bot: Bot, browser: Browser, address: str
) -> None:
    await bot.send("Still here")
    await chat.reload()
    await expect(bubble(chat, "Still here")).to_be_visible()
    async with opened(browser, address) as other:
        await say(other, "From the other window")
        await expect(bubble(chat, "From the other window")).to_be_visible()


async def test_refused_text_is_given_back(browser: Browser, address: str) -> None:
    async with (
        opened(browser, address, but="status of 400") as page,
        httpx.AsyncClient(base_url=address) as other,
    ):
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
        await other.post("/sandbox/block", json={"chat_id": ALEX})
        await say(page, "lost?")
        await expect(page.locator(".toast")).to_contain_text("blocked")
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("lost?")
        await expect(bubble(page, "lost?")).to_have_count(0)


async def test_comes_back_after_a_restart(browser: Browser) -> None:
    async with running_sandbox("127.0.0.1") as sandbox:
        address = sandbox.address
        page = await (await browser.new_context()).new_page()
        await page.goto(address)
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
    await expect(page.locator(".status")).to_have_text("connecting…")
    async with running_sandbox("127.0.0.1", int(address.rpartition(":")[2])):
        await expect(page.locator(".status")).to_contain_text("you are Alex", timeout=15 * SECONDS)
        await expect(page.locator(".intro")).to_be_visible()
        await page.context.close()


WIDE = "W" * 300
LONG_KEYS = [[{"text": f"A rather long button text {n}", "callback_data": f"k{n}"} for n in range(3)]]


@pytest.mark.parametrize("light", ["light", "dark"])
async def test_nothing_is_wider_than_a_small_phone(
    browser: Browser, bot: Bot, address: str, light: str
) -> None:
    async with opened(browser, address, color_scheme=light) as page:
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(bubble(page, "/start")).to_be_visible()
        await say(page, f"long {WIDE}")
        await bot.send(f"<b>{WIDE}</b> <code>{WIDE}</code>", reply_markup={"inline_keyboard": LONG_KEYS})
        await bot.send(
            f"<pre><code class='language-python'>{WIDE}</code></pre><blockquote>{WIDE}</blockquote>"
        )
        options = [{"text": "O" * 100}, {"text": "short"}]
        await bot.call("sendPoll", chat_id=ALEX, question="Q" * 290, options=options, is_anonymous=False)
        await bot.call("sendPhoto", files={"photo": ("p.png", picture(1200, 300), "image/png")}, chat_id=ALEX)
        await expect(page.locator(".row")).to_have_count(6)
        assert await sticking_out(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        dark = await page.evaluate("getComputedStyle(document.querySelector('.phone')).backgroundColor")
        assert (dark == "rgb(24, 34, 32)") is (light == "dark")


async def test_desktop_tells_what_this_is(browser: Browser, address: str) -> None:
    async with opened(browser, address, viewport=DESK) as page:
        await expect(page.get_by_role("complementary")).to_contain_text("BOT_TOKEN")
        await expect(page.get_by_role("button", name="Learners and groups")).to_be_hidden()
