"""How the next step and its reasons read. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.buttons import ChooseNext, QuizMe, ShowPlan, ShowProgress, SkillWish, StartPlacement
from bot.chat.views.amounts import listed
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.links import share_skill
from bot.chat.views.reply import Button, Reply, note_buttons
from bot.chat.views.rich import Rich, bold, fill, join, link
from bot.guidance.results import GoalHeld, Step
from bot.learning.next_step import Reason, Why

MAP = N_("Show the map")


def place_me() -> tuple[Button, ...]:
    """The way into a placement."""
    return (Button(_("Find out where I stand"), StartPlacement()),)


def ways_on() -> tuple[tuple[Button, ...], ...]:
    """The next step, or a question."""
    return ((Button(_("What's next for me?"), ChooseNext()), Button(_("Quiz me"), QuizMe())),)


def next_step(result: Step | GoalHeld, username: str = "") -> Reply:
    """One skill: its promise, why this one, hours, where to begin; and what a learner may say to it."""
    match result:
        case GoalHeld(title):
            text = _(
                "As far as I can tell you hold every skill on the way to {goal}. Let us keep them fresh:"
            )
            rows = ((Button(_("Quiz me"), QuizMe()), Button(_(MAP), ShowProgress())),)
            return Reply(Rich(text.format(goal=title)), rows)
        case Step():
            return _step(result, username)


def begun(result: Step | GoalHeld, skill_id: str) -> Reply:
    """The learner begins a skill: where to start, and how to go on."""
    if isinstance(result, GoalHeld) or result.skill_id != skill_id:
        return next_step(result)
    good = _("Good: {skill} it is. Read how to learn it, do the exercise, then quiz yourself.")
    known = Button(_("I know this"), SkillWish("known", skill_id))
    rows = (*_notes(result), (Button(_("Quiz me"), QuizMe(skill_id)), known))
    return Reply(fill(good, skill=bold(result.skill.title)), rows)


def after(line: str, step: Reply) -> Reply:
    """The next step, after a line on what led to it."""
    return replace(step, text=join("\n\n", [line, step.text]))


def finished(titles: Sequence[str]) -> str:
    """The learner says they have been through these skills."""
    told = "; ".join(titles)  # many hold an "and"
    return _(
        "Good: I take it that you have been through {skills}. A few questions later will show it."
    ).format(skills=told)


def put_off(result: Step | GoalHeld, username: str = "") -> Reply:
    """The learner would rather have another step; where there is none, this one has waited longest."""
    if isinstance(result, Step) and result.was_put_off:
        line = _(
            "You have put off everything that is open to you now, so here is what has waited longest. "
            "A question or two on it may make it smaller, and nothing runs away."
        )
        return after(line, next_step(result, username))
    return after(_("All right, that one can wait."), next_step(result, username))


def nobody() -> Reply:
    """Somebody without an account of their own, as a channel."""
    return Reply(Rich(_("I can only keep track of people. Write to me in a private chat.")))


def _step(step: Step, username: str) -> Reply:
    skill_id, title = step.skill_id, step.skill.title
    share = (share_skill(skill_id, title, username),) if username else ()
    named = fill(_("Your next step: {skill}"), skill=bold(title))
    head = join("\n", [named, step.skill.promise])
    why = join("\n", [_("Why this one:"), *(f"• {_reason(reason, step)}" for reason in step.reasons)])
    rows = (
        (Button(_("Start"), SkillWish("start", skill_id)), Button(_("Quiz me"), QuizMe(skill_id))),
        (
            Button(_("I know this"), SkillWish("known", skill_id)),
            Button(_("Not now"), SkillWish("later", skill_id)),
        ),
        *_notes(step),
        *((place_me(),) if step.may_place else ()),
        (Button(_(MAP), ShowProgress()), Button(_("My plan"), ShowPlan()), *share),
    )
    return Reply(join("\n\n", [head, why, _begin(step)]), rows)


def _begin(step: Step) -> Rich:
    hours = many("It takes about {number} hour.", "It takes about {number} hours.", max(1, round(step.hours)))
    if step.resource is None:
        return Rich(hours)
    begin = fill(_("Begin with {resource}."), resource=link(step.resource.title, step.resource.address))
    return join(" ", [hours, begin])


def _notes(step: Step) -> tuple[tuple[Button, ...], ...]:
    return note_buttons(note for note in (step.learning, step.practice) if note)


def _reason(reason: Reason, step: Step) -> str:
    """In words, with a number a learner understands."""
    named = [step.titles[skill_id] for skill_id in reason.skills]
    match reason.why:
        case Why.REFRESH:
            faded = _("you held it once, and about {share}% of it has faded")
            return faded.format(share=_percent(1 - reason.number))
        case Why.REPAIR:
            return many(
                "{skill} rests on it, and went wrong {number} time",
                "{skill} rests on it, and went wrong {number} times",
                round(reason.number),
                skill=named[0],
            )
        case Why.NEARLY:
            return _("you are nearly there: about {share}%").format(share=_percent(reason.number))
        case Why.HELD if named:
            return _("you hold what it needs: {skills}").format(skills=listed(named))
        case Why.HELD:
            return _("it needs nothing before it")
        case Why.OPENS:
            return _opens(round(reason.number), reason.of)
        case Why.SHORT:
            hours = max(1, round(reason.number))
            return many("it is short: about {number} hour", "it is short: about {number} hours", hours)
        case Why.WEIGHT if reason.number >= 1:
            return _("your goal asks for it above all")
        case Why.WEIGHT:
            return _("your goal asks for it")


def _opens(opened: int, left: int) -> str:
    if opened == left:
        return many(
            "it opens the only other skill left to your goal",
            "it opens all {number} other skills left to your goal",
            left,
        )
    return many(
        "it opens {opened} of the {number} skills left to your goal",
        "it opens {opened} of the {number} skills left to your goal",
        left,
        opened=opened,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
