"""Do the bot's cards show while a learner types its name, and are topics kept apart?"""

from playwright.async_api import Page, expect

from tests.sandbox.page.browsing import ALEX, IN_A_BROWSER, Bot, bubble, say

pytestmark = IN_A_BROWSER

CARDS = [
    {
        "type": "article",
        "id": f"c{number}",
        "title": title,
        "description": "Two words",
        "input_message_content": {"message_text": f"{title}, at length"},
    }
    for number, title in enumerate(("Overfitting", "Underfitting"))
]
OPEN = {"text": "Open the bot", "start_parameter": "hello"}


async def shows_cards(chat: Page, bot: Bot, words: str) -> None:
    await chat.get_by_role("textbox", name="Message").fill(f"@next_rung_bot {words}")
    query = await bot.next_update("inline_query")
    assert (query["query"], query["from"]["id"]) == (words, ALEX)
    await bot.call("answerInlineQuery", inline_query_id=query["id"], results=CARDS, button=OPEN)
    await expect(chat.get_by_role("option")).to_have_count(3)


async def test_a_card_is_picked_by_keyboard_and_becomes_a_message(chat: Page, bot: Bot) -> None:
    await shows_cards(chat, bot, "overfitting")
    for _ in range(2):  # past the button above them, which ArrowUp leads to
        await chat.keyboard.press("ArrowDown")
    await expect(chat.get_by_role("option", selected=True)).to_contain_text("Underfitting")
    await chat.keyboard.press("Enter")
    await expect(bubble(chat, "Underfitting, at length")).to_contain_text("via @next_rung_bot")
    await expect(chat.get_by_role("textbox", name="Message")).to_have_value("")
    assert (await bot.next_update("message"))["via_bot"]["username"] == "next_rung_bot"


async def test_the_button_above_the_cards_opens_the_chat_with_its_parameter(chat: Page, bot: Bot) -> None:
    await shows_cards(chat, bot, "any")
    await chat.get_by_role("option", name="Open the bot").click()
    assert (await bot.next_update("message"))["text"] == "/start hello"


async def test_without_a_choice_the_line_is_sent_as_it_is_and_escape_hides_the_cards(
    chat: Page, bot: Bot
) -> None:
    await shows_cards(chat, bot, "any")
    await chat.keyboard.press("Escape")
    await expect(chat.get_by_role("option")).to_have_count(0)
    await shows_cards(chat, bot, "anyhow")
    await chat.keyboard.press("Enter")
    assert (await bot.next_update("message"))["text"] == "@next_rung_bot anyhow"


async def test_a_group_with_topics(chat: Page, bot: Bot) -> None:
    await chat.get_by_role("button", name="Learners and groups").click()
    await chat.get_by_text("With names of your own").click()
    await chat.get_by_label("Title").fill("Forum")
    await chat.get_by_label("With topics").check()
    await chat.get_by_role("button", name="Create group").click()
    await expect(chat.get_by_role("heading", name="Forum")).to_be_visible()
    await chat.get_by_role("combobox", name="Topic").select_option("Topic 2")
    await say(chat, "/quiz@next_rung_bot")
    asked = await bot.next_update("message")
    assert asked["is_topic_message"]
    await bot.send("Here", asked["chat"]["id"], message_thread_id=asked["message_thread_id"])
    await expect(bubble(chat, "Here")).to_contain_text("Topic 2")
