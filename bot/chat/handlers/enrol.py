"""Commands about coming, finding one's way, and leaving."""

from telegram import ChatMember, Update

from bot.chat.context import BotContext
from bot.chat.views import enrol as view


async def start(_update: Update, context: BotContext) -> None:
    """/start: greet."""
    await context.learner_id()
    await context.reply(view.welcome(context.services.enrol.welcome()))


async def help_command(_update: Update, context: BotContext) -> None:
    """/help: what one can do here."""
    await context.reply(view.help_text(context.services.enrol.welcome()))


async def privacy(_update: Update, context: BotContext) -> None:
    """/privacy: what is stored, and how to have it erased."""
    await context.reply(view.privacy())


async def blocked_or_back(update: Update, context: BotContext) -> None:
    """The learner has blocked the bot, or let it in again."""
    change = update.my_chat_member
    if change is None or change.chat.type != change.chat.PRIVATE:
        return
    tx = await context.turn.begin()
    if change.new_chat_member.status == ChatMember.BANNED:
        await context.services.enrol.leave(tx, change.from_user.id, context.turn.now)
    else:
        await context.learner_id()
