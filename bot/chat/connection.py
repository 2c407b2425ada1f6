"""How does the bot get in touch with Telegram, and introduce itself?"""

import asyncio
import functools
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.chat.context import OPERATORS, SERVICES, BotApplication
from bot.chat.pauses import pause_after
from bot.chat.updates import ALLOWED_UPDATES
from bot.chat.views import enrol as texts
from bot.chat.views.catalogue import _
from bot.chat.views.commands import IN_GROUPS, OPERATOR_HELP, offered
from bot.errors import TokenRefused, WebhookRefused
from bot.guidance.services import Services

logger = logging.getLogger(__name__)


async def check_token(bot: Bot) -> None:
    """Ask once who the bot is; other trouble than a refusal is left for `connect` to wait out.

    Raises:
        TokenRefused: when Telegram refuses the token.
    """
    try:
        async with bot:
            pass
    except InvalidToken:
        raise TokenRefused from None
    except Exception as error:
        logger.debug("the token could not be checked yet: %s", error)


async def connect(application: BotApplication) -> None:
    """Find out who the bot is; waits as long as Telegram cannot be reached.

    Raises:
        TokenRefused: when it is reached and refuses the token.
    """
    try:
        await _waiting_out(application.initialize, "Telegram cannot be reached", InvalidToken)
    except InvalidToken:
        raise TokenRefused from None  # its text would hold the token


async def introduce(application: BotApplication) -> None:
    """Set the command menu and the descriptions. A server that cannot is told of once."""
    bot = application.bot
    services: Services = application.bot_data[SERVICES]
    pack, operators = services.pack, application.bot_data.get(OPERATORS, ())
    menus = _set_menus(bot, offered(services.has_skills), operators)
    await _or_go_on(menus, "setting the command menu")
    await _or_go_on(bot.set_my_description(texts.description(pack)), "setting the description")
    await _or_go_on(
        bot.set_my_short_description(texts.short_description(pack)), "setting the short description"
    )


async def _set_menus(bot: Bot, offers: Mapping[str, str], operators: Iterable[int]) -> None:
    """In private chats every command, in groups what makes sense there, for operators their own as well."""
    menu = [BotCommand(name, _(help)) for name, help in offers.items()]
    await bot.set_my_commands(menu, scope=BotCommandScopeAllPrivateChats())
    there = [BotCommand(name, _(offers[name])) for name in IN_GROUPS if name in offers]
    await bot.set_my_commands(there, scope=BotCommandScopeAllGroupChats())
    mine = [*menu, *(BotCommand(name, _(help)) for name, help in OPERATOR_HELP.items())]
    for telegram_id in operators:
        scope = BotCommandScopeChat(telegram_id)  # until an operator has begun a chat, Telegram knows none
        await _or_go_on(bot.set_my_commands(mine, scope=scope), f"setting the menu of operator {telegram_id}")


async def expect_polling(application: BotApplication) -> None:
    """Make sure that no webhook stands in the way; what waits at Telegram stays there for us."""
    await _or_go_on(application.bot.delete_webhook(drop_pending_updates=False), "removing the webhook")


async def expect_deliveries(application: BotApplication, url: str, secret: str) -> None:
    """Have Telegram deliver to `url`; waits as long as it has other troubles than that.

    Raises:
        WebhookRefused: with Telegram's own reason.
    """
    set_webhook = functools.partial(
        application.bot.set_webhook, url, secret_token=secret, allowed_updates=ALLOWED_UPDATES
    )
    final = (BadRequest, InvalidToken)  # the latter is a 404 here: a server that knows no webhooks
    try:
        await _waiting_out(set_webhook, "the webhook cannot be set", *final)
    except final as error:
        raise WebhookRefused(f"Telegram refuses BOT_WEBHOOK_URL: {error}") from error


async def _waiting_out(
    call: Callable[[], Awaitable[object]], trouble: str, *final: type[TelegramError]
) -> None:
    """Call until it succeeds; an error that is `final` is raised."""
    for failures_in_a_row in itertools.count(1):
        try:
            await call()
            return
        except final:
            raise
        except Exception as error:  # also what a server that is not Telegram's may call a bot
            pause = pause_after(error, failures_in_a_row)
            logger.warning("%s (%s); trying again in %.1f s", trouble, error, pause)
            await asyncio.sleep(pause)


async def _or_go_on(call: Awaitable[object], what: str) -> None:
    try:
        await call
    except TelegramError as error:
        logger.warning("%s failed (%s); going on without", what, error)
