"""How what a link opens reads: a skill, a track, or a kind word that it is no more. Pure."""

from bot.chat.buttons import ChooseSetting, QuizMe, SetMeUp, SkillWish
from bot.chat.links import Target, share_address
from bot.chat.views.enrol import SET_ME_UP
from bot.chat.views.reply import Button, Link, Reply, Row, note_buttons
from bot.chat.views.rich import Rich, bold, join
from bot.chat.views.under import SHARE
from bot.guidance.results import LinkGone, SkillShown, TrackShown

CHALLENGE = "Challenge a friend"


def linked(result: SkillShown | TrackShown | LinkGone, username: str, *, is_new: bool = False) -> Reply:
    """The reply to whoever followed a link; somebody new is told where they are."""
    match result:
        case SkillShown():
            return _skill(result, username)
        case TrackShown():
            return _track(result, username, is_new)
        case LinkGone(starters):
            text = (
                "What this link led to is no longer here, sorry. Ask me anything, or begin with one of these:"
            )
            setup: tuple[Row, ...] = ((Button(SET_ME_UP, SetMeUp()),),) if is_new else ()
            return Reply(Rich(text), (*note_buttons(starters), *setup))


def share_skill(skill_id: str, title: str, username: str) -> Link:
    """Send somebody the way to a skill."""
    return Link(SHARE, share_address(username, Target("skill", skill_id), f"Learn this: {title}"))


def share_track(track_id: str, title: str, username: str) -> Link:
    """Send somebody the way to a career."""
    return Link(SHARE, share_address(username, Target("track", track_id), f"The way to become this: {title}"))


def challenge(skill_id: str, title: str, username: str) -> Link:
    """Send somebody a quiz on a skill."""
    words = f"Can you answer this? A question on {title}"
    return Link(CHALLENGE, share_address(username, Target("quiz", skill_id), words))


def _skill(result: SkillShown, username: str) -> Reply:
    skill, skill_id = result.skill, result.skill_id
    needs = f"You need before: {'; '.join(result.needs)}." if result.needs else "You need nothing before it."
    done = "\n".join(["It is yours when:", *(f"• {each}" for each in skill.done_when)])
    text = join(
        "\n\n", [bold(skill.title), skill.promise, f"{needs} It takes about {skill.hours} hours.", done]
    )
    start = Button("Start", SkillWish("start", skill_id))
    quiz = (Button("Quiz me", QuizMe(skill_id)),) if result.has_items else ()
    dare = (challenge(skill_id, skill.title, username),) if result.has_items else ()
    rows: tuple[Row, ...] = ((start, *quiz), *note_buttons([result.note] if result.note else []))
    return Reply(text, (*rows, (share_skill(skill_id, skill.title, username), *dare)))


def _track(result: TrackShown, username: str, is_new: bool) -> Reply:
    track = result.track
    size = f"{result.skills} skills lead there, each with questions to check yourself and free sources."
    goal = Button("Make this my goal", ChooseSetting("goal", result.track_id, is_enrolment=False))
    setup: tuple[Row, ...] = ((Button(SET_ME_UP, SetMeUp()),),) if is_new else ()
    rows = ((goal,), *note_buttons([result.note]), *setup)
    last = (share_track(result.track_id, track.title, username),)
    return Reply(join("\n\n", [bold(track.title), track.goal, size]), (*rows, last))
