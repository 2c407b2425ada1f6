"""A learner sets the hour of their daily question, or says what becomes of today's."""

import re
from datetime import time

from telegram import Update
from telegram.error import TelegramError

from bot.chat.buttons import PromptWord
from bot.chat.context import BotContext
from bot.chat.tasks import errand
from bot.chat.views import daily as view
from bot.chat.views import failures
from bot.chat.views import weekly as weekly_view
from bot.chat.views.reply import Reply
from bot.guidance.results import DailyPrompt, PromptLater, PromptOver, PromptSkipped
from bot.guidance.told import days_off, names_some_days, wants_daily
from index.intents import Intent

_SKIP = re.compile(r"\b(?:skip|not) (?:it )?today\b|\bnot? (?:question|reminder)s? today\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_WEEKLY = re.compile(
    r"(?:please )?(?:(?P<off>no|stop|end|cancel|disable|(?:turn|switch) off)|(?:turn|switch) on|start|send me"
    r"|give me|i want|i(?:'d| would) like|can i (?:have|get))? ?(?:an? |the |my |any )?(?:more )?"
    r"weekly (?:summar(?:y|ies)|reports?|reviews?)(?:,? please)?[.!?]*",
    re.IGNORECASE,
)


async def daily(_update: Update, context: BotContext) -> None:
    """/daily, /daily 8am, /daily off."""
    said = " ".join(context.args or ())
    await context.reply(await wish(context, f"at {said}", is_command=True) if said else await show(context))


async def wish(context: BotContext, text: str, *, is_command: bool = False) -> Reply:
    """An hour, or an end of it, in the learner's words; where they name neither, what is set.

    What may mean something else, or more than we can do, is asked back: nobody is prompted who never asked.
    """
    if _SKIP.search(text):
        return await skip_today(context)
    if days := days_off(text):
        return await pause(context, days)
    named = await context.services.ask.arguments(text, Intent("set_daily"))
    if named.at and (names_some_days(text) or not (is_command or await _is_clear(context, text))):
        if await _private(context) is None:
            return failures.private_only("daily", context.bot.username)
        return view.sure(named.at, is_too_much=names_some_days(text))
    if named.at or named.stop:
        return await set_to(context, named.at)
    return await show(context, is_misread=_DIGIT.search(text) is not None)


async def _is_clear(context: BotContext, text: str) -> bool:
    tx, telegram_id = await context.turn.begin(), context.telegram_id
    found = await context.services.daily.show(tx, telegram_id, context.turn.now)
    return wants_daily(text, has_one=found is not None and found.next_at is not None)


async def hears(text: str, context: BotContext) -> bool:
    """Whether a text was about the weekly summary, and has its reply."""
    found = _WEEKLY.fullmatch(text.strip()) if context.is_private else None
    if found:
        await context.reply(await set_weekly(context, is_wanted=not found["off"]))
    return found is not None


async def show(context: BotContext, *, is_misread: bool = False) -> Reply:
    """What is set, and hours to choose from."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    found = await context.services.daily.show(await context.turn.begin(), telegram_id, context.turn.now)
    return view.misread(found) if is_misread else view.plan(found)


async def skip_today(context: BotContext) -> Reply:
    """No question today."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx = await context.turn.begin()
    return view.prompted(await context.services.daily.skip_today(tx, telegram_id, context.turn.now))


async def pause(context: BotContext, days: int) -> Reply:
    """Nothing for so many days."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx = await context.turn.begin()
    return view.paused(await context.services.daily.pause(tx, telegram_id, days, context.turn.now))


async def set_to(context: BotContext, at: time | None) -> Reply:
    """From now on at this hour, or no more."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx, journey, now = await context.turn.begin(), context.services.daily, context.turn.now
    if at is None:
        return view.stopped(await journey.stop(tx, telegram_id, now))
    return view.changed(await journey.set(tx, telegram_id, at, now))


async def keep(context: BotContext, every: int) -> Reply:
    """Go on, every so many days."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx = await context.turn.begin()
    return view.changed(await context.services.daily.keep(tx, telegram_id, every, context.turn.now))


async def set_weekly(context: BotContext, is_wanted: bool) -> Reply:
    """A summary on Sundays, or no more."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx = await context.turn.begin()
    return weekly_view.weekly(await context.services.weekly.set(tx, telegram_id, is_wanted, context.turn.now))


async def about_prompt(context: BotContext, prompt_id: int, word: PromptWord) -> Reply:
    """A button under the question of the day."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx, journey, now = await context.turn.begin(), context.services.daily, context.turn.now
    found: DailyPrompt | PromptLater | PromptSkipped | PromptOver
    match word:
        case "later":
            found = await journey.later(tx, telegram_id, prompt_id, now)
        case "skip":
            found = await journey.skip(tx, telegram_id, prompt_id, now)
        case "now":
            found = await journey.now(tx, telegram_id, prompt_id, now)
    if isinstance(found, PromptLater) and found.is_news:
        errand(_take_away(context))
    return view.prompted(found)


async def _private(context: BotContext) -> int | None:
    """The learner, in their own chat: a group does not see who learns when."""
    user = context.incoming.effective_user
    return user.id if context.is_private and await context.learner_id() and user else None


async def _take_away(context: BotContext) -> None:
    """The question comes again, so its message may go; where it cannot, it just stays."""
    message = context.incoming.effective_message
    try:
        if message:
            await context.bot.delete_message(message.chat.id, message.message_id)
    except TelegramError:
        return
