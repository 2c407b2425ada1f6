"""A learner keeps notes, and says whether answers helped: what is pressed in the last row under them."""

import re
from typing import Any

from telegram import CallbackQuery, Message, Update

from bot.chat.buttons import KeepNote, RateAnswer, ShowSaved, decode
from bot.chat.context import BotContext
from bot.chat.gate import edit_for, key, keys_for
from bot.chat.views import ask as ask_view
from bot.chat.views import failures, under
from bot.chat.views import saved as view
from bot.chat.views.reply import Reply
from bot.chat.views.under import Under
from bot.guidance.results import NoteGone, NotTheirs

Keys = list[list[dict[str, Any]]]
_MINE = re.compile(
    r"(?:please )?(?:"
    r"(?:(?:show|open|see|list|give)(?: me)?|where (?:are|is|do i (?:find|see))|what are)? ?"
    r"(?:all )?(?:my |the )?(?:bookmarks?|saved (?:notes?|answers?|messages?|things)|notes i saved)"
    r"|(?:show|open|list)(?: me)?(?: my)? saved(?: ones)?|what (?:have|did) i saved?"
    r")(?:,? please)?[.!?]*",
    re.IGNORECASE,
)


# What the buttons of the last row do, said in words about the answer before.
_IT = r"(?:that|this|it|(?:the|your|this|that)(?: last)? (?:answer|note|one))"
_VERY = r"(?:(?:really|very|so|super|that|at all) )*"
_NOT = r"(?: not|n['’]?t)"
_KEEP = re.compile(
    rf"(?:(?:please|can you|could you) )?(?:save|bookmark|keep) {_IT}"
    r"(?: (?:for (?:later|me)|please|to my (?:bookmarks|notes)))*[.!?]*",
    re.IGNORECASE,
)
_HELPFUL = re.compile(
    rf"(?:(?:{_IT} )?(?:(?:was|is) )?{_VERY}(?:helpful|useful)|{_IT} (?:really )?(?:helps|helped)"
    r"(?: me)?(?: a lot)?|thumbs? up)(?:,? (?:thanks?|thank you|thx))?[.!]*",
    re.IGNORECASE,
)
_NOT_HELPFUL = re.compile(
    rf"(?:(?:{_IT} )?(?:was|is){_NOT} {_VERY}(?:helpful|useful)|not {_VERY}(?:helpful|useful)"
    rf"|(?:{_IT} )?(?:did|does|do){_NOT} help(?: me)?(?: at all)?|unhelpful|thumbs? down)[.!]*",
    re.IGNORECASE,
)


async def saved(_update: Update, context: BotContext) -> None:
    """/saved: what the learner keeps."""
    await context.reply(
        await page_of(context) if context.is_private else failures.private_only("saved", context.bot.username)
    )


async def hears(text: str, context: BotContext) -> bool:
    """Whether a text says what a button of the last row does, or asks for what is kept, and has its reply."""
    said = text.strip()
    if not context.is_private:
        return False
    if _MINE.fullmatch(said):
        await context.reply(await page_of(context))
        return True
    return await _about_the_last(said, context)


async def _about_the_last(said: str, context: BotContext) -> bool:
    is_to_keep, is_helpful = bool(_KEEP.fullmatch(said)), bool(_HELPFUL.fullmatch(said))
    if not (is_to_keep or is_helpful or _NOT_HELPFUL.fullmatch(said)):
        return False
    turn, services = context.turn, context.services
    async with turn.database.reading() as connection:
        last = await services.ask.last_told(connection, context.telegram_id, turn.now)
    learner_id = await context.learner_id() if last else None
    if last is None or learner_id is None:
        return False
    tx = await turn.begin()
    if is_to_keep:
        kept = await services.bookmarks.keep(tx, learner_id, last.passage_id, turn.now)
        if isinstance(kept, NoteGone):
            await context.reply(ask_view.heard(kept, services.pack))
        else:
            await context.reply(view.noted(kept))
    else:
        rated = await services.ask.rate(tx, context.telegram_id, last.question_id, is_helpful)
        await context.reply(view.noted(rated))
    return True


async def page_of(context: BotContext, page: int = 0, *, is_tidying: bool = False) -> Reply:
    """A page of the list."""
    tx, journey = await context.turn.begin(), context.services.bookmarks
    return view.saved(await journey.show(tx, context.telegram_id, page, is_tidying=is_tidying))


async def turn_to(press: ShowSaved, query: CallbackQuery, context: BotContext) -> None:
    """Another page, in the place of the one the button stands under."""
    if not context.is_private:
        await context.reply(failures.private_only("saved", context.bot.username))
        return
    await _replace(query.message, await page_of(context, press.page, is_tidying=press.is_tidying), context)


async def rate(press: RateAnswer, query: CallbackQuery, context: BotContext) -> str:
    """Did it help? Returns what the learner is shown for a moment."""
    tx, journey = await context.turn.begin(), context.services.ask
    result = await journey.rate_or_take_back(tx, context.telegram_id, press.question_id, press.was_helpful)
    if not isinstance(result, NotTheirs):
        await _relabel(query.message, context)
    return under.told(result)


async def keep(press: KeepNote, query: CallbackQuery, context: BotContext) -> str | None:
    """Keep a note or let it go; None where the reply is a message."""
    journey, learner_id = context.services.bookmarks, await context.learner_id()
    tx = await context.turn.begin()
    if learner_id is None:
        return None
    if not press.is_kept:
        result = await journey.drop(tx, learner_id, press.note_id)
        await _after_dropping(press, query, context)
        return under.told(result)
    kept = await journey.keep(tx, learner_id, press.note_id, context.turn.now)
    if isinstance(kept, NoteGone):
        await context.reply(ask_view.heard(kept, context.services.pack))
        return None
    await _relabel(query.message, context)
    return under.told(kept)


async def under_note(context: BotContext, note_id: str) -> Under:
    """What the last row under a note that was opened holds."""
    is_kept = False
    if context.is_private:
        async with context.turn.database.reading() as connection:
            journey = context.services.bookmarks
            is_kept = await journey.is_kept(connection, context.telegram_id, note_id)
    return Under(context.bot.username, context.is_private, None, is_kept)


async def _after_dropping(press: KeepNote, query: CallbackQuery, context: BotContext) -> None:
    """In the list the note is gone; elsewhere its button offers to keep it again."""
    pages = [found for found in map(decode, _data(query.message)) if isinstance(found, ShowSaved)]
    is_tidying = bool(pages) and any(not each.is_tidying for each in pages)
    if not is_tidying:
        await _relabel(query.message, context)
        return
    page = next(each.page for each in pages if not each.is_tidying)
    await _replace(query.message, await page_of(context, page, is_tidying=True), context)


async def _replace(message: object, reply: Reply, context: BotContext) -> None:
    if isinstance(message, Message):
        await context.turn.promise([edit_for(reply, message.chat.id, message.message_id)])
    else:
        await context.reply(reply)


async def _relabel(message: object, context: BotContext) -> None:
    """Let the buttons tell what counts now; in a group, where others read along, they stay as they are.

    What counts is read anew: a quick second press was made on the message as it stood before the first.
    """
    if isinstance(message, Message) and context.is_private:
        keys = [[await _as_it_stands(each, context) for each in row] for row in _keys(message)]
        await context.turn.promise([keys_for(keys, message.chat.id, message.message_id)])


async def _as_it_stands(pressed: dict[str, Any], context: BotContext) -> dict[str, Any]:
    tx, services, telegram_id = await context.turn.begin(), context.services, context.telegram_id
    match decode(pressed.get("callback_data") or ""):
        case RateAnswer(question_id) as press:
            said = await services.ask.rated(tx, telegram_id, question_id)
            return key(under.thumb(press, said))
        case KeepNote(note_id):
            is_kept = await services.bookmarks.is_kept(tx, telegram_id, note_id)
            return key(under.keeping(note_id, is_kept=is_kept))
    return pressed


def _data(message: object) -> list[str]:
    return [each.get("callback_data") or "" for row in _keys(message) for each in row]


def _keys(message: object) -> Keys:
    markup = message.reply_markup if isinstance(message, Message) else None
    return [[each.to_dict() for each in row] for row in markup.inline_keyboard] if markup else []
