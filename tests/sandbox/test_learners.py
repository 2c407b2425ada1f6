"""What learners do through the control half, and what the bot hears of it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.sandbox.client import SandboxClient, SandboxError
from bot.sandbox.server import SandboxServer, sandbox_server

if TYPE_CHECKING:
    from tests.sandbox.conftest import RawBot

ALEX = 1001
QUIZ: dict[str, Any] = {
    "chat_id": ALEX,
    "question": "Q",
    "options": ["a", "b"],
    "type": "quiz",
    "correct_option_ids": [1],
    "is_anonymous": False,
    "explanation": "why",
}


async def fresh_updates(bot: RawBot) -> list[dict[str, Any]]:
    """Updates since the last look."""
    updates: list[dict[str, Any]] = await bot.does("getUpdates")
    await bot.does("getUpdates", offset=2_000_000_000)
    return updates


async def test_a_quiz_takes_one_vote_and_shows_the_key_afterwards(
    bot: RawBot, learner: SandboxClient
) -> None:
    sent = await bot.does("sendPoll", **QUIZ)
    assert sent["poll"]["correct_option_ids"] == [1]
    before = (await learner.state())["messages"][-1]["poll"]
    assert not {"correct_option_ids", "explanation"} & before.keys()
    await fresh_updates(bot)
    seen = await learner.votes(sent, 0)
    assert (seen["correct_option_ids"], seen["explanation"], seen["votes"]) == ([1], "why", {"1001": [0]})
    answer, poll = await fresh_updates(bot)
    assert answer["poll_answer"]["option_ids"] == [0]
    assert answer["poll_answer"]["user"]["id"] == ALEX
    assert answer["poll_answer"]["option_persistent_ids"] == [sent["poll"]["options"][0]["persistent_id"]]
    assert [one["voter_count"] for one in poll["poll"]["options"]] == [1, 0]
    with pytest.raises(SandboxError, match="one vote"):
        await learner.votes(sent, 1)


async def test_an_anonymous_poll_tells_totals_only(bot: RawBot, learner: SandboxClient) -> None:
    sent = await bot.does("sendPoll", **{**QUIZ, "is_anonymous": None})
    await fresh_updates(bot)
    await learner.votes(sent, 1)
    assert [list(update)[1] for update in await fresh_updates(bot)] == ["poll"]


async def test_a_vote_in_a_regular_poll_can_be_taken_back(bot: RawBot, learner: SandboxClient) -> None:
    sent = await bot.does("sendPoll", chat_id=ALEX, question="Q", options=["a", "b"], is_anonymous=False)
    await learner.votes(sent, 0)
    await fresh_updates(bot)
    await learner.votes(sent)
    answer, poll = await fresh_updates(bot)
    assert (answer["poll_answer"]["option_ids"], poll["poll"]["total_voter_count"]) == ([], 0)


async def test_a_stopped_poll_takes_no_votes(bot: RawBot, learner: SandboxClient) -> None:
    sent = await bot.does("sendPoll", **QUIZ)
    stopped = await bot.does("stopPoll", chat_id=ALEX, message_id=sent["message_id"])
    assert stopped["is_closed"]
    with pytest.raises(SandboxError, match="closed"):
        await learner.votes(sent, 1)
    again = await bot.refusal("stopPoll", chat_id=ALEX, message_id=sent["message_id"])
    assert again == "Bad Request: poll has already been closed"


async def test_a_poll_closes_after_its_open_period(bot: RawBot, learner: SandboxClient) -> None:
    sent = await bot.does("sendPoll", **QUIZ, open_period=5)
    assert sent["poll"]["open_period"] == 5
    await fresh_updates(bot)
    closed = await bot.does("getUpdates", timeout=8)
    assert closed[0]["poll"]["is_closed"]
    assert (await learner.state())["messages"][-1]["poll"]["is_closed"]


async def test_privacy_mode_keeps_group_talk_from_the_bot(bot: RawBot, learner: SandboxClient) -> None:
    group = await learner.add_group("Study", [ALEX])
    own = await bot.does("sendMessage", chat_id=group, text="Hello")
    await fresh_updates(bot)
    for text in (
        "talk",
        "/help",
        "/help@other_bot",
        "/ask@next_rung_bot x",
        "hey @next_rung_bot",
        "hey @other_bot",
    ):
        await learner.says(text, chat=group)
    await learner.says("to you", chat=group, reply_to=own["message_id"])
    heard = [update["message"]["text"] for update in await fresh_updates(bot)]
    assert heard == ["/help", "/ask@next_rung_bot x", "hey @next_rung_bot", "to you"]
    open_group = await learner.add_group("Open", [ALEX], privacy=False)
    await fresh_updates(bot)
    await learner.says("talk", chat=open_group)
    assert len(await fresh_updates(bot)) == 1


async def test_blocking_and_migrating_tell_the_bot(bot: RawBot, learner: SandboxClient) -> None:
    await fresh_updates(bot)
    await learner.call("POST", "block", {"chat_id": ALEX})
    await learner.call("POST", "unblock", {"chat_id": ALEX})
    changes = [update["my_chat_member"]["new_chat_member"]["status"] for update in await fresh_updates(bot)]
    assert changes == ["kicked", "member"]
    group = await learner.add_group("Study", [ALEX])
    await fresh_updates(bot)
    new_id = (await learner.call("POST", "migrate", {"chat_id": group}))["chat_id"]
    told = [update["message"] for update in await fresh_updates(bot)]
    assert told[0]["migrate_to_chat_id"] == new_id
    assert told[1]["migrate_from_chat_id"] == group


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "document", "location", "contact"])
async def test_learners_send_other_things(bot: RawBot, learner: SandboxClient, kind: str) -> None:
    await fresh_updates(bot)
    sent = await learner.says("", kind=kind, caption="look")
    assert kind in sent
    assert (await fresh_updates(bot))[0]["message"] == sent


async def test_a_location_is_berlin_or_any_spot(bot: RawBot, learner: SandboxClient) -> None:
    usual = await learner.says("", kind="location")
    assert usual["location"] == {"latitude": 52.52, "longitude": 13.405}
    there = {"latitude": 6.45, "longitude": 3.4}
    assert (await learner.says("", kind="location", **there))["location"] == there


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("messages", {"chat_id": ALEX, "kind": "location", "latitude": "N"}, "must be numbers"),
        ("messages", {"chat_id": 5, "text": "x"}, "there is no chat 5"),
        ("messages", {"chat_id": ALEX, "text": " "}, "text must not be empty"),
        ("messages", {"chat_id": ALEX, "kind": "poem"}, "kind must be one of"),
        ("messages", {"chat_id": ALEX, "from_id": 7, "text": "x"}, "no learner 7"),
        ("messages", {"chat_id": ALEX, "text": "x", "reply_to": 99}, "no message 99"),
        ("press", {"chat_id": ALEX, "message_id": 1, "callback_data": "a"}, "has no button with 'a'"),
        ("vote", {"poll_id": "5", "option_ids": [0]}, "there is no poll '5'"),
        ("groups", {"title": "x", "learner_ids": []}, "at least one learner"),
        ("learners", {}, "first_name must be a text"),
        ("faults", {"kind": "flood"}, "kind must be"),
        ("faults", {"kind": "429", "times": "two"}, "times must be a number"),
    ],
)
async def test_bad_input_is_answered_in_plain_words(
    learner: SandboxClient, path: str, body: dict[str, Any], words: str
) -> None:
    with pytest.raises(SandboxError, match=words):
        await learner.call("POST", path, body)


async def test_half_a_surrogate_pair_is_no_text(bot: RawBot, sandbox: SandboxServer) -> None:
    body = b'{"chat_id": 1001, "text": "\\ud83d"}'
    answer = await bot.http.post(f"{sandbox.address}/sandbox/messages", content=body)
    assert (answer.status_code, "surrogate" in answer.json()["error"]) == (400, True)
    sent = await bot.http.post("/sendMessage", content=body, headers={"Content-Type": "application/json"})
    assert sent.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_only_local_callers_drive_the_sandbox(sandbox: SandboxServer) -> None:
    async with httpx.AsyncClient(base_url=sandbox.address, trust_env=False) as http:
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            assert (await http.post("/sandbox/reset", headers=headers)).status_code == 403
        assert (await http.post("/sandbox/reset", headers={"Origin": sandbox.address})).status_code == 200


async def test_events_stream_to_the_page(bot: RawBot, learner: SandboxClient, sandbox: SandboxServer) -> None:
    seen: list[tuple[str, Any]] = []

    async def listen() -> None:
        async with bot.http.stream("GET", f"{sandbox.address}/sandbox/events?chat_id={ALEX}") as stream:
            kind = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    seen.append((kind, json.loads(line.removeprefix("data: "))))

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.2)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    await bot.does("sendChatAction", chat_id=ALEX, action="typing")
    sent = await bot.does("sendMessage", chat_id=ALEX, text="x", reply_markup=markup)
    query = await learner.presses(sent, "a")
    await bot.does("answerCallbackQuery", callback_query_id=query["id"], text="ok", show_alert=True)
    await bot.does("editMessageText", chat_id=ALEX, message_id=sent["message_id"], text="y")
    await bot.does("deleteMessage", chat_id=ALEX, message_id=sent["message_id"])
    await bot.does("setMyCommands", commands=[{"command": "a", "description": "b"}])
    await asyncio.sleep(0.2)
    listening.cancel()
    seen = [(kind, content) for kind, content in seen if kind != "call"]
    assert [kind for kind, _ in seen] == [
        "typing",
        "message",
        "callback_answer",
        "edited",
        "deleted",
        "commands",
    ]
    assert seen[2][1] == {"text": "ok", "show_alert": True, "learner_id": ALEX, "chat_id": ALEX}
    assert seen[4][1] == {"message_id": sent["message_id"], "chat_id": ALEX}


async def test_no_view_of_an_open_quiz_holds_its_key(
    bot: RawBot, learner: SandboxClient, sandbox: SandboxServer
) -> None:
    with sandbox.world.listen() as events:
        sent = await bot.does("sendPoll", **QUIZ)
        await bot.does(
            "sendMessage", chat_id=ALEX, text="x", reply_parameters={"message_id": sent["message_id"]}
        )
        told = [events.get_nowait() for _ in range(events.qsize())]
        shown = [event.content for event in told if event.kind == "message"]
    for view in (shown[0]["poll"], shown[1]["reply_to_message"]["poll"]):
        assert not {"correct_option_ids", "explanation"} & view.keys()
        assert view["votes"] == {}


async def test_typing_lasts_until_the_next_message(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("sendChatAction", chat_id=ALEX, action="typing")
    assert (await learner.state())["typing"]
    await bot.does("sendMessage", chat_id=ALEX, text="x")
    assert not (await learner.state())["typing"]


async def test_reply_keyboards_are_for_the_learners_screen_only(bot: RawBot, learner: SandboxClient) -> None:
    sent = await bot.does("sendMessage", chat_id=ALEX, text="x", reply_markup={"keyboard": [["a", "b"]]})
    assert "reply_markup" not in sent
    shown = (await learner.state())["messages"][-1]
    assert shown["reply_markup"]["keyboard"] == [[{"text": "a"}, {"text": "b"}]]


async def test_reset_forgets_people_but_not_the_bots_settings(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("setMyDescription", description="A tutor")
    before = await bot.does("sendMessage", chat_id=ALEX, text="x")
    kim = await learner.add_learner("Kim")
    await learner.call("POST", "reset")
    state = await learner.state()
    assert (state["messages"], [one["id"] for one in state["learners"]]) == ([], [ALEX])
    assert state["description"] == "A tutor"
    assert (await learner.says("/start"))["message_id"] > before["message_id"]
    assert await learner.add_learner("Kim") > kim


async def test_a_taken_port_is_an_os_error(sandbox: SandboxServer) -> None:
    port = int(sandbox.address.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        sandbox_server("127.0.0.1", port)
