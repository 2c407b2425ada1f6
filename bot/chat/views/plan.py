"""How a plan reads, in words and as a file for a calendar. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from bot.chat.buttons import ChooseNext, PlanAsCalendar, PlanWith, QuizMe, ShowPlan
from bot.chat.views import next_step
from bot.chat.views.calendar import calendar_of
from bot.chat.views.links import share_track
from bot.chat.views.reply import Button, Document, Reply, Row
from bot.chat.views.rich import Rich, bold, join
from bot.guidance.results import GoalHeld, Planned
from bot.learning.plan import PlannedSkill, PlannedWeek

PARTS_TOLD = 4  # of a plan, each some weeks alike; more is for the calendar
CHOICES = (2, 5, 10, 20)  # hours a week: an evening, an hour a working day, two of them, half a job
FILE = "next-rung-plan.ics"

_AGAIN = "If weeks go otherwise, nothing is lost: ask for /plan again, and I plan anew from that day."
_WAYS_ON = ((Button("What's next for me?", ChooseNext()), Button("Quiz me", QuizMe())),)


def plan(result: Planned | GoalHeld, username: str = "") -> Reply:
    """The first weeks skill by skill, the rest as a number, the end as a range; a way to share the goal."""
    if isinstance(result, GoalHeld):
        return next_step.next_step(result)
    file = Button("As a calendar file", PlanAsCalendar())
    first: Row = (file, share_track(result.track_id, result.track_title, username)) if username else (file,)
    return Reply(_words(result), (first, *_choices(result), *_WAYS_ON))


def calendar(result: Planned | GoalHeld) -> Reply:
    """The whole plan as a file; where files are unknown, its words."""
    content = isinstance(result, Planned) and calendar_of(
        result.plan, result.timezone, result.study_time, result.titles, result.now, result.owner
    )
    if isinstance(result, GoalHeld) or not content:
        return plan(result)
    weeks = _number(len(result.plan.weeks), "week")
    text = (
        f"Your plan for {weeks}, with one entry a week. Open it, and your calendar takes it in. "
        "When the plan changes, open a new file: it renews the entries of its weeks."
    )
    rows = ((Button("My plan in words", ShowPlan()),), *_WAYS_ON)
    sorry = "I can't send you a file here, so this is your plan in words."
    instead = Reply(join("\n\n", [sorry, _words(result)]), _WAYS_ON)
    return Reply(Rich(text), rows, document=Document(FILE, content, instead))


def _words(planned: Planned) -> Rich:
    head = join("\n", [bold(f"Your plan: {planned.track_title}"), _pace(planned)])
    parts = [(weeks[0], len(weeks)) for weeks in _alike(planned.plan.weeks)]
    told = [_part(week, count, planned) for week, count in parts[:PARTS_TOLD]]
    return join("\n\n", [head, *told, *_rest(parts[PARTS_TOLD:]), _end(planned), _AGAIN])


def _pace(planned: Planned) -> str:
    hours = f"{_hours(planned.plan.hours_a_week)} a week"
    if planned.is_assumed:
        return f"I assume {hours}, as you have not told me. Choose below what suits you."
    return f"With {hours}. Choose below if another pace suits you better."


def _alike(weeks: Iterable[PlannedWeek]) -> list[list[PlannedWeek]]:
    """Weeks in a row that hold the same."""
    return [list(same) for _, same in groupby(weeks, key=lambda week: week.skills)]


def _part(week: PlannedWeek, count: int, planned: Planned) -> Rich:
    lasts = f", {count} weeks" if count > 1 else ""
    a_week = " a week" if count > 1 else ""
    lines = [f"• {_share(skill, planned)}{a_week}" for skill in week.skills]
    return join("\n", [bold(f"From {_day(week.starts_on, planned)}{lasts}"), *lines])


def _day(day: date, planned: Planned) -> str:
    """The year only where it is another one."""
    year = "" if day.year == planned.plan.weeks[0].starts_on.year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def _share(skill: PlannedSkill, planned: Planned) -> str:
    return f"{planned.titles[skill.skill_id]}: {_hours(skill.hours)}"


def _rest(parts: list[tuple[PlannedWeek, int]]) -> Iterator[str]:
    if parts:
        skills = {skill.skill_id for week, _ in parts for skill in week.skills}
        weeks = _number(sum(count for _, count in parts), "week")
        yield f"Then {weeks} more, for {_number(len(skills), 'skill')}."


def _end(planned: Planned) -> str:
    assert planned.plan.finishes_between
    when = _months(*planned.plan.finishes_between)
    return f"If every week goes about so, you are there {when}: plans tend to take longer than one thinks."


def _months(first: date, last: date) -> str:
    """The months from `first` to `last`; a day would claim too much."""
    if (first.year, first.month) == (last.year, last.month):
        return f"in {first:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"between {first:%B}{year} and {last:%B} {last.year}"


def _choices(planned: Planned) -> tuple[tuple[Button, ...], ...]:
    """Other paces, two a row."""
    offered = [hours for hours in CHOICES if planned.is_assumed or hours != planned.plan.hours_a_week]
    buttons = [Button(f"{hours} hours a week", PlanWith(hours)) for hours in offered]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _hours(hours: float) -> str:
    said = f"{hours:.1f}".removesuffix(".0")
    return f"{said} hour{'' if said == '1' else 's'}"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
