"""Somebody comes, perhaps by a link: what it led to comes first, and getting to know each other after."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import Update

from bot.chat.context import BotContext
from bot.chat.handlers import (
    daily,
    enrol,
    my_data,
    next_step,
    placement,
    plan,
    quiz,
    saved,
    settings,
)
from bot.chat.links import HELLO, Target, target_of
from bot.chat.views import ask as ask_view
from bot.chat.views import links as view
from bot.guidance.results import LinkGone, NoteGone, SkillShown, TrackShown

# What the button "Go on in private" leads to, by the command that does it. None of them does harm unasked: a
# link may come from anybody.
DOINGS: Mapping[str, Callable[[Update, BotContext], Coroutine[Any, Any, None]]] = {
    "next": next_step.next_step,
    "placement": placement.placement,
    "quiz": quiz.quiz,
    "progress": next_step.progress,
    "daily": daily.daily,
    "plan": plan.plan,
    "saved": saved.saved,
    "settings": settings.settings,
    "export": my_data.export,
    "delete": my_data.delete,
}


async def start(update: Update, context: BotContext) -> None:
    """/start, and what follows it where a link led here."""
    payload = (context.args or [""])[0]
    context.args = []
    target = target_of(payload)
    if target is None:
        await _start_anyway(payload, update, context)
        return
    await context.learner_id()
    await _open(target, update, context)


async def _open(target: Target, update: Update, context: BotContext) -> None:
    match target:
        case Target("note", note_id):
            await _note(note_id, context)
        case Target("quiz", skill_id) if skill_id in context.services.ask.library.skills:
            await quiz.ask_here(context, skill_id)
        case Target("do", name) if name in DOINGS:
            await DOINGS[name](update, context)
        case Target("skill", skill_id):
            await _show(context.services.follow.skill(skill_id), context)
        case Target("track", track_id):
            await _show(context.services.follow.track(track_id), context)
        case _:
            await _show(context.services.follow.gone(), context)


async def _start_anyway(payload: str, update: Update, context: BotContext) -> None:
    """Somebody new is welcome, whatever the link; who is not is told that it leads nowhere."""
    await context.learner_id()
    if payload in ("", HELLO) or await enrol.is_new_in_private(context):
        await enrol.start(update, context)
    else:
        await _show(context.services.follow.gone(), context)


async def _note(note_id: str, context: BotContext) -> None:
    found = context.services.ask.open_note(note_id)
    if isinstance(found, NoteGone):
        await _show(context.services.follow.gone(), context)
        return
    under = await saved.under_note(context, note_id)
    await context.reply(ask_view.heard(found, context.services.pack, under))
    await enrol.ask_first_question(context)


async def _show(result: SkillShown | TrackShown | LinkGone, context: BotContext) -> None:
    is_new = await enrol.is_new_in_private(context)
    await context.reply(view.linked(result, context.bot.username, is_new=is_new))
    if isinstance(result, SkillShown):
        await enrol.ask_first_question(context)
