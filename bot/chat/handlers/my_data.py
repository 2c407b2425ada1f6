"""A learner wants their data, wants it gone, or wants no prompts."""

import asyncio

from telegram import Update

from bot.chat.context import BotContext
from bot.chat.views import enrol as enrol_view
from bot.chat.views import failures
from bot.chat.views import my_data as view
from bot.chat.views.reply import Reply


async def export(_update: Update, context: BotContext) -> None:
    """/export: everything stored about them, as a file."""
    await context.reply(await show(context))


async def show(context: BotContext) -> Reply:
    """The file, which is not for a group to see; years of answers take a while to write down."""
    if not context.is_private:
        return failures.private_only("export", context.bot.username)
    user = context.incoming.effective_user
    async with context.turn.database.reading() as connection:
        found = await context.services.my_data.export(connection, user.id if user else 0, context.turn.now)
    return await asyncio.to_thread(view.exported, found)


async def delete(_update: Update, context: BotContext) -> None:
    """/delete: asks once more, as the button under /privacy does."""
    await context.reply(confirm(context))


def confirm(context: BotContext) -> Reply:
    """Whether they are sure; a group is not asked."""
    return (
        enrol_view.confirm_forget()
        if context.is_private
        else failures.private_only("delete", context.bot.username)
    )


async def stop(_update: Update, context: BotContext) -> None:
    """/stop: nothing comes unasked any more; a group is not told what somebody gets in private."""
    if not context.is_private:
        await context.reply(failures.private_only("stop", context.bot.username))
        return
    user = context.incoming.effective_user
    tx = await context.turn.begin()
    stopped = await context.services.enrol.stop(tx, user.id if user else 0, context.turn.now)
    await context.reply(enrol_view.stopped(stopped))
