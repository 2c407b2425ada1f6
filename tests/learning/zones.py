"""Awkward zones for the tests of this room, and learners who answer in them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.learning.evidence import Outcome, Response

AWKWARD = (
    "Pacific/Apia",  # UTC+13; until 2011 on the other side of the date line, with summer time until 2021
    "Asia/Kathmandu",  # UTC+5:45
    "America/St_Johns",  # UTC-3:30, with summer time
    "Australia/Lord_Howe",  # its summer time is half an hour, in the southern summer
    "Antarctica/Troll",  # its summer time is two hours
    "Pacific/Kiritimati",  # UTC+14
    "Pacific/Honolulu",  # UTC-10: 24 hours behind Kiritimati
)
zones = st.sampled_from(AWKWARD).map(ZoneInfo)
times = st.times(min_value=time(0), max_value=time(23, 59))

# Days around both changes of 2026: 8 March and 1 November in St John's, 5 April and 4 October on Lord Howe,
# 29 March and 25 October at Troll.
changes = st.sampled_from(
    [date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4), date(2026, 3, 29)]
)
starts = st.builds(lambda change, back: change - timedelta(days=back), changes, st.integers(0, 9))


def answered(
    zone: ZoneInfo, day: date, at: time = time(12), outcome: Outcome = Outcome.CORRECT, hint: bool = False
) -> Response:
    """An answer at a wall clock, as the bot stores it: the instant in UTC and the local date.

    A wall clock that the night of a clock change leaves out is read as one after it: with `fold` it would be
    one before, and where the clocks leap over two hours from one o'clock on, that is the day before.
    """
    instant = datetime.combine(day, at, zone).astimezone(UTC)
    if instant.astimezone(zone).date() != day:
        instant = datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)
    local = instant.astimezone(zone).date()
    return Response("python", "item", 0.0, outcome, instant, local, hint)


def sent(zone: ZoneInfo, instant: datetime) -> Response:
    """An answer at an instant."""
    return Response("python", "item", 0.0, Outcome.CORRECT, instant, instant.astimezone(zone).date())


def days_from(start: date, numbers: Iterable[int]) -> list[date]:
    return [start + timedelta(days=number) for number in numbers]
