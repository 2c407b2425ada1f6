"""In a group the bot speaks only when it is spoken to, and says to whom it speaks."""

from typing import Any

import pytest

from bot.chat.views import failures
from bot.chat.views.under import IN_PRIVATE
from bot.sandbox.client import SandboxClient
from tests.journeys.conftest import Learner, RunningBot, labels

QUESTION = "is it hard?"


def titled(message: dict[str, Any]) -> str:
    return str(message["text"].partition("\n")[0])


@pytest.fixture
async def group(client: SandboxClient, bot: RunningBot, alex: Learner, sam: Learner) -> int:
    """A group in which the bot hears everything."""
    return await client.add_group("Study circle", [alex.telegram_id, sam.telegram_id], privacy=False)


async def test_the_bot_keeps_silent_until_it_is_addressed(
    alex: Learner, sam: Learner, group: int, client: SandboxClient
) -> None:
    alex_there, sam_there = alex.in_group(group), sam.in_group(group)
    for talk in [QUESTION, "hello", "I asked next_rung_bot", "ask @next_rung_bot2 or @alex"]:
        await alex_there.writes(talk)
    for command in ["/quiz", "/help", "/help@other_bot", "/start@next_rung_bot2", "/help @next_rung"]:
        await alex_there.writes(command)
    for kind in ["sticker", "photo", "voice", "document", "location"]:
        await alex_there.writes(kind=kind)
    unheard = await alex_there.writes("no question at all")
    await client.call(
        "POST", "messages/edit", {"chat_id": group, "message_id": unheard["message_id"], "text": QUESTION}
    )
    for_the_bot = await alex_there.writes(f"@next_rung_bot {QUESTION}")
    await sam_there.has_read(1)
    [answer] = await client.replies(group)
    assert answer["reply_to_message"]["message_id"] == for_the_bot["message_id"]


async def test_a_group_is_told_once_how_to_ask(alex: Learner, bot: RunningBot, client: SandboxClient) -> None:
    there = {"title": "New circle", "learner_ids": [alex.telegram_id], "is_new": True}
    group = (await client.call("POST", "groups", there))["chat_id"]
    [hello] = await alex.in_group(group).has_read(1)
    assert "Name me, @next_rung_bot" in hello["text"]
    chat = {"id": group, "type": "group", "title": "New circle"}
    me, who = bot.sandbox.world.bot, {"id": alex.telegram_id, "is_bot": False, "first_name": "Alex"}
    for before, after in [("member", "member"), ("member", "left")]:
        states = [{"user": me, "status": status} for status in (before, after)]
        change = {"chat": chat, "from": who, "date": 1_772_355_600}
        change |= {"old_chat_member": states[0], "new_chat_member": states[1]}
        bot.sandbox.world.updates.inject({"my_chat_member": change})
    await alex.asks("/help")
    assert len(await client.replies(group)) == 1


async def test_nobody_learns_in_a_group_what_somebody_gets_in_private(alex: Learner, group: int) -> None:
    await alex.asks("/daily 8am")
    told = await alex.in_group(group).asks("/stop@next_rung_bot")
    assert "between you and me" in told["text"]
    assert "8:00" in (await alex.asks("/daily"))["text"]


async def test_a_mention_is_answered_as_the_question_without_it(alex: Learner, group: int) -> None:
    in_private = await alex.asks(QUESTION)
    for text in ["@next_rung_bot is it hard?", "is it hard, @Next_Rung_Bot?", "is it\n@next_rung_bot\nhard?"]:
        in_group = await alex.in_group(group).asks(text)
        assert in_group["text"] == in_private["text"]
        assert labels(in_group) == [*labels(in_private)[:-1], IN_PRIVATE]


async def test_a_mention_under_a_picture_is_answered_and_a_picture_without_one_is_not(
    alex: Learner, group: int, client: SandboxClient
) -> None:
    there = alex.in_group(group)
    await there.writes(kind="photo", caption=QUESTION)
    answer = await there.asks(kind="photo", caption=f"@next_rung_bot {QUESTION}")
    assert answer["text"] == (await there.asks(f"@next_rung_bot {QUESTION}"))["text"]
    assert len(await client.replies(group)) == 2


async def test_a_reply_to_the_bot_is_answered_and_one_to_a_person_is_not(
    alex: Learner, sam: Learner, group: int, client: SandboxClient
) -> None:
    alex_there, sam_there = alex.in_group(group), sam.in_group(group)
    question = await alex_there.writes(f"@next_rung_bot {QUESTION}")
    answer = await alex_there.reads()
    await sam_there.writes("how long does it take?", reply_to=question["message_id"])
    follow_up = await sam_there.writes("how much does it pay?", reply_to=answer["message_id"])
    [_, second] = await sam_there.has_read(2)
    assert second["reply_to_message"]["message_id"] == follow_up["message_id"]
    assert len(await client.replies(group)) == 2


async def test_a_reply_to_somebody_elses_answer_is_about_that_answer(
    alex: Learner, sam: Learner, group: int
) -> None:
    answer = await alex.in_group(group).asks("@next_rung_bot Which programming language should I learn?")
    there = sam.in_group(group)
    assert "a word or two more" in (await there.asks("@next_rung_bot tell me more"))["text"]
    more = await there.asks("tell me more", reply_to=answer["message_id"])
    assert titled(answer) in more["text"]
    await there.asks("@next_rung_bot How much maths do I need?")
    again = await there.asks("tell me more", reply_to=answer["message_id"])
    assert titled(answer) in again["text"], "what one replies to counts, not what one asked before"


@pytest.mark.parametrize("brought", ["", " help?", " can you answer that?"])
async def test_a_member_may_bring_the_bot_to_what_another_asked(
    alex: Learner, sam: Learner, group: int, brought: str
) -> None:
    asked = await alex.in_group(group).writes("guys, how much maths do I need?")
    answer = await sam.in_group(group).asks(f"@next_rung_bot{brought}", reply_to=asked["message_id"])
    assert titled(answer) == "Which maths you need"


async def test_a_command_with_the_bots_name_is_answered(alex: Learner, group: int) -> None:
    there = alex.in_group(group)
    for command in ["/help@next_rung_bot", "/HELP@Next_Rung_Bot"]:
        asked = await there.writes(command)
        told = await there.reads()
        assert "Name me, @next_rung_bot, with a question about" in told["text"]
        assert "/quiz@next_rung_bot: " in told["text"]
        assert "/settings" not in told["text"]
        assert labels(told) == [IN_PRIVATE]
        assert told["reply_to_message"]["message_id"] == asked["message_id"]
    assert "don't know that command" in (await there.asks("/quiz_me@next_rung_bot"))["text"]


async def test_a_command_in_reply_to_the_bot_needs_no_name_and_must_bear_no_other(
    alex: Learner, group: int, client: SandboxClient
) -> None:
    there = alex.in_group(group)
    greeting = await there.asks("/start@next_rung_bot")
    assert "Name me" in (await there.asks("/help", reply_to=greeting["message_id"]))["text"]
    await there.writes("/help@other_bot", reply_to=greeting["message_id"])
    assert "don't know" in (await there.asks("/quiz_me", reply_to=greeting["message_id"]))["text"]
    assert len(await client.replies(group)) == 3


async def test_a_command_behind_the_bots_name_is_told_how_it_is_written(alex: Learner, group: int) -> None:
    told = (await alex.in_group(group).asks("@next_rung_bot /saved"))["text"]
    assert told.endswith("my name right behind it: /saved@next_rung_bot")


async def test_a_command_under_a_picture_is_told_to_come_alone(alex: Learner) -> None:
    told = (await alex.asks(kind="photo", caption="/quiz python"))["text"]
    assert told == failures.command_under_a_picture().text.text


async def test_a_sticker_in_reply_to_the_bot_is_declined_kindly(alex: Learner, group: int) -> None:
    there = alex.in_group(group)
    greeting = await there.asks("/start@next_rung_bot")
    declined = await there.asks(kind="sticker", reply_to=greeting["message_id"])
    assert declined["text"] == failures.not_text().text.text


async def test_another_bot_is_not_answered_and_an_anonymous_admin_is(
    alex: Learner, group: int, client: SandboxClient
) -> None:
    there = alex.in_group(group)
    asked = await there.writes(f"@next_rung_bot {QUESTION}")
    answer = await there.reads()
    other_bot = {"id": 77, "is_bot": True, "first_name": "Echo", "username": "echo_bot"}
    await client.call("POST", "updates", {"message": asked | {"from": other_bot}})
    admin = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    await client.call("POST", "updates", {"message": asked | {"from": admin, "sender_chat": asked["chat"]}})
    assert (await there.reads())["text"] == answer["text"]
    await there.asks("/help@next_rung_bot")
    assert len(await client.replies(group)) == 3


async def test_a_name_alone_gets_a_reply(alex: Learner, group: int) -> None:
    assert (await alex.in_group(group).asks("@next_rung_bot"))["text"]


async def test_a_button_may_be_pressed_by_anybody(alex: Learner, sam: Learner, group: int) -> None:
    answer = await alex.in_group(group).asks(f"@next_rung_bot {QUESTION}")
    onward = labels(answer)[1]
    assert (await sam.in_group(group).presses(answer, onward))["text"].startswith(onward)


async def test_nothing_said_in_a_group_is_told_in_private(
    alex: Learner, group: int, client: SandboxClient
) -> None:
    await alex.in_group(group).asks(f"@next_rung_bot {QUESTION}")
    assert await client.replies(alex.chat_id) == []


async def test_a_group_with_privacy_mode_on_is_served_the_same(
    alex: Learner, sam: Learner, client: SandboxClient
) -> None:
    group = await client.add_group("Quiet circle", [alex.telegram_id, sam.telegram_id])
    there = alex.in_group(group)
    await there.writes(QUESTION)
    answer = await there.asks(f"@next_rung_bot {QUESTION}")
    assert (await there.asks("how long does it take?", reply_to=answer["message_id"]))["text"]
    assert len(await client.replies(group)) == 2


async def test_a_group_that_becomes_a_supergroup_is_served_on(
    alex: Learner, group: int, client: SandboxClient
) -> None:
    await alex.in_group(group).asks(f"@next_rung_bot {QUESTION}")
    upgraded = (await client.call("POST", "migrate", {"chat_id": group}))["chat_id"]
    answer = await alex.in_group(upgraded).asks(f"@next_rung_bot {QUESTION}")
    assert answer["chat"]["id"] == upgraded
