"""How a placement reads: what it is, its questions, and its end. Pure."""

from collections.abc import Iterator, Sequence

from bot.chat.buttons import ChooseNext, Place, QuizMe, ShowProgress
from bot.chat.views.failures import go_on_in_private
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
    Placing,
    Progress,
)
from bot.learning.evidence import Outcome
from bot.learning.placement import BROAD, FEWEST, MOST

MAX_STEM = 100  # characters of a question told again at the end: 15 of them are to fit two messages
WAYS_ON = ((Button("What's next for me?", ChooseNext()), Button("My progress", ShowProgress())),)
_OUTCOMES = {Outcome.CORRECT: "right", Outcome.INCORRECT: "not right", Outcome.UNSURE: f'"{UNSURE}"'}


def placing(result: Placing) -> Reply:
    """The reply to anything around a placement."""
    match result:
        case PlacementOffered():
            return _offered(result)
        case PlacementAsked(asked, number):
            # No quiz poll: it would tell at once what is right, and who is told goes on otherwise.
            enough = ((Button("That's enough", Place("stop")),),)
            return put(asked, enough, _place(number), is_graded=False)
        case Placed():
            return _placed(result)
        case PlacementOver():
            return Reply(Rich("That round of questions is over. From here:"), WAYS_ON)
        case PlacementForNobody():
            return in_private()


def in_private(username: str = "") -> Reply:
    """In a group, everybody would answer."""
    text = "Where you stand is between you and me. Write /placement in our private chat, and we find out."
    return Reply(Rich(text), ((go_on_in_private("placement", username),),) if username else ())


def map_caption(progress: Progress) -> Rich:
    """What stands under the map at the end; the message before has named every skill."""
    likely = sum(skill.state == "learning" for skill in progress.skills)
    told = (
        f'What you most likely hold is drawn as "learning" ({_number(likely, "skill")}): quizzes on two days '
        "make it mastered. /progress shows this map again."
    )
    return join("\n", [bold(progress.track_title), told])


def _offered(result: PlacementOffered) -> Reply:
    told: list[Rich | str] = [
        bold("Where do you stand?"),
        f"I ask you {FEWEST} to {MOST} questions from all over your way ({result.track_title}). It takes "
        "about five minutes, and then I know better what you can skip and what to learn first.",
        f'When you don\'t know, "{UNSURE}" is the best answer: a lucky guess would lead me astray. '
        "What was right, I tell you at the end.",
        "You may break off whenever you like; /placement goes on where you were.",
    ]
    if result.answered is not None:
        return Reply(join("\n\n", [*told, _so_far(result.answered)]), _go_on(result.answered))
    if result.was_placed:
        told.append("We have done this before. What I learnt then counts until we are through again.")
    return Reply(join("\n\n", told), ((Button("Let's begin", Place("begin")),),))


def _so_far(answered: int) -> str:
    if not answered:
        return "We have begun already, and your first question waits."
    return f"We have begun already: you have answered {_number(answered, 'question')}."


def _go_on(answered: int) -> tuple[tuple[Button, ...], ...]:
    on = (Button("Go on", Place("begin")),)
    return (on, (Button("Start anew", Place("anew")),)) if answered else (on,)


def _place(number: int) -> str:
    return f"Question {number} of {f'about {BROAD}' if number <= BROAD else f'at most {MOST}'}"


def _placed(result: Placed) -> Reply:
    parts = [*_summary(result), *_review(result.answers)]
    return Reply(join("\n\n", parts), () if result.is_enough else _AFTER_FEW)


_AFTER_FEW = (*WAYS_ON, (Button("Quiz me", QuizMe()),))


def _summary(result: Placed) -> Iterator[Rich | str]:
    if not result.is_enough:
        yield bold("Fine, we leave it there.")
        yield (
            "It takes at least "
            f"{FEWEST} answers to see where you stand. Yours are not lost: they count like those of a quiz. "
            "/placement begins a new round whenever you like."
        )
        return
    yield bold("Thank you, now I have a picture of where you stand.")
    yield _counts(result.answers)
    yield join("\n", _believed(result))
    yield "I may be wrong about any of them: quizzes put it right, and you may overrule me."


def _counts(answers: Sequence[PlacementAnswer]) -> str:
    right = sum(each.outcome is Outcome.CORRECT for each in answers)
    unsure = sum(each.outcome is Outcome.UNSURE for each in answers)
    told = f"You got {right} of {_number(len(answers), 'question')} right."
    return f'{told} "{UNSURE}" helped me {_number(unsure, "time")}.' if unsure else told


def _believed(result: Placed) -> Iterator[Rich]:
    named = (
        ("You hold", result.held),
        ("I am in doubt about", result.doubtful),
        ("Not yet", result.missing),
    )
    for head, titles in named:
        if titles:
            yield bold(f"{head} ({len(titles)}): ") + f"{'; '.join(titles)}."


def _review(answers: Sequence[PlacementAnswer]) -> list[Rich]:
    """What was right, question by question."""
    lines = [_line(number, each) for number, each in enumerate(answers, 1)]
    return [join("\n", [bold("Question by question"), *lines])] if lines else []


def _line(number: int, answer: PlacementAnswer) -> str:
    item = answer.item
    head = f"{number}. {answer.skill_title}, {_OUTCOMES[answer.outcome]}"
    return f"{head}. {_short(item.stem)} Right is: {item.options[item.key].text}"


def _short(text: str) -> str:
    """Cut at a word."""
    return text if len(text) <= MAX_STEM else text[:MAX_STEM].rsplit(" ", 1)[0] + " …"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
