"""python-telegram-bot itself against the sandbox: every method, and every answer parsed by its types."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputPollOption,
    MenuButtonCommands,
    Poll,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, MessageEntityType, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    PollAnswerHandler,
    filters,
)

from bot.sandbox.methods import METHOD_NAMES

if TYPE_CHECKING:
    from bot.sandbox.client import SandboxClient
    from bot.sandbox.server import SandboxServer

ALEX = 1001
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (640).to_bytes(4, "big")
    + (480).to_bytes(4, "big")
    + b"\r\n--boundary\r\n\xff"
)
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="next:1")]])


@pytest.fixture
async def ptb(sandbox: SandboxServer, learner: SandboxClient) -> AsyncIterator[Bot]:
    bot = Bot(sandbox.token, f"{sandbox.address}/bot", f"{sandbox.address}/file/bot")
    async with bot:
        yield bot


async def test_messages(ptb: Bot, learner: SandboxClient) -> None:
    sent = await ptb.send_message(ALEX, "a <b>b</b>", parse_mode=ParseMode.HTML, reply_markup=BUTTON)
    assert (sent.text, sent.entities[0].type, sent.chat.id) == ("a b", MessageEntityType.BOLD, ALEX)
    assert sent.reply_markup == BUTTON
    answer = await ptb.send_message(ALEX, "x", reply_parameters=ReplyParameters(sent.message_id))
    assert answer.reply_to_message == sent
    await ptb.send_message(ALEX, "x", reply_markup=ReplyKeyboardMarkup([["a"]], input_field_placeholder="b"))
    edited = await ptb.edit_message_text("new", ALEX, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.text == "new"
    await ptb.edit_message_reply_markup(ALEX, sent.message_id, reply_markup=BUTTON)
    assert (await ptb.copy_message(ALEX, ALEX, sent.message_id)).message_id > answer.message_id
    assert (await ptb.forward_message(ALEX, ALEX, sent.message_id)).forward_origin is not None
    assert await ptb.set_message_reaction(ALEX, sent.message_id, ReactionTypeEmoji("👍"))
    assert await ptb.send_chat_action(ALEX, ChatAction.TYPING)
    assert await ptb.delete_message(ALEX, answer.message_id)
    assert await ptb.delete_messages(ALEX, [sent.message_id, 999])
    assert await learner.violations() == []


async def test_files(ptb: Bot) -> None:
    sent = await ptb.send_photo(ALEX, PNG, caption="<i>c</i>", parse_mode=ParseMode.HTML, reply_markup=BUTTON)
    assert (sent.photo[0].width, sent.caption) == (640, "c")
    file = await ptb.get_file(sent.photo[0].file_id)
    assert bytes(await file.download_as_bytearray()) == PNG
    await ptb.edit_message_caption(ALEX, sent.message_id, caption="d")
    document = await ptb.send_document(ALEX, b"a,b", filename="plan.csv")
    assert document.document is not None
    assert document.document.file_name == "plan.csv"
    edited = await ptb.edit_message_media(
        InputMediaDocument(b"c", filename="e.txt", caption="f"), ALEX, sent.message_id
    )
    assert not isinstance(edited, bool)
    assert (edited.caption, edited.photo) == ("f", ())


async def test_polls(ptb: Bot, learner: SandboxClient) -> None:
    sent = await ptb.send_poll(
        ALEX,
        "Which?",
        [InputPollOption("one"), "two", "three"],
        type=Poll.QUIZ,
        correct_option_ids=[0, 2],
        allows_multiple_answers=True,
        is_anonymous=False,
        explanation="<b>why</b>",
        explanation_parse_mode=ParseMode.HTML,
        open_period=600,
        description="<pre>code</pre>",
        description_parse_mode=ParseMode.HTML,
        shuffle_options=True,
    )
    assert sent.poll is not None
    assert (sent.poll.correct_option_ids, sent.poll.explanation) == ((0, 2), "why")
    assert await learner.violations() == []
    poll = await ptb.stop_poll(ALEX, sent.message_id)
    assert poll.is_closed


async def test_profile(ptb: Bot) -> None:
    assert (await ptb.get_me()).username == "next_rung_bot"
    commands = [BotCommand("ask", "Ask")]
    scope = BotCommandScopeAllPrivateChats()
    assert await ptb.set_my_commands(commands, scope=scope, language_code="en")
    assert await ptb.get_my_commands(scope=scope, language_code="en") == tuple(commands)
    assert await ptb.delete_my_commands(scope=scope, language_code="en")
    await ptb.set_my_name("Rung")
    await ptb.set_my_description("A tutor")
    await ptb.set_my_short_description("Short", language_code="de")
    assert (await ptb.get_my_name()).name == "Rung"
    assert (await ptb.get_my_description("fr")).description == "A tutor"
    assert (await ptb.get_my_short_description()).short_description == ""
    assert await ptb.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await ptb.get_chat_menu_button(ALEX) == MenuButtonCommands()
    with pytest.raises(BadRequest, match="too long"):
        await ptb.set_my_short_description("x" * 121)


async def test_chats(ptb: Bot, learner: SandboxClient) -> None:
    group = await learner.add_group("Study", [ALEX])
    assert (await ptb.get_chat(group)).title == "Study"
    assert (await ptb.get_chat(ALEX)).first_name == "Alex"
    assert (await ptb.get_chat_member(group, ALEX)).status == "member"
    assert await ptb.leave_chat(group)
    assert (await ptb.get_chat_member(group, ptb.id)).status == "left"
    assert await ptb.set_webhook("https://example.com/hook", secret_token="abc", allowed_updates=["message"])
    info = await ptb.get_webhook_info()
    assert (info.url, info.allowed_updates) == ("https://example.com/hook", ("message",))
    with pytest.raises(Conflict):
        await ptb.get_updates()
    assert await ptb.delete_webhook()
    assert await ptb.log_out()
    assert await ptb.close()


async def test_refusals_become_the_right_exceptions(
    ptb: Bot, learner: SandboxClient, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it PTB warns at each RetryAfter
    group = await learner.add_group("Study", [ALEX])
    new_id = (await learner.call("POST", "migrate", {"chat_id": group}))["chat_id"]
    with pytest.raises(ChatMigrated) as migrated:
        await ptb.send_message(group, "x")
    assert migrated.value.new_chat_id == new_id
    await learner.faults("429", "sendMessage", retry_after=3, times=1)
    with pytest.raises(RetryAfter):
        await ptb.send_message(ALEX, "x")
    await learner.faults("502", "sendMessage", times=1)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await ptb.send_message(ALEX, "x")
    await learner.call("POST", "block", {"chat_id": ALEX})
    with pytest.raises(Forbidden, match="blocked by the user"):
        await ptb.send_message(ALEX, "x")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await ptb.send_message(ALEX, "<b>", parse_mode=ParseMode.HTML)
    stranger = Bot("1:wrong", f"{sandbox.address}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


def test_every_method_is_one_of_ptb() -> None:
    assert {name.lower() for name in METHOD_NAMES} <= {name.replace("_", "").lower() for name in dir(Bot)}


@asynccontextmanager
async def polling(app: Application[Any, Any, Any, Any, Any, Any]) -> AsyncIterator[None]:
    """The application polls as long as the block lasts."""
    assert app.updater is not None
    async with app:
        await app.start()
        await app.updater.start_polling()
        yield
        await app.updater.stop()
        await app.stop()


async def test_an_application_lives_in_the_sandbox(sandbox: SandboxServer, learner: SandboxClient) -> None:
    """Long polling, a command, an edit, a press, a quiz answer, a block: a whole conversation."""
    heard: list[str] = []
    blocked = asyncio.Event()

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_html("<b>Hello</b>", reply_markup=BUTTON)

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer("Coming")
        await query.edit_message_text("Here is a quiz")
        await context.bot.send_poll(
            ALEX, "Q", ["a", "b"], type=Poll.QUIZ, correct_option_ids=[1], is_anonymous=False
        )

    async def voted(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        answer = update.poll_answer
        assert answer is not None
        assert answer.user is not None
        await context.bot.send_message(answer.user.id, f"You chose {answer.option_ids[0]}")

    async def anything(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        heard.append(next(iter(update.to_dict().keys() - {"update_id"})))
        if update.my_chat_member:
            blocked.set()

    app = Application.builder().token(sandbox.token).base_url(f"{sandbox.address}/bot").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(PollAnswerHandler(voted))
    for handler in (MessageHandler(filters.ALL, anything), ChatMemberHandler(anything)):
        app.add_handler(handler, group=1)
    async with polling(app):
        hello = await learner.next_reply()
        await learner.presses(hello, "Next")
        quiz = await learner.next_reply()
        await learner.votes(quiz, 0)
        assert (await learner.next_reply())["text"] == "You chose 0"
        for kind in ("sticker", "photo", "voice", "document", "location", "contact"):
            await learner.says("", kind=kind)
        await learner.call("POST", "block", {"chat_id": ALEX})
        await asyncio.wait_for(blocked.wait(), 5)
    assert heard == ["message"] * 7 + ["my_chat_member"]
    assert (await learner.state())["messages"][1]["text"] == "Here is a quiz"
    assert await learner.violations() == []
