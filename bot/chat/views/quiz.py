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
from bot.chat.views.catalogue import N_, _
from bot.chat.views.links import challenge
from bot.chat.views.reply import Button, Poll, Reply, Row
from bot.chat.views.rich import Mark, Rich, bold, fill, join, with_code
from bot.chat.views.times import day_of
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

UNSURE = N_("I don't know")
# Translators: how a pack in your language begins its feedback on a right answer. It is taken away, as the
# Translators: message says "Right." itself.
RIGHT = N_("Right:")
WRONG_OR_UNCLEAR = N_("This question is wrong or unclear")
# Telegram's limits for a quiz poll, in characters; what does not fit is shown with buttons.
MAX_QUESTION, MAX_OPTION, MAX_EXPLANATION, MAX_DESCRIPTION = 300, 100, 200, 1024
_LETTERS = "ABCDEFGHIJKL"

AboutItem = Literal["why", "hint", "unsure", "another", "enough", "unclear"]
# What learners write of the item at hand; the whole message, or it is something else.
_IT = r"(?: (?:it|this|that|this one|that one|the answer|the question|why))?"
_I_WANT = r"(?:i (?:want|would like)(?: to)? )?"
_ABOUT_ITEM: tuple[tuple[str, AboutItem], ...] = (
    (r"i (?:still )?(?:don'?t|do not|didn'?t|not|no) (?:get|understand) (?:the|this) question", "unclear"),
    (r"(?:explain|what (?:is|does|means)) (?:the|this) question(?: mean)?", "unclear"),
    (r"(?:but |and |so )?(?:why(?: not)?|how come|how so|huh)", "why"),
    (r"why (?:is|was) (?:it|this|that|mine|my answer) (?:wrong|right|false|correct|not right|so)", "why"),
    (rf"(?:sorry,? )?(?:but )?i (?:still )?(?:don'?t|do not|didn'?t|not|no) (?:get|understand){_IT}", "why"),
    (rf"(?:(?:can|could|would) you (?:please )?|please )?explain{_IT}(?: to me)?", "why"),
    (r"tell me (?:more|why)(?: about (?:it|this|that))?", "why"),
    (r"(?:(?:can|could|may) i (?:have|get) |give me |i need )?(?:a |some )?(?:hint|clue)", "hint"),
    (r"idk|dunno|no idea|no clue|(?:i )?(?:really )?(?:don'?t|do not) know", "unsure"),
    (r"not sure|i give up|pass", "unsure"),
    (r"(?:ok(?:ay)?,? )?(?:go on|continue|carry on|keep going)(?: with (?:it|the quiz))?", "another"),
    (r"(?:give me |ask me )?(?:another|one more)(?: one| question| quiz)?", "another"),
    (r"(?:give me |ask me )?(?:the )?next (?:one|question|quiz)", "another"),
    (r"skip (?:it|this|this one|this question|the question)|more questions", "another"),
    (rf"{_I_WANT}(?:stop|finish|quit|end|cancel|pause|exit)(?: (?:it|this|now|here))?", "enough"),
    (r"(?:that'?s |it'?s )?enough(?: for (?:now|today))?|no more(?: questions)?", "enough"),
)


_PLACES = {
    **{letter: number for number, letter in enumerate("abcdef")},
    **{str(number + 1): number for number in range(6)},
    **{"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1},
}
_PLACE = re.compile(
    r"(?:(?:i (?:think|say|choose|pick|guess|would say)|it(?:'s| is)|(?:my |the )?answer(?: is)?|option"
    rf"|number|letter|the),? )*(?P<place>{'|'.join(_PLACES)})(?: (?:one|option|answer))?"
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
            return Reply(_hinted(text))
        case ItemReported():
            text = _("Thank you. I have noted it; when three people say so, nobody is asked it again.")
            return Reply(Rich(text))
        case ItemGone():
            text = _("That question is no longer open. Here is a fresh start:")
            return Reply(Rich(text), ((Button(_("Quiz me"), QuizMe()),),))


def _hinted(hint: str | None) -> Rich:
    if hint:
        return fill(_("A hint: {hint}"), hint=with_code(hint))
    return Rich(_('This one has no hint. "{unsure}" is fine.').format(unsure=_(UNSURE)))


def no_hint() -> Reply:
    """In a placement, which finds out what is known."""
    return Reply(_hinted(None))


def asked(result: Asked) -> Reply:
    """A native quiz poll."""
    return put(result, _hint(result))


_UNKNOWN_SKILL = N_(
    "I know no skill by that name, so here is what I would ask you now. /progress names them all."
)
_UNKNOWN_SKILL_IN_A_GROUP = N_("I know no skill by that name.")


def unknown_skill(in_a_group: bool = False) -> Reply:
    """/quiz with a word that names nothing we teach."""
    return Reply(Rich(_(_UNKNOWN_SKILL_IN_A_GROUP if in_a_group else _UNKNOWN_SKILL)))


def about_item(text: str) -> AboutItem | None:
    """What a few words say of the item at hand, if they are about nothing else."""
    said = " ".join(text.lower().replace("’", "'").split()).strip(" ?!.")
    said = said.removesuffix(" please").rstrip(",")
    return next((about for pattern, about in _ABOUT_ITEM if re.fullmatch(pattern, said)), None)


def place_told(text: str) -> int | None:
    """Which option a few words name by its letter, number or place: from 0, or -1 for the last one."""
    said = " ".join(text.lower().replace("’", "'").split()).strip(" ?!.()")
    found = _PLACE.fullmatch(said)
    return _PLACES[found["place"]] if found else None


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
    unsure = (Button(_(UNSURE), AnswerItem(result.attempt_id, UNSURE_OPTION)),)
    told = (Rich(head), bold(item.stem), _code(item.code), Rich("\n".join(listed)))
    return Reply(join("\n\n", [part for part in told if part.text]), (letters, unsure, *rows))


def feedback(result: Feedback, username: str = "") -> Reply:
    """The chosen option's own words, the right one, what it did to mastery; one way on, and the note."""
    dare = (challenge(result.skill_id, result.skill_title, username),) if username else ()
    rows: tuple[Row, ...] = (
        (Button(_("Next question"), QuizMe()), *dare),
        (Button(result.note.title, OpenNote(result.note.id)),),
        (Button(_(WRONG_OR_UNCLEAR), ReportItem(result.attempt_id)),),
    )
    return Reply(join("\n\n", [graded(result), _mastery(result)]), rows)


def graded(result: Feedback) -> Rich:
    """The chosen option's own words, and the right one."""
    item = result.item
    key = item.options[item.key]
    why = with_code(_capitalised(key.feedback.removeprefix(_(RIGHT)).strip()))
    if result.outcome is Outcome.CORRECT:
        told = [bold(_("Right.")), why]
    elif result.outcome is Outcome.UNSURE:
        told = [bold(_("It is: {key}").format(key=key.text)), why]
    else:
        chosen = item.options[result.chosen]
        right = bold(_("Right is: {key}").format(key=key.text))
        told = [bold(_("Not quite.")), with_code(chosen.feedback), right, why]
    return join("\n", told)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mastery(result: Feedback) -> Rich:
    """What the answer did, as a range: one answer proves little, and the learner may see that."""
    before, after = result.before, result.after
    title = result.skill_title
    if after.is_mastered and not before.is_mastered:
        return bold(_("{skill}: mastered!").format(skill=title))
    if result.outcome is Outcome.CORRECT:
        told = _("{skill}: a step up. I'd now expect {share} of such questions right.")
    else:
        told = _(
            "{skill}: I'd now expect {share} of such questions right. "
            "It will come back when you have had time for it."
        )
    return Rich(told.format(skill=title, share=between(after.low, after.high)))


def _nothing(title: str | None, until_on: date | None) -> Reply:
    rows = ((Button(_("What's next for me?"), ChooseNext()),), (Button(_("My progress"), ShowProgress()),))
    return Reply(Rich(_none(title) if until_on is None else _none_until(title, day_of(until_on))), rows)


def _none(title: str | None) -> str:
    if title is None:
        return _("I have no questions yet.")
    return _("I have no questions on {skill} yet.").format(skill=title)


def _none_until(title: str | None, day: str) -> str:
    if title is None:
        text = _(
            "You have seen all my questions that fit you now, and they rest for two weeks. More from {day}; "
            "/quiz and the name of a skill asks on any."
        )
        return text.format(day=day)
    return _(
        "You have seen all my questions on {skill} lately, and they rest for two weeks. More from {day}."
    ).format(skill=title, day=day)


def _already(item: Item, chosen: str, on: Place | QuizMe) -> Reply:
    text = _("You have answered this one already ({answer}); the first answer counts.")
    said = Rich(text.format(answer=_text_of(item, chosen)))
    return Reply(said, ((Button(_("Next question"), on),),))


def _hint(result: Asked) -> tuple[tuple[Button, ...], ...]:
    return ((Button(_("Give me a hint"), ShowHint(result.attempt_id)),),) if result.item.hint else ()


def _text_of(item: Item, option_id: str) -> str:
    return _(UNSURE) if option_id == UNSURE_OPTION else item.options[option_id].text


def _code(code: str | None) -> Rich:
    text = (code or "").rstrip("\n")
    return Rich(text, (Mark("pre", 0, len(text)),)) if text else Rich()
