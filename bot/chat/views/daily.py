"""How the daily question and all around it reads. Pure."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.chat.buttons import AboutPrompt, ChangeSetting, KeepDaily, QuizMe, SetDaily, SetWeekly, ShowDaily
from bot.chat.views import quiz
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, join
from bot.guidance.places import told as zone_title
from bot.guidance.results import (
    DailyDoubt,
    DailyPlan,
    DailyPrompt,
    PromptLater,
    PromptOver,
    PromptSkipped,
)

# On the buttons, by threes; any other minute can be typed.
HOURS = (time(7), time(8), time(9), time(12), time(18), time(20))
TYPE_IT = 'Another time? Write it, like "/daily 7:30" or "every evening at half past seven".'
OFF = Button("No daily question", SetDaily(None))
QUIZ = Button("Quiz me", QuizMe())
CHANGE = Button("Change the time", ShowDaily())


def prompt(result: DailyPrompt | DailyDoubt) -> Reply:
    """What comes at the learner's hour."""
    return doubt(result) if isinstance(result, DailyDoubt) else question(result)


def question(result: DailyPrompt) -> Reply:
    """The item, why it comes, and what one can do with it but answer."""
    asked = quiz.asked(result.asked)
    rows = (*asked.rows, *_ways_out(result.prompt_id))
    why = _why(result)
    if asked.poll is None:
        return replace(asked, text=_under(why, asked.text), rows=rows)
    instead = asked.poll.instead
    poll = replace(
        asked.poll,
        description=_under(why, asked.poll.description),
        instead=replace(
            instead, text=_under(why, instead.text), rows=(*instead.rows, *_ways_out(result.prompt_id))
        ),
    )
    return replace(asked, rows=rows, poll=poll)


def doubt(result: DailyDoubt) -> Reply:
    """Asks once whether to go on."""
    how_often = _how_often(result.every)
    text = (
        f"My last few questions found no good moment, and that is fine. Shall I go on asking {how_often}? "
        "Until you choose, I keep quiet. You can ask and quiz yourself here all the same."
    )
    keep = Button("Keep them coming", _keep(result.every))
    fewer = ((Button("Every other day", KeepDaily(2)),),) if result.every == 1 else ()
    return Reply(Rich(text), ((keep,), *fewer, (CHANGE,), (OFF,)))


def prompted(result: DailyPrompt | PromptLater | PromptSkipped | PromptOver) -> Reply:
    """The reply to a button under the question of the day."""
    match result:
        case DailyPrompt():
            return question(result)
        case PromptLater(at, prompt_id):
            text = f"All right, I'll ask again at {at:%H:%M}."
            rows = (
                (Button("Ask me now after all", AboutPrompt("now", prompt_id)),),
                (Button("Skip today", AboutPrompt("skip", prompt_id)),),
            )
            return Reply(Rich(text), rows)
        case PromptSkipped(plan, is_late):
            first = "The day is nearly over, so let us leave it for today." if is_late else "Skipped."
            return Reply(join(" ", [first, _next(plan)]), ((QUIZ, CHANGE),))
        case PromptOver(plan):
            if plan is None:
                return nobody()
            over = join(" ", ["That question has had its day.", _next(plan)])
            return Reply(over, ((QUIZ, CHANGE),))


def plan(result: DailyPlan | None) -> Reply:
    """/daily: what is set, and how to have it otherwise."""
    if result is None:
        return nobody()
    if result.at is None:
        said = Rich("One question a day keeps what you learn. At which hour shall I ask you?")
    elif result.next_at is None:
        said = Rich(f"Your daily question at {result.at:%H:%M} rests until you say so. Shall I go on?")
    else:
        said = _told(result)
    keep = ((Button("Go on", _keep(result.every)),),) if result.at and not result.next_at else ()
    off = ((OFF,),) if result.at else ()
    weekly = Button(
        "No weekly summary" if result.is_weekly else "A weekly summary", SetWeekly(not result.is_weekly)
    )
    rows = (*keep, *_hours(result), *_zone(result), (weekly,), *off)
    return Reply(join("\n\n", [said, _clock(result), TYPE_IT]), rows)


def misread(result: DailyPlan | None) -> Reply:
    """A time was meant that no clock shows."""
    shown = plan(result)
    return replace(shown, text=join("\n\n", ["I couldn't make out a time of day in that.", shown.text]))


def changed(result: DailyPlan | None) -> Reply:
    """The hour is set, or goes on."""
    if result is None or result.at is None:
        return plan(result)
    return Reply(join("\n\n", [_told(result), _clock(result)]), (*_zone(result), (QUIZ,), (CHANGE, OFF)))


def stopped(result: DailyPlan | None) -> Reply:
    """No daily question any more."""
    if result is None:
        return nobody()
    text = (
        "There will be no daily question. I write only when you do; whenever you want it again, send /daily."
    )
    return Reply(Rich(text), ((QUIZ, Button("Set a time", ShowDaily())),))


def nobody() -> Reply:
    """Somebody without an account of their own, or who was forgotten."""
    return Reply(Rich("I don't know you yet. Send /start, and we begin."))


def _ways_out(prompt_id: int) -> tuple[tuple[Button, ...], ...]:
    later = Button("Later", AboutPrompt("later", prompt_id))
    return (
        (later, Button("Skip today", AboutPrompt("skip", prompt_id))),
        (Button("Stop these", SetDaily(None)),),
    )


def _why(result: DailyPrompt) -> Rich:
    day = "Your question of the day."
    if not result.is_fading:
        return Rich(day)
    return Rich(f"{day} You held {result.asked.skill_title}, and it begins to fade: this keeps it fresh.")


def _under(line: Rich, rest: Rich) -> Rich:
    return join("\n\n", [line, rest]) if rest.text else line


def _told(result: DailyPlan) -> Rich:
    assert result.at
    how_often = _how_often(result.every)
    return join(" ", ["One question", how_often, "at", bold(f"{result.at:%H:%M}") + ".", _next(result)])


def _next(result: DailyPlan) -> str:
    if result.next_at is None:
        return "No daily question is set."
    return f"The next one comes {_day(result.next_at, result.local_now.date())} at {result.next_at:%H:%M}."


def _day(moment: datetime, today: date) -> str:
    ahead = moment.date() - today
    if ahead <= timedelta(days=1):
        return "tomorrow" if ahead else "today"
    return f"on {moment:%A}, {moment.day} {moment:%B}"


def _clock(result: DailyPlan) -> str:
    """By which clock, so that a wrong one is seen at once."""
    if result.timezone is None:
        return f"I don't know your time zone yet, so I go by UTC, where it is {result.local_now:%H:%M} now."
    return f"I go by your clock ({zone_title(result.timezone)}), where it is {result.local_now:%H:%M} now."


def _zone(result: DailyPlan) -> tuple[tuple[Button, ...], ...]:
    """Asks for the zone where it is not known."""
    return () if result.timezone else ((Button("Tell me your time zone", ChangeSetting("zone")),),)


def _hours(result: DailyPlan) -> tuple[tuple[Button, ...], ...]:
    buttons = [Button(f"{at:%H:%M}", SetDaily(at)) for at in HOURS if at != result.at]
    return tuple(tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3))


def _keep(every: int) -> KeepDaily:
    return KeepDaily(1 if every == 1 else 2)


def _how_often(every: int) -> str:
    return "every day" if every == 1 else "every other day"
