"""How do numbers, time spans and long words read? Pure."""

from datetime import timedelta

_STEP = 5  # %: how finely a range is told; more would claim too much
A_SECOND = 17  # messages of the bulk lane; measured, docs/sending.md


def span(span: timedelta) -> str:
    """A time span in its two largest units."""
    seconds = max(0, int(span.total_seconds()))
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    parts = []
    for size, name in units:
        number, seconds = divmod(seconds, size)
        parts.append((number, name))
    told = [so_many(number, name) for number, name in parts if number][:2]
    return " ".join(told) or "0 seconds"


def duration(messages: int) -> str:
    """How long it takes to send so many."""
    seconds = messages / A_SECOND
    return "less than a minute" if seconds < 60 else f"about {so_many(round(seconds / 60), 'minute')}"


def between(low: float, high: float) -> str:
    """A range of shares, not more finely than is known."""
    least, most = (round(100 * share / _STEP) * _STEP for share in (low, high))
    return f"{least} to {most} %" if least < most else f"{most} %"


def so_many(number: int, name: str) -> str:
    """The number with its thing, or things."""
    return f"{number} {name}{'' if number == 1 else 's'}"


def cut(text: str, limit: int) -> str:
    """`text`, or its beginning."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
