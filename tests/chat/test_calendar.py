"""Is the plan's file one that a calendar can read, at the learner's wall clock in summer and winter?"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.chat.views.calendar import calendar_of
from bot.learning.plan import Plan, PlannedSkill, PlannedWeek
from tests.learning.zones import AWKWARD, starts, times

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
TITLES = {"sql": "SQL, joins; and more", "git": "Git — für alle 🪜"}


def plan(starts_on: date = date(2026, 3, 2), weeks: int = 40) -> Plan:
    """Weeks of half SQL, half git."""
    shares = (PlannedSkill("sql", 2.5), PlannedSkill("git", 3))
    planned = tuple(PlannedWeek(starts_on + timedelta(days=7 * number), shares) for number in range(weeks))
    return Plan(5.5, planned, (starts_on, starts_on + timedelta(days=7 * weeks)))


def read(text: bytes | None) -> list[Event]:
    """The events, as another program finds them."""
    assert text
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    calendar.validate()
    assert not calendar.errors
    assert not calendar.get_missing_tzids()
    return calendar.events


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(AWKWARD), starts, times)
def test_an_event_is_at_the_same_wall_clock_over_both_clock_changes(
    timezone: str, start: date, at: time
) -> None:
    at = at.replace(microsecond=0, fold=0)  # what a learner sets is a clock, not an instant
    week = plan(start)
    for event, planned in zip(
        read(calendar_of(week, timezone, at, TITLES, NOW, "7")), week.weeks, strict=True
    ):
        expected = datetime.combine(planned.starts_on, at, ZoneInfo(timezone))
        assert event.start == expected
        assert event.start.utcoffset() == expected.utcoffset()
        assert event.decoded("DURATION") == timedelta(hours=1)
        assert event.stamp == NOW


def test_without_a_time_it_is_all_day() -> None:
    events = read(calendar_of(plan(weeks=2), "Asia/Kathmandu", None, TITLES, NOW, "7"))
    assert [event.start for event in events] == [date(2026, 3, 2), date(2026, 3, 9)]
    assert [event.duration for event in events] == [timedelta(days=1)] * 2


def test_an_event_says_what_to_study() -> None:
    event, *_ = read(calendar_of(plan(), "Asia/Kathmandu", time(19), TITLES, NOW, "7"))
    assert event["SUMMARY"] == "Study: SQL, joins; and more, Git — für alle 🪜"
    assert event["DESCRIPTION"].splitlines() == [
        "About 5.5 h this week:",
        "SQL, joins; and more: 2.5 h",
        "Git — für alle 🪜: 3 h",
    ]


def uids(text: bytes | None) -> list[str]:
    return [str(event["UID"]) for event in read(text)]


def test_ids_last_from_plan_to_plan_and_are_each_learners_own() -> None:
    first = uids(calendar_of(plan(), "Asia/Kathmandu", time(19), TITLES, NOW, "7"))
    assert len(set(first)) == 40
    replanned = plan(date(2026, 3, 12), weeks=38)  # on the Thursday of the second week
    later = uids(calendar_of(replanned, "America/St_Johns", None, TITLES, NOW + timedelta(days=10), "7"))
    assert later == first[1:39]
    other = uids(calendar_of(plan(), "Asia/Kathmandu", time(19), TITLES, NOW, "8"))
    assert not set(first) & set(other)


def test_the_same_plan_makes_the_same_file() -> None:
    made = {calendar_of(plan(), "Pacific/Apia", time(19), TITLES, NOW, "7") for _ in range(3)}
    assert len(made) == 1


@pytest.mark.parametrize("wall_time", [None, time(19)])
def test_a_plan_without_weeks_makes_no_file(wall_time: time | None) -> None:
    assert calendar_of(Plan(0, (), None), "Pacific/Apia", wall_time, TITLES, NOW, "7") is None


def test_lines_are_short_enough_for_every_program() -> None:
    """RFC 5545, 3.1: at most 75 bytes, and line breaks of two characters."""
    text = calendar_of(plan(), "Pacific/Apia", time(19), TITLES, NOW, "7")
    assert text
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75
