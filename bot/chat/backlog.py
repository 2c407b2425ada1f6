"""Did a learner write a lot while the bot was away? What still matters is answered, the rest told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Message

from bot.chat.context import BotContext
from bot.chat.updates import part_of
from bot.chat.views import failures
from bot.storage import inbox
from index.follow_up import is_bare
from index.intents import QUESTION, Intent

LATE = timedelta(minutes=15)  # after which a learner has mostly moved on; our guess
ANSWERED = 3  # questions, the newest ones: they fill a phone's screen or two
MOST_ANSWERED = 2 * ANSWERED  # with those that lean on them
LOOKED_AT = 50  # texts of one learner; whoever wrote more is told of these


@dataclass(frozen=True)
class Text:
    """What a learner wrote, and the row of the inbox it lies in."""

    row_id: int
    text: str


async def set_right(message: Message, text: str, intent: Intent, context: BotContext) -> bool:
    """Close what a late learner no longer waits for. False if `text` itself, just heard, is among that.

    Votes, buttons, commands and settings in the learner's own words are not touched: each is still done.
    """
    row = context.turn.row
    if row is None or not is_late(message, context.turn.now):
        return True
    later = await _later_texts(context)
    if len(later) < ANSWERED:
        return True
    heard = [(Text(row.row_id, text), intent), *[(each, await _intent(each, context)) for each in later]]
    missed, moot = superseded(heard)
    if missed:
        await context.reply(failures.missed([each.text for each in missed]))
    closed = {each.row_id for each in (*missed, *moot)}
    for row_id in closed - {row.row_id}:
        await inbox.finish(await context.turn.begin(), row_id, context.turn.now)
    return row.row_id not in closed


def is_late(message: Message, now: datetime) -> bool:
    """Whether this private message had to wait for long; in a group the talk has gone on."""
    return message.chat.type == message.chat.PRIVATE and bool(message.text) and now - message.date > LATE


def superseded(heard: Sequence[tuple[Text, Intent]]) -> tuple[list[Text], list[Text]]:
    """Of texts from old to new: the questions to be told of as missed, and what needs no word any more.

    "why?" is answered with the question it leans on, or it could not be.
    """
    questions = [each for each, intent in heard if intent.name == QUESTION.name]
    heads = [place for place, each in enumerate(questions) if not is_bare(each.text)] or [0]
    first = max(heads[-ANSWERED:][0], len(questions) - MOST_ANSWERED)
    if first <= 0:
        return [], []
    moot = [each for each, intent in heard if intent.name == "smalltalk"]  # "hello?", "are you there?"
    return questions[:first], moot


async def _later_texts(context: BotContext) -> list[Text]:
    assert context.turn.row is not None
    async with context.turn.database.reading() as connection:
        behind = await inbox.behind(connection, context.turn.bot_id, context.turn.row, LOOKED_AT)
    said = [(each.row_id, part_of(each.payload, "message")) for each in behind]
    return [Text(row_id, message["text"]) for row_id, message in said if _is_plain_text(message)]


def _is_plain_text(message: object) -> bool:
    """Words in the learner's own chat, and no command."""
    if not isinstance(message, dict) or part_of(message, "chat").get("type") != "private":
        return False
    text = message.get("text")
    return isinstance(text, str) and not text.startswith("/")


async def _intent(text: Text, context: BotContext) -> Intent:
    intent, _ = await context.services.ask.hear(text.text)
    return intent
