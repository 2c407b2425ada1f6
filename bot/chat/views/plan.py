"""How a plan reads, in words and as a file for a calendar. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from bot.chat.buttons import PlanAsCalendar, PlanWith, ShowPlan
from bot.chat.views import next_step
from bot.chat.views.amounts import hours
from bot.chat.views.calendar import calendar_of
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.links import share_track
from bot.chat.views.reply import Button, Document, Reply, Row
from bot.chat.views.rich import Rich, bold, join
from bot.chat.views.times import day_and_year, day_of, month
from bot.guidance.results import GoalHeld, Planned
from bot.learning.plan import PlannedSkill, PlannedWeek

PARTS_TOLD = 4  # of a plan, each some weeks alike; more is for the calendar
CHOICES = (2, 5, 10, 20)  # hours a week: an evening, an hour a working day, two of them, half a job
FILE = "next-rung-plan.ics"

_AGAIN = N_("If weeks go otherwise, nothing is lost: ask for /plan again, and I plan anew from that day.")


def plan(result: Planned | GoalHeld, username: str = "") -> Reply:
    """The first weeks skill by skill, the rest as a number, the end as a range; a way to share the goal."""
    if isinstance(result, GoalHeld):
        return next_step.next_step(result)
    file = Button(_("As a calendar file"), PlanAsCalendar())
    first: Row = (file, share_track(result.track_id, result.track_title, username)) if username else (file,)
    return Reply(_words(result), (first, *_choices(result), *next_step.ways_on()))


def calendar(result: Planned | GoalHeld) -> Reply:
    """The whole plan as a file; where files are unknown, its words."""
    content = isinstance(result, Planned) and calendar_of(
        result.plan, result.timezone, result.study_time, result.titles, result.now, result.owner
    )
    if isinstance(result, GoalHeld) or not content:
        return plan(result)
    text = many(
        "Your plan for {number} week, with one entry a week. Open it, and your calendar takes it in. "
        "When the plan changes, open a new file: it renews the entries of its weeks.",
        "Your plan for {number} weeks, with one entry a week. Open it, and your calendar takes it in. "
        "When the plan changes, open a new file: it renews the entries of its weeks.",
        len(result.plan.weeks),
    )
    rows = ((Button(_("My plan in words"), ShowPlan()),), *next_step.ways_on())
    sorry = _("I can't send you a file here, so this is your plan in words.")
    instead = Reply(join("\n\n", [sorry, _words(result)]), next_step.ways_on())
    return Reply(Rich(text), rows, document=Document(FILE, content, instead))


def _words(planned: Planned) -> Rich:
    head = join("\n", [bold(_("Your plan: {goal}").format(goal=planned.track_title)), _pace(planned)])
    parts = [(weeks[0], len(weeks)) for weeks in _alike(planned.plan.weeks)]
    told = [_part(week, count, planned) for week, count in parts[:PARTS_TOLD]]
    return join("\n\n", [head, *told, *_rest(parts[PARTS_TOLD:]), _end(planned), _(_AGAIN)])


def _pace(planned: Planned) -> str:
    told = _("With {hours} a week. Choose below if another pace suits you better.")
    if planned.is_assumed:
        told = _("I assume {hours} a week, as you have not told me. Choose below what suits you.")
    return told.format(hours=hours(planned.plan.hours_a_week))


def _alike(weeks: Iterable[PlannedWeek]) -> list[list[PlannedWeek]]:
    """Weeks in a row that hold the same."""
    return [list(same) for _skills, same in groupby(weeks, key=lambda week: week.skills)]


def _part(week: PlannedWeek, count: int, planned: Planned) -> Rich:
    day = _day(week.starts_on, planned)
    head, share = _("From {day}").format(day=day), _("{skill}: {hours}")
    if count > 1:
        head = many("From {day}, {number} week", "From {day}, {number} weeks", count, day=day)
        share = _("{skill}: {hours} a week")
    return join("\n", [bold(head), *(f"• {_share(share, skill, planned)}" for skill in week.skills)])


def _day(day: date, planned: Planned) -> str:
    """The year only where it is another one."""
    return day_of(day) if day.year == planned.plan.weeks[0].starts_on.year else day_and_year(day)


def _share(told: str, skill: PlannedSkill, planned: Planned) -> str:
    return told.format(skill=planned.titles[skill.skill_id], hours=hours(skill.hours))


def _rest(parts: list[tuple[PlannedWeek, int]]) -> Iterator[str]:
    if parts:
        skills = {skill.skill_id for week, _count in parts for skill in week.skills}
        yield many(
            "Then {number} week more, for {skills}.",
            "Then {number} weeks more, for {skills}.",
            sum(count for _week, count in parts),
            skills=many("{number} skill", "{number} skills", len(skills)),
        )


def _end(planned: Planned) -> str:
    assert planned.plan.finishes_between
    return _there(*planned.plan.finishes_between)


def _there(first: date, last: date) -> str:
    """In the months from `first` to `last`; a day would claim too much."""
    if (first.year, first.month) == (last.year, last.month):
        told = _(
            "If every week goes about so, you are there in {month} {year}: "
            "plans tend to take longer than one thinks."
        )
    elif first.year == last.year:
        told = _(
            "If every week goes about so, you are there between {first_month} and {month} {year}: "
            "plans tend to take longer than one thinks."
        )
    else:
        told = _(
            "If every week goes about so, you are there "
            "between {first_month} {first_year} and {month} {year}: "
            "plans tend to take longer than one thinks."
        )
    named = {"first_month": month(first), "first_year": first.year, "month": month(last), "year": last.year}
    return told.format(**named)


def _choices(planned: Planned) -> tuple[tuple[Button, ...], ...]:
    """Other paces, two a row."""
    offered = [pace for pace in CHOICES if planned.is_assumed or pace != planned.plan.hours_a_week]
    labels = [many("{number} hour a week", "{number} hours a week", pace) for pace in offered]
    buttons = [Button(label, PlanWith(pace)) for label, pace in zip(labels, offered, strict=True)]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
