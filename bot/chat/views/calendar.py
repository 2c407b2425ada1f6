"""A plan as a file for a calendar: one event a week (iCalendar, RFC 5545). Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.chat.views.amounts import tenths
from bot.chat.views.catalogue import _
from bot.learning.plan import Plan, PlannedWeek

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Next Rung//Plan//EN"
LENGTH = timedelta(hours=1)  # of a timed event; it marks a beginning, and the week's hours stand in its text


def calendar_of(
    plan: Plan, timezone: str, wall_time: time | None, titles: Mapping[str, str], now: datetime, owner: str
) -> bytes | None:
    """One event a week, on its first day: at `wall_time` of that zone, or all day. None without weeks.

    `owner` tells this learner's events from another's. An event keeps its id from one plan to the next, so
    that a calendar that is given a later plan changes its weeks instead of doubling them.
    """
    if not plan.weeks:
        return None  # the standard knows no empty calendar
    from icalendar import Calendar  # plans are rare, and starts should be quick

    calendar = Calendar.new(uid=f"plan-{owner}@next-rung", prodid=PRODUCT, name=_("Next Rung: my plan"))
    for week in plan.weeks:
        calendar.add_component(_event(week, _start(week, timezone, wall_time), titles, now, owner))
    if wall_time is not None:
        calendar.add_missing_timezones(plan.weeks[0].starts_on, plan.weeks[-1].starts_on + timedelta(days=1))
    text: bytes = calendar.to_ical()
    return text


def _event(
    week: PlannedWeek, start: date | datetime, titles: Mapping[str, str], now: datetime, owner: str
) -> "Event":
    from icalendar import Event

    names = [titles[skill.skill_id] for skill in week.skills]
    event = Event.new(
        uid=_uid(week.starts_on, owner),
        stamp=now,
        start=start,
        summary=_("Study: {skills}").format(skills=", ".join(names)),
        description="\n".join(_lines(week, titles)),
    )
    event.DURATION = LENGTH if isinstance(start, datetime) else timedelta(days=1)
    return event


def _start(week: PlannedWeek, timezone: str, wall_time: time | None) -> date | datetime:
    """The zone is named and its clock kept: what is at 19:00 stays at 19:00 in summer and winter."""
    if wall_time is None:
        return week.starts_on
    return datetime.combine(week.starts_on, wall_time, ZoneInfo(timezone))


def _lines(week: PlannedWeek, titles: Mapping[str, str]) -> Iterator[str]:
    yield _("About {hours} h this week:").format(hours=tenths(week.hours))
    for skill in week.skills:
        yield _("{skill}: {hours} h").format(skill=titles[skill.skill_id], hours=tenths(skill.hours))


def _uid(starts_on: date, owner: str) -> str:
    """By the ISO week: a plan made on a Thursday then speaks of the same weeks as one made on a Monday."""
    year, week, _ = starts_on.isocalendar()
    return f"plan-{owner}-{year}-W{week:02}@next-rung"
