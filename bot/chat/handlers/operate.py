"""An operator looks after the bot. For everybody else none of this exists."""

import re
from typing import cast

from telegram import Message, MessageEntity, Update

from bot.chat.buttons import (
    ClearItem,
    Press,
    SettleGap,
    SettleTrouble,
    ShowGaps,
    ShowTroubles,
    SteerBroadcast,
    WriteNote,
)
from bot.chat.context import BotContext
from bot.chat.desk import DESK, Desk
from bot.chat.gate import Destination, calls_for
from bot.chat.tasks import errand
from bot.chat.views import broadcast as broadcast_view
from bot.chat.views import failures
from bot.chat.views import gaps as gaps_view
from bot.chat.views import operate as view
from bot.chat.views.reply import Reply
from bot.chat.views.rich import Kind, Mark, Rich
from bot.guidance import broadcast as casting
from bot.guidance.operate import Box, Settling
from bot.guidance.results import Broadcasting, ReloadUnderWay
from bot.storage import questions
from bot.storage.questions import InVain

_KINDS: dict[str, Kind] = {
    MessageEntity.BOLD: "bold",
    MessageEntity.ITALIC: "italic",
    MessageEntity.CODE: "code",
    MessageEntity.PRE: "pre",
    MessageEntity.TEXT_LINK: "text_link",
    MessageEntity.BLOCKQUOTE: "blockquote",
}


async def in_a_group(update: Update, context: BotContext) -> None:
    """An operator's command where others read along."""
    message = update.effective_message
    said = (message.text or "") if message else ""
    await context.reply(failures.operators_only_in_private(re.split(r"[@\s]", said[1:])[0]))


def desk_of(context: BotContext) -> Desk:
    """What app.py has put there."""
    return cast("Desk", context.bot_data[DESK])


async def status(_update: Update, context: BotContext) -> None:
    """/status: everything at a glance."""
    turn, desk = context.turn, desk_of(context)
    this = turn.row.row_id if turn.row else 0
    async with turn.database.reading() as connection:
        found = await context.services.operate.status(
            connection, turn.bot_id, desk.started_at, turn.now, this
        )
    await context.reply(view.status(found, is_reloading=desk.reload.is_under_way))


async def gaps(_update: Update, context: BotContext) -> None:
    """/gaps: what was asked in vain."""
    await context.reply(await _gaps(context))


async def reports(_update: Update, context: BotContext) -> None:
    """/reports: what waits for an operator."""
    turn = context.turn
    async with turn.database.reading() as connection:
        found = await context.services.operate.troubles(connection, turn.bot_id, turn.now)
    await context.reply(view.troubles(found))


async def reload(_update: Update, context: BotContext) -> None:
    """/reload: read the changed pack; it may take minutes, which no turn waits for."""
    desk, telegram_id = desk_of(context), context.telegram_id
    if desk.reload.is_under_way:
        await context.reply(view.reloading(ReloadUnderWay()))
        return
    await context.reply(view.reload_begun())
    context.turn.afterwards.append(lambda: errand(desk.reload_for(telegram_id)))


async def broadcast(update: Update, context: BotContext) -> None:
    """/broadcast: show what everybody would read, and ask."""
    text = said_behind_command(update.effective_message)
    if not text.text:
        await context.reply(broadcast_view.usage())
        return
    preview, turn = broadcast_view.message(text), context.turn
    calls = calls_for(preview, Destination(context.telegram_id))
    if len(calls) > 1:
        await context.reply(broadcast_view.too_long())
        return
    tx, payload = await turn.begin(), calls[0].payload
    drafted = await casting.draft(tx, turn.bot_id, context.telegram_id, payload, turn.now)
    await context.reply(preview)
    await context.reply(broadcast_view.broadcasting(drafted))


async def pressed(press: Press | None, context: BotContext) -> Reply:
    """A button of an operator; to others it is one of another version of the bot."""
    if not context.is_operator:
        return failures.old_button()
    turn, journey = context.turn, context.services.operate
    match press:
        case ShowTroubles(kind, after):
            async with turn.database.reading() as connection:
                page = await journey.page(connection, turn.bot_id, kind, after, turn.now)
            return view.trouble_page(page)
        case SettleTrouble(box, act, row_id):
            return await _settle(context, box, act, row_id)
        case ClearItem(digest):
            tx = await turn.begin()
            return view.trouble_page(await journey.clear_item(tx, turn.bot_id, digest, turn.now))
        case ShowGaps(after):
            return await _gaps(context, after)
        case WriteNote(question_id):
            asked = await _asked_in_vain(context)
            return gaps_view.note_wanted(await context.services.gaps.write_note(asked, question_id))
        case SettleGap(question_id):
            return await _settle_gap(context, question_id)
        case SteerBroadcast(act, broadcast_id):
            return broadcast_view.broadcasting(await _steer(context, act, broadcast_id))
    return failures.old_button()


async def _settle(context: BotContext, box: Box, act: Settling, row_id: int) -> Reply:
    turn, desk = context.turn, desk_of(context)
    journey, tx = context.services.operate, await turn.begin()
    page = await journey.settle(tx, turn.bot_id, box, act, row_id, turn.now)
    if act == "retry":
        turn.afterwards.append(desk.on_retry)
    return view.trouble_page(page)


async def _gaps(context: BotContext, after: int = 0) -> Reply:
    asked = await _asked_in_vain(context)
    async with context.typing():
        return gaps_view.gaps(await context.services.gaps.show(asked, after))


async def _settle_gap(context: BotContext, question_id: int) -> Reply:
    asked, turn = await _asked_in_vain(context), context.turn
    matter = await context.services.gaps.of_matter(asked, question_id)
    tx = await turn.begin()
    await questions.settle(tx, [each.row_id for each in matter], turn.now)
    async with context.typing():
        left = [each for each in asked if each not in matter]
        return gaps_view.gaps(await context.services.gaps.show(left))


async def _asked_in_vain(context: BotContext) -> list[InVain]:
    async with context.turn.database.reading() as connection:
        return await context.services.gaps.read(connection, context.turn.now)


async def _steer(context: BotContext, act: str, broadcast_id: int) -> Broadcasting:
    turn = context.turn
    tx, given = await turn.begin(), (turn.bot_id, broadcast_id, turn.now)
    match act:
        case "send":
            turn.afterwards.append(desk_of(context).broadcaster.wake)
            return await casting.confirm(tx, *given)
        case "rehearse":
            return await casting.rehearse(tx, *given)
        case "stop":
            return await casting.cancel(tx, *given)
    return await casting.show(tx, *given)


def said_behind_command(message: Message | None) -> Rich:
    """What was written behind the command, formatted as it was written."""
    if message is None or message.text is None:
        return Rich()
    text = message.text
    whole = Rich(text, tuple(mark for each in message.entities if (mark := _mark(each, text))))
    words = text.split(maxsplit=1)
    start = text.index(words[1], len(words[0])) if len(words) > 1 else len(text)
    return whole.cut(start, len(text.rstrip()))


def _mark(entity: MessageEntity, text: str) -> Mark | None:
    """The same by code points; Telegram counts UTF-16 units."""
    kind = _KINDS.get(entity.type)
    if kind is None:
        return None
    units = text.encode("utf-16-le")
    ends = (entity.offset, entity.offset + entity.length)
    start, end = (len(units[: 2 * each].decode("utf-16-le", "replace")) for each in ends)
    return Mark(kind, start, end, entity.url, entity.language)
