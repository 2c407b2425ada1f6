"""How questions about the learner, their answers and /settings read. Pure."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.chat.buttons import ChangeSetting, ChooseNext, ChooseSetting, ShowDaily, ShowSettings, SkipQuestion
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.next_step import place_me, ways_on
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, join
from bot.chat.views.times import clock
from bot.guidance.results import (
    ChoiceGone,
    Enrolled,
    PlacesFound,
    Profile,
    SettingAsked,
    SettingChanged,
    SettingName,
    Settled,
    SkippedBefore,
)
from bot.guidance.settings import HOURS
from bot.learning.placement import Standing
from bot.learning.plan import LEAST_HOURS_A_WEEK, MOST_HOURS_A_WEEK

SETTINGS = N_("My settings")
SKIP = N_("Skip")
MAY_I_ASK = N_("So that I can guide you better, may I ask you a few things? Skip whatever you like.")
CLOCKS_IN_A_ROW = 4

Rows = tuple[tuple[Button, ...], ...]

_STANDINGS = {
    Standing.NEW: N_("you are new to all this"),
    Standing.SOME: N_("you know some of it"),
    Standing.MUCH: N_("you know much of it"),
}
_STANDING_LABELS = {
    Standing.NEW: N_("I'm new to all this"),
    Standing.SOME: N_("I know some of it"),
    Standing.MUCH: N_("I know much of it"),
}
_NAMES: dict[SettingName, str] = {
    "goal": N_("Goal"),
    "standing": N_("Where you stand"),
    "hours": N_("Hours a week"),
    "zone": N_("Time zone"),
}
_CHANGE: dict[SettingName, str] = {
    "goal": N_("Change goal"),
    "standing": N_("Change where you stand"),
    "hours": N_("Change hours a week"),
    "zone": N_("Change time zone"),
}
_QUESTIONS: dict[SettingName, str] = {
    "goal": N_("What would you like to become?"),
    "standing": N_("Where do you stand today?"),
    "hours": N_("How many hours a week can you spend on it?"),
    "zone": N_("Where are you?"),
}
_EXPLAINED: dict[SettingName, str] = {
    "goal": N_("It decides which skills I guide you through. You can change it at any time."),
    "standing": N_("A rough guess is fine."),
    "hours": N_("Tap a number or write your own; a rough one is fine, and so is a little."),
    "zone": N_(
        "Write the name of your city; then I know when your day begins and ends, in summer and winter. "
        "You can also send me your location (the paper clip, then Location), or tap the time it is for you "
        "now. I keep only the time zone."
    ),
}


def settled(result: Settled) -> Reply:
    """The reply to anything a learner says of themselves, or is asked."""
    match result:
        case Profile():
            return _overview(result)
        case SettingAsked():
            return _asked(result)
        case SettingChanged(what, profile):
            return Reply(Rich(_told(what, profile)), (*_alike(what, profile), *_ways_on()))
        case PlacesFound():
            return _places(result)
        case Enrolled():
            return _enrolled(result)
        case SkippedBefore():
            text = _(
                "We are past that question already. You can answer it in your settings whenever you like."
            )
            return Reply(Rich(text), _ways_on())
        case ChoiceGone():
            text = _("That can't be chosen any more. Your settings show what there is now.")
            return Reply(Rich(text), _ways_on())


def spot_unknown() -> Reply:
    """A location outside of every time zone."""
    text = _(
        "I can't tell the time zone of that spot. Write me the name of your city instead, or choose here:"
    )
    return Reply(Rich(text), ((Button(_("Change my time zone"), ChangeSetting("zone")),),))


def not_understood(asked: SettingAsked) -> Reply:
    """Neither an answer nor a question we can answer: the same once more, so that nobody has to scroll."""
    why = _("I couldn't tell which one you mean.")
    if asked.what == "hours":
        why = _("I need the hours of a week as a number, from {least} to {most}.").format(
            least=LEAST_HOURS_A_WEEK, most=MOST_HOURS_A_WEEK
        )
    if asked.what == "zone":
        why = _(
            "I know no place of that name: only those of 15,000 people and more. Write me a larger one near "
            "you, or your country."
        )
    unless = _("If you were asking me something else: my notes don't say.")
    return Reply(join("\n\n", [f"{why} {unless}", _question(asked)]), _ways_to_say(asked))


def _overview(profile: Profile) -> Reply:
    """What is set, in words, and a button to change each."""
    known = [what for what in _NAMES if what != "goal" or profile.tracks]
    lines = [bold(_(_NAMES[what])) + f": {_value(what, profile)}" for what in known]
    text = join("\n\n", [_("This is what I go by:"), join("\n", lines), _("Tap what you'd like to change.")])
    buttons = [Button(_(_CHANGE[what]), ChangeSetting(what)) for what in known]
    onward = (Button(_("Daily question"), ShowDaily()), Button(_("What's next for me?"), ChooseNext()))
    return Reply(text, (*_in_rows(buttons, 2), onward))


def _value(what: SettingName, profile: Profile) -> str:
    match what:
        case "goal" if profile.track_id is None:
            return _("{goal} (you chose none, so I took the first)").format(goal=_goal(profile))
        case "goal":
            return _goal(profile)
        case "standing":
            return _(_STANDINGS[profile.standing]) if profile.standing else _("you didn't say")
        case "hours":
            return _hours(profile.hours) if profile.hours else _("you didn't say")
        case "zone" if profile.zone:
            return _("{zone}, where it is {time} now").format(**_zone(profile))
        case "zone":
            return _("{zone}, where it is {time} now (you didn't say)").format(**_zone(profile))


def _zone(profile: Profile) -> dict[str, str]:
    return {"zone": profile.zone_title, "time": clock(profile.now)}


def _asked(asked: SettingAsked) -> Reply:
    """A question with its choices, and a way past it."""
    return Reply(join("\n\n", [*_before(asked), _question(asked)]), _ways_to_say(asked))


def _question(asked: SettingAsked) -> Rich:
    return join("\n", [bold(_(_QUESTIONS[asked.what])), _(_EXPLAINED[asked.what])])


def _ways_to_say(asked: SettingAsked) -> Rows:
    skip, stay = Button(_(SKIP), SkipQuestion(asked.what)), Button(_(SETTINGS), ShowSettings())
    return (*_choices(asked), (skip if asked.is_enrolment else stay,))


def _before(asked: SettingAsked) -> Iterator[str]:
    """In the enrolment what was just told, or at its beginning what this is about."""
    if asked.told:
        yield _told(asked.told, asked.profile)
    elif asked.is_first:
        yield _(MAY_I_ASK)
    elif asked.is_enrolment:
        yield _("All right.")


def _choices(asked: SettingAsked) -> Rows:
    match asked.what:
        case "goal":
            tracks = asked.profile.tracks.items()
            return _in_rows([_choice(asked, track.title, track_id) for track_id, track in tracks], 1)
        case "standing":
            return _in_rows([_choice(asked, _(label), value) for value, label in _STANDING_LABELS.items()], 1)
        case "hours":
            return _in_rows([_choice(asked, _hours_button(hours), str(hours)) for hours in HOURS], 2)
        case "zone":
            clocks = [_choice(asked, _clock(zone, asked.profile), zone) for zone in asked.zones]
            return _in_rows(clocks, CLOCKS_IN_A_ROW)


def _choice(asked: SettingAsked, label: str, value: str) -> Button:
    return Button(label, ChooseSetting(asked.what, value, asked.is_enrolment))


def _clock(zone: str, profile: Profile) -> str:
    return clock(profile.now.astimezone(ZoneInfo(zone)))


def _told(what: SettingName, profile: Profile) -> str:
    """In one line: what is set now, and what it changes."""
    match what:
        case "goal":
            return _(
                "Your goal is now: {goal}. Your next steps, quizzes and progress follow it, "
                "and all you have shown so far still counts."
            ).format(goal=_goal(profile))
        case "standing":
            noted = _("Noted: {standing}. That is where I begin when I find out what you know.")
            return noted.format(standing=_value(what, profile))
        case "hours":
            noted = _("Noted: {hours} a week. /plan reckons with that.")
            return noted.format(hours=_value(what, profile))
        case "zone":
            set_to = _(
                "Your time zone is now {zone}, where it is {time}. "
                "Your days, streak and reviews follow that clock."
            ).format(**_zone(profile))
            changes = _("Do your clocks change in summer? Then tap the city that shares your clock.")
            return f"{set_to} {changes}" if profile.alike else set_to


def _alike(what: SettingName | None, profile: Profile) -> Rows:
    """After an hour was tapped: the cities that have it now, as an hour alone knows no summer time."""
    if what != "zone":
        return ()
    buttons = [Button(each.name, ChooseSetting("zone", each.zone, False)) for each in profile.alike]
    return _in_rows(buttons, 2)


def _places(found: PlacesFound) -> Reply:
    text = _("I know several places of that name. Which one is yours? If none is, write it with its country.")
    places = [
        Button(place.name, ChooseSetting("zone", place.zone, found.is_enrolment)) for place in found.places
    ]
    return Reply(Rich(text), _in_rows(places, 1))


def _enrolled(enrolled: Enrolled) -> Reply:
    before = [_told(enrolled.told, enrolled.profile)] if enrolled.told else []
    after = _(
        "That was all. From here I can name your first step, find out what you can skip, or ask you one "
        "question a day at your hour, and you can ask me anything; /settings changes what you have told me."
    )
    daily = (Button(_("One question a day"), ShowDaily()), Button(_(SETTINGS), ShowSettings()))
    clocks = _alike(enrolled.told, enrolled.profile)
    return Reply(join("\n\n", [*before, after]), (*clocks, *ways_on(), place_me(), daily))


def _ways_on() -> Rows:
    return ((Button(_("What's next for me?"), ChooseNext()), Button(_(SETTINGS), ShowSettings())),)


def _goal(profile: Profile) -> str:
    chosen = profile.tracks.get(profile.track_id or "")
    return (chosen or next(iter(profile.tracks.values()))).title


def _hours(hours: int) -> str:
    if hours == HOURS[-1]:
        return many("{number} hour or more", "{number} hours or more", hours)
    return many("about {number} hour", "about {number} hours", hours)


def _hours_button(hours: int) -> str:
    if hours == HOURS[-1]:
        return _hours(hours)
    return many("About {number} hour", "About {number} hours", hours)


def _in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))
