"""A learner wants to know what comes next, or where they stand."""

import asyncio
from collections.abc import Sequence

from telegram import Update

from bot.chat.buttons import SkillWord
from bot.chat.context import BotContext
from bot.chat.views import check as check_view
from bot.chat.views import failures
from bot.chat.views import next_step as view
from bot.chat.views import progress as progress_view
from bot.chat.views.charts import skill_map
from bot.chat.views.reply import Reply
from bot.guidance.results import Uncheckable
from bot.storage import wishes

WORDS: dict[SkillWord, str] = {
    "start": wishes.STARTED,
    "trust": wishes.KNOWN,
    "later": wishes.PUT_OFF,
}


async def next_step(_update: Update, context: BotContext) -> None:
    """/next: one step, with its reasons."""
    await context.reply(await choose(context))


async def choose(context: BotContext) -> Reply:
    """The next step of the learner behind the update; it is nobody else's business."""
    if context.is_group:
        return failures.private_only("next", context.bot.username)
    if not context.services.has_skills:
        return failures.only_notes(context.services.pack)
    await context.learner_id()
    user = context.incoming.effective_user
    tx = await context.turn.begin()
    telegram_id = user.id if user else 0
    step = await context.services.next_step.choose(tx, telegram_id, context.turn.now)
    return view.next_step(step, context.bot.username)


async def say(context: BotContext, skill_id: str, word: SkillWord) -> Reply:
    """The learner begins the step, knows it already, or wants another."""
    if context.is_group:
        return failures.private_only("next", context.bot.username)
    await context.learner_id()
    if word in ("known", "check"):
        return await _check(context, skill_id, word)
    user = context.incoming.effective_user
    tx = await context.turn.begin()
    step = await context.services.next_step.say(
        tx, user.id if user else 0, skill_id, WORDS[word], context.turn.now
    )
    if word == "later":
        return view.put_off(step, context.bot.username)
    return view.begun(step, skill_id) if word == "start" else view.next_step(step, context.bot.username)


async def _check(context: BotContext, skill_id: str, word: SkillWord) -> Reply:
    """Two questions where there are any; who knows the skill already is shown what is next."""
    user, quiz = context.incoming.effective_user, context.services.quiz
    tx, now = await context.turn.begin(), context.turn.now
    put = quiz.offer_check if word == "known" else quiz.check
    result = await put(tx, user.id if user else 0, skill_id, now)
    if result is None:
        return await choose(context)
    if isinstance(result, Uncheckable):
        return view.after(check_view.trusted(result), await choose(context))
    return check_view.checking(result)


async def finished(context: BotContext, skill_ids: Sequence[str]) -> Reply:
    """The learner says they have been through these skills; then what is next."""
    await context.learner_id()
    user = context.incoming.effective_user
    tx, now = await context.turn.begin(), context.turn.now
    titles = await context.services.next_step.finish(tx, user.id if user else 0, skill_ids, now)
    step = await choose(context)
    return view.after(view.finished(titles), step) if titles else step


async def progress(_update: Update, context: BotContext) -> None:
    """/progress: the map, and the same in words."""
    for reply in await show(context):
        await context.reply(reply)


async def show(context: BotContext) -> list[Reply]:
    """The picture, and where its words do not fit below it, a message more; for the learner alone."""
    if context.is_group:
        return [failures.private_only("progress", context.bot.username)]
    if not context.services.has_skills:
        return [failures.only_notes(context.services.pack)]
    await context.learner_id()
    user = context.incoming.effective_user
    tx = await context.turn.begin()
    found = await context.services.progress.show(tx, user.id if user else 0, context.turn.now)
    if found is None:
        return [view.nobody()]
    picture = await asyncio.get_running_loop().run_in_executor(None, skill_map, found)
    rest = progress_view.rest(found)
    rows = (view.place_me(), *view.ways_on()) if found.may_place else view.ways_on()
    first = Reply(progress_view.caption(found), rows, picture=picture)
    return [first, *([Reply(rest)] if rest else [])]
