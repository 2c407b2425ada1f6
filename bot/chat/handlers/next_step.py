"""A learner wants to know what comes next, or where they stand."""

import asyncio

from telegram import Update

from bot.chat.buttons import SkillWord
from bot.chat.context import BotContext
from bot.chat.views import next_step as view
from bot.chat.views import progress as progress_view
from bot.chat.views.charts import skill_map
from bot.chat.views.reply import Reply
from bot.storage import wishes

WORDS: dict[SkillWord, str] = {
    "start": wishes.STARTED,
    "known": wishes.KNOWN,
    "later": wishes.PUT_OFF,
}


async def next_step(_update: Update, context: BotContext) -> None:
    """/next: one step, with its reasons."""
    await context.reply(await choose(context))


async def choose(context: BotContext) -> Reply:
    """The next step of the learner behind the update."""
    await context.learner_id()
    user = context.incoming.effective_user
    tx = await context.turn.begin()
    telegram_id = user.id if user else 0
    return view.next_step(await context.services.next_step.choose(tx, telegram_id, context.turn.now))


async def say(context: BotContext, skill_id: str, word: SkillWord) -> Reply:
    """The learner begins the step, knows it already, or wants another."""
    await context.learner_id()
    user = context.incoming.effective_user
    tx = await context.turn.begin()
    step = await context.services.next_step.say(
        tx, user.id if user else 0, skill_id, WORDS[word], context.turn.now
    )
    return view.begun(step, skill_id) if word == "start" else view.next_step(step)


async def progress(_update: Update, context: BotContext) -> None:
    """/progress: the map, and the same in words."""
    for reply in await show(context):
        await context.reply(reply)


async def show(context: BotContext) -> list[Reply]:
    """The picture, and where its words do not fit below it, a message more."""
    await context.learner_id()
    user = context.incoming.effective_user
    tx = await context.turn.begin()
    found = await context.services.progress.show(tx, user.id if user else 0, context.turn.now)
    if found is None:
        return [view.nobody()]
    picture = await asyncio.get_running_loop().run_in_executor(None, skill_map, found)
    rest = progress_view.rest(found)
    first = Reply(progress_view.caption(found), view.WAYS_ON, picture=picture)
    return [first, *([Reply(rest)] if rest else [])]
