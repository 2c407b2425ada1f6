"""How a learner's progress reads: the skill map in words, for the ear as well as the eye. Pure.

A state is named in words, by the same words as on the picture; nothing hangs on a sign or a colour.
"""

from collections.abc import Iterable, Iterator, Sequence

from bot.chat.views.amounts import between
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.rich import Rich, bold, fill, join
from bot.guidance.results import Progress, SkillProgress, SkillState
from bot.learning.next_step import LIKELY

MAX_CAPTION_UNITS = 1024  # Telegram's limit for the text under a picture, in UTF-16 units

# How each state is called: beside one skill, before so many of them, and over their list.
LEARNING = N_("learning")
STATES: dict[SkillState, str] = {
    "mastered": N_("mastered"),
    "fading": N_("fading"),
    "learning": LEARNING,
    "ready": N_("ready"),
    "locked": N_("locked"),
}
_COUNTS: dict[SkillState, str] = {
    "mastered": N_("{count} mastered"),
    "fading": N_("{count} fading"),
    "learning": N_("{count} learning"),
    "ready": N_("{count} ready"),
    "locked": N_("{count} locked"),
}
_NAMES: dict[SkillState, str] = {
    "mastered": N_("Mastered ({count})"),
    "fading": N_("Fading ({count})"),
    "learning": N_("Learning ({count})"),
    "ready": N_("Ready ({count})"),
    "locked": N_("Locked ({count})"),
}
_HEADINGS: dict[SkillState, str] = {
    "mastered": N_("{state}:"),
    "fading": N_("{state}, mastered before; a few questions bring it back:"),
    "learning": N_("{state}, with how sure I am that you hold it:"),
    "ready": N_("{state}, you can begin any of these now:"),
    "locked": N_("{state}, with what opens it:"),
}
_FOLLOWS = N_("My next message names every skill.")
_HELD: tuple[SkillState, ...] = ("mastered", "fading")


def progress_text(progress: Progress) -> Rich:
    """Everything the picture says, and the week."""
    return join("\n\n", [_summary(progress), _groups(progress)])


def caption(progress: Progress) -> Rich:
    """What stands under the picture: everything if it fits, or else the summary and the numbers."""
    whole = progress_text(progress)
    return (
        whole
        if _fits_caption(whole)
        else join("\n\n", [_summary(progress), f"{_counts(progress)} {_(_FOLLOWS)}"])
    )


def rest(progress: Progress) -> Rich | None:
    """What the next message says: every skill, unless the caption has said it already."""
    return None if _fits_caption(progress_text(progress)) else _groups(progress)


def standing(progress: Progress) -> str:
    """In one line, on the picture too: how many skills are mastered, and how much of the way that is."""
    held = sum(skill.state == "mastered" for skill in progress.skills)
    return many(
        "{held} of {number} skill mastered, {share} % of the way",
        "{held} of {number} skills mastered, {share} % of the way",
        len(progress.skills),
        held=held,
        share=f"{100 * progress.goal_share:.0f}",
    )


def _fits_caption(text: Rich) -> bool:
    return len(text.text.encode("utf-16-le")) // 2 <= MAX_CAPTION_UNITS


def _summary(progress: Progress) -> Rich:
    head = join("\n", [bold(progress.track_title), f"{standing(progress)}."])
    return join("\n\n", [head, *_next_step(progress), "\n".join([_week(progress), _streak(progress)])])


def _next_step(progress: Progress) -> Iterator[Rich]:
    for skill in progress.skills:
        if skill.skill_id == progress.next_skill_id:
            state = _(STATES[skill.state])
            yield fill(_("Your next step: {skill} ({state})."), skill=bold(skill.title), state=state)
    if all(skill.state == "mastered" for skill in progress.skills):
        yield Rich(_("You have mastered every skill of this track. Well done!"))


def _week(progress: Progress) -> str:
    """What changed."""
    titles = {skill.skill_id: skill.title for skill in progress.skills}
    new = [titles[skill_id] for skill_id in progress.mastered_this_week if skill_id in titles]
    if not progress.answers_this_week and not new:
        return _("This week: no answers yet. One is enough to get going.")
    if not new:
        return many(
            "This week: {number} answer. Every one of them counts.",
            "This week: {number} answers. Every one of them counts.",
            progress.answers_this_week,
        )
    return many(
        "This week: {number} answer. Newly mastered: {skills}.",
        "This week: {number} answers. Newly mastered: {skills}.",
        progress.answers_this_week,
        skills=_listed(new),
    )


def _streak(progress: Progress) -> str:
    if not progress.streak_days:
        return _("Streak: none right now, and that is fine. Any answer starts a new one.")
    days = many("Streak: {number} day.", "Streak: {number} days.", progress.streak_days)
    if not progress.freezes_left:
        return " ".join([days, _("No spare day left just now.")])
    spare = many(
        "{number} spare day left: missing a day won't break it.",
        "{number} spare days left: missing a day won't break it.",
        progress.freezes_left,
    )
    return f"{days} {spare}"


def _counts(progress: Progress) -> str:
    """All states, also those that no skill is in."""
    return ", ".join(_(told).format(count=len(_of(state, progress))) for state, told in _COUNTS.items()) + "."


def _groups(progress: Progress) -> Rich:
    return join("\n\n", (_group(state, progress) for state in _HEADINGS if _of(state, progress)))


def _of(state: SkillState, progress: Progress) -> list[SkillProgress]:
    return [skill for skill in progress.skills if skill.state == state]


def _group(state: SkillState, progress: Progress) -> Rich:
    skills = _of(state, progress)
    head = fill(_(_HEADINGS[state]), state=bold(_(_NAMES[state]).format(count=len(skills))))
    return join("\n", [head, *(f"• {_told(skill, progress)}" for skill in skills)])


def _told(skill: SkillProgress, progress: Progress) -> str:
    if skill.state == "learning":
        told = _("{skill}: about {share} sure")
        return told.format(skill=skill.title, share=between(skill.low, skill.high))
    missing = _missing(skill, progress.skills) if skill.state == "locked" else []
    if not missing:
        return skill.title
    return _("{skill}: after {others}").format(skill=skill.title, others=_listed(missing))


def _missing(skill: SkillProgress, skills: Iterable[SkillProgress]) -> list[str]:
    """What a skill needs that is not held."""
    return [one.title for one in skills if one.skill_id in skill.prerequisites and not _is_likely(one)]


def _is_likely(skill: SkillProgress) -> bool:
    """Held once, or as likely as what may be built on: what is only begun still keeps others locked."""
    return skill.state in _HELD or (skill.state == "learning" and skill.low + skill.high >= 2 * LIKELY)


def _listed(titles: Sequence[str]) -> str:
    """Titles hold commas and an "and" of their own, so semicolons set them apart."""
    return "; ".join(titles)
