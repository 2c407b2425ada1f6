"""How the next step and its reasons read. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.buttons import ChooseNext, QuizMe, ShowPlan, ShowProgress, SkillWish, StartPlacement
from bot.chat.views.links import share_skill
from bot.chat.views.reply import Button, Reply, note_buttons
from bot.chat.views.rich import Rich, bold, join, link
from bot.guidance.results import GoalHeld, Step
from bot.learning.next_step import Reason, Why

MAP = "Show the map"
PLACE_ME = (Button("Find out where I stand", StartPlacement()),)
WAYS_ON = ((Button("What's next for me?", ChooseNext()), Button("Quiz me", QuizMe())),)


def next_step(result: Step | GoalHeld, username: str = "") -> Reply:
    """One skill: its promise, why this one, hours, where to begin; and what a learner may say to it."""
    match result:
        case GoalHeld(title):
            text = f"As far as I can tell you hold every skill on the way to {title}. Let us keep them fresh:"
            return Reply(Rich(text), ((Button("Quiz me", QuizMe()), Button(MAP, ShowProgress())),))
        case Step():
            return _step(result, username)


def begun(result: Step | GoalHeld, skill_id: str) -> Reply:
    """The learner begins a skill: where to start, and how to go on."""
    if isinstance(result, GoalHeld) or result.skill_id != skill_id:
        return next_step(result)
    how = " it is. Read how to learn it, do the exercise, then quiz yourself."
    text = join("", ["Good: ", bold(result.skill.title), how])
    known = Button("I know this", SkillWish("known", skill_id))
    return Reply(text, (*_notes(result), (Button("Quiz me", QuizMe(skill_id)), known)))


def after(line: str, step: Reply) -> Reply:
    """The next step, after a line on what led to it."""
    return replace(step, text=join("\n\n", [line, step.text]))


def finished(titles: Sequence[str]) -> str:
    """The learner says they have been through these skills."""
    told = "; ".join(titles)  # many hold an "and"
    return f"Good: I take it that you have been through {told}. A few questions later will show it."


def put_off(result: Step | GoalHeld, username: str = "") -> Reply:
    """The learner would rather have another step; where there is none, this one has waited longest."""
    if isinstance(result, Step) and result.was_put_off:
        line = (
            "You have put off everything that is open to you now, so here is what has waited longest. "
            "A question or two on it may make it smaller, and nothing runs away."
        )
        return after(line, next_step(result, username))
    return after("All right, that one can wait.", next_step(result, username))


def nobody() -> Reply:
    """Somebody without an account of their own, as a channel."""
    return Reply(Rich("I can only keep track of people. Write to me in a private chat."))


def _step(step: Step, username: str) -> Reply:
    skill_id, title = step.skill_id, step.skill.title
    share = (share_skill(skill_id, title, username),) if username else ()
    head = join("", ["Your next step: ", bold(step.skill.title), "\n", step.skill.promise])
    why = join("\n", ["Why this one:", *(f"• {_reason(reason, step)}" for reason in step.reasons)])
    rows = (
        (Button("Start", SkillWish("start", skill_id)), Button("Quiz me", QuizMe(skill_id))),
        (
            Button("I know this", SkillWish("known", skill_id)),
            Button("Not now", SkillWish("later", skill_id)),
        ),
        *_notes(step),
        *((PLACE_ME,) if step.may_place else ()),
        (Button(MAP, ShowProgress()), Button("My plan", ShowPlan()), *share),
    )
    return Reply(join("\n\n", [head, why, _begin(step)]), rows)


def _begin(step: Step) -> Rich:
    hours = Rich(f"It takes about {max(1, round(step.hours))} hours.")
    if step.resource is None:
        return hours
    return join("", [hours, " Begin with ", link(step.resource.title, step.resource.address), "."])


def _notes(step: Step) -> tuple[tuple[Button, ...], ...]:
    return note_buttons(note for note in (step.learning, step.practice) if note)


def _reason(reason: Reason, step: Step) -> str:
    """In words, with a number a learner understands."""
    named = [step.titles[skill_id] for skill_id in reason.skills]
    match reason.why:
        case Why.REFRESH:
            return f"you held it once, and about {1 - reason.number:.0%} of it has faded"
        case Why.REPAIR:
            return f"{named[0]} rests on it, and went wrong {round(reason.number)} times"
        case Why.NEARLY:
            return f"you are nearly there: about {reason.number:.0%}"
        case Why.HELD:
            return f"you hold what it needs: {_listed(named)}" if named else "it needs nothing before it"
        case Why.OPENS:
            return f"it opens {round(reason.number)} of the {reason.of} skills left to your goal"
        case Why.SHORT:
            return f"it is short: about {max(1, round(reason.number))} hours"
        case Why.WEIGHT:
            return "your goal asks for it above all" if reason.number >= 1 else "your goal asks for it"


def _listed(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
