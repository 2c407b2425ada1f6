"""How do numbers, time spans and long words read? Pure."""

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.views.catalogue import _, many

_STEP = 5  # %: how finely a range is told; more would claim too much
A_SECOND = 17  # messages of the bulk lane; measured, docs/sending.md


def span(span: timedelta) -> str:
    """A time span in its two largest units."""
    left, parts = max(0, int(span.total_seconds())), []
    for size in (86_400, 3_600, 60, 1):
        number, left = divmod(left, size)
        parts.append((size, number))
    told = [_unit(size, number) for size, number in parts if number][:2]
    return " ".join(told) or _unit(1, 0)


def _unit(size: int, number: int) -> str:
    match size:
        case 86_400:
            return many("{number} day", "{number} days", number)
        case 3_600:
            return many("{number} hour", "{number} hours", number)
        case 60:
            return many("{number} minute", "{number} minutes", number)
    return many("{number} second", "{number} seconds", number)


def duration(messages: int) -> str:
    """How long it takes to send so many."""
    seconds = messages / A_SECOND
    if seconds < 60:
        return _("less than a minute")
    return many("about {number} minute", "about {number} minutes", round(seconds / 60))


def between(low: float, high: float) -> str:
    """A range of shares, not more finely than is known."""
    least, most = (round(100 * share / _STEP) * _STEP for share in (low, high))
    if least < most:
        return _("{least} to {most} %").format(least=least, most=most)
    return _("{share} %").format(share=most)


def hours(hours: float) -> str:
    """Hours to a tenth, which is left out where it is none."""
    said = tenths(hours)
    if said.isdecimal():
        return many("{number} hour", "{number} hours", int(said))
    # Translators: a broken number, as 7.5.
    return _("{broken} hours").format(broken=said)


def tenths(number: float) -> str:
    """A number to a tenth, which is left out where it is none."""
    whole, tenth = f"{number:.1f}".split(".")
    # Translators: the decimal sign.
    return whole if tenth == "0" else _("{whole}.{tenth}").format(whole=whole, tenth=tenth)


def listed(titles: Sequence[str]) -> str:
    """Titles in a row, the last after an "and"."""
    if len(titles) == 1:
        return titles[0]
    return _("{several} and {last}").format(several=", ".join(titles[:-1]), last=titles[-1])


def cut(text: str, limit: int) -> str:
    """`text`, or its beginning."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
