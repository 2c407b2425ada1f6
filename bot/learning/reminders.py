"""When does the daily prompt come? From a wall clock, a zone and now, the next instant in UTC. Pure."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_LATE = timedelta(hours=2)  # after that a prompt is skipped: its hour is gone; ours, as the next three
PUNCTUAL = timedelta(minutes=30)  # waiting in line, where ten thousand are due at once, is no delay
LATER = (timedelta(hours=3), timedelta(hours=1))  # what "later" means: the first of these that fits the day
ENOUGH_IGNORED = 3  # unanswered prompts in a row, after which we ask whether to go on
# Nobody is written to at these hours but at their own word: from the evening on, and until the morning.
QUIET_FROM, QUIET_UNTIL = time(22), time(7)

# The weekly summary: when the week is nearly over, and before the quiet hours.
SUNDAY, SUMMARY_AT = 6, time(18)

ONE_DAY, ONE_MINUTE, ONE_SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)


def next_prompt(now: datetime, at: time, zone: ZoneInfo, earliest_on: date | None = None) -> datetime:
    """The first time after now that the learner's clock shows `at`, on a local date from `earliest_on` on."""
    day = local_date(now, zone)
    day = max(day, earliest_on) if earliest_on else day
    while (instant := instant_on(day, at, zone)) is None or instant <= now:
        day += ONE_DAY
    return instant


def instant_on(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """When the clock shows `at` on that date; None of a date that a zone left out, as Apia 30 December 2011.

    A time that comes twice is taken the first time. One that does not come is taken the minute after the gap,
    or the minute before it where that is another date's (Nuuk goes from 23:00 to midnight).
    """
    wall = datetime.combine(day, at)
    first, last = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _wall(first, zone) == wall:
        return first
    seconds = range(int((last - first).total_seconds()) + 1)
    passed = bisect_left(seconds, True, key=lambda second: _wall(first + second * ONE_SECOND, zone) >= wall)
    after = first + passed * ONE_SECOND
    return next((each for each in (after, after - ONE_MINUTE) if local_date(each, zone) == day), None)


def earliest_on(last_on: date | None, every: int) -> date | None:
    """The first local date for another prompt, where one comes every so many days."""
    return last_on + every * ONE_DAY if last_on else None


def is_in_time(planned: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether what was planned for then may be sent now: late by less than two hours, on the same local date.

    What comes late comes at no quiet hour, unless the learner chose one.
    """
    if not timedelta(0) <= now - planned < MOST_LATE or local_date(now, zone) != local_date(planned, zone):
        return False
    return now - planned <= PUNCTUAL or is_quiet(planned, zone) or not is_quiet(now, zone)


def latest(planned: datetime, zone: ZoneInfo) -> datetime:
    """The last minute at which what was planned for then may be sent."""
    minutes = range(int(MOST_LATE / ONE_MINUTE) + 1)
    late = bisect_left(
        minutes, True, key=lambda minute: not is_in_time(planned, planned + minute * ONE_MINUTE, zone)
    )
    return planned + (late - 1) * ONE_MINUTE


def later(now: datetime, zone: ZoneInfo) -> datetime | None:
    """When to come again, still on the same local date and at no quiet hour; None if it is too late today."""
    today = local_date(now, zone)
    fitting = (now + wait for wait in LATER)
    return next(
        (each for each in fitting if local_date(each, zone) == today and not is_quiet(each, zone)), None
    )


def next_summary(now: datetime, zone: ZoneInfo) -> datetime:
    """The first Sunday evening after now."""
    then = next_prompt(now, SUMMARY_AT, zone)
    while local_date(then, zone).weekday() != SUNDAY:
        then = next_prompt(then, SUMMARY_AT, zone)
    return then


def is_quiet(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether it is evening or night there."""
    clock = _wall(instant, zone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The date there."""
    return _wall(instant, zone).date()


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows, without its zone."""
    return instant.astimezone(zone).replace(tzinfo=None)
