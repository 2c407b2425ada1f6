"""How items, their feedback and all that may happen to them read. Pure."""

import re
from datetime import date
from typing import Literal

from bot.chat.buttons import (
    AnswerItem,
    ChooseNext,
    OpenNote,
    Place,
    QuizMe,
    ReportItem,
    ShowHint,
    ShowProgress,
)
from bot.chat.views.amounts import between
from bot.chat.views.links import challenge
from bot.chat.views.reply import Button, Poll, Reply, Row
from bot.chat.views.rich import Mark, Rich, bold, join, with_code
from bot.guidance.results import (
    AlreadyAnswered,
    Asked,
    Feedback,
    Hint,
    ItemGone,
    ItemReported,
    NothingToAsk,
    Quizzed,
)
from bot.learning.evidence import Outcome
from bot.learning.quiz import UNSURE_OPTION
from knowledge.schema import Item

UNSURE = "I don't know"
# Telegram's limits for a quiz poll, in characters; what does not fit is shown with buttons.
MAX_QUESTION, MAX_OPTION, MAX_EXPLANATION, MAX_DESCRIPTION = 300, 100, 200, 1024
_LETTERS = "ABCDEFGHIJKL"

AboutItem = Literal["why", "hint", "unsure"]
# What learners write of the item at hand; the whole message, or it is something else.
_IT = r"(?: (?:it|this|that|this one|that one|the answer|the question|why))?"
_ABOUT_ITEM: tuple[tuple[str, AboutItem], ...] = (
    (r"(?:but |and |so )?(?:why(?: not)?|how come|how so|huh)", "why"),
    (r"why (?:is|was) (?:it|this|that|mine|my answer) (?:wrong|right|false|correct|not right|so)", "why"),
    (rf"(?:sorry,? )?(?:but )?i (?:still )?(?:don'?t|do not|didn'?t) (?:get|understand){_IT}", "why"),
    (rf"(?:(?:can|could|would) you (?:please )?|please )?explain{_IT}(?: to me)?", "why"),
    (r"tell me (?:more|why)(?: about (?:it|this|that))?", "why"),
    (r"(?:(?:can|could|may) i (?:have|get) |give me |i need )?(?:a |some )?(?:hint|clue)", "hint"),
    (r"idk|dunno|no idea|no clue|(?:i )?(?:really )?(?:don'?t|do not) know", "unsure"),
    (r"not sure|i give up|pass", "unsure"),
)


def quizzed(result: Quizzed, username: str = "") -> Reply:
    """The reply to anything around an item; after an answer a friend may be asked the like."""
    match result:
        case Asked():
            return asked(result)
        case NothingToAsk(title, until_on):
            return _nothing(title, until_on)
        case Feedback():
            return feedback(result, username)
        case AlreadyAnswered(item, chosen, is_placing):
            return _already(item, chosen, Place("begin") if is_placing else QuizMe())
        case Hint(text):
            return Reply(
                with_code(f"A hint: {text}" if text else 'This one has no hint. "I don\'t know" is fine.')
            )
        case ItemReported():
            return Reply(
                Rich("Thank you. I have noted it; when three people say so, nobody is asked it again.")
            )
        case ItemGone():
            text = "That question is no longer open. Here is a fresh start:"
            return Reply(Rich(text), ((Button("Quiz me", QuizMe()),),))


def asked(result: Asked) -> Reply:
    """A native quiz poll."""
    return put(result, _hint(result))


def unknown_skill() -> Reply:
    """/quiz with a word that names nothing we teach."""
    text = "I know no skill by that name, so here is what I would ask you now. /progress names them all."
    return Reply(Rich(text))


def about_item(text: str) -> AboutItem | None:
    """What a few words say of the item at hand, if they are about nothing else."""
    said = " ".join(text.lower().replace("’", "'").split()).strip(" ?!.")
    said = said.removesuffix(" please").rstrip(",")
    return next((about for pattern, about in _ABOUT_ITEM if re.fullmatch(pattern, said)), None)


def put(
    result: Asked, rows: tuple[tuple[Button, ...], ...], head: str = "", *, is_graded: bool = True
) -> Reply:
    """A native poll with `head` beside it; one that does not fit is a message with a button for each option.

    A graded one tells at once what is right.
    """
    instead = _with_buttons(result, rows, head)
    item = result.item
    texts = tuple(_text_of(item, option_id) for option_id in result.options)
    beside = join("\n\n", [part for part in (Rich(head), _code(item.code)) if part.text])
    fits = len(item.stem) <= MAX_QUESTION and all(len(text) <= MAX_OPTION for text in texts)
    if not fits or len(beside.text) > MAX_DESCRIPTION:
        return instead
    poll = Poll(
        result.attempt_id,
        item.stem,
        texts,
        result.options.index(item.key) if is_graded else None,
        with_code(item.options[item.key].feedback).text[:MAX_EXPLANATION],
        beside,
        instead,
    )
    return Reply(Rich(item.stem), rows, poll=poll)


def _with_buttons(result: Asked, rows: tuple[tuple[Button, ...], ...], head: str) -> Reply:
    """The options are spelt out, as a phone cuts long labels; the buttons carry their letters."""
    item, options = result.item, result.options
    listed = [
        f"{_LETTERS[number]}. {_text_of(item, option_id)}"
        for number, option_id in enumerate(options)
        if option_id != UNSURE_OPTION
    ]
    letters = tuple(
        Button(_LETTERS[number], AnswerItem(result.attempt_id, option_id))
        for number, option_id in enumerate(options)
        if option_id != UNSURE_OPTION
    )
    unsure = (Button(UNSURE, AnswerItem(result.attempt_id, UNSURE_OPTION)),)
    told = (Rich(head), bold(item.stem), _code(item.code), Rich("\n".join(listed)))
    return Reply(join("\n\n", [part for part in told if part.text]), (letters, unsure, *rows))


def feedback(result: Feedback, username: str = "") -> Reply:
    """The chosen option's own words, the right one, what it did to mastery; one way on, and the note."""
    dare = (challenge(result.skill_id, result.skill_title, username),) if username else ()
    rows: tuple[Row, ...] = (
        (Button("Next question", QuizMe()), *dare),
        (Button(result.note.title, OpenNote(result.note.id)),),
        (Button("This question is wrong or unclear", ReportItem(result.attempt_id)),),
    )
    return Reply(join("\n\n", [graded(result), _mastery(result)]), rows)


def graded(result: Feedback) -> Rich:
    """The chosen option's own words, and the right one."""
    item = result.item
    key = item.options[item.key]
    why = with_code(_capitalised(key.feedback.removeprefix("Right: ")))  # this message says it itself
    if result.outcome is Outcome.CORRECT:
        told = [bold("Right."), why]
    elif result.outcome is Outcome.UNSURE:
        told = [bold(f"It is: {key.text}"), why]
    else:
        chosen = item.options[result.chosen]
        told = [bold("Not quite."), with_code(chosen.feedback), bold(f"Right is: {key.text}"), why]
    return join("\n", told)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mastery(result: Feedback) -> Rich:
    """What the answer did, as a range: one answer proves little, and the learner may see that."""
    before, after = result.before, result.after
    title = result.skill_title
    if after.is_mastered and not before.is_mastered:
        return bold(f"{title}: mastered!")
    here = f"I'd now expect {between(after.low, after.high)} of such questions right"
    if result.outcome is Outcome.CORRECT:
        return Rich(f"{title}: a step up. {here}.")
    return Rich(f"{title}: {here}. It will come back when you have had time for it.")


def _nothing(title: str | None, until_on: date | None) -> Reply:
    subject = f"on {title} " if title else ""
    if until_on is None:
        text = f"I have no questions {subject}yet."
    else:
        day = f"{until_on.day} {until_on:%B}"
        text = (
            f"You have seen all my questions {subject}lately, and they rest for two weeks. More from {day}."
        )
    rows = ((Button("What's next for me?", ChooseNext()),), (Button("My progress", ShowProgress()),))
    return Reply(Rich(text), rows)


def _already(item: Item, chosen: str, on: Place | QuizMe) -> Reply:
    text = f"You have answered this one already ({_text_of(item, chosen)}); the first answer counts."
    return Reply(Rich(text), ((Button("Next question", on),),))


def _hint(result: Asked) -> tuple[tuple[Button, ...], ...]:
    return ((Button("Give me a hint", ShowHint(result.attempt_id)),),) if result.item.hint else ()


def _text_of(item: Item, option_id: str) -> str:
    return UNSURE if option_id == UNSURE_OPTION else item.options[option_id].text


def _code(code: str | None) -> Rich:
    text = (code or "").rstrip("\n")
    return Rich(text, (Mark("pre", 0, len(text)),)) if text else Rich()
