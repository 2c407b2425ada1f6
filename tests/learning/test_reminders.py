"""Does the prompt come at the learner's own hour, once on each of their dates, whatever the clocks do?"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.reminders import (
    LATER,
    MOST_LATE,
    PUNCTUAL,
    earliest_on,
    instant_on,
    is_in_time,
    is_quiet,
    later,
    latest,
    local_date,
    next_prompt,
    next_summary,
)
from tests.learning.zones import AWKWARD, times

ZONES = (
    *AWKWARD,
    "Pacific/Chatham",  # UTC+12:45, with summer time
    "Africa/Casablanca",  # puts its clocks back for Ramadan
    "Asia/Gaza",  # decides on its summer time from year to year
    "Africa/Cairo",  # its gap begins at midnight
    "America/Nuuk",  # its gap ends at midnight
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.integers(0, 3 * 365 * 24 * 60 * 60).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAY = timedelta(days=1)


def wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


@pytest.mark.parametrize(
    "zone",
    [
        *("Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Chatham"),
        *("Antarctica/Troll", "Africa/Casablanca", "America/Santiago", "Asia/Gaza", "Asia/Kathmandu"),
    ],
)
@pytest.mark.parametrize("at", [time(8), time(19, 30), time(2, 30), time(0), time(23, 59)], ids=str)
def test_400_days_hold_400_prompts_one_a_day_at_the_minute_on_the_wall(zone: str, at: time) -> None:
    here, now = ZoneInfo(zone), datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
    came = []
    for _ in range(400):
        now = next_prompt(now, at, here)
        came.append(wall(now, here))
    days = [each.date() for each in came]
    assert days == [days[0] + number * DAY for number in range(400)]
    moved = [each for each in came if each.time() != at]
    assert len(moved) <= 2, "only where the clocks leap over that minute"
    assert all(not exists(datetime.combine(each.date(), at), here) for each in moved)
    if at in (time(8), time(19, 30), time(23, 59)):
        assert moved == []


def exists(local: datetime, zone: ZoneInfo) -> bool:
    return wall(local.replace(tzinfo=zone).astimezone(UTC), zone) == local


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        (
            "Europe/Berlin",
            date(2026, 3, 29),
            time(2, 30),
            "2026-03-29 01:00",
        ),  # 03:00, after the gap
        ("Europe/Berlin", date(2026, 3, 29), time(2, 0), "2026-03-29 01:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),  # the first of two
        (
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            time(2, 15),
            "2026-10-03 15:30",
        ),  # half an hour
        ("Antarctica/Troll", date(2026, 3, 29), time(1, 30), "2026-03-29 01:00"),  # two hours
        ("Africa/Cairo", date(2026, 4, 24), time(0, 0), "2026-04-23 22:00"),  # midnight to one
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "2026-03-29 00:59"),  # eleven to midnight
        ("Pacific/Apia", date(2011, 12, 29), time(8), "2011-12-29 18:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(8), None),  # a date that did not happen
        ("Pacific/Apia", date(2011, 12, 31), time(8), "2011-12-30 18:00"),
    ],
)
def test_what_the_clocks_leap_over_or_show_twice(zone: str, day: date, at: time, utc: str | None) -> None:
    assert instant_on(day, at, ZoneInfo(zone)) == (utc and datetime.fromisoformat(f"{utc}+00:00"))


@settings(deadline=None)
@given(zones, times, instants)
def test_the_next_prompt_is_the_first_on_the_wall_after_now(zone: ZoneInfo, at: time, now: datetime) -> None:
    then = next_prompt(now, at, zone)
    assert then > now
    assert then - now <= 2 * DAY
    day = local_date(then, zone)
    assert instant_on(day, at, zone) == then
    missed = [instant_on(day - number * DAY, at, zone) for number in (1, 2)]
    assert all(each is None or each <= now for each in missed)


changes = st.lists(st.tuples(st.integers(0, 30 * 60), zones, times), min_size=1, max_size=12)


@settings(deadline=None)
@given(instants, changes, st.integers(1, 2))
def test_no_change_of_zone_or_hour_brings_two_on_one_local_date(
    now: datetime, moves: list[tuple[int, ZoneInfo, time]], every: int
) -> None:
    """Minutes pass, a prompt that is due comes, then the learner moves or chooses another hour."""
    came: list[date] = []
    _, zone, at = moves[0]
    planned = next_prompt(now, at, zone)
    for minutes, new_zone, new_at in moves:
        now += timedelta(minutes=minutes)
        while planned <= now:
            came.append(local_date(planned, zone))
            planned = next_prompt(planned, at, zone, earliest_on(came[-1], every))
        zone, at = new_zone, new_at
        planned = next_prompt(now, at, zone, earliest_on(came[-1] if came else None, every))
    assert [day for day, count in Counter(came).items() if count > 1] == []
    assert came == sorted(came)
    assert all(other - one >= every * DAY for one, other in pairwise(came))


@pytest.mark.parametrize(
    ("planned", "now", "goes"),
    [
        ("08:00", "08:00", True),
        ("08:00", "07:59", False),
        ("08:00", "09:59", True),
        ("08:00", "10:00", False),
        ("21:30", "21:59", True),
        ("21:30", "22:30", False),  # we would move it into the night
        ("21:58", "22:05", True),  # that is no delay
        ("22:30", "23:30", True),  # their own hour
        ("06:30", "06:50", True),
        ("23:30", "23:59", True),
    ],
)
def test_when_a_late_prompt_is_still_sent(planned: str, now: str, goes: bool) -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    moments = [datetime.combine(date(2026, 5, 5), time.fromisoformat(each), zone) for each in (planned, now)]
    assert is_in_time(moments[0].astimezone(UTC), moments[1].astimezone(UTC), zone) is goes


@settings(deadline=None)
@given(zones, instants, st.integers(-200, 200))
def test_what_is_late_never_leaves_its_day_nor_enters_the_night(
    zone: ZoneInfo, planned: datetime, minutes: int
) -> None:
    now = planned + timedelta(minutes=minutes)
    if is_in_time(planned, now, zone):
        assert timedelta(0) <= now - planned < MOST_LATE
        assert local_date(now, zone) == local_date(planned, zone)
        assert is_quiet(planned, zone) or not is_quiet(now, zone) or now - planned <= PUNCTUAL


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("08:00", "11:00"),
        ("18:59", "21:59"),
        ("19:00", "20:00"),
        ("20:59", "21:59"),
        ("21:00", None),
        ("23:30", None),
        ("02:00", None),
        ("04:30", "07:30"),
    ],
)
def test_later_is_in_three_hours_or_in_one_or_not_today(now: str, then: str | None) -> None:
    zone, day = ZoneInfo("Europe/Berlin"), date(2026, 5, 5)
    found = later(datetime.combine(day, time.fromisoformat(now), zone).astimezone(UTC), zone)
    assert found == (then and datetime.combine(day, time.fromisoformat(then), zone))


@settings(deadline=None)
@given(zones, instants)
def test_a_summary_comes_on_the_next_sunday_evening(zone: ZoneInfo, now: datetime) -> None:
    then = next_summary(now, zone)
    assert timedelta(0) < then - now <= 8 * DAY
    assert wall(then, zone).weekday() == 6
    assert wall(then, zone).time() == time(18)
    assert next_summary(then, zone) - then <= 8 * DAY
    assert local_date(next_summary(then, zone), zone) - local_date(then, zone) == 7 * DAY


@settings(deadline=None)
@given(zones, instants)
def test_later_is_today_and_by_day(zone: ZoneInfo, now: datetime) -> None:
    found = later(now, zone)
    if found is not None:
        assert found - now in LATER
        assert local_date(found, zone) == local_date(now, zone)
        assert not is_quiet(found, zone)


@pytest.mark.parametrize(
    ("planned", "until"),
    [("08:00", "09:59"), ("21:10", "21:59"), ("21:50", "22:20"), ("23:00", "23:59"), ("23:50", "23:59")],
)
def test_a_prompt_may_wait_two_hours_not_into_quiet_ones_but_for_half_an_hour_nor_the_next_day(
    planned: str, until: str
) -> None:
    zone = ZoneInfo("Europe/Prague")
    at = datetime.combine(date(2026, 3, 2), time.fromisoformat(planned), zone).astimezone(UTC)
    last = latest(at, zone)
    assert last.astimezone(zone).strftime("%H:%M") == until
    assert is_in_time(at, last, zone)
    assert not is_in_time(at, last + timedelta(minutes=1), zone)
