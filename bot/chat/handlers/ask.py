"""A learner writes something: answer it."""

import logging
import re
from datetime import timedelta

from telegram import Message, Update

from bot.chat import backlog
from bot.chat.context import BotContext
from bot.chat.gate import legible
from bot.chat.handlers import daily, enrol, group_quiz, next_step, quiz, saved, settings
from bot.chat.metrics import ANSWERS, INTENTS
from bot.chat.views import ask as view
from bot.chat.views import failures
from bot.chat.views.quiz import place_told
from bot.chat.views.under import Under
from bot.guidance.results import Heard, WishHeard
from bot.storage import questions
from index.answer import Abstention, Answer, TwoAnswers
from index.follow_up import is_follow_up
from index.intents import Intent

logger = logging.getLogger(__name__)

FRESH = timedelta(minutes=10)  # for which whoever edits a message waits for the answer; our guess
_COMMAND_FOR = re.compile(r"/\w+@(\w+)")
_COMMAND_BEHIND = re.compile(r"/([a-z]\w{0,31})\b")


async def question(update: Update, context: BotContext) -> None:
    """Words, also under a picture: search first, write last, so that the database waits for no thinking."""
    message = update.effective_message
    if message is None or not words_of(message):
        return
    if message.media_group_id is not None:
        context.is_news(
            failures.not_text()
        )  # the other pictures of the album, without a word, are answered too
    text = _asked_by_another(message, context) or addressed_text(message, context.bot.username)
    if context.is_group and (command := _COMMAND_BEHIND.match(text)):
        await context.reply(failures.name_comes_behind(command[1], context.bot.username))
        return
    if not (message.text and await _is_heard(text, context)):
        await _answer(message, text, context)


async def _answer(message: Message, text: str, context: BotContext) -> None:
    async with context.typing():
        intent, heard = await context.services.ask.hear(text, await _earlier(message, context))
        if not await backlog.set_right(message, text, intent, context):
            return
    _count(intent, heard, context)
    if isinstance(heard, WishHeard) and context.is_group and intent.name == "quiz":
        skills = await context.services.ask.skills_in(text)
        await quiz.ask_here(context, skills[0] if skills else None)
        return
    if isinstance(heard, WishHeard) and message.chat.type == message.chat.PRIVATE:
        await _wish(intent, text, heard, context)
        return
    again = await settings.may_mean(text, context) if isinstance(heard, Abstention) else None
    learner_id, question_id = await context.learner_id(), None
    is_an_attempt = again is not None and not any(map(str.isalpha, text))  # "200" hours, not a question
    if learner_id is not None and not is_an_attempt:
        tx = await context.turn.begin()
        question_id = await context.services.ask.remember(tx, learner_id, text, heard, context.turn.now)
    said = view.heard if message.text else view.heard_under_a_picture
    under = Under(context.bot.username, context.is_private, question_id)
    await context.reply(again or said(heard, context.services.pack, under))
    logger.info(
        "intent %s: answered with %s", intent.name, type(heard).__name__, extra={"action": "answered"}
    )
    if isinstance(heard, Answer | TwoAnswers):
        await enrol.ask_first_question(context)


def _asked_by_another(message: Message, context: BotContext) -> str:
    """What somebody in a group wrote, where another brings the bot to it: "@bot can you help with that?"."""
    other = message.reply_to_message
    if not context.is_group or other is None or other.from_user is None or other.from_user.is_bot:
        return ""
    said = addressed_text(message, context.bot.username)
    return addressed_text(other, context.bot.username) if len(said.split()) < 2 or is_follow_up(said) else ""


async def _is_heard(text: str, context: BotContext) -> bool:
    """Whether it was an answer to what was asked, or a wish by its very words, and has its reply.

    "idk" is about the item at hand, if there is one, and only else about the learner.
    """
    for hears in (group_quiz.hears, quiz.hears, settings.hears, daily.hears, saved.hears):
        if await hears(text, context):
            return True
    return False


def _count(intent: Intent, heard: Heard, context: BotContext) -> None:
    context.metrics.count(INTENTS, intent.name)
    if isinstance(heard, Abstention):
        context.metrics.count(ANSWERS, heard.reason)
    elif isinstance(heard, Answer | TwoAnswers):
        context.metrics.count(ANSWERS, "answered")


async def _wish(intent: Intent, text: str, heard: WishHeard, context: BotContext) -> None:
    """Do what a learner wishes in their own words."""
    match intent.name:
        case "quiz":
            skills = await context.services.ask.skills_in(text)
            replies = [await quiz.ask(context, skills[0] if skills else None)]
        case "next_step":
            replies = [await next_step.finished(context, await context.services.ask.finished_in(text))]
        case "progress":
            replies = await next_step.show(context)
        case "set_daily":
            replies = [await daily.wish(context, text)]
        case _:
            replies = [view.heard(heard, context.services.pack)]
    for reply in replies:
        await context.reply(reply)


async def _earlier(message: Message, context: BotContext) -> list[str]:
    """What was spoken of before; in a group that is often somebody else's answer, which this replies to."""
    if message.from_user is None:
        return []
    replied = message.reply_to_message
    if replied is not None and _is_by(context.bot.id, replied):
        subject = context.services.ask.subject_of(words_of(replied))
        if subject is not None:
            return [subject]
    async with context.turn.database.reading() as connection:
        return await context.services.ask.earlier(connection, message.from_user.id, context.turn.now)


async def not_text(_update: Update, context: BotContext) -> None:
    """Sticker, photo, voice and so on, without a word; an album comes as one message a picture."""
    await context.hint(failures.not_text())


async def command_under_a_picture(_update: Update, context: BotContext) -> None:
    """A command in a caption."""
    await context.reply(failures.command_under_a_picture())


async def edited(update: Update, context: BotContext) -> None:
    """An edited message: a question put right while it is fresh is answered as it reads now.

    Commands and answers to an item were acted on, and stay as they were.
    """
    message = update.effective_message
    if message is None:
        return
    text, is_fresh = addressed_text(message, context.bot.username), context.turn.now - message.date < FRESH
    if not is_fresh or text.startswith("/") or place_told(text) is not None:
        await context.hint(failures.edited())
    elif text != await _last_asked(context):  # Telegram also tells of edits that change no word
        await _answer(message, text, context)


async def _last_asked(context: BotContext) -> str | None:
    async with context.turn.database.reading() as connection:
        return await questions.last_asked(connection, context.telegram_id)


async def unknown_command(_update: Update, context: BotContext) -> None:
    """A command nobody knows."""
    await context.reply(failures.unknown_command())


def is_addressed(message: Message, bot_id: int, username: str) -> bool:
    """Whether a message in a group is meant for the bot: it names it, or replies to it.

    A command that names a bot (/help@that_bot) is for that bot alone.
    """
    named = _COMMAND_FOR.match(words_of(message))
    if named:
        return named[1].lower() == username.lower()
    if message.reply_to_message is not None and _is_by(bot_id, message.reply_to_message):
        return True
    return _name_of(username).search(words_of(message)) is not None


def _is_by(bot_id: int, message: Message) -> bool:
    return message.from_user is not None and message.from_user.id == bot_id


def words_of(message: Message) -> str:
    """The text of a message, or what is written under its picture or file."""
    return message.text or message.caption or ""


def addressed_text(message: Message, username: str) -> str:
    """What was said, without the name it was said to."""
    said = _name_of(username).sub("", legible(words_of(message)))
    return re.sub(r"\s*,\s*(?=\?|$)|^\s*,", "", " ".join(said.split())).strip()


def _name_of(username: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)@{re.escape(username)}\b", re.IGNORECASE)
