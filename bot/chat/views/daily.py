"""How the daily question and all around it reads. Pure."""

from dataclasses import replace
from datetime import date, time, timedelta

from bot.chat.buttons import (
    AboutPrompt,
    ChangeSetting,
    ChooseNext,
    KeepDaily,
    QuizMe,
    SetDaily,
    SetWeekly,
    ShowDaily,
)
from bot.chat.views import quiz
from bot.chat.views.catalogue import N_, _
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, fill, join
from bot.chat.views.times import clock, day_of, weekday
from bot.guidance.places import told as zone_title
from bot.guidance.results import (
    DailyDoubt,
    DailyNothing,
    DailyPlan,
    DailyPrompt,
    PromptLater,
    PromptOver,
    PromptSkipped,
)

# On the buttons, by threes; any other minute can be typed.
HOURS = (time(7), time(8), time(9), time(12), time(18), time(20))
ONE_HOUR = N_("I can ask at one hour only, every day or every other day.")
TYPE_IT = N_('Another time? Write it, like "/daily 7:30" or "every evening at half past seven".')


def prompt(result: DailyPrompt | DailyDoubt | DailyNothing) -> Reply:
    """What comes at the learner's hour."""
    match result:
        case DailyPrompt():
            return question(result)
        case DailyDoubt():
            return doubt(result)
        case DailyNothing(until_on):
            return _nothing(until_on)


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


def _nothing(until_on: date | None) -> Reply:
    """Once, and then it is quiet until there is something again."""
    why = _("No daily question today: you have seen all that fit you now, and they rest for two weeks.")
    when = _("The next comes on {day}.").format(day=day_of(until_on)) if until_on else ""
    rows = ((Button(_("What's next for me?"), ChooseNext()),), (_change(),), (_off(),))
    return Reply(join(" ", [each for each in (why, when) if each]), rows)


def doubt(result: DailyDoubt) -> Reply:
    """Asks once whether to go on."""
    fine = _("My last few questions found no good moment, and that is fine.")
    go_on = (
        _("Shall I go on asking every day?")
        if result.every == 1
        else _("Shall I go on asking every other day?")
    )
    quiet = _("Until you choose, I keep quiet. You can ask and quiz yourself here all the same.")
    keep = Button(_("Keep them coming"), _keep(result.every))
    fewer = ((Button(_("Every other day"), KeepDaily(2)),),) if result.every == 1 else ()
    return Reply(join(" ", [fine, go_on, quiet]), ((keep,), *fewer, (_change(),), (_off(),)))


def prompted(result: DailyPrompt | PromptLater | PromptSkipped | PromptOver) -> Reply:
    """The reply to a button under the question of the day."""
    match result:
        case DailyPrompt():
            return question(result)
        case PromptLater(at, prompt_id):
            text = _("All right, I'll ask again at {time}.").format(time=clock(at))
            rows = (
                (Button(_("Ask me now after all"), AboutPrompt("now", prompt_id)),),
                (Button(_("Skip today"), AboutPrompt("skip", prompt_id)),),
            )
            return Reply(Rich(text), rows)
        case PromptSkipped(plan, is_late):
            first = _("The day is nearly over, so let us leave it for today.") if is_late else _("Skipped.")
            return Reply(join(" ", [first, _next(plan)]), ((_quiz(), _change()),))
        case PromptOver(plan):
            if plan is None:
                return nobody()
            over = join(" ", [_("That question has had its day."), _next(plan)])
            return Reply(over, ((_quiz(), _change()),))


def plan(result: DailyPlan | None) -> Reply:
    """/daily: what is set, and how to have it otherwise."""
    if result is None:
        return nobody()
    if result.at is None:
        said = Rich(_("One question a day keeps what you learn. At which hour shall I ask you?"))
    elif result.next_at is None:
        rests = _("Your daily question at {time} rests until you say so. Shall I go on?")
        said = Rich(rests.format(time=clock(result.at)))
    else:
        said = _told(result)
    keep = ((Button(_("Go on"), _keep(result.every)),),) if result.at and not result.next_at else ()
    off = ((_off(),),) if result.at else ()
    summary = _("No weekly summary") if result.is_weekly else _("A weekly summary")
    weekly = (Button(summary, SetWeekly(not result.is_weekly)),)
    rows = (*keep, *_hours(result), *_zone(result), weekly, *off)
    return Reply(join("\n\n", [said, _clock(result), _(TYPE_IT)]), rows)


def misread(result: DailyPlan | None) -> Reply:
    """A time was meant that no clock shows."""
    return _plan_after(_("I couldn't make out a time of day in that."), result)


def too_much(result: DailyPlan | None) -> Reply:
    """Some days were named, and no hour."""
    return _plan_after(_(ONE_HOUR), result)


def _plan_after(first: str, result: DailyPlan | None) -> Reply:
    shown = plan(result)
    return replace(shown, text=join("\n\n", [first, shown.text]))


def changed(result: DailyPlan | None) -> Reply:
    """The hour is set, or goes on."""
    if result is None or result.at is None:
        return plan(result)
    return Reply(
        join("\n\n", [_told(result), _clock(result)]), (*_zone(result), (_quiz(),), (_change(), _off()))
    )


def sure(at: time, every: int, *, is_too_much: bool) -> Reply:
    """An hour was named, but perhaps not for this, or with conditions we cannot keep."""
    said = [_(ONE_HOUR)] if is_too_much else []
    if every == 1:
        asked = _("Shall I ask you one question every day at {time}?").format(time=clock(at))
        yes = Button(_("Yes, every day at {time}").format(time=clock(at)), SetDaily(at, 1))
    else:
        asked = _("Shall I ask you one question every other day at {time}?").format(time=clock(at))
        yes = Button(_("Yes, every other day at {time}").format(time=clock(at)), SetDaily(at, 2))
    return Reply(join(" ", [*said, asked]), ((yes,), (Button(_("Another time"), ShowDaily()),)))


def left() -> Reply:
    """A "no" to what was asked back."""
    return Reply(Rich(_("All right, I leave it as it is.")), ((_change(),),))


def first_today(result: DailyPlan) -> Reply:
    """Tomorrow's is to be skipped while today's is still to come."""
    assert result.next_at
    text = _("Today's question comes first, at {time}. Write that again after it, and I leave tomorrow out.")
    return Reply(Rich(text.format(time=clock(result.next_at))), ((_change(),),))


def paused(result: DailyPlan | None) -> Reply:
    """No daily question for some days."""
    if result is None:
        return nobody()
    return Reply(join(" ", [_("All right, enjoy the break."), _next(result)]), ((_quiz(), _change()),))


def stopped(result: DailyPlan | None) -> Reply:
    """No daily question any more."""
    if result is None:
        return nobody()
    text = _(
        "There will be no daily question. I write only when you do; whenever you want it again, send /daily."
    )
    return Reply(Rich(text), ((_quiz(), Button(_("Set a time"), ShowDaily())),))


def nobody() -> Reply:
    """Somebody without an account of their own, or who was forgotten."""
    return Reply(Rich(_("I don't know you yet. Send /start, and we begin.")))


def _ways_out(prompt_id: int) -> tuple[tuple[Button, ...], ...]:
    later = Button(_("Later"), AboutPrompt("later", prompt_id))
    return (
        (later, Button(_("Skip today"), AboutPrompt("skip", prompt_id))),
        (Button(_("Stop these"), SetDaily(None)),),
    )


def _off() -> Button:
    return Button(_("No daily question"), SetDaily(None))


def _quiz() -> Button:
    return Button(_("Quiz me"), QuizMe())


def _change() -> Button:
    return Button(_("Change the time"), ShowDaily())


def _why(result: DailyPrompt) -> Rich:
    day = _("Your question of the day.")
    if not result.is_fading:
        return Rich(day)
    fading = _("You held {skill}, and it begins to fade: this keeps it fresh.")
    return Rich(f"{day} {fading.format(skill=result.asked.skill_title)}")


def _under(line: Rich, rest: Rich) -> Rich:
    return join("\n\n", [line, rest]) if rest.text else line


def _told(result: DailyPlan) -> Rich:
    assert result.at
    told = (
        _("One question every day at {time}.")
        if result.every == 1
        else _("One question every other day at {time}.")
    )
    return join(" ", [fill(told, time=bold(clock(result.at))), _next(result)])


def _next(result: DailyPlan) -> str:
    if result.next_at is None:
        return _("No daily question is set.")
    at, ahead = clock(result.next_at), result.next_at.date() - result.local_now.date()
    if not ahead:
        return _("The next one comes today at {time}.").format(time=at)
    if ahead == timedelta(days=1):
        return _("The next one comes tomorrow at {time}.").format(time=at)
    day = {"weekday": weekday(result.next_at), "date": day_of(result.next_at)}
    return _("The next one comes on {weekday}, {date} at {time}.").format(time=at, **day)


def _clock(result: DailyPlan) -> str:
    """By which clock, so that a wrong one is seen at once."""
    if result.timezone is None:
        told = _("I don't know your time zone yet, so I go by UTC, where it is {time} now.")
        return told.format(time=clock(result.local_now))
    told = _("I go by your clock ({zone}), where it is {time} now.")
    return told.format(zone=zone_title(result.timezone), time=clock(result.local_now))


def _zone(result: DailyPlan) -> tuple[tuple[Button, ...], ...]:
    """Asks for the zone where it is not known."""
    return () if result.timezone else ((Button(_("Tell me your time zone"), ChangeSetting("zone")),),)


def _hours(result: DailyPlan) -> tuple[tuple[Button, ...], ...]:
    buttons = [Button(clock(at), SetDaily(at)) for at in HOURS if at != result.at]
    return tuple(tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3))


def _keep(every: int) -> KeepDaily:
    return KeepDaily(1 if every == 1 else 2)
