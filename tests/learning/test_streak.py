"""Does a streak count local days, forgive what it promises to, and outlive journeys and changed clocks?"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.learning.streak import MOST_FREEZES, Streak, days_of, streak_of
from tests.learning.zones import answered, days_from, sent, starts, times, zones

FIRST = date(2026, 3, 1)


def on(*days: int) -> tuple[date, ...]:
    return tuple(days_from(FIRST, days))


@pytest.mark.parametrize(
    ("answered_on", "today", "streak"),
    [
        pytest.param([], 0, Streak(0, 2, (), False), id="nothing yet"),
        pytest.param([0], 0, Streak(1, 2, (), True), id="the first day"),
        pytest.param([0], 1, Streak(1, 2, (), False), id="today may still come"),
        pytest.param([0, 1], 1, Streak(2, 2, (), True), id="two days"),
        pytest.param([0, 2], 2, Streak(2, 1, on(1), True), id="a missed day takes a freeze"),
        pytest.param([0], 2, Streak(1, 1, on(1), False), id="at once, not only at the next answer"),
        pytest.param([0, 3], 3, Streak(2, 0, on(1, 2), True), id="two missed days take both"),
        pytest.param([0], 4, Streak(0, 2, (), False), id="three are too many"),
        pytest.param([0, 1, 5], 5, Streak(1, 2, (), True), id="a new streak starts with new freezes"),
        pytest.param([0, 2, 4, 6], 6, Streak(1, 2, (), True), id="the third missed day is one too many"),
        pytest.param([0, 2, *range(3, 8)], 7, Streak(7, 1, on(1), True), id="the first week earns none"),
        pytest.param([0, 2, *range(3, 15)], 14, Streak(14, 2, on(1), True), id="the second earns one"),
        pytest.param(range(70), 69, Streak(70, 2, (), True), id="but never more than two"),
        pytest.param([0, 1], 0, Streak(2, 2, (), True), id="flown east, today comes twice"),
    ],
)
def test_the_rules(answered_on: list[int], today: int, streak: Streak) -> None:
    assert streak_of(on(*answered_on), on(today)[0]) == streak


def test_order_and_repetition_of_dates_do_not_matter() -> None:
    assert streak_of(on(2, 0, 1, 1, 0), on(2)[0]) == streak_of(on(0, 1, 2), on(2)[0])


@settings(deadline=None)
@given(zones, starts, st.lists(times, min_size=1, max_size=25))
@example(ZoneInfo("Antarctica/Troll"), date(2026, 3, 28), [time(0), time(1, fold=1)])
def test_one_answer_every_local_day_keeps_a_streak_over_both_clock_changes(
    zone: ZoneInfo, start: date, clocks: list[time]
) -> None:
    """However early or late of the day: only a date counts."""
    history = [answered(zone, start + timedelta(days=number), at) for number, at in enumerate(clocks)]
    streak = streak_of(days_of(history), history[-1].answered_on)
    assert (streak.days, streak.frozen_on) == (len(clocks), ())


@settings(deadline=None)
@given(st.lists(st.tuples(zones, st.integers(0, 21 * 60)), min_size=1, max_size=40), starts)
def test_who_answers_within_every_day_may_travel_anywhere(
    steps: list[tuple[ZoneInfo, int]], start: date
) -> None:
    """Never more than 21 hours without an answer, in whatever zone: no journey costs even a freeze."""
    begun = datetime.combine(start, time(12), UTC)
    instants = [begun + timedelta(minutes=minutes) for minutes in accumulate(gap for _, gap in steps)]
    history = [sent(zone, at) for (zone, _), at in zip(steps, instants, strict=True)]
    streak = streak_of(days_of(history), history[-1].answered_on)
    assert streak.frozen_on == ()
    assert streak.is_kept_today
    assert streak.days == len(days_of(history)) >= len({each.answered_on for each in history})


def test_the_day_that_samoa_left_out_is_not_missed() -> None:
    """Friday 30 December 2011 did not happen in Apia: the evening before it and the morning after meet."""
    apia = ZoneInfo("Pacific/Apia")
    evening = sent(apia, datetime(2011, 12, 30, 9, 0, tzinfo=UTC))
    morning = sent(apia, datetime(2011, 12, 30, 17, 0, tzinfo=UTC))
    assert (evening.answered_on, morning.answered_on) == (date(2011, 12, 29), date(2011, 12, 31))
    streak = streak_of(days_of([evening, morning]), morning.answered_on)
    assert (streak.freezes_left, streak.frozen_on) == (2, ())


@settings(deadline=None)
@given(st.sets(st.integers(0, 60)), st.integers(0, 70))
def test_what_holds_of_every_streak(days: set[int], today: int) -> None:
    dates = on(*days)
    streak = streak_of(dates, on(today)[0])
    assert 0 <= streak.freezes_left <= MOST_FREEZES
    assert 0 <= streak.days <= len(dates)
    assert not set(streak.frozen_on) & set(dates)
    assert streak.is_kept_today == any(day >= on(today)[0] for day in dates)


@settings(deadline=None)
@given(st.sets(st.integers(0, 60), min_size=1))
def test_an_answer_today_never_shortens_a_streak(days: set[int]) -> None:
    today = max(days) + 1
    before = streak_of(on(*days), on(today)[0])
    then = streak_of(on(*days, today), on(today)[0])
    assert (then.days, then.frozen_on) == (before.days + 1, before.frozen_on)
