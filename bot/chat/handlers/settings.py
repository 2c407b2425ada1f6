"""A learner looks at what is set, changes it, or tells where they are."""

import re

from telegram import Update

from bot.chat.context import BotContext
from bot.chat.views import failures
from bot.chat.views import settings as view
from bot.chat.views.reply import Reply
from bot.guidance.places import Place, settled_in
from bot.guidance.results import PlacesFound, SettingName

WORDS_OF_A_PLACE = 4  # at most, as "Villa de la Torre"
# What learners write for a button of /settings; the whole message, or it is something else.
_CHANGE = r"(?:i (?:want|would like) to )?(?:change|set|switch) (?:my |the )?"
_WISHES: tuple[tuple[str, SettingName | None], ...] = (
    (rf"(?:{_CHANGE}|show (?:me )?(?:my |the )?|my |the )?settings?", None),
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
    """Whether a text was a wish about what is set, or a city that was asked for, and has its reply."""
    if not context.is_private:
        return False
    reply = await _to_wish(text, context) or await _to_place(text, context)
    if reply is not None:
        await context.reply(reply)
    return reply is not None


async def may_mean_a_place(text: str, context: BotContext) -> bool:
    """Whether a text without an answer may be the name of a place too small for us to know."""
    is_short = len(text.split()) <= WORDS_OF_A_PLACE and "?" not in text
    return is_short and context.is_private and await _awaits_zone(context)


async def _awaits_zone(context: BotContext) -> bool:
    async with context.turn.database.reading() as connection:
        settings = context.services.settings
        return await settings.awaits_zone(connection, context.telegram_id, context.turn.now)


async def _to_wish(text: str, context: BotContext) -> Reply | None:
    for pattern, what in _WISHES:
        if re.fullmatch(
            rf"(?:please )?(?:{pattern})(?: (?:to|from) .+)?(?:,? please)?[.!?]*", text.strip(), re.IGNORECASE
        ):
            return await (ask(context, what) if what else show(context))
    return None


async def _to_place(text: str, context: BotContext) -> Reply | None:
    services, now = context.services, context.turn.now
    said = text if await _awaits_zone(context) else settled_in(text)
    if said is None:
        return None
    async with context.typing():
        places = await services.settings.places_in(said, now)
    match places:
        case ():
            return None
        case (Place(zone=zone),):
            return await _choose_zone(context, zone)
    is_enrolment = await services.enrol.is_put(await context.turn.begin(), context.telegram_id, "zone")
    return view.settled(PlacesFound(places, is_enrolment))


async def _choose_zone(context: BotContext, zone: str) -> Reply:
    return await choose(context, "zone", zone, is_enrolment=True)
