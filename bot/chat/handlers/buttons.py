"""A button was pressed: stop its spinner, and do what it says."""

import logging

from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.chat.buttons import (
    AboutPrompt,
    AnswerItem,
    ChangeSetting,
    ChooseNext,
    ChooseSetting,
    ExportMe,
    ForgetMe,
    KeepDaily,
    KeepNote,
    OpenNote,
    Place,
    PlanAsCalendar,
    PlanWith,
    Press,
    QuizMe,
    RateAnswer,
    ReportItem,
    SetDaily,
    SetMeUp,
    SetWeekly,
    ShowDaily,
    ShowHint,
    ShowPlan,
    ShowProgress,
    ShowSaved,
    ShowSettings,
    SkillWish,
    SkipQuestion,
    StartPlacement,
    VoteInGroup,
    decode,
)
from bot.chat.context import BotContext
from bot.chat.handlers import (
    daily,
    enrol,
    group_quiz,
    my_data,
    next_step,
    operate,
    placement,
    plan,
    quiz,
    saved,
    settings,
)
from bot.chat.tasks import errand
from bot.chat.views import ask as ask_view
from bot.chat.views import enrol as enrol_view
from bot.chat.views import quiz as quiz_view
from bot.chat.views.reply import Reply

logger = logging.getLogger(__name__)


async def pressed(update: Update, context: BotContext) -> None:
    """Any button. Old and doubly pressed ones are normal and get an answer, too."""
    query = update.callback_query
    if query is None:
        return
    press = decode(query.data or "")
    if query.message and context.is_double_tap(query.message.message_id, query.data or ""):
        errand(_stop_spinner(context, query.id))
        return
    if isinstance(press, RateAnswer | KeepNote | ShowSaved | VoteInGroup) or (
        isinstance(press, QuizMe) and context.is_group
    ):
        errand(_stop_spinner(context, query.id, await _done_in_place(press, query, context)))
        return
    errand(_stop_spinner(context, query.id))
    for reply in await _replies_to(press, query.from_user.id, context):
        await context.reply(reply)


async def _done_in_place(
    press: RateAnswer | KeepNote | ShowSaved | VoteInGroup | QuizMe, query: CallbackQuery, context: BotContext
) -> str | None:
    """What has no reply, or not always; returns a word for a moment."""
    match press:
        case RateAnswer():
            return await saved.rate(press, query, context)
        case KeepNote():
            return await saved.keep(press, query, context)
        case VoteInGroup():
            return await group_quiz.pressed(press, query, context)
        case QuizMe(skill_id):
            return await group_quiz.go_on(context, skill_id)
        case ShowSaved():
            await saved.turn_to(press, query, context)
            return None


async def _replies_to(press: Press | None, telegram_id: int, context: BotContext) -> list[Reply]:
    match press:
        case ShowProgress():
            return await next_step.show(context)
        case QuizMe(skill_id):
            await quiz.ask_here(context, skill_id)
            return []
        case Place(what):
            return await placement.act(context, what)
        case AnswerItem(attempt_id, option_id):
            journey, tx = context.services.quiz, await context.turn.begin()
            answered = await journey.answer(tx, telegram_id, attempt_id, option_id, context.turn.now)
            return await quiz.told(answered, context)
    return [await _reply_to(press, telegram_id, context)]


async def _reply_to(press: Press | None, telegram_id: int, context: BotContext) -> Reply:
    journey, now = context.services.quiz, context.turn.now
    match press:
        case ShowHint(attempt_id):
            return quiz_view.quizzed(await journey.hint(await context.turn.begin(), telegram_id, attempt_id))
        case ReportItem(attempt_id):
            tx = await context.turn.begin()
            return quiz_view.quizzed(await journey.report(tx, telegram_id, attempt_id, now))
        case StartPlacement():
            return await placement.offer(context)
        case ChooseNext():
            return await next_step.choose(context)
        case SkillWish(word, skill_id):
            return await next_step.say(context, skill_id, word)
        case ShowDaily():
            return await daily.show(context)
        case SetDaily(at, every):
            return await daily.set_to(context, at, every)
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
            under = await saved.under_note(context, note_id)
            return ask_view.heard(context.services.ask.open_note(note_id), context.services.pack, under)
        case ForgetMe(is_sure=False):
            return my_data.confirm(context)
        case ForgetMe(is_sure=True):
            await context.services.enrol.forget(await context.turn.begin(), telegram_id)
            context.turn.has_erased = True
            return enrol_view.forgotten()
        case SetMeUp():
            return await enrol.set_up(context)
        case SkipQuestion(what):
            return await enrol.skip(context, what)
        case ChooseSetting(what, value, is_enrolment):
            return await settings.choose(context, what, value, is_enrolment=is_enrolment)
        case ChangeSetting(what):
            return await settings.ask(context, what)
        case ShowSettings():
            return await settings.show(context)
        case _:
            return await operate.pressed(press, context)


async def _stop_spinner(context: BotContext, query_id: str, word: str | None = None) -> None:
    try:
        await context.bot.answer_callback_query(query_id, word)
    except TelegramError as error:  # "query is too old" after an outage: the reply below still counts
        logger.debug("a button's spinner could not be stopped: %s", error)
