"""How what a link opens reads: a skill, a track, or a kind word that it is no more. Pure."""

from bot.chat.buttons import ChooseSetting, QuizMe, SetMeUp, SkillWish
from bot.chat.links import Target, share_address
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.enrol import SET_ME_UP
from bot.chat.views.reply import Button, Link, Reply, Row, note_buttons
from bot.chat.views.rich import Rich, bold, join
from bot.chat.views.under import SHARE
from bot.guidance.results import LinkGone, SkillShown, TrackShown

CHALLENGE = N_("Challenge a friend")


def linked(result: SkillShown | TrackShown | LinkGone, username: str, *, is_new: bool = False) -> Reply:
    """The reply to whoever followed a link; somebody new is told where they are."""
    match result:
        case SkillShown():
            return _skill(result, username)
        case TrackShown():
            return _track(result, username, is_new)
        case LinkGone(starters):
            text = _(
                "What this link led to is no longer here, sorry. Ask me anything, or begin with one of these:"
            )
            return Reply(Rich(text), (*note_buttons(starters), *_setup(is_new)))


def share_skill(skill_id: str, title: str, username: str) -> Link:
    """Send somebody the way to a skill."""
    words = _("Learn this: {skill}").format(skill=title)
    return Link(_(SHARE), share_address(username, Target("skill", skill_id), words))


def share_track(track_id: str, title: str, username: str) -> Link:
    """Send somebody the way to a career."""
    words = _("The way to become this: {goal}").format(goal=title)
    return Link(_(SHARE), share_address(username, Target("track", track_id), words))


def challenge(skill_id: str, title: str, username: str) -> Link:
    """Send somebody a quiz on a skill."""
    words = _("Can you answer this? A question on {skill}").format(skill=title)
    return Link(_(CHALLENGE), share_address(username, Target("quiz", skill_id), words))


def _skill(result: SkillShown, username: str) -> Reply:
    skill, skill_id = result.skill, result.skill_id
    needs = _("You need nothing before it.")
    if result.needs:
        needs = _("You need before: {skills}.").format(skills="; ".join(result.needs))
    takes = many("It takes about {number} hour.", "It takes about {number} hours.", skill.hours)
    done = "\n".join([_("It is yours when:"), *(f"• {each}" for each in skill.done_when)])
    text = join("\n\n", [bold(skill.title), skill.promise, f"{needs} {takes}", done])
    start = Button(_("Start"), SkillWish("start", skill_id))
    quiz = (Button(_("Quiz me"), QuizMe(skill_id)),) if result.has_items else ()
    dare = (challenge(skill_id, skill.title, username),) if result.has_items else ()
    rows: tuple[Row, ...] = ((start, *quiz), *note_buttons([result.note] if result.note else []))
    return Reply(text, (*rows, (share_skill(skill_id, skill.title, username), *dare)))


def _track(result: TrackShown, username: str, is_new: bool) -> Reply:
    track = result.track
    size = many(
        "{number} skill leads there, with questions to check yourself and free sources.",
        "{number} skills lead there, each with questions to check yourself and free sources.",
        result.skills,
    )
    goal = Button(_("Make this my goal"), ChooseSetting("goal", result.track_id, is_enrolment=False))
    rows = ((goal,), *note_buttons([result.note]), *_setup(is_new))
    last = (share_track(result.track_id, track.title, username),)
    return Reply(join("\n\n", [bold(track.title), track.goal, size]), (*rows, last))


def _setup(is_new: bool) -> tuple[Row, ...]:
    return ((Button(_(SET_ME_UP), SetMeUp()),),) if is_new else ()
