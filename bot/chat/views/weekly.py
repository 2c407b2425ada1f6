"""How the summary of a week reads. Pure."""

from bot.chat.buttons import ChooseNext, QuizMe, SetWeekly, ShowDaily, ShowProgress
from bot.chat.views import daily
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, join
from bot.chat.views.times import clock, day_of
from bot.guidance.results import Progress, WeeklySet

OFF = N_("No weekly summary")


def summary(result: Progress) -> Reply:
    """What the week has changed, and the step that is next."""
    titles = {skill.skill_id: skill.title for skill in result.skills}
    mastered = [titles[skill_id] for skill_id in result.mastered_this_week if skill_id in titles]
    lines = [
        many("{number} answer", "{number} answers", result.answers_this_week),
        *(_("{skill}: mastered!").format(skill=title) for title in mastered),
    ]
    if result.streak_days > 1:
        lines.append(many("{number} day in a row", "{number} days in a row", result.streak_days))
    behind = _("{share}% of the way to {goal} is behind you")
    lines.append(behind.format(share=f"{100 * result.goal_share:.0f}", goal=result.track_title))
    if result.next_skill_id in titles:
        lines.append(_("Next: {skill}").format(skill=titles[result.next_skill_id]))
    rows = (
        (Button(_("What's next for me?"), ChooseNext()), Button(_("Quiz me"), QuizMe())),
        (Button(_("Show the map"), ShowProgress()),),
        (_off(),),
    )
    return Reply(join("\n", [bold(_("Your week")), *(f"• {line}" for line in lines)]), rows)


def weekly(result: WeeklySet | None) -> Reply:
    """A summary is wanted, or is not."""
    if result is None:
        return daily.nobody()
    if result.next_at is None:
        return Reply(Rich(_("There will be no weekly summary.")), ((Button(_("Set a time"), ShowDaily()),),))
    text = _("On Sundays at {time} I'll tell you what your week has changed, from {day} on.")
    told = text.format(time=clock(result.next_at), day=day_of(result.next_at))
    return Reply(Rich(told), ((_off(),),))


def _off() -> Button:
    return Button(_(OFF), SetWeekly(is_wanted=False))
