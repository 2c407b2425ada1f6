"""A button was pressed: stop its spinner, and do what it says."""

import logging

from telegram import Update
from telegram.error import TelegramError

from bot.chat.buttons import (
    AboutPrompt,
    AnswerItem,
    ChooseNext,
    ExportMe,
    ForgetMe,
    KeepDaily,
    OpenNote,
    PlanAsCalendar,
    PlanWith,
    Press,
    QuizMe,
    ReportItem,
    SetDaily,
    SetWeekly,
    ShowDaily,
    ShowHint,
    ShowPlan,
    ShowProgress,
    SkillWish,
    decode,
)
from bot.chat.context import BotContext
from bot.chat.handlers import daily, my_data, next_step, plan, quiz
from bot.chat.tasks import errand
from bot.chat.views import ask as ask_view
from bot.chat.views import enrol as enrol_view
from bot.chat.views import failures
from bot.chat.views import quiz as quiz_view
from bot.chat.views.reply import Reply

logger = logging.getLogger(__name__)


async def pressed(update: Update, context: BotContext) -> None:
    """Any button. Old and doubly pressed ones are normal and get an answer, too."""
    query = update.callback_query
    if query is None:
        return
    errand(_stop_spinner(context, query.id))
    for reply in await _replies_to(query.data or "", query.from_user.id, context):
        await context.reply(reply)


async def _replies_to(data: str, telegram_id: int, context: BotContext) -> list[Reply]:
    press = decode(data)
    if isinstance(press, ShowProgress):
        return await next_step.show(context)
    return [await _reply_to(press, telegram_id, context)]


async def _reply_to(press: Press | None, telegram_id: int, context: BotContext) -> Reply:
    journey, now = context.services.quiz, context.turn.now
    match press:
        case QuizMe(skill_id):
            return await quiz.ask(context, skill_id)
        case AnswerItem(attempt_id, option_id):
            tx = await context.turn.begin()
            return quiz_view.quizzed(await journey.answer(tx, telegram_id, attempt_id, option_id, now))
        case ShowHint(attempt_id):
            return quiz_view.quizzed(await journey.hint(await context.turn.begin(), telegram_id, attempt_id))
        case ReportItem(attempt_id):
            tx = await context.turn.begin()
            return quiz_view.quizzed(await journey.report(tx, telegram_id, attempt_id, now))
        case ChooseNext():
            return await next_step.choose(context)
        case SkillWish(word, skill_id):
            return await next_step.say(context, skill_id, word)
        case ShowDaily():
            return await daily.show(context)
        case SetDaily(at):
            return await daily.set_to(context, at)
        case KeepDaily(every):
            return await daily.keep(context, every)
        case SetWeekly(is_wanted):
            return await daily.set_weekly(context, is_wanted)
        case AboutPrompt(word, prompt_id):
            return await daily.about_prompt(context, prompt_id, word)
        case ShowPlan():
            return await plan.show(context)
        case PlanWith(hours):
            return await plan.show(context, hours)
        case PlanAsCalendar():
            return await plan.calendar(context)
        case ExportMe():
            return await my_data.show(context)
        case OpenNote(note_id):
            return ask_view.heard(context.services.ask.open_note(note_id), context.services.pack)
        case ForgetMe(is_sure=False):
            return my_data.confirm(context)
        case ForgetMe(is_sure=True):
            await context.services.enrol.forget(await context.turn.begin(), telegram_id)
            context.turn.has_erased = True
            return enrol_view.forgotten()
        case _:
            return failures.old_button()


async def _stop_spinner(context: BotContext, query_id: str) -> None:
    try:
        await context.bot.answer_callback_query(query_id)
    except TelegramError as error:  # "query is too old" after an outage: the reply below still counts
        logger.debug("a button's spinner could not be stopped: %s", error)
