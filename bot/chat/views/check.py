"""How "I know this" is answered: two quick questions, or the learner's word. Pure."""

from bot.chat.buttons import ChooseNext, OpenNote, ReportItem, SkillWish
from bot.chat.views.quiz import graded, put
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, join
from bot.guidance.results import CheckAsked, Checked, Checking, CheckOffered, Uncheckable
from bot.learning.check import QUESTIONS, Verdict


def checking(result: Checking) -> Reply:
    """The reply to anything around a check."""
    match result:
        case CheckOffered(skill_id, title):
            return _offered(skill_id, title)
        case CheckAsked(asked, number):
            # Without a hint: a nudge would show what the hint knows.
            return put(asked, (), f"{asked.skill_title}: question {number} of {QUESTIONS}")
        case Checked():
            return _checked(result)


def trusted(result: Uncheckable) -> str:
    """Too few fresh items for a check."""
    title = result.skill_title
    return f"I have too few fresh questions on {title} just now, so I take your word for it. Well done!"


def _offered(skill_id: str, title: str) -> Reply:
    text = join(
        "",
        [
            "You know ",
            bold(title),
            " already? Shall I check with two quick questions, or do you just want it taken off?",
        ],
    )
    rows = (
        (Button("Two quick questions", SkillWish("check", skill_id)),),
        (Button("Trust me, next one", SkillWish("trust", skill_id)),),
    )
    return Reply(text, rows)


def _checked(result: Checked) -> Reply:
    """The feedback with what the check has come to, and the way on that belongs to it."""
    told, skill_id = result.feedback, result.feedback.skill_id
    note = (Button(told.note.title, OpenNote(told.note.id)),)
    report = (Button("This question is wrong or unclear", ReportItem(told.attempt_id)),)
    said, ways = _verdict(result.verdict, told.skill_title, skill_id)
    return Reply(join("\n\n", [graded(told), said]), (*ways, note, report))


def _verdict(
    verdict: Verdict, title: str, skill_id: str
) -> tuple[Rich | str, tuple[tuple[Button, ...], ...]]:
    match verdict:
        case Verdict.ONE_MORE:
            return "One more, and we are through.", (
                (Button("Second question", SkillWish("check", skill_id)),),
            )
        case Verdict.KNOWN:
            return bold(f"Both right: {title} counts as known, and I take it off your way."), ()
        case Verdict.NOT_YET:
            text = (
                f"So {title} stays on your way for now; the note below has what this question was about. "
                "You know best, though: you may still have it taken off."
            )
            overrule = Button("Take it off anyway", SkillWish("trust", skill_id))
            return text, ((overrule,), (Button("What's next for me?", ChooseNext()),))
