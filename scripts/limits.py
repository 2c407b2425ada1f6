"""How much, how often, how long? The docs' table of limits, with the values that the code holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from types import ModuleType

from bot.chat import backlog, gate, links, pacing
from bot.chat import limits as haste
from bot.chat.handlers import inline as inline_door
from bot.guidance import ask, bookmarks, broadcast, gaps, group_quiz, inline
from bot.learning import mastery, placement, quiz, reminders, reviews, streak
from bot.storage import group_quizzes, inbox, reports
from knowledge import checks

UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


@dataclass(frozen=True)
class Limit:
    """What is limited, and by which names of a module; their values fill the sentence's braces in turn."""

    what: str
    module: ModuleType
    names: str
    sentence: str = "{}"

    def told(self) -> str:
        """The sentence with the values of today."""
        return self.sentence.format(*(in_words(getattr(self.module, name)) for name in self.names.split()))


LIMITS: dict[str, tuple[Limit, ...]] = {
    "What a learner writes": (
        Limit("Updates of one learner, before the rest is left out", haste, "LIMITS"),
        Limit("Questions answered to who wrote many during an outage", backlog, "ANSWERED", "the newest {}"),
        Limit("An outage, after which that holds", backlog, "LATE"),
        Limit("How long a question may lean on the one before", ask, "SAME_CONVERSATION"),
        Limit("Payload of a `?start=` link", links, "MAX_PAYLOAD", "{} characters"),
        Limit("Saved notes on a page", bookmarks, "ON_A_PAGE"),
    ),
    "What the bot asks": (
        Limit("Questions of a placement", placement, "FEWEST MOST", "{} to {}"),
        Limit("An item rests, once seen", quiz, "REST"),
        Limit("Mastered: lower bound", mastery, "MASTERED_FROM"),
        Limit(
            "Mastered: right answers",
            mastery,
            "DAYS_TO_MASTER ITEMS_TO_MASTER",
            "on {} local days, on {} items",
        ),
        Limit("Reviews due on a day", reviews, "MOST_DUE_A_DAY", "{} skills"),
        Limit("Longest time between two reviews", reviews, "LONGEST_INTERVAL", "{} days"),
        Limit("Missed days that a streak forgives at a time", streak, "MOST_FREEZES"),
        Limit("A daily prompt that comes too late is skipped after", reminders, "MOST_LATE"),
        Limit("Quiet hours, for prompts put off", reminders, "QUIET_FROM QUIET_UNTIL", "{} to {}"),
        Limit("Prompts unanswered in a row, before the bot asks", reminders, "ENOUGH_IGNORED"),
        Limit("Reports that pause an item", reports, "ENOUGH_TO_PAUSE", "of {} learners"),
    ),
    "Groups and other chats": (
        Limit("A group's quiz is open for", group_quiz, "OPEN_FOR"),
        Limit("It can be closed by the next one after", group_quiz, "LEAST_OPEN"),
        Limit("Scores and votes of a group are kept", group_quizzes, "KEPT"),
        Limit("Cards in another chat, beside the answer", inline, "MORE"),
        Limit("What is typed after the bot's name", inline_door, "MAX_QUERY", "{} characters"),
        Limit("It is dropped unread after", inline_door, "WORTHLESS_AFTER"),
    ),
    "Sending": (
        Limit("All messages", pacing, "ALL_CHATS"),
        Limit("Of those at once, kept free of bulk", pacing, "LEFT_FOR_REPLIES"),
        Limit("A private chat", pacing, "PRIVATE_CHAT"),
        Limit("A group", pacing, "GROUP"),
        Limit("Text of a message", gate, "MAX_TEXT_UNITS", "{} UTF-16 units"),
        Limit("Text under a picture", gate, "MAX_CAPTION_UNITS", "{} UTF-16 units"),
        Limit("Formatted places in a message", gate, "MAX_ENTITIES"),
    ),
    "Operators and authors": (
        Limit("What failed is kept", inbox, "KEPT_FOR_REPAIR"),
        Limit("An update is tried again after", inbox, "RETRY_DELAYS", "{}; then it is set aside"),
        Limit("A draft of a broadcast is good for", broadcast, "GOOD_FOR"),
        Limit("/gaps looks back", gaps, "DAYS", "{} days"),
        Limit("/gaps looks at", gaps, "MOST", "the newest {} wordings"),
        Limit("A note", checks, "MAX_BODY_CHARACTERS", "{} characters"),
        Limit("The id of a note", checks, "MAX_NOTE_ID_BYTES", "{} bytes"),
    ),
}


def limits_table() -> str:
    """A table under a heading for each group."""
    return "\n\n".join(f"## {heading}\n\n{_table(limits)}" for heading, limits in LIMITS.items())


def _table(limits: Sequence[Limit]) -> str:
    rows = ["| What | How much | In the code |", "|---|---|---|"]
    for limit in limits:
        names = ", ".join(f"`{name}`" for name in limit.names.split())
        rows.append(f"| {limit.what} | {limit.told()} | {names} in `{limit.module.__name__}` |")
    return "\n".join(rows)


def in_words(value: object) -> str:
    """A value as people write it."""
    match value:
        case pacing.Rate():
            return f"{value.burst} at once, then {_pace(value.every)}"
        case (int(count), timedelta() as span):
            return f"{count} in {in_words(span)}"
        case tuple():
            return ", ".join(map(in_words, value))
        case timedelta():
            return _span(value)
        case time():
            return value.isoformat("minutes")
        case int():
            return f"{value:,}"
    return str(value)


def _pace(every: timedelta) -> str:
    second = timedelta(seconds=1)
    return f"{second / every:g} a second" if every <= second else f"one every {in_words(every)}"


def _span(span: timedelta) -> str:
    for name, unit in UNITS:
        count, rest = divmod(span, unit)
        if count and not rest:
            return f"{count} {name}{'s' if count > 1 else ''}"
    seconds = span / timedelta(seconds=1)
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
