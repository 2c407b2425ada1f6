"""A learner wants their plan, at another pace, or for their calendar."""

import asyncio

from telegram import Update

from bot.chat.context import BotContext
from bot.chat.views import failures
from bot.chat.views import plan as view
from bot.chat.views.reply import Reply
from bot.guidance.results import GoalHeld, Planned


async def plan(_update: Update, context: BotContext) -> None:
    """/plan: the weeks to the goal."""
    await context.reply(await show(context))


async def show(context: BotContext, hours: int | None = None) -> Reply:
    """The plan of the learner behind the update; from now on with so many hours a week, if told."""
    if not context.services.has_skills:
        return failures.only_notes(context.services.pack)
    if not context.is_private:
        return failures.private_only("plan", context.bot.username)
    return view.plan(await _make(context, hours), context.bot.username)


async def calendar(context: BotContext) -> Reply:
    """The same for a calendar; a file for years takes a while to write."""
    if not context.is_private:
        return failures.private_only("plan", context.bot.username)
    return await asyncio.to_thread(view.calendar, await _make(context))


async def _make(context: BotContext, hours: int | None = None) -> Planned | GoalHeld:
    await context.learner_id()
    user, tx, now = context.incoming.effective_user, await context.turn.begin(), context.turn.now
    telegram_id, journey = user.id if user else 0, context.services.plan
    if hours is None:
        return await journey.make(tx, telegram_id, now)
    return await journey.change_hours(tx, telegram_id, hours, now)
