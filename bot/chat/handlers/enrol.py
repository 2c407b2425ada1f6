"""Commands about coming, finding one's way, and leaving."""

from telegram import ChatMember, ChatMemberUpdated, Update

from bot.chat.context import BotContext
from bot.chat.views import enrol as view
from bot.chat.views import settings as settings_view
from bot.chat.views.reply import Reply
from bot.guidance.results import SettingName


async def start(_update: Update, context: BotContext) -> None:
    """/start: greet, and let the learner ask first."""
    learner_id = await context.learner_id()
    if learner_id is not None and context.is_private:
        await context.services.enrol.begin_again(await context.turn.begin(), learner_id)
    offers = await is_new_in_private(context)
    await context.reply(view.welcome(context.services.enrol.welcome(offers_setup=offers)))


async def ask_first_question(context: BotContext) -> None:
    """After the first answer, begin the enrolment; never twice, and never before others."""
    if await is_new_in_private(context):
        await context.reply(await set_up(context))


async def set_up(context: BotContext) -> Reply:
    """The learner wants to be asked."""
    await context.learner_id()
    enrol, tx = context.services.enrol, await context.turn.begin()
    return settings_view.settled(await enrol.begin(tx, context.telegram_id, context.turn.now))


async def skip(context: BotContext, what: SettingName) -> Reply:
    """The learner leaves a question of the enrolment open."""
    enrol, tx = context.services.enrol, await context.turn.begin()
    return settings_view.settled(await enrol.skip(tx, context.telegram_id, what, context.turn.now))


async def is_new_in_private(context: BotContext) -> bool:
    """Whether this is a private chat with somebody who was not asked yet who they are."""
    if not context.is_private:
        return False
    return await context.services.enrol.is_new(await context.turn.begin(), context.telegram_id)


async def help_command(_update: Update, context: BotContext) -> None:
    """/help: what one can do here; an operator more, and a group less."""
    if context.is_group:
        await context.reply(view.help_in_a_group(context.services.enrol.welcome(), context.bot.username))
        return
    await context.reply(view.help_text(context.services.enrol.welcome(), is_operator=context.is_operator))


async def privacy(_update: Update, context: BotContext) -> None:
    """/privacy: what is stored, and how to have it erased."""
    await context.reply(view.privacy())


async def membership(update: Update, context: BotContext) -> None:
    """The learner has blocked the bot, or let it in again; or a group has it now, and is told how to ask."""
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type in (change.chat.GROUP, change.chat.SUPERGROUP) and _is_brought_in(change):
        await context.reply(view.in_a_group(context.services.pack, context.bot.username))
    if change.chat.type != change.chat.PRIVATE:
        return
    tx = await context.turn.begin()
    if change.new_chat_member.status == ChatMember.BANNED:
        await context.services.enrol.leave(tx, change.from_user.id, context.turn.now)
    else:
        await context.learner_id()


def _is_brought_in(change: ChatMemberUpdated) -> bool:
    """Whether the bot was not there before; a promotion is no news."""
    here = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)
    return change.new_chat_member.status in here and change.old_chat_member.status not in here
