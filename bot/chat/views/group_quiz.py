"""How quizzes in groups read: the item, its end, and the scoreboard. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.buttons import AnswerItem, OpenNote, QuizMe, VoteInGroup
from bot.chat.links import Target, address_of, group_address
from bot.chat.views.catalogue import N_, _, many
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
NEXT = N_("Next question")


def group_quiz(result: GroupAsked | GroupStillOpen | GroupNothing) -> Reply:
    """The reply to a group that wants an item."""
    match result:
        case GroupAsked():
            return _asked(result)
        case GroupStillOpen():
            text = _(
                "One question is still fresh: answer that one first. In half a minute the next may come."
            )
            return Reply(Rich(text))
        case GroupNothing(title):
            return Reply(Rich(_nothing(title)))


def closed(result: GroupClosed, username: str) -> Reply:
    """What was right, who knew it, and how all stand."""
    item = result.item
    key = item.options[item.key]
    right = join("\n", [bold(item.stem), _("Right is: {key}").format(key=key.text)])
    private = Link(_(IN_PRIVATE), address_of(username, Target("quiz", result.skill_id)))
    rows: tuple[Row, ...] = (
        (_next(), private),
        (Button(result.note.title, OpenNote(result.note.id)),),
    )
    return Reply(join("\n\n", [right, _who(result), _scores(result.best)]), rows)


def scores(result: Scoreboard) -> Reply:
    """How the members of a group stand."""
    if not result.best:
        return Reply(Rich(_("Nobody has answered here yet. Begin with this button:")), ((_next(),),))
    return Reply(_scores(result.best), ((_next(),),))


def in_groups(username: str) -> Reply:
    """Somebody asks for a scoreboard in private."""
    text = _("Scores are for groups: bring me into one, ask for /quiz there, and everybody votes.")
    there = Link(_("Bring me into a group"), group_address(username))
    return Reply(Rich(text), ((there,), (Button(_("Quiz me"), QuizMe()),)))


def noted(result: GroupVoted | GroupOver) -> str:
    """What appears for a moment where an answer is a button."""
    match result:
        case GroupVoted(is_first=True):
            return _("Noted. What is right I tell all at the end.")
        case GroupVoted():
            return _("You have answered already; the first answer counts.")
        case GroupOver():
            return _("That question is closed. /quiz asks the next.")


def nameless() -> str:
    """What a voter is called whose name holds nothing to read."""
    return _("Somebody")


def _next() -> Button:
    return Button(_(NEXT), QuizMe())


def _nothing(title: str | None) -> str:
    if title is None:
        return _("You have seen all my easier questions lately. Try a skill of your own: /quiz and its name.")
    return _(
        "You have seen all my questions on {skill} lately. Try another skill: /quiz and its name."
    ).format(skill=title)


def _asked(result: GroupAsked) -> Reply:
    minutes = round(result.open_for.total_seconds() / 60)
    head = many(
        "A question for all of you on {skill}, open for {number} minute.",
        "A question for all of you on {skill}, open for {number} minutes.",
        minutes,
        skill=result.skill_title,
    )
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
    if not right:
        return many(
            "One answered; nobody had it. A hard one: the note below tells more.",
            "{number} answered; nobody had it. A hard one: the note below tells more.",
            len(result.votes),
        )
    return many(
        "One answered. Right: {names}.",
        "{number} answered. Right: {names}.",
        len(result.votes),
        names=_named(right),
    )


def _named(right: Sequence[str]) -> str:
    names = ", ".join(right[:MAX_NAMES])
    if len(right) <= MAX_NAMES:
        return names
    return many("{names} and {number} more", "{names} and {number} more", len(right) - MAX_NAMES, names=names)


def _rank(score: Score) -> tuple[int, int]:
    """Who had as many right of as many stands at the same place."""
    return score.right, score.answered


def _scores(best: Sequence[Score]) -> Rich:
    places = [_rank(score) for score in best]
    lines = [
        _("{place}. {name}: {right} of {answered} right").format(
            place=1 + places.index(_rank(score)), name=score.name, right=score.right, answered=score.answered
        )
        for score in best
    ]
    head = many("Scores of the last day", "Scores of the last {number} days", KEPT.days)
    return join("\n", [bold(head), *lines])
