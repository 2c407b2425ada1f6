"""A learner sets the hour of their daily question, or says what becomes of today's."""

import re
from collections.abc import Callable
from datetime import date, time

from telegram import Update
from telegram.error import TelegramError

from bot.chat.buttons import PromptWord
from bot.chat.context import BotContext
from bot.chat.tasks import errand
from bot.chat.views import daily as view
from bot.chat.views import failures
from bot.chat.views import weekly as weekly_view
from bot.chat.views.reply import Reply
from bot.guidance.results import DailyPlan, DailyPrompt, PromptLater, PromptOver, PromptSkipped
from bot.guidance.told import days_off, every_day, names_some_days, wants_daily
from index.intents import Intent

_SKIP = re.compile(r"\b(?:skip|not) (?:it )?today\b|\bnot? (?:question|reminder)s? today\b", re.IGNORECASE)
_SKIP_DAY = re.compile(
    r"(?:please )?(?:skip|not|no (?:daily )?(?:questions?|reminders?|quiz)(?: for)?) (?:it |the question )?"
    r"(?P<day>today|tomorrow)(?:,? please)?[.!]*",
    re.IGNORECASE,
)
_GO_ON = re.compile(
    r"(?:yes,? )?(?:please )?(?:go on|keep (?:them|it) coming|continue|carry on)[.!]*", re.IGNORECASE
)
_YES = re.compile(
    r"(?:yes|yep|yeah|yea|sure|ok(?:ay)?|do (?:it|that|so)|please|yes,? please|of course|right|go on)[.!]*",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:no|nope|nah|no,? thanks?|no,? thank you|better not|rather not)[.!]*", re.IGNORECASE)
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
    if not context.services.has_items:
        return failures.no_items(context.services.pack)
    if _SKIP.search(text):
        return await skip_today(context)
    if days := days_off(text, await _today(context)):
        return await pause(context, days)
    text, every = every_day(text)
    named = await context.services.ask.arguments(text, Intent("set_daily"))
    if named.at and (names_some_days(text) or not (is_command or await _is_clear(context, text))):
        return await _ask_back(context, named.at, every or 1, is_too_much=names_some_days(text))
    if named.stop and names_some_days(text):  # "not at weekends" is no end of it
        return await show(context, view.too_much)
    if named.at or named.stop:
        return await set_to(context, named.at, every)
    if every and await _is_set(context):
        return await keep(context, every)
    if names_some_days(text):
        return await show(context, view.too_much)
    return await show(context, view.misread if _DIGIT.search(text) else view.plan)


async def _ask_back(context: BotContext, at: time, every: int, *, is_too_much: bool) -> Reply:
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx = await context.turn.begin()
    await context.services.daily.await_yes(tx, telegram_id, at, every, context.turn.now)
    return view.sure(at, every, is_too_much=is_too_much)


async def _today(context: BotContext) -> date:
    found = await context.services.daily.show(
        await context.turn.begin(), context.telegram_id, context.turn.now
    )
    return (found.local_now if found else context.turn.now).date()


async def _is_set(context: BotContext) -> bool:
    tx, telegram_id = await context.turn.begin(), context.telegram_id
    found = await context.services.daily.show(tx, telegram_id, context.turn.now)
    return context.is_private and found is not None and found.next_at is not None


async def _is_clear(context: BotContext, text: str) -> bool:
    return wants_daily(text, has_one=await _is_set(context))


async def hears(text: str, context: BotContext) -> bool:
    """Whether a text was about the weekly summary or what is set, and has its reply."""
    if not context.is_private:
        return False
    said = text.strip()
    if found := _WEEKLY.fullmatch(said):
        reply: Reply | None = await set_weekly(context, is_wanted=not found["off"])
    else:
        reply = await _to_question(context, said) or await _to_plan(context, said)
    if reply is not None:
        await context.reply(reply)
    return reply is not None


async def _to_question(context: BotContext, said: str) -> Reply | None:
    """What was asked back has a "yes" or "no" in words."""
    is_yes = _YES.fullmatch(said) is not None
    if not (is_yes or _NO.fullmatch(said)):
        return None
    async with context.turn.database.reading() as connection:
        awaited = await context.services.daily.awaited(connection, context.telegram_id, context.turn.now)
    if awaited is None:
        return None
    await context.services.daily.settle(await context.turn.begin(), context.telegram_id)
    return await set_to(context, *awaited) if is_yes else view.left()


async def _to_plan(context: BotContext, said: str) -> Reply | None:
    """Who is asked every day may skip one in words; whose question rests says "go on"."""
    skip, goes_on = _SKIP_DAY.fullmatch(said), _GO_ON.fullmatch(said)
    if not (skip or goes_on):
        return None
    async with context.turn.database.reading() as connection:
        found = await context.services.daily.show(connection, context.telegram_id, context.turn.now)
    if found is None or found.at is None:
        return None
    if skip and found.next_at:
        is_today = skip["day"].lower() == "today"
        return await skip_today(context) if is_today else await _skip_tomorrow(context, found)
    return await keep(context, found.every) if goes_on and not found.next_at else None


async def _skip_tomorrow(context: BotContext, found: DailyPlan) -> Reply:
    """Today's comes all the same, so that tomorrow's can be skipped only after it."""
    assert found.next_at
    days_ahead = (found.next_at.date() - found.local_now.date()).days
    if days_ahead == 0:
        return view.first_today(found)
    return await pause(context, 2) if days_ahead == 1 else view.paused(found)


async def show(context: BotContext, told: Callable[[DailyPlan | None], Reply] = view.plan) -> Reply:
    """What is set, and hours to choose from."""
    if not context.services.has_items:
        return failures.no_items(context.services.pack)
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    found = await context.services.daily.show(await context.turn.begin(), telegram_id, context.turn.now)
    return told(found)


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


async def set_to(context: BotContext, at: time | None, every: int | None = None) -> Reply:
    """From now on at this hour, every so many days if it is told, or no more."""
    telegram_id = await _private(context)
    if telegram_id is None:
        return failures.private_only("daily", context.bot.username)
    tx, journey, now = await context.turn.begin(), context.services.daily, context.turn.now
    if at is None:
        return view.stopped(await journey.stop(tx, telegram_id, now))
    return view.changed(await journey.set(tx, telegram_id, at, now, every))


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
