"""How a plan reads: the first weeks in words, the rest as a number, the end as a range of months."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.chat.buttons import PlanWith
from bot.chat.views import plan as view
from bot.chat.views.reply import Button
from bot.guidance.results import Planned
from bot.learning.graph import SkillGraph
from bot.learning.plan import Plan, plan_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
GRAPH = SkillGraph(
    {"git": frozenset(), "sql": frozenset({"git"}), "ml": frozenset({"sql"})},
    {"git": 0.0, "sql": 0.5, "ml": 1.0},
    {"git": 7, "sql": 20, "ml": 60},
)
TITLES = {"git": "Git", "sql": "SQL, and joins", "ml": "Machine learning"}


def planned(hours: float = 5, is_assumed: bool = False, today: date = TODAY) -> Planned:
    made = plan_of(GRAPH, (), {}, hours, today)
    return Planned("Bee keeper", made, TITLES, is_assumed, "Asia/Kathmandu", None, "7", NOW)


def text_of(result: Planned) -> str:
    return view.plan(result).text.text


def offered(result: Planned) -> list[int]:
    buttons = [each.press for row in view.plan(result).rows for each in row if isinstance(each, Button)]
    return [press.hours for press in buttons if isinstance(press, PlanWith)]


def test_a_plan_names_skills_and_hours_of_the_first_weeks_and_sums_up_the_rest() -> None:
    assert text_of(planned()).split("\n\n") == [
        "Your plan: Bee keeper\nWith 5 hours a week. Choose below if another pace suits you better.",
        "From 22 November\n• Git: 5 hours",
        "From 29 November\n• Git: 2 hours\n• SQL, and joins: 3 hours",
        "From 6 December, 3 weeks\n• SQL, and joins: 5 hours a week",
        "From 27 December\n• SQL, and joins: 2 hours\n• Machine learning: 3 hours",
        "Then 12 weeks more, for 1 skill.",
        "If every week goes about so, you are there between March and June 2027: "
        "plans tend to take longer than one thinks.",
        "If weeks go otherwise, nothing is lost: ask for /plan again, and I plan anew from that day.",
    ]


def test_hours_that_were_not_told_are_called_an_assumption() -> None:
    assert "I assume 5 hours a week" in text_of(planned(is_assumed=True))
    assert "assume" not in text_of(planned())


@pytest.mark.parametrize(
    ("is_assumed", "hours", "others"),
    [(True, 5, [2, 5, 10, 20]), (False, 5, [2, 10, 20]), (False, 7, [2, 5, 10, 20])],
)
def test_other_paces_are_one_tap_away(is_assumed: bool, hours: float, others: list[int]) -> None:
    assert offered(planned(hours, is_assumed)) == others


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 12, 1), date(2026, 12, 31), "in December 2026:"),
        (date(2027, 3, 31), date(2027, 8, 1), "between March and August 2027:"),
        (date(2026, 12, 31), date(2027, 1, 1), "between December 2026 and January 2027:"),
        (date(2026, 12, 31), date(2027, 12, 1), "between December 2026 and December 2027:"),
    ],
)
def test_the_end_is_told_in_months(first: date, last: date, told: str) -> None:
    one = planned()
    plan = Plan(one.plan.hours_a_week, one.plan.weeks, (first, last))
    assert f"you are there {told}" in text_of(replace(one, plan=plan))


def test_a_day_of_another_year_is_told_with_its_year() -> None:
    assert "From 27 December\n" in text_of(planned(today=date(2026, 11, 22)))
    assert "From 3 January 2027\n" in text_of(planned(today=date(2026, 11, 29)))


def test_a_plan_after_an_absence_starts_that_day_and_speaks_of_no_arrears() -> None:
    later = planned(today=TODAY + timedelta(days=100))
    assert text_of(later).split("\n\n")[1].startswith("From 2 March")
    assert not {"behind", "late", "missed", "overdue"} & {*text_of(later).lower().split()}


@given(st.integers(1, 40))
def test_no_week_is_lost_between_words_and_file(hours: int) -> None:
    result = planned(hours)
    reply = view.calendar(result)
    assert reply.document
    events = Calendar.from_ical(reply.document.content).events
    assert len(events) == len(result.plan.weeks)
    assert {event.start for event in events} == {week.starts_on for week in result.plan.weeks}
    assert reply.document.instead.text.text.endswith(text_of(result))
