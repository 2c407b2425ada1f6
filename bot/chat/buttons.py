"""Button presses as values, and as the at most 64 bytes of callback data that Telegram carries."""

from dataclasses import dataclass
from typing import Literal

MAX_CALLBACK_BYTES = 64  # Telegram refuses more
MAX_ID = 2**63 - 1  # a row's

SkillWord = Literal["start", "known", "later"]


@dataclass(frozen=True)
class OpenNote:
    """Show this note."""

    note_id: str


@dataclass(frozen=True)
class ForgetMe:
    """Erase what is stored about the learner; asks again until `is_sure`."""

    is_sure: bool


@dataclass(frozen=True)
class AnswerItem:
    """Choose this option of an item that was shown with buttons."""

    attempt_id: int
    option_id: str


@dataclass(frozen=True)
class ShowHint:
    """Show the hint of an item before it is answered."""

    attempt_id: int


@dataclass(frozen=True)
class ReportItem:
    """Say that this item is wrong or unclear."""

    attempt_id: int


@dataclass(frozen=True)
class QuizMe:
    """Ask an item, of this skill if one is named."""

    skill_id: str | None = None


@dataclass(frozen=True)
class ChooseNext:
    """Show the next step."""


@dataclass(frozen=True)
class SkillWish:
    """Say something of a skill: begin it, know it already, or not now."""

    wish: SkillWord
    skill_id: str


@dataclass(frozen=True)
class ShowProgress:
    """Show where the learner stands."""


Press = (
    OpenNote | ForgetMe | AnswerItem | ShowHint | ReportItem | QuizMe | ChooseNext | SkillWish | ShowProgress
)


def encode(press: Press) -> str:
    """`press` as callback data. Data of earlier versions must stay readable: old buttons live on in chats."""
    match press:
        case OpenNote(note_id):
            return f"note:{note_id}"
        case ForgetMe(is_sure):
            return f"forget:{'sure' if is_sure else 'ask'}"
        case AnswerItem(attempt_id, option_id):
            return f"answer:{attempt_id}:{option_id}"
        case ShowHint(attempt_id):
            return f"hint:{attempt_id}"
        case ReportItem(attempt_id):
            return f"report:{attempt_id}"
        case QuizMe(skill_id):
            return f"quiz:{skill_id or ''}"
        case ChooseNext():
            return "next"
        case SkillWish(wish, skill_id):
            return f"skill:{wish}:{skill_id}"
        case ShowProgress():
            return "progress"


def decode(data: str) -> Press | None:
    """The press behind `data`, or None for data this version does not know."""
    if data.startswith("note:"):
        return OpenNote(data[5:]) if data[5:] else None
    match data.split(":", 2):
        case ["forget", ("ask" | "sure") as word]:
            return ForgetMe(word == "sure")
        case ["answer", number, option_id] if _is_id(number) and option_id:
            return AnswerItem(int(number), option_id)
        case ["hint", number] if _is_id(number):
            return ShowHint(int(number))
        case ["report", number] if _is_id(number):
            return ReportItem(int(number))
        case ["quiz", skill_id]:
            return QuizMe(skill_id or None)
        case ["next"]:
            return ChooseNext()
        case ["skill", ("start" | "known" | "later") as wish, skill_id] if skill_id:
            return SkillWish(wish, skill_id)
        case ["progress"]:
            return ShowProgress()
    return None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= MAX_ID
