"""A learner looks at what is set, changes it, or tells where they are."""

import re

from telegram import Update

from bot.chat.context import BotContext
from bot.chat.views import failures
from bot.chat.views import settings as view
from bot.chat.views.reply import Reply
from bot.guidance.places import Place, settled_in
from bot.guidance.results import PlacesFound, SettingName
from bot.guidance.told import would_rather_not
from index.parts import begins_as_question

WORDS_OF_AN_ANSWER = 4  # at most, as "Villa de la Torre"
# What learners write for a button of /settings; the whole message, or it is something else.
_CHANGE = r"(?:i (?:want|would like) to )?(?:change|set|switch) (?:my |the )?"
_WISHES: tuple[tuple[str, SettingName | None], ...] = (
    (rf"(?:{_CHANGE}|show (?:me )?(?:my |the )?|my |the )?settings?", None),
    (r"(?:show|what(?:'s| is| are)) my (?:hours|goal|time ?zone)", None),
    (r"how many hours (?:a week )?(?:(?:do|did|have) i (?:have )?|are )(?:set|say|said|told you)", None),
    (rf"{_CHANGE}(?:goal|track|career)", "goal"),
    (rf"{_CHANGE}(?:hours|hours a week|weekly hours)", "hours"),
    (rf"{_CHANGE}(?:time ?zone|city|location)|(?:my |the )?time ?zone is wrong|wrong time ?zone", "zone"),
)


async def settings(_update: Update, context: BotContext) -> None:
    """/settings: what is set, with a button to change each."""
    await context.reply(
        await show(context) if context.is_private else failures.private_only("settings", context.bot.username)
    )


async def show(context: BotContext) -> Reply:
    """What is set for the learner behind the update."""
    await context.learner_id()
    tx = await context.turn.begin()
    return view.settled(await context.services.settings.show(tx, context.telegram_id, context.turn.now))


async def ask(context: BotContext, what: SettingName) -> Reply:
    """What there is to choose from."""
    await context.learner_id()
    tx = await context.turn.begin()
    return view.settled(await context.services.settings.ask(tx, context.telegram_id, what, context.turn.now))


async def choose(context: BotContext, what: SettingName, value: str, *, is_enrolment: bool) -> Reply:
    """The learner's newest word; as an answer of the enrolment it leads to the next question."""
    await context.learner_id()
    services, tx, now = context.services, await context.turn.begin(), context.turn.now
    change = services.enrol.answered if is_enrolment else services.settings.change
    return view.settled(await change(tx, context.telegram_id, what, value, now))


async def located(update: Update, context: BotContext) -> None:
    """A location was shared: it tells the time zone, and is not kept."""
    message = update.effective_message
    if message is None or message.location is None:
        return
    async with context.typing():
        zone = await context.services.settings.zone_at(message.location.latitude, message.location.longitude)
    await context.reply(await _choose_zone(context, zone) if zone else view.spot_unknown())


async def hears(text: str, context: BotContext) -> bool:
    """Whether a text was a wish about what is set, or the answer to what was asked, and has its reply."""
    if not context.is_private:
        return False
    reply = await _to_wish(text, context)
    if reply is None:
        what = await _awaited(context)
        reply = await _to_answer(text, what, context) or await _to_place(text, what, context)
    if reply is not None:
        await context.reply(reply)
    return reply is not None


async def may_mean(text: str, context: BotContext) -> Reply | None:
    """What to say to a text that answers nothing and is no question we can answer: what was asked, again.

    Once, and only right after it: whoever writes of other things wants an answer to these.
    """
    is_short = len(text.split()) <= WORDS_OF_AN_ANSWER and "?" not in text
    if not (is_short and context.is_private) or begins_as_question(text):
        return None
    tx, settings = await context.turn.begin(), context.services.settings
    what = await settings.awaited_next(tx, context.telegram_id, context.turn.now)
    if what is None:
        return None
    profile = await settings.show(tx, context.telegram_id, context.turn.now)
    is_enrolment = await _is_put(context, what)
    return view.not_understood(settings.question(what, profile, is_enrolment=is_enrolment))


async def _awaited(context: BotContext) -> SettingName | None:
    async with context.turn.database.reading() as connection:
        settings = context.services.settings
        return await settings.awaited(connection, context.telegram_id, context.turn.now)


async def _is_put(context: BotContext, what: SettingName) -> bool:
    return await context.services.enrol.is_put(await context.turn.begin(), context.telegram_id, what)


async def _to_wish(text: str, context: BotContext) -> Reply | None:
    for pattern, what in _WISHES:
        wish = rf"(?:please )?(?:{pattern})(?: (?:to|from) (?P<to>.+?))?(?:,? please)?[.!?]*"
        found = re.fullmatch(wish, text.strip(), re.IGNORECASE)
        if found and what is None:
            return await show(context)
        if found and what:
            return await _told_to(found["to"] or "", what, context) or await ask(context, what)
    return await _told(text, "hours", context, is_asked=False)


async def _to_answer(text: str, what: SettingName | None, context: BotContext) -> Reply | None:
    """Words in place of a tap, or that the learner would rather not say."""
    if what is None:
        return None
    return await _told(text, what, context) or (
        await _left(context, what) if would_rather_not(text) else None
    )


async def _told(text: str, what: SettingName, context: BotContext, *, is_asked: bool = True) -> Reply | None:
    value = context.services.settings.value_told(text, what, is_asked=is_asked)
    return await choose(context, what, value, is_enrolment=True) if value else None


async def _told_to(text: str, what: SettingName, context: BotContext) -> Reply | None:
    return await (_placed(text, context) if what == "zone" else _told(text, what, context))


async def _left(context: BotContext, what: SettingName) -> Reply:
    services, tx, now = context.services, await context.turn.begin(), context.turn.now
    if await _is_put(context, what):
        return view.settled(await services.enrol.skip(tx, context.telegram_id, what, now))
    return view.settled(await services.settings.leave(tx, context.telegram_id, now))


async def _to_place(text: str, what: SettingName | None, context: BotContext) -> Reply | None:
    said = text if what == "zone" else settled_in(text)
    return await _placed(said, context) if said else None


async def _placed(said: str, context: BotContext) -> Reply | None:
    """What is found at a place of this name, if anything."""
    services, now = context.services, context.turn.now
    async with context.typing():
        places = await services.settings.places_in(said, now)
    match places:
        case ():
            return None
        case (Place(zone=zone),):
            return await _choose_zone(context, zone)
    return view.settled(PlacesFound(places, await _is_put(context, "zone")))


async def _choose_zone(context: BotContext, zone: str) -> Reply:
    return await choose(context, "zone", zone, is_enrolment=True)
