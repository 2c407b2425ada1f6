"""How many days in a row? Counted in stored local dates, with freezes that forgive a missed day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot.learning.evidence import History

# Most of what a streak does for a habit it does in its first 7 days: more slack early, less later (a case
# study of Duolingo). So two freezes at once, one more for each further week, never more than two at a time.
FREEZES_AT_FIRST = 2
MOST_FREEZES = 2
DAYS_FOR_ONE_MORE = 7  # days with an answer, after the first 7

SHORTEST_DAY = timedelta(hours=22)  # Antarctica/Troll puts its clocks forward by two hours at once
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Streak:
    """`days` have an answer; those of `frozen_on` were missed and forgiven. Today may still come."""

    days: int
    freezes_left: int
    frozen_on: tuple[date, ...]
    is_kept_today: bool


NO_STREAK = Streak(0, FREEZES_AT_FIRST, (), is_kept_today=False)


def days_of(history: History) -> frozenset[date]:
    """The local dates that count: those with an answer, and those a traveller's calendar left out.

    Flying west across the date line skips a date. Two answers less than a day apart are of neighbouring days,
    whatever the calendars say. A longer gap on such a journey may cost a freeze: the dates cannot tell.
    """
    found = {response.answered_on for response in history}
    for one, other in pairwise(history):
        if other.answered_at - one.answered_at < SHORTEST_DAY:
            found.update(_between(one.answered_on, other.answered_on))
    return frozenset(found)


def streak_of(dates: Iterable[date], today: date) -> Streak:
    """The streak that lives today. A date ahead of today (before a flight east) keeps today too."""
    days = sorted(set(dates))
    if not days:
        return NO_STREAK
    streak, before = NO_STREAK, days[0]
    for day in days:
        streak = _practised(_missed(streak, _between(before, day)))
        before = day
    return streak if before >= today else _missed(streak, _between(before, today))


def _practised(streak: Streak) -> Streak:
    days = streak.days + 1
    earned = days > DAYS_FOR_ONE_MORE and days % DAYS_FOR_ONE_MORE == 0
    freezes = min(streak.freezes_left + earned, MOST_FREEZES)
    return Streak(days, freezes, streak.frozen_on, is_kept_today=True)


def _missed(streak: Streak, missed: Iterable[date]) -> Streak:
    """A freeze for each missed day. More missed days than freezes end the streak; a new one starts whole."""
    missed = tuple(missed)
    if len(missed) > streak.freezes_left:
        return NO_STREAK
    return Streak(
        streak.days,
        streak.freezes_left - len(missed),
        streak.frozen_on + missed,
        is_kept_today=False,
    )


def _between(one: date, other: date) -> tuple[date, ...]:
    """The dates after `one` and before `other`."""
    return tuple(one + ONE_DAY * number for number in range(1, (other - one).days))
