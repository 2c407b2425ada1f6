"""Everything the bot reacts to, in order: the table of commands, texts and buttons."""

from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Message, Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    filters,
)

from bot.chat.context import BotApplication, BotContext
from bot.chat.handlers import (
    ask,
    buttons,
    daily,
    enrol,
    group_quiz,
    inline,
    links,
    my_data,
    next_step,
    operate,
    placement,
    plan,
    quiz,
    saved,
    settings,
)
from bot.chat.views.commands import HELP, OPERATOR_HELP

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Command:
    """A command learners can type; `help` stands in the menu, in /help and in the docs."""

    name: str
    help: str
    handler: Handler


COMMANDS = (
    Command("start", HELP["start"], links.start),
    Command("next", HELP["next"], next_step.next_step),
    Command("placement", HELP["placement"], placement.placement),
    Command("quiz", HELP["quiz"], quiz.quiz),
    Command("scores", HELP["scores"], group_quiz.scores),
    Command("progress", HELP["progress"], next_step.progress),
    Command("daily", HELP["daily"], daily.daily),
    Command("plan", HELP["plan"], plan.plan),
    Command("saved", HELP["saved"], saved.saved),
    Command("settings", HELP["settings"], settings.settings),
    Command("help", HELP["help"], enrol.help_command),
    Command("privacy", HELP["privacy"], enrol.privacy),
    Command("export", HELP["export"], my_data.export),
    Command("delete", HELP["delete"], my_data.delete),
    Command("stop", HELP["stop"], my_data.stop),
)


OPERATOR_COMMANDS = (
    Command("status", OPERATOR_HELP["status"], operate.status),
    Command("gaps", OPERATOR_HELP["gaps"], operate.gaps),
    Command("reports", OPERATOR_HELP["reports"], operate.reports),
    Command("broadcast", OPERATOR_HELP["broadcast"], operate.broadcast),
    Command("reload", OPERATOR_HELP["reload"], operate.reload),
)


class _Addressed(filters.MessageFilter):
    """In a group: messages that name the bot or reply to it."""

    def __init__(self, bot_id: int, username: str) -> None:
        super().__init__()
        self._bot = (bot_id, username)

    def filter(self, message: Message) -> bool:
        return ask.is_addressed(message, *self._bot)


class _FromBot(filters.MessageFilter):
    """Written by a bot, but not by an anonymous admin or a channel, in whose place Telegram names one."""

    def filter(self, message: Message) -> bool:
        sender = message.from_user
        return sender is not None and sender.is_bot and message.sender_chat is None


def routes(
    bot_id: int, username: str, operators: Collection[int] = ()
) -> list[BaseHandler[Update, BotContext, None]]:
    """The handlers, first match wins. Order matters!"""
    new = filters.UpdateType.MESSAGE & ~_FromBot()  # two bots could go on answering each other for ever
    private = filters.ChatType.PRIVATE
    heard = private | (filters.ChatType.GROUPS & _Addressed(bot_id, username))
    words = filters.TEXT | filters.CAPTION
    nothing_to_say = filters.StatusUpdate.ALL | filters.VIA_BOT
    commands: list[BaseHandler[Any, Any, Any]] = [
        CommandHandler(command.name, command.handler, filters=new & heard) for command in COMMANDS
    ]
    own = new & private & filters.User(list(operators))  # for everybody else they are unknown commands
    if operators:
        commands += [CommandHandler(each.name, each.handler, filters=own) for each in OPERATOR_COMMANDS]
        names, there = [each.name for each in OPERATOR_COMMANDS], new & heard & filters.User(list(operators))
        commands += [CommandHandler(names, operate.in_a_group, filters=there)]
    return [
        *commands,
        MessageHandler(new & heard & filters.COMMAND, ask.unknown_command),
        MessageHandler(new & heard & filters.CaptionRegex(r"^/\w"), ask.command_under_a_picture),
        MessageHandler(new & heard & words & ~filters.COMMAND & ~filters.VIA_BOT, ask.question),
        MessageHandler(filters.StatusUpdate.MIGRATE, group_quiz.moved),
        MessageHandler(new & private & filters.LOCATION, settings.located),
        MessageHandler(new & heard & ~nothing_to_say, ask.not_text),
        MessageHandler(filters.UpdateType.EDITED_MESSAGE & private & words, ask.edited),
        CallbackQueryHandler(buttons.pressed),
        InlineQueryHandler(inline.typed),
        PollAnswerHandler(quiz.voted),
        ChatMemberHandler(enrol.membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ]


def add_routes(application: BotApplication, operators: Collection[int] = ()) -> None:
    """Give the application its handlers, and the way a failure reaches its turn."""
    application.add_handlers(routes(application.bot.id, application.bot.username, operators))
    application.add_error_handler(_hand_over)


async def _hand_over(_update: object, context: BotContext) -> None:
    """An error in a handler: the turn rolls back and the inbox decides what becomes of the update."""
    context.turn.failure = context.error
