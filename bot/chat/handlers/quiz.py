"""A learner wants an item, or answers one."""

from telegram import Update

from bot.chat.context import BotContext
from bot.chat.gate import Destination
from bot.chat.handlers import enrol, group_quiz, next_step, placement, saved
from bot.chat.views import ask as ask_view
from bot.chat.views import check as check_view
from bot.chat.views import failures
from bot.chat.views import quiz as view
from bot.chat.views.reply import Reply
from bot.guidance.quiz import Answered, Latest
from bot.guidance.results import Checked, Feedback, PlacementNoted
from bot.learning.check import Verdict
from bot.learning.quiz import UNSURE_OPTION


async def quiz(_update: Update, context: BotContext) -> None:
    """/quiz, or /quiz and a skill in the learner's words."""
    said = " ".join(context.args or ())
    skills = await context.services.ask.skills_in(said) if said else ()
    if said and not skills:
        await context.reply(view.unknown_skill(context.is_group))
    await ask_here(context, skills[0] if skills else None)


async def ask_here(context: BotContext, skill_id: str | None = None) -> None:
    """The next item of the learner behind the update, or in a group that of the group."""
    if context.is_group:
        await group_quiz.ask(context, skill_id)
    else:
        await context.reply(await ask(context, skill_id))


async def ask(context: BotContext, skill_id: str | None = None) -> Reply:
    """The next item of the learner behind the update."""
    if not context.services.has_skills:
        return failures.only_notes(context.services.pack)
    user = context.incoming.effective_user
    if await context.learner_id() is None or user is None:
        return view.quizzed(context.services.quiz.nothing())
    tx = await context.turn.begin()
    return view.quizzed(await context.services.quiz.ask(tx, user.id, context.turn.now, skill_id))


async def voted(update: Update, context: BotContext) -> None:
    """A vote on a poll. It names no chat: what is not a group's was asked in a chat with the learner's id."""
    vote = update.poll_answer
    if vote is None or vote.user is None or not vote.option_ids:
        return  # a vote taken back: the first one counts
    if await group_quiz.voted(vote, vote.user, context):
        return
    tx = await context.turn.begin()
    position = vote.option_ids[0]
    answered = await context.services.quiz.vote(tx, vote.user.id, vote.poll_id, position, context.turn.now)
    for reply in await told(answered, context):
        await context.turn.reply(reply, Destination(vote.user.id))
    if isinstance(answered, Feedback) and await context.services.enrol.is_new(tx, vote.user.id):
        await context.turn.reply(await enrol.set_up(context), Destination(vote.user.id))


async def hears(text: str, context: BotContext) -> bool:
    """Whether a few words were about the item at hand ("why?", "hint", "number 2"), and have their reply."""
    about, place = view.about_item(text), view.place_told(text)
    if not context.is_private or (about is None and place is None):
        return False
    async with context.turn.database.reading() as connection:
        latest = await context.services.quiz.latest(
            connection, context.telegram_id, context.turn.now, is_chosen=place is not None
        )
    replies: list[Reply] = []
    if latest and about is not None:
        replies = await _about(about, latest, context)
    elif latest and place is not None and place < len(latest.options):
        replies = await _answered(latest, latest.options[place], context)
    for reply in replies:
        await context.reply(reply)
    return bool(replies)


async def _about(about: view.AboutItem, latest: Latest, context: BotContext) -> list[Reply]:
    """What is open may be hinted at or given up; the note behind it comes after the answer."""
    journey = context.services.quiz
    match about:
        case "why" | "unclear" if not latest.is_open and not latest.is_placing:
            note_id = latest.item.note
            under = await saved.under_note(context, note_id)
            return [ask_view.heard(context.services.ask.open_note(note_id), context.services.pack, under)]
        case "hint" | "unclear" if latest.is_placing and latest.is_open:
            return [view.no_hint()]
        case "hint" | "unclear" if latest.is_open:
            tx = await context.turn.begin()
            return [view.quizzed(await journey.hint(tx, context.telegram_id, latest.attempt_id))]
        case "unsure" if latest.is_open:
            return await _answered(latest, UNSURE_OPTION, context)
        case "enough" if latest.is_open and latest.is_placing:
            return await placement.act(context, "stop")
        case "another" if latest.is_open and latest.is_placing:
            return await placement.go_on(context)
        case "another":
            return [await ask(context)]
    return []


async def _answered(latest: Latest, option_id: str, context: BotContext) -> list[Reply]:
    """The answer was said and not tapped."""
    journey, tx = context.services.quiz, await context.turn.begin()
    now = context.turn.now
    return await told(
        await journey.answer(tx, context.telegram_id, latest.attempt_id, option_id, now), context
    )


async def told(answered: Answered, context: BotContext) -> list[Reply]:
    """What follows an answer, by what it was asked for."""
    match answered:
        case PlacementNoted():
            return await placement.go_on(context)
        case Checked(verdict=Verdict.KNOWN):
            return [check_view.checking(answered), await next_step.choose(context)]
        case Checked():
            return [check_view.checking(answered)]
        case _:
            return [view.quizzed(answered, context.bot.username)]
