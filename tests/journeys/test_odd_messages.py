"""What is no question, and buttons that are old, gone or pressed twice: a kind line, and never silence."""

from typing import get_args

import pytest

from bot.chat.buttons import ForgetMe, OpenNote, Press, encode
from bot.chat.views import failures
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Options
from bot.sandbox.values import Json
from knowledge.library import Library
from tests.journeys.conftest import Learner, RunningBot, labels, until

QUESTION = "is it hard?"
PRESSES: list[Press] = [OpenNote("path.overview"), ForgetMe(is_sure=False), ForgetMe(is_sure=True)]


async def test_what_is_not_text_is_declined_kindly(alex: Learner) -> None:
    for kind in ["sticker", "photo", "voice", "document", "location", "contact"]:
        assert (await alex.asks(kind=kind))["text"] == failures.not_text().text.text, kind
    assert (await alex.asks(QUESTION))["text"] != failures.not_text().text.text


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


async def test_an_edited_message_is_noticed_and_its_answer_stays(
    alex: Learner, client: SandboxClient
) -> None:
    asked = await alex.writes(QUESTION)
    answer = await alex.reads()
    edit = {"chat_id": alex.chat_id, "message_id": asked["message_id"], "text": "how long does it take?"}
    await client.call("POST", "messages/edit", edit)
    assert (await alex.reads())["text"] == failures.edited().text.text
    assert (await client.replies())[0] == answer


async def test_a_command_nobody_knows_is_told_as_such(alex: Learner) -> None:
    for command in ["/quiz", "/helpme", "/start@other_bot", "/help@other_bot", "/42"]:
        assert (await alex.asks(command))["text"] == failures.unknown_command().text.text, command


async def test_what_only_looks_like_a_command_gets_a_reply(alex: Learner) -> None:
    for text in ["/", "/ help", "/Ünï", "//start", "a/b"]:
        assert (await alex.asks(text))["text"]


async def test_a_button_of_another_version_is_told_as_such_and_stops_spinning(
    alex: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    await alex.asks("/start")
    for number, data in enumerate(["answer:17:3", "note:", "x", "😀" * 16], 1):
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


async def test_no_button_of_this_version_is_taken_for_an_old_one(alex: Learner, bot: RunningBot) -> None:
    assert {type(press) for press in PRESSES} == {*get_args(Press)}
    await alex.asks("/start")
    for data in map(encode, PRESSES):
        shown = await bot.sends(alex.chat_id, "some message", data)
        await alex.reads()
        assert (await alex.presses(shown, data))["text"] != failures.old_button().text.text, data


async def test_a_button_pressed_twice_is_answered_and_stops_spinning_both_times(
    alex: Learner, client: SandboxClient
) -> None:
    greeting = await alex.asks("/start")
    label = labels(greeting)[0]
    for _ in range(2):
        await client.presses(greeting, label)
    replies = await alex.has_read(3)
    assert all(reply["text"].startswith(label) for reply in replies[1:])
    assert await spinners_stopped(client, 2) == [200, 200]


@pytest.mark.parametrize("options", [Options(callback_seconds=0)], ids=["after an outage"])
async def test_a_button_pressed_long_ago_is_answered_though_it_no_longer_spins(
    alex: Learner, client: SandboxClient
) -> None:
    greeting = await alex.asks("/start")
    label = labels(greeting)[0]
    assert (await alex.presses(greeting, label))["text"].startswith(label)
    assert await spinners_stopped(client) == [400]


async def spinners_stopped(client: SandboxClient, count: int = 1) -> list[int]:
    """The statuses of the bot's answers to presses, once there are so many."""

    async def enough() -> list[Json]:
        calls = await client.calls("answerCallbackQuery")
        return calls if len(calls) >= count else []

    return [call["status"] for call in await until(enough, f"{count} answered presses")]
