"""What is no question, and buttons that are old, gone or pressed twice: a kind line, and never silence."""

from datetime import time
from time import monotonic
from typing import get_args

import pytest

from bot.chat.buttons import (
    AboutPrompt,
    AnswerItem,
    ChangeSetting,
    ChooseNext,
    ChooseSetting,
    ClearItem,
    ExportMe,
    ForgetMe,
    KeepDaily,
    KeepNote,
    OpenNote,
    Place,
    PlanAsCalendar,
    PlanWith,
    Press,
    QuizMe,
    RateAnswer,
    ReportItem,
    SetDaily,
    SetMeUp,
    SettleGap,
    SettleTrouble,
    SetWeekly,
    ShowDaily,
    ShowGaps,
    ShowHint,
    ShowPlan,
    ShowProgress,
    ShowSaved,
    ShowSettings,
    ShowTroubles,
    SkillWish,
    SkipQuestion,
    StartPlacement,
    SteerBroadcast,
    VoteInGroup,
    WriteNote,
    encode,
)
from bot.chat.views import failures
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Options
from bot.sandbox.values import Json
from knowledge.library import Library
from tests.journeys.conftest import Learner, RunningBot, labels, until

QUESTION = "is it hard?"
PRESSES: list[Press] = [
    OpenNote("path.overview"),
    AnswerItem(1, "a"),
    ShowHint(1),
    ReportItem(1),
    ChooseNext(),
    SkillWish("start", "python"),
    QuizMe("python"),
    ShowProgress(),
    SetMeUp(),
    SkipQuestion("goal"),
    ChooseSetting("goal", "data-scientist", is_enrolment=True),
    ChooseSetting("zone", "Europe/Berlin", is_enrolment=False),
    ChangeSetting("zone"),
    ShowSettings(),
    ShowPlan(),
    PlanWith(5),
    PlanAsCalendar(),
    ExportMe(),
    ShowDaily(),
    SetDaily(time(8)),
    KeepDaily(2),
    SetWeekly(is_wanted=True),
    AboutPrompt("later", 1),
    StartPlacement(),
    Place("begin"),
    ForgetMe(is_sure=False),
    ForgetMe(is_sure=True),
    ShowSaved(0),
]
# Some are answered where the button spins, without a message: test_keeping, test_group_quizzes. Others are
# for operators alone: test_operating.
PRESSED_ELSEWHERE = {
    *(RateAnswer, KeepNote, VoteInGroup),
    *(ShowTroubles, SettleTrouble, ClearItem, ShowGaps, WriteNote, SettleGap, SteerBroadcast),
}


ONLY_TEXT, EDITED = failures.not_text().text.text, failures.edited().text.text


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "document", "contact"])
async def test_what_is_not_text_is_declined_kindly(alex: Learner, kind: str) -> None:
    assert (await alex.asks(kind=kind))["text"] == ONLY_TEXT
    assert (await alex.asks(QUESTION))["text"] != ONLY_TEXT


async def test_many_pictures_in_a_row_are_declined_once(alex: Learner) -> None:
    for _ in range(8):
        await alex.writes(kind="photo")
    await alex.writes("thanks")
    [line, last] = await alex.has_read(2)
    assert line["text"] == ONLY_TEXT
    assert last["text"].startswith("You're welcome")


async def test_of_an_album_the_words_under_one_picture_are_answered_and_nothing_else_is_said(
    alex: Learner, client: SandboxClient
) -> None:
    first = await alex.writes(kind="photo", caption=QUESTION)
    answer = await alex.reads()
    album = {name: value for name, value in first.items() if name != "caption"} | {"media_group_id": "7"}
    await deliver(client, album | {"caption": QUESTION})
    for _ in range(7):
        await deliver(client, album)
    await alex.writes("thanks")
    replies = [reply["text"] for reply in await alex.has_read(3)]
    assert replies[:2] == [answer["text"]] * 2
    assert replies[2].startswith("You're welcome")


async def deliver(client: SandboxClient, message: Json, kind: str = "message") -> None:
    """An update as the sandbox's learners don't cause it."""
    await client.call("POST", "updates", {kind: message})


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
async def test_a_question_under_a_picture_or_a_file_is_answered_like_any_other(
    alex: Learner, kind: str
) -> None:
    in_words = await alex.asks(QUESTION)
    in_a_caption = await alex.asks(kind=kind, caption=QUESTION)
    assert in_a_caption["text"] == in_words["text"]
    assert labels(in_a_caption) == labels(in_words)


async def test_who_asks_about_the_picture_itself_is_told_that_it_is_not_seen(alex: Learner) -> None:
    declined = await alex.asks(kind="photo", caption="what does this mean?")
    assert declined["text"].startswith("I can't look at pictures")
    assert labels(declined)


async def edits(alex: Learner, message: Json, text: str) -> None:
    edit = {"chat_id": alex.chat_id, "message_id": message["message_id"], "text": text}
    await alex.client.call("POST", "messages/edit", edit)


async def test_a_question_put_right_is_answered_and_the_answer_before_stays(alex: Learner) -> None:
    asked = await alex.writes("how do I get a cat?")
    declined = await alex.reads()
    await edits(alex, asked, "how do I get a cat?")
    await edits(alex, asked, QUESTION)
    assert (await alex.reads())["text"] == (await alex.asks(QUESTION))["text"]
    assert (await alex.client.replies())[0] == declined


async def test_an_edited_command_or_an_answer_to_an_item_is_noticed_alone(alex: Learner) -> None:
    asked = await alex.writes("/help")
    await alex.reads()
    await edits(alex, asked, "/privacy")
    assert (await alex.reads())["text"] == EDITED
    chosen = await alex.writes("thanks")
    await alex.reads()
    await edits(alex, chosen, "b")
    assert "welcome" in (await alex.asks("thank you"))["text"], "and that once a minute"


async def test_what_is_edited_long_after_is_noticed_alone(alex: Learner, client: SandboxClient) -> None:
    asked = await alex.writes(QUESTION)
    await alex.reads()
    old = {"date": asked["date"] - 3600, "edit_date": asked["date"], "text": "how long does it take?"}
    await deliver(client, asked | old, "edited_message")
    assert (await alex.reads())["text"] == EDITED


async def test_many_edits_are_noticed_once_and_a_moving_location_never(
    alex: Learner, client: SandboxClient
) -> None:
    asked = await alex.writes(QUESTION)
    await alex.reads()
    for seconds in range(5):
        where = {"location": {"latitude": 52.5, "longitude": 13.4 + seconds / 1000, "live_period": 900}}
        moved = {name: value for name, value in asked.items() if name != "text"} | where
        await deliver(client, moved | {"edit_date": asked["date"] + seconds}, "edited_message")
    for text in ("/help", "/help me", "/help me please"):
        await edits(alex, asked, text)
    await alex.writes("thanks")
    replies = [reply["text"] for reply in await alex.has_read(3)]
    assert replies[1] == EDITED
    assert replies[2].startswith("You're welcome")


async def test_a_command_that_a_server_marks_with_an_empty_list_is_one(
    alex: Learner, client: SandboxClient
) -> None:
    asked = await alex.writes(QUESTION)
    await alex.reads()
    await deliver(client, asked | {"text": "/help", "entities": []})
    assert "Just write your question" in (await alex.reads())["text"]


async def test_a_learner_of_whom_only_the_id_is_told_is_answered(
    alex: Learner, client: SandboxClient
) -> None:
    asked = await alex.writes(QUESTION)
    answer = await alex.reads()
    await deliver(client, asked | {"from": {"id": alex.telegram_id}})
    assert (await alex.reads())["text"] == answer["text"]


async def test_a_command_nobody_knows_is_told_as_such(alex: Learner) -> None:
    for command in ["/nightly", "/helpme", "/start@other_bot", "/help@other_bot", "/42"]:
        assert (await alex.asks(command))["text"] == failures.unknown_command().text.text, command


async def test_what_only_looks_like_a_command_gets_a_reply(alex: Learner) -> None:
    for text in ["/", "/ help", "/Ünï", "//start", "a/b"]:
        assert (await alex.asks(text))["text"]


async def test_a_button_of_another_version_is_told_as_such_and_stops_spinning(
    alex: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    await alex.asks("/start")
    for number, data in enumerate(["answers:17:3", "note:", "x", "😀" * 16], 1):
        old = await bot.sends(alex.chat_id, "from an older version", data)
        await alex.reads()
        assert (await alex.presses(old, data))["text"] == failures.old_button().text.text, data
        assert await spinners_stopped(client, number) == [200] * number


async def test_a_button_for_a_note_that_is_gone_offers_others(
    alex: Learner, bot: RunningBot, library: Library
) -> None:
    await alex.asks("/start")
    old = await bot.sends(alex.chat_id, "an answer of last year", "note:skills.cobol")
    await alex.reads()
    gone = await alex.presses(old, "note:skills.cobol")
    assert "rewritten" in gone["text"]
    assert labels(gone) == [note.title for note in library.starters]


def test_every_button_is_pressed_below() -> None:
    assert {type(press) for press in PRESSES} | PRESSED_ELSEWHERE == {*get_args(Press)}


@pytest.mark.parametrize("part", [0, 1])  # all at once would be a flood
async def test_no_button_of_this_version_is_taken_for_an_old_one(
    alex: Learner, bot: RunningBot, part: int
) -> None:
    await alex.asks("/start")
    for data in map(encode, PRESSES[part::2]):
        shown = await bot.sends(alex.chat_id, "some message", data)
        await alex.reads()
        reply = await alex.presses(shown, data)
        assert reply.get("text") != failures.old_button().text.text, data


async def test_a_double_tap_is_answered_once_and_stops_spinning_both_times(
    alex: Learner, client: SandboxClient
) -> None:
    greeting = await alex.asks("/start")
    label = labels(greeting)[0]
    for _ in range(2):
        await client.presses(greeting, label)
    assert await spinners_stopped(client, 2) == [200, 200]
    assert (await alex.reads())["text"].startswith(label)
    assert (await alex.presses_again(greeting, label))["text"].startswith(label)
    assert len(await alex.has_read(3)) == 3


@pytest.mark.parametrize("options", [Options(callback_seconds=0)], ids=["after an outage"])
async def test_a_button_pressed_long_ago_is_answered_though_it_no_longer_spins(
    alex: Learner, client: SandboxClient
) -> None:
    greeting = await alex.asks("/start")
    label = labels(greeting)[0]
    assert (await alex.presses(greeting, label))["text"].startswith(label)
    assert await spinners_stopped(client) == [400]


async def test_a_spinner_that_cannot_be_stopped_holds_up_no_reply(
    alex: Learner, client: SandboxClient
) -> None:
    greeting = await alex.asks("/start")
    await client.faults("hang", "answerCallbackQuery", times=1)
    pressed_at = monotonic()
    assert (await alex.presses(greeting, labels(greeting)[0]))["text"]
    assert monotonic() - pressed_at < 4, "as long as python-telegram-bot waits for an answer"


async def spinners_stopped(client: SandboxClient, count: int = 1) -> list[int]:
    """The statuses of the bot's answers to presses, once there are so many."""

    async def enough() -> list[Json]:
        calls = await client.calls("answerCallbackQuery")
        return calls if len(calls) >= count else []

    return [call["status"] for call in await until(enough, f"{count} answered presses")]
