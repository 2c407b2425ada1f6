"""Button presses as values, and as the at most 64 bytes of callback data that Telegram carries."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal, TypeGuard, get_args

from bot.guidance.results import SettingName
from bot.learning.plan import LEAST_HOURS_A_WEEK, MOST_HOURS_A_WEEK

MAX_CALLBACK_BYTES = 64  # Telegram refuses more
MAX_ID = 2**63 - 1  # a row's
_CLOCK = re.compile(r"([01][0-9]|2[0-3])[0-5][0-9](/[12])?")
_EVERY: dict[str, Literal[1, 2] | None] = {"": None, "/1": 1, "/2": 2}  # days

SkillWord = Literal["start", "known", "later", "check", "trust"]
PromptWord = Literal["later", "skip", "now"]
PlacementAct = Literal["begin", "anew", "stop"]


@dataclass(frozen=True)
class OpenNote:
    """Show this note."""

    note_id: str


@dataclass(frozen=True)
class RateAnswer:
    """Say whether the answer to one's question helped."""

    question_id: int
    was_helpful: bool


@dataclass(frozen=True)
class KeepNote:
    """Keep this note among the saved ones, or no longer."""

    note_id: str
    is_kept: bool


@dataclass(frozen=True)
class ShowSaved:
    """Show a page of the saved notes, from 0; with `is_tidying` its buttons remove."""

    page: int
    is_tidying: bool = False


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
class VoteInGroup:
    """Choose this option of an item that a group was shown with buttons."""

    quiz_id: int
    option_id: str


@dataclass(frozen=True)
class ChooseNext:
    """Show the next step."""


@dataclass(frozen=True)
class SkillWish:
    """Say something of a skill: begin it, know it already, by two questions or on one's word, or not now."""

    wish: SkillWord
    skill_id: str


@dataclass(frozen=True)
class ShowProgress:
    """Show where the learner stands."""


@dataclass(frozen=True)
class ShowDaily:
    """Show when the daily question comes, and how to change it."""


@dataclass(frozen=True)
class SetDaily:
    """A question at this time of the learner's clock; None: no more. Every so many days, if it says so."""

    at: time | None
    every: Literal[1, 2] | None = None


@dataclass(frozen=True)
class KeepDaily:
    """Go on with the daily question, every so many days."""

    every: Literal[1, 2]


@dataclass(frozen=True)
class SetWeekly:
    """A summary every Sunday, or no more."""

    is_wanted: bool


@dataclass(frozen=True)
class AboutPrompt:
    """What becomes of this daily prompt: in some hours, not today, or now after all."""

    word: PromptWord
    prompt_id: int


@dataclass(frozen=True)
class SetMeUp:
    """Begin the questions of the enrolment."""


@dataclass(frozen=True)
class SkipQuestion:
    """Leave a question of the enrolment open."""

    what: SettingName


@dataclass(frozen=True)
class ChooseSetting:
    """Set something to this value, as an answer of the enrolment or by itself."""

    what: SettingName
    value: str
    is_enrolment: bool


@dataclass(frozen=True)
class ChangeSetting:
    """Show what there is to choose from."""

    what: SettingName


@dataclass(frozen=True)
class ShowSettings:
    """Show what is set."""


@dataclass(frozen=True)
class StartPlacement:
    """Tell what a placement is, and offer it."""


@dataclass(frozen=True)
class Place:
    """Begin a placement or go on with it, begin one anew, or end it."""

    act: PlacementAct


@dataclass(frozen=True)
class ShowPlan:
    """Show the weeks to the goal."""


@dataclass(frozen=True)
class PlanWith:
    """Have so many hours a week, from now on."""

    hours: int


@dataclass(frozen=True)
class PlanAsCalendar:
    """Send the plan as a file for a calendar."""


@dataclass(frozen=True)
class ExportMe:
    """Send everything stored about the learner."""


@dataclass(frozen=True)
class ShowTroubles:
    """For operators: show what waits for them, of this kind, from the one of this number on."""

    kind: Literal["items", "aside", "unsent"]
    after: int = 0


@dataclass(frozen=True)
class SettleTrouble:
    """For operators: try an update or a message again that failed, or drop it."""

    box: Literal["aside", "unsent"]
    act: Literal["retry", "drop"]
    row_id: int


@dataclass(frozen=True)
class ClearItem:
    """For operators: the reports of an item, named by its digest, count no more."""

    digest: str


@dataclass(frozen=True)
class ShowGaps:
    """For operators: show what was asked in vain, from the matter of this number on."""

    after: int = 0


@dataclass(frozen=True)
class WriteNote:
    """For operators: send a note to fill, about what this question asked in vain."""

    question_id: int


@dataclass(frozen=True)
class SettleGap:
    """For operators: what this question asked in vain is seen to."""

    question_id: int


@dataclass(frozen=True)
class SteerBroadcast:
    """For operators: send a broadcast, rehearse it, stop it, or show how far it is."""

    act: Literal["send", "rehearse", "stop", "show"]
    broadcast_id: int


Press = (
    OpenNote
    | RateAnswer
    | KeepNote
    | ShowSaved
    | ForgetMe
    | AnswerItem
    | ShowHint
    | ReportItem
    | QuizMe
    | VoteInGroup
    | ChooseNext
    | SkillWish
    | ShowProgress
    | ShowDaily
    | SetDaily
    | KeepDaily
    | SetWeekly
    | AboutPrompt
    | SetMeUp
    | SkipQuestion
    | ChooseSetting
    | ChangeSetting
    | ShowSettings
    | StartPlacement
    | Place
    | ShowPlan
    | PlanWith
    | PlanAsCalendar
    | ExportMe
    | ShowTroubles
    | SettleTrouble
    | ClearItem
    | ShowGaps
    | WriteNote
    | SettleGap
    | SteerBroadcast
)


def encode(press: Press) -> str:
    """`press` as callback data. Data of earlier versions must stay readable: old buttons live on in chats."""
    match press:
        case OpenNote(note_id):
            return f"note:{note_id}"
        case RateAnswer(question_id, was_helpful):
            return f"rate:{'yes' if was_helpful else 'no'}:{question_id}"
        case KeepNote(note_id, is_kept):
            return f"{'save' if is_kept else 'drop'}:{note_id}"
        case ShowSaved(page, is_tidying):
            return f"saved:{page}:{'tidy' if is_tidying else 'open'}"
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
        case VoteInGroup(quiz_id, option_id):
            return f"group:{quiz_id}:{option_id}"
        case ChooseNext():
            return "next"
        case SkillWish(wish, skill_id):
            return f"skill:{wish}:{skill_id}"
        case ShowProgress():
            return "progress"
        case ShowDaily():
            return "daily"
        case SetDaily(None):
            return "daily:off"
        case SetDaily(at, every):
            return f"daily:at:{at:%H%M}" + (f"/{every}" if every else "")
        case KeepDaily(every):
            return f"daily:every:{every}"
        case SetWeekly(is_wanted):
            return f"weekly:{'on' if is_wanted else 'off'}"
        case AboutPrompt(word, prompt_id):
            return f"prompt:{word}:{prompt_id}"
        case SetMeUp():
            return "setup"
        case SkipQuestion(what):
            return f"skip:{what}"
        case ChooseSetting(what, value, is_enrolment):
            return f"{'enrol' if is_enrolment else 'set'}:{what}:{value}"
        case ChangeSetting(what):
            return f"change:{what}"
        case ShowSettings():
            return "settings"
        case StartPlacement():
            return "placement"
        case Place(act):
            return f"place:{act}"
        case ShowPlan():
            return "plan"
        case PlanWith(hours):
            return f"plan:hours:{hours}"
        case PlanAsCalendar():
            return "plan:calendar"
        case ExportMe():
            return "export"
        case ShowTroubles(kind, after):
            return f"troubles:{kind}:{after}"
        case SettleTrouble(box, act, row_id):
            return f"{box}:{act}:{row_id}"
        case ClearItem(digest):
            return f"item:clear:{digest}"
        case ShowGaps(after):
            return f"gaps:{after}"
        case WriteNote(question_id):
            return f"gap:{question_id}"
        case SettleGap(question_id):
            return f"gap:done:{question_id}"
        case SteerBroadcast(act, broadcast_id):
            return f"cast:{act}:{broadcast_id}"


def decode(data: str) -> Press | None:
    """The press behind `data`, or None for data this version does not know."""
    if data.startswith("note:"):
        return OpenNote(data[5:]) if data[5:] else None
    if data.startswith(("save:", "drop:")):
        return KeepNote(data[5:], data.startswith("save:")) if data[5:] else None
    match data.split(":", 2):
        case ["rate", ("yes" | "no") as word, number] if _is_id(number):
            return RateAnswer(int(number), word == "yes")
        case ["saved", number, ("open" | "tidy") as word] if _is_id(number):
            return ShowSaved(int(number), word == "tidy")
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
        case ["group", number, option_id] if _is_id(number) and option_id:
            return VoteInGroup(int(number), option_id)
        case ["next"]:
            return ChooseNext()
        case ["skill", ("start" | "known" | "later" | "check" | "trust") as wish, skill_id] if skill_id:
            return SkillWish(wish, skill_id)
        case ["progress"]:
            return ShowProgress()
        case ["daily"]:
            return ShowDaily()
        case ["daily", "off"]:
            return SetDaily(None)
        case ["daily", "at", clock] if _CLOCK.fullmatch(clock):
            return SetDaily(time(int(clock[:2]), int(clock[2:4])), _EVERY[clock[4:]])
        case ["daily", "every", ("1" | "2") as days]:
            return KeepDaily(1 if days == "1" else 2)
        case ["weekly", ("on" | "off") as word]:
            return SetWeekly(word == "on")
        case ["prompt", ("later" | "skip" | "now") as word, number] if _is_id(number):
            return AboutPrompt(word, int(number))
        case ["placement"]:
            return StartPlacement()
        case ["place", ("begin" | "anew" | "stop") as act]:
            return Place(act)
        case ["plan"]:
            return ShowPlan()
        case ["plan", "hours", number] if _is_hours(number):
            return PlanWith(int(number))
        case ["plan", "calendar"]:
            return PlanAsCalendar()
        case ["export"]:
            return ExportMe()
    return _decode_setting(data)


def _decode_setting(data: str) -> Press | None:
    match data.split(":", 2):
        case ["setup"]:
            return SetMeUp()
        case ["skip", what] if _is_setting(what):
            return SkipQuestion(what)
        case [("enrol" | "set") as kind, what, value] if _is_setting(what) and value:
            return ChooseSetting(what, value, kind == "enrol")
        case ["change", what] if _is_setting(what):
            return ChangeSetting(what)
        case ["settings"]:
            return ShowSettings()
    return _decode_operators(data)


def _decode_operators(data: str) -> Press | None:
    match data.split(":", 2):
        case ["troubles", ("items" | "aside" | "unsent") as kind, number] if _is_id(number):
            return ShowTroubles(kind, int(number))
        case [("aside" | "unsent") as box, ("retry" | "drop") as act, number] if _is_id(number):
            return SettleTrouble(box, act, int(number))
        case ["item", "clear", digest] if digest:
            return ClearItem(digest)
        case ["gaps", number] if _is_id(number):
            return ShowGaps(int(number))
        case ["gap", number] if _is_id(number):
            return WriteNote(int(number))
        case ["gap", "done", number] if _is_id(number):
            return SettleGap(int(number))
        case ["cast", ("send" | "rehearse" | "stop" | "show") as act, number] if _is_id(number):
            return SteerBroadcast(act, int(number))
    return None


def _is_setting(text: str) -> TypeGuard[SettingName]:
    return text in get_args(SettingName)


def _is_hours(text: str) -> bool:
    """Whether it is a number of hours to plan a week with, written in the only way we write it."""
    return _is_id(text) and text == str(int(text)) and LEAST_HOURS_A_WEEK <= int(text) <= MOST_HOURS_A_WEEK


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= MAX_ID
