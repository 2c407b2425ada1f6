"""Somebody types the bot's name in any chat: show cards, soon or not at all, and remember nothing."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from telegram import Update
from telegram.error import TelegramError

from bot.chat.context import BotContext
from bot.chat.gate import card_for
from bot.chat.links import HELLO
from bot.chat.tasks import errand
from bot.chat.views import inline as view
from bot.chat.views.reply import Card
from bot.storage import inbox

logger = logging.getLogger(__name__)

# Whoever types waits a second or two; Telegram itself takes no answer after some ten. Our guess, below that.
WORTHLESS_AFTER = timedelta(seconds=8)
MAX_QUERY = 256  # characters; Telegram itself cuts there
LOOKED_AT = 10  # later updates of the same person: more than anybody types in that time
CACHE_SECONDS = 300  # for which Telegram shows the same cards to everybody who types the same; its default
ANSWER_SECONDS = 5.0


async def typed(update: Update, context: BotContext) -> None:
    """Cards for what was typed last."""
    query = update.inline_query
    if query is None or await _is_worthless(context):
        return
    said = query.query[:MAX_QUERY] if isinstance(query.query, str) else ""
    found = await context.services.inline.find(said)
    errand(_answer(query.id, view.cards(found, context.services.pack, context.bot.username), context))


async def _is_worthless(context: BotContext) -> bool:
    """Whether it waited for too long, or its writer has typed on since."""
    row = context.turn.row
    if row is None:
        return False
    if context.turn.now - row.received_at > WORTHLESS_AFTER:
        return True
    async with context.turn.database.reading() as connection:
        later = await inbox.behind(connection, context.turn.bot_id, row, LOOKED_AT)
    return any("inline_query" in each.payload for each in later)


async def _answer(query_id: str, cards: Sequence[Card], context: BotContext) -> None:
    """Straight to Telegram: in the outbox it would outlive its use."""
    payload = {
        "inline_query_id": query_id,
        "results": [card_for(card) for card in cards],
        "cache_time": CACHE_SECONDS,
        "button": {"text": view.open_label(), "start_parameter": HELLO},
    }
    try:
        await context.bot.do_api_request("answerInlineQuery", payload, read_timeout=ANSWER_SECONDS)
    except TelegramError as error:
        logger.info("cards came too late, or were refused: %s", error)
