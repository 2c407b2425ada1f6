"""How "I know this" is answered: two quick questions, or the learner's word. Pure."""

from bot.chat.buttons import ChooseNext, OpenNote, ReportItem, SkillWish
from bot.chat.views.catalogue import _
from bot.chat.views.quiz import WRONG_OR_UNCLEAR, graded, put
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, fill, join
from bot.guidance.results import CheckAsked, Checked, Checking, CheckOffered, Uncheckable
from bot.learning.check import QUESTIONS, Verdict


def checking(result: Checking) -> Reply:
    """The reply to anything around a check."""
    match result:
        case CheckOffered(skill_id, title):
            return _offered(skill_id, title)
        case CheckAsked(asked, number):
            # Without a hint: a nudge would show what the hint knows.
            head = _("{skill}: question {number} of {all}")
            return put(asked, (), head.format(skill=asked.skill_title, number=number, all=QUESTIONS))
        case Checked():
            return _checked(result)


def trusted(result: Uncheckable) -> str:
    """Too few fresh items for a check."""
    return _(
        "I have too few fresh questions on {skill} just now, so I take your word for it. Well done!"
    ).format(skill=result.skill_title)


def _offered(skill_id: str, title: str) -> Reply:
    asked = _(
        "You know {skill} already? Shall I check with two quick questions, or do you just want it taken off?"
    )
    text = fill(asked, skill=bold(title))
    rows = (
        (Button(_("Two quick questions"), SkillWish("check", skill_id)),),
        (Button(_("Trust me, next one"), SkillWish("trust", skill_id)),),
    )
    return Reply(text, rows)


def _checked(result: Checked) -> Reply:
    """The feedback with what the check has come to, and the way on that belongs to it."""
    told, skill_id = result.feedback, result.feedback.skill_id
    note = (Button(told.note.title, OpenNote(told.note.id)),)
    report = (Button(_(WRONG_OR_UNCLEAR), ReportItem(told.attempt_id)),)
    said, ways = _verdict(result.verdict, told.skill_title, skill_id)
    return Reply(join("\n\n", [graded(told), said]), (*ways, note, report))


def _verdict(
    verdict: Verdict, title: str, skill_id: str
) -> tuple[Rich | str, tuple[tuple[Button, ...], ...]]:
    match verdict:
        case Verdict.ONE_MORE:
            second = Button(_("Second question"), SkillWish("check", skill_id))
            return _("One more, and we are through."), ((second,),)
        case Verdict.KNOWN:
            known = _("Both right: {skill} counts as known, and I take it off your way.")
            return bold(known.format(skill=title)), ()
        case Verdict.NOT_YET:
            text = _(
                "So {skill} stays on your way for now; the note below has what this question was about. "
                "You know best, though: you may still have it taken off."
            ).format(skill=title)
            overrule = Button(_("Take it off anyway"), SkillWish("trust", skill_id))
            return text, ((overrule,), (Button(_("What's next for me?"), ChooseNext()),))
