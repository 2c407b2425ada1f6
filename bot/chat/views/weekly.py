"""How the summary of a week reads. Pure."""

from bot.chat.buttons import ChooseNext, QuizMe, SetWeekly, ShowDaily, ShowProgress
from bot.chat.views import daily
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, join
from bot.guidance.results import Progress, WeeklySet

OFF = Button("No weekly summary", SetWeekly(is_wanted=False))


def summary(result: Progress) -> Reply:
    """What the week has changed, and the step that is next."""
    titles = {skill.skill_id: skill.title for skill in result.skills}
    answers = "1 answer" if result.answers_this_week == 1 else f"{result.answers_this_week} answers"
    lines = [f"• {answers}"]
    lines += [
        f"• {titles[skill_id]}: mastered!" for skill_id in result.mastered_this_week if skill_id in titles
    ]
    if result.streak_days > 1:
        lines.append(f"• {result.streak_days} days in a row")
    lines.append(f"• {result.goal_share:.0%} of the way to {result.track_title} is behind you")
    if result.next_skill_id in titles:
        lines.append(f"• Next: {titles[result.next_skill_id]}")
    rows = (
        (Button("What's next for me?", ChooseNext()), Button("Quiz me", QuizMe())),
        (Button("Show the map", ShowProgress()),),
        (OFF,),
    )
    return Reply(join("\n", [bold("Your week"), *lines]), rows)


def weekly(result: WeeklySet | None) -> Reply:
    """A summary is wanted, or is not."""
    if result is None:
        return daily.nobody()
    if result.next_at is None:
        return Reply(Rich("There will be no weekly summary."), ((Button("Set a time", ShowDaily()),),))
    day = f"{result.next_at.day} {result.next_at:%B}"
    text = f"On Sundays at {result.next_at:%H:%M} I'll tell you what your week has changed, from {day} on."
    return Reply(Rich(text), ((OFF,),))
