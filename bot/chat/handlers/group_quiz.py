"""A group wants an item, its members vote, somebody wants the scores."""

import re

from telegram import CallbackQuery, PollAnswer, Update, User
from telegram.error import NetworkError

from bot.chat.buttons import VoteInGroup
from bot.chat.context import BotContext, destination_of
from bot.chat.gate import legible
from bot.chat.views import group_quiz as view
from bot.chat.views.reply import Reply
from bot.guidance.results import GroupStillOpen
from bot.storage import inbox
from bot.storage.outbox import Outgoing

_STANDING = re.compile(
    r"(?:please )?(?:(?:(?:show|tell|give)(?: us| me)? |what (?:are|is) |what's )?(?:the |our )?(?:quiz )?"
    r"(?:scores?|score ?board|leader ?board|ranking|standings?)|how (?:do|did) we (?:stand|do)"
    r"|who(?:'s| is) (?:winning|leading|ahead|in the lead))(?: please)?[.?!]*",
    re.IGNORECASE,
)
MAX_NAME = 32  # characters of a name on the scoreboard


class PollUnknown(NetworkError):
    """A vote came before the id of its poll: in a moment it is known."""


async def ask(context: BotContext, skill_id: str | None) -> None:
    """The next item of this group, in its topic; the one before is closed."""
    if said := await _ask(context, skill_id):
        await context.reply(said)


async def go_on(context: BotContext, skill_id: str | None) -> str | None:
    """The same by a button. Of several who press it one is enough: the others read it for a moment."""
    said = await _ask(context, skill_id)
    return said.text.text if said else None


async def _ask(context: BotContext, skill_id: str | None) -> Reply | None:
    """What to say where one is open that is still fresh."""
    to = destination_of(context.incoming)
    if to is None:
        return None
    journey, tx, now = context.services.group_quiz, await context.turn.begin(), context.turn.now
    closed, message_id = await journey.end_before(tx, to.chat_id, to.thread_id, now)
    if message_id is not None:
        payload = {"chat_id": to.chat_id, "message_id": message_id}
        await context.turn.promise([Outgoing(to.chat_id, "stopPoll", payload)])
    if closed:
        await context.reply(view.closed(closed, context.bot.username))
    asked = await journey.ask(tx, to.chat_id, to.thread_id, now, skill_id)
    if isinstance(asked, GroupStillOpen):
        return view.group_quiz(asked)
    await context.reply(view.group_quiz(asked))
    return None


async def voted(vote: PollAnswer, user: User, context: BotContext) -> bool:
    """Whether it was a vote on a group's item, and is counted.

    Raises:
        PollUnknown: it may be one, and in a moment we shall know.
    """
    journey, tx, now = context.services.group_quiz, await context.turn.begin(), context.turn.now
    who = (user.id, name_of(user))
    if await journey.vote(tx, vote.poll_id, who, vote.option_ids[0], now) is not None:
        return True
    row = context.turn.row
    may_wait = row is not None and row.failures < len(inbox.RETRY_DELAYS)
    if may_wait and await journey.is_one_on_its_way(tx, now):
        raise PollUnknown("a vote came before the id of its poll")
    return False


async def pressed(press: VoteInGroup, query: CallbackQuery, context: BotContext) -> str:
    """An answer's button, where there are no polls."""
    chat = context.incoming.effective_chat
    where = (press.quiz_id, chat.id if chat else 0)
    who = (query.from_user.id, name_of(query.from_user))
    journey, tx = context.services.group_quiz, await context.turn.begin()
    return view.noted(await journey.press(tx, where, who, press.option_id, context.turn.now))


async def hears(text: str, context: BotContext) -> bool:
    """Whether a group asks in words how its members stand, and has its reply."""
    if not context.is_group or not _STANDING.fullmatch(text.strip()):
        return False
    await context.reply(await _scores(context))
    return True


async def scores(_update: Update, context: BotContext) -> None:
    """/scores: how the members of this group stand."""
    await context.reply(await _scores(context))


async def _scores(context: BotContext) -> Reply:
    chat = context.incoming.effective_chat
    if context.is_private or chat is None:
        return view.in_groups(context.bot.username)
    async with context.turn.database.reading() as connection:
        found = await context.services.group_quiz.scores(connection, chat.id, context.turn.now)
    return view.scores(found)


async def moved(update: Update, context: BotContext) -> None:
    """A group became a supergroup, which has another id."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id is not None:
        tx = await context.turn.begin()
        await context.services.group_quiz.move(tx, message.chat.id, message.migrate_to_chat_id)


def name_of(user: User) -> str:
    """What the vote itself calls its voter, on one line; no more of them is kept."""
    return " ".join(legible(user.first_name).split())[:MAX_NAME] or view.nameless()
