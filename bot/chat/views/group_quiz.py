"""How quizzes in groups read: the item, its end, and the scoreboard. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.buttons import AnswerItem, OpenNote, QuizMe, VoteInGroup
from bot.chat.links import Target, address_of, group_address
from bot.chat.views.quiz import put
from bot.chat.views.reply import Button, Link, Reply, Row
from bot.chat.views.rich import Rich, bold, join
from bot.chat.views.under import IN_PRIVATE
from bot.guidance.results import (
    Asked,
    GroupAsked,
    GroupClosed,
    GroupNothing,
    GroupOver,
    GroupStillOpen,
    GroupVoted,
    Scoreboard,
)
from bot.learning.evidence import Outcome
from bot.storage.group_quizzes import KEPT, Score

MAX_NAMES = 10  # of those who were right; more would be a wall of text
NEXT = "Next question"


def group_quiz(result: GroupAsked | GroupStillOpen | GroupNothing) -> Reply:
    """The reply to a group that wants an item."""
    match result:
        case GroupAsked():
            return _asked(result)
        case GroupStillOpen():
            text = "One question is still fresh: answer that one first. In half a minute the next may come."
            return Reply(Rich(text))
        case GroupNothing(title):
            subject = f"on {title} " if title else ""
            text = f"You have seen all my questions {subject}lately. Try another skill: /quiz python."
            return Reply(Rich(text))


def closed(result: GroupClosed, username: str) -> Reply:
    """What was right, who knew it, and how all stand."""
    item = result.item
    key = item.options[item.key]
    right = join("\n", [bold(item.stem), f"Right is: {key.text}"])
    private = Link(IN_PRIVATE, address_of(username, Target("quiz", result.skill_id)))
    rows: tuple[Row, ...] = (
        (Button(NEXT, QuizMe()), private),
        (Button(result.note.title, OpenNote(result.note.id)),),
    )
    return Reply(join("\n\n", [right, _who(result), _scores(result.best)]), rows)


def scores(result: Scoreboard) -> Reply:
    """How the members of a group stand."""
    if not result.best:
        return Reply(Rich("Nobody has answered here yet. Begin with this button:"), ((_NEXT,),))
    return Reply(_scores(result.best), ((_NEXT,),))


def in_groups(username: str) -> Reply:
    """Somebody asks for a scoreboard in private."""
    text = "Scores are for groups: bring me into one, ask for /quiz there, and everybody votes."
    return Reply(Rich(text), ((Link("Bring me into a group", group_address(username)),), (_ALONE,)))


def noted(result: GroupVoted | GroupOver) -> str:
    """What appears for a moment where an answer is a button."""
    match result:
        case GroupVoted(is_first=True):
            return "Noted. What is right I tell all at the end."
        case GroupVoted():
            return "You have answered already; the first answer counts."
        case GroupOver():
            return "That question is closed. /quiz asks the next."


_NEXT, _ALONE = Button(NEXT, QuizMe()), Button("Quiz me", QuizMe())


def _asked(result: GroupAsked) -> Reply:
    minutes = round(result.open_for.total_seconds() / 60)
    head = f"A question for all of you on {result.skill_title}, open for {minutes} minutes."
    made = put(Asked(0, result.skill_title, result.item, result.options), (), head)
    if made.poll is None:
        return _with_own_buttons(made, result.quiz_id)
    poll = replace(
        made.poll,
        attempt_id=None,
        group_quiz_id=result.quiz_id,
        open_seconds=round(result.open_for.total_seconds()),
        instead=_with_own_buttons(made.poll.instead, result.quiz_id),
    )
    return replace(made, poll=poll)


def _with_own_buttons(reply: Reply, quiz_id: int) -> Reply:
    """An answer's buttons count for whoever presses them."""
    return replace(reply, rows=tuple(tuple(_own(each, quiz_id) for each in row) for row in reply.rows))


def _own(button: Button | Link, quiz_id: int) -> Button | Link:
    if isinstance(button, Button) and isinstance(button.press, AnswerItem):
        return Button(button.label, VoteInGroup(quiz_id, button.press.option_id))
    return button


def _who(result: GroupClosed) -> str:
    right = [vote.name for vote in result.votes if vote.outcome == Outcome.CORRECT]
    answered = f"{len(result.votes)} answered" if len(result.votes) > 1 else "One answered"
    if not right:
        return f"{answered}; nobody had it. A hard one: the note below tells more."
    more = f" and {len(right) - MAX_NAMES} more" if len(right) > MAX_NAMES else ""
    return f"{answered}. Right: {', '.join(right[:MAX_NAMES])}{more}."


def _scores(best: Sequence[Score]) -> Rich:
    lines = [
        f"{place}. {score.name}: {score.right} of {score.answered} right"
        for place, score in enumerate(best, 1)
    ]
    return join("\n", [bold(f"Scores of the last {KEPT.days} days"), *lines])
