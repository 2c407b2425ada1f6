"""A learner wants to know where they stand, or answers on the way."""

import asyncio

from telegram import Update

from bot.chat.buttons import PlacementAct
from bot.chat.context import BotContext
from bot.chat.handlers import next_step
from bot.chat.views import failures
from bot.chat.views import placement as view
from bot.chat.views.charts import skill_map
from bot.chat.views.reply import Reply
from bot.guidance.results import Placed, Placing


async def placement(_update: Update, context: BotContext) -> None:
    """/placement: what it is, and a button to begin."""
    await context.reply(await offer(context))


async def offer(context: BotContext) -> Reply:
    """Begin, go on or start anew?"""
    if not context.services.has_skills:
        return failures.only_notes(context.services.pack)
    if not _is_private(context):
        return view.in_private(context.bot.username)
    await context.learner_id()
    tx = await context.turn.begin()
    return view.placing(await context.services.placement.offer(tx, _telegram_id(context), context.turn.now))


async def act(context: BotContext, what: PlacementAct) -> list[Reply]:
    """One of the buttons of a placement."""
    if not _is_private(context):
        return [view.in_private(context.bot.username)]
    async with context.turn.database.reading() as connection:
        await context.services.placement.prepare(connection, _telegram_id(context))
    await context.learner_id()
    if what != "stop":
        return await go_on(context, is_anew=what == "anew")
    tx = await context.turn.begin()
    stopped = await context.services.placement.stop(tx, _telegram_id(context), context.turn.now)
    return await _told(stopped, context)


async def go_on(context: BotContext, *, is_anew: bool = False) -> list[Reply]:
    """The next item, or the end."""
    journey, telegram_id = context.services.placement, _telegram_id(context)
    await context.learner_id()
    tx = await context.turn.begin()
    return await _told(await journey.go_on(tx, telegram_id, context.turn.now, is_anew=is_anew), context)


async def _told(result: Placing, context: BotContext) -> list[Reply]:
    """At the end come the map and the next step, too."""
    replies = [view.placing(result)]
    if isinstance(result, Placed) and result.is_enough:
        tx = await context.turn.begin()
        found = await context.services.progress.show(tx, _telegram_id(context), context.turn.now)
        if found:
            picture = await asyncio.get_running_loop().run_in_executor(None, skill_map, found)
            replies.append(Reply(view.map_caption(found), picture=picture))
        replies.append(await next_step.choose(context))
    return replies


def _telegram_id(context: BotContext) -> int:
    user = context.incoming.effective_user
    return user.id if user else 0


def _is_private(context: BotContext) -> bool:
    chat = context.incoming.effective_chat
    return chat is None or chat.type == chat.PRIVATE  # a vote names no chat
