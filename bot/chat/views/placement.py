"""How a placement reads: what it is, its questions, and its end. Pure."""

from collections.abc import Iterator, Sequence

from bot.chat.buttons import ChooseNext, Place, QuizMe, ShowProgress
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.failures import go_on_in_private
from bot.chat.views.progress import LEARNING
from bot.chat.views.quiz import UNSURE, put
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, bold, join
from bot.guidance.results import (
    Placed,
    PlacementAnswer,
    PlacementAsked,
    PlacementForNobody,
    PlacementOffered,
    PlacementOver,
    PlacementTooShort,
    Placing,
    Progress,
)
from bot.learning.evidence import Outcome
from bot.learning.placement import BROAD, FEWEST, MOST

MAX_STEM = 100  # characters of a question told again at the end: 15 of them are to fit two messages
# Translators: as in "3. Statistics, not right. What is a median? Right is: the middle value".
_LINES = {
    Outcome.CORRECT: N_("{place}. {skill}, right. {question} Right is: {key}"),
    Outcome.INCORRECT: N_("{place}. {skill}, not right. {question} Right is: {key}"),
    Outcome.UNSURE: N_('{place}. {skill}, "{unsure}". {question} Right is: {key}'),
}


def placing(result: Placing) -> Reply:
    """The reply to anything around a placement."""
    match result:
        case PlacementOffered():
            return _offered(result)
        case PlacementAsked(asked, number):
            # No quiz poll: it would tell at once what is right, and who is told goes on otherwise.
            enough = ((Button(_("That's enough"), Place("stop")),),)
            return put(asked, enough, _place(number), is_graded=False)
        case Placed():
            return _placed(result)
        case PlacementOver():
            return Reply(Rich(_("That round of questions is over. From here:")), _ways_on())
        case PlacementTooShort():
            text = _("I have too few questions yet to find out where you stand. A quiz tells me, too.")
            return Reply(Rich(text), (*_ways_on(), (Button(_("Quiz me"), QuizMe()),)))
        case PlacementForNobody():
            return in_private()


def in_private(username: str = "") -> Reply:
    """In a group, everybody would answer."""
    text = _("Where you stand is between you and me. Write /placement in our private chat, and we find out.")
    return Reply(Rich(text), ((go_on_in_private("placement", username),),) if username else ())


def map_caption(progress: Progress) -> Rich:
    """What stands under the map at the end; the message before has named every skill."""
    learning = sum(skill.state == "learning" for skill in progress.skills)
    if not learning:
        told = _("This is your map: each quiz moves a skill on. /progress shows it again.")
    else:
        told = many(
            'What you most likely hold or have practised is drawn as "{learning}" ({number} skill): quizzes '
            "on two days make it mastered. /progress shows this map again.",
            'What you most likely hold or have practised is drawn as "{learning}" ({number} skills): quizzes '
            "on two days make it mastered. /progress shows this map again.",
            learning,
            learning=_(LEARNING),
        )
    return join("\n", [bold(progress.track_title), told])


def _offered(result: PlacementOffered) -> Reply:
    told: list[Rich | str] = [
        bold(_("Where do you stand?")),
        _(
            "I ask you {fewest} to {most} questions from all over your way ({goal}). It takes "
            "about five minutes, and then I know better what you can skip and what to learn first."
        ).format(fewest=FEWEST, most=MOST, goal=result.track_title),
        _(
            'When you don\'t know, "{unsure}" is the best answer: a lucky guess would lead me astray. '
            "What was right, I tell you at the end."
        ).format(unsure=_(UNSURE)),
        _("You may break off whenever you like; /placement goes on where you were."),
    ]
    if result.answered is not None:
        return Reply(join("\n\n", [*told, _so_far(result.answered)]), _go_on(result.answered))
    if result.was_placed:
        told.append(_("We have done this before. What I learnt then counts until we are through again."))
    return Reply(join("\n\n", told), ((Button(_("Let's begin"), Place("begin")),),))


def _so_far(answered: int) -> str:
    if not answered:
        return _("We have begun already, and your first question waits.")
    return many(
        "We have begun already: you have answered {number} question.",
        "We have begun already: you have answered {number} questions.",
        answered,
    )


def _go_on(answered: int) -> tuple[tuple[Button, ...], ...]:
    on = (Button(_("Go on"), Place("begin")),)
    return (on, (Button(_("Start anew"), Place("anew")),)) if answered else (on,)


def _place(number: int) -> str:
    if number <= BROAD:
        return _("Question {place} of about {all}").format(place=number, all=BROAD)
    return _("Question {place} of at most {all}").format(place=number, all=MOST)


def _placed(result: Placed) -> Reply:
    parts = [*_summary(result), *_review(result.answers)]
    return Reply(
        join("\n\n", parts), () if result.is_enough else (*_ways_on(), (Button(_("Quiz me"), QuizMe()),))
    )


def _ways_on() -> tuple[tuple[Button, ...], ...]:
    return ((Button(_("What's next for me?"), ChooseNext()), Button(_("My progress"), ShowProgress())),)


def _summary(result: Placed) -> Iterator[Rich | str]:
    if not result.is_enough:
        yield bold(_("Fine, we leave it there."))
        yield _(
            "It takes at least {fewest} answers to see where you stand. Yours are not lost: they count like "
            "those of a quiz. /placement begins a new round whenever you like."
        ).format(fewest=FEWEST)
        return
    yield bold(_("Thank you, now I have a picture of where you stand."))
    yield _counts(result.answers)
    yield join("\n", _believed(result))
    yield _("I may be wrong about any of them: quizzes put it right, and you may overrule me.")


def _counts(answers: Sequence[PlacementAnswer]) -> str:
    right = sum(each.outcome is Outcome.CORRECT for each in answers)
    unsure = sum(each.outcome is Outcome.UNSURE for each in answers)
    told = many(
        "You got {right} of {number} question right.",
        "You got {right} of {number} questions right.",
        len(answers),
        right=right,
    )
    if not unsure:
        return told
    helped = many(
        '"{unsure}" helped me {number} time.',
        '"{unsure}" helped me {number} times.',
        unsure,
        unsure=_(UNSURE),
    )
    return f"{told} {helped}"


def _believed(result: Placed) -> Iterator[Rich]:
    named = (
        (_("You hold ({count}):"), result.held),
        (_("I am in doubt about ({count}):"), result.doubtful),
        (_("Not yet ({count}):"), result.missing),
    )
    for head, titles in named:
        if titles:
            yield bold(head.format(count=len(titles)) + " ") + f"{'; '.join(titles)}."


def _review(answers: Sequence[PlacementAnswer]) -> list[Rich]:
    """What was right, question by question."""
    lines = [_line(number, each) for number, each in enumerate(answers, 1)]
    return [join("\n", [bold(_("Question by question")), *lines])] if lines else []


def _line(number: int, answer: PlacementAnswer) -> str:
    item = answer.item
    return _(_LINES[answer.outcome]).format(
        place=number,
        skill=answer.skill_title,
        question=_short(item.stem),
        key=item.options[item.key].text,
        unsure=_(UNSURE),
    )


def _short(text: str) -> str:
    """Cut at a word."""
    return text if len(text) <= MAX_STEM else text[:MAX_STEM].rsplit(" ", 1)[0] + " …"
