"""The limits of Telegram, part by part, each with the server's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.sandbox.client import SandboxClient
    from tests.sandbox.conftest import RawBot

ALEX = 1001


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x" * 32_769}, "text is too long"),
        ({"text": "x", "parse_mode": "INVALID"}, "unsupported parse_mode"),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode: this sandbox speaks HTML"),
        ({"text": "<b>x", "parse_mode": "html"}, "can't parse entities: Can't find end tag"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 5}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {"quote": "x"}}, 'can\'t find field "message_id"'),
        ({"text": "x", "message_thread_id": 3}, "message thread not found"),
        (
            {"text": "hello", "entities": [{"type": "bold", "offset": 100, "length": 1}]},
            "entity begins after the end of the text at UTF-16 offset 100",
        ),
        (
            {"text": "hello", "entities": [{"type": "bold", "offset": 0, "length": 100}]},
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100",
        ),
        (
            {"text": "hello", "entities": [{"type": "bold", "offset": -1, "length": 1}]},
            "receive an entity with incorrect offset -1",
        ),
        (
            {"text": "hello", "entities": [{"type": "bolder", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: Unsupported type specified",
        ),
        (
            {"text": "hello", "entities": [{"type": "text_link", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: Can't find field \"url\"",
        ),
        (
            {
                "text": "click",
                "entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "not-a-url"}],
            },
            "entity URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
        (
            {
                "text": " ".join(f'<a href="https://example.com/{"x" * 100}">{n}</a>' for n in range(99)),
                "parse_mode": "HTML",
            },
            "ENTITIES_TOO_LONG",
        ),
    ],
)
async def test_texts_are_refused(bot: RawBot, params: dict[str, Any], reason: str) -> None:
    refusal = await bot.refusal("sendMessage", **{"chat_id": ALEX, **params})
    assert refusal.startswith(f"Bad Request: {reason}")


async def test_length_is_judged_after_parsing_and_trimming(bot: RawBot) -> None:
    text = f"  <b>{'x' * 4096}</b>  "
    sent = await bot.does("sendMessage", chat_id=ALEX, text=text, parse_mode="HTML")
    assert len(sent["text"]) == 4096


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard({"text": "a", "callback_data": "x" * 65}), "BUTTON_DATA_INVALID"),
        (keyboard({"text": "a", "callback_data": "ж" * 33}), "BUTTON_DATA_INVALID"),
        (
            keyboard({"text": "a"}),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            keyboard({"text": "a", "callback_data": ""}),
            "can't parse inline keyboard button: Text buttons are unallowed",
        ),
        (keyboard({"callback_data": "a"}), "can't parse inline keyboard button: Can't find field \"text\""),
        (
            keyboard({"text": "a", "url": "not-a-url"}),
            "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
        (
            keyboard({"text": "a", "url": "ftp://a.io"}),
            "inline keyboard button URL 'ftp://a.io' is invalid: Unsupported URL",
        ),
        (
            keyboard({"text": "a", "web_app": {"url": "bad"}}),
            "inline keyboard button Web App URL 'bad' is invalid: Only HTTPS",
        ),
        (keyboard({"text": "a", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        (keyboard({"text": "a", "pay": True}), "BUTTON_TYPE_INVALID"),
        (
            keyboard({"text": "a", "callback_data": "b", "style": "pink"}),
            "can't parse inline keyboard button: Invalid button style",
        ),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}, "reply markup is too long"),
        ({"inline_keyboard": "bad"}, 'field "inline_keyboard" must be of type Array'),
        ({"force_reply": "yes"}, 'field "force_reply" must be of type Boolean'),
        ("[1", "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_keyboards_are_refused(bot: RawBot, markup: object, reason: str) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=ALEX, text="x", reply_markup=markup)
    assert refusal.startswith(f"Bad Request: {reason}")


async def test_of_two_actions_the_server_keeps_one_silently(bot: RawBot, learner: SandboxClient) -> None:
    button = {"text": "a", "callback_data": "b", "url": "https://a.io/"}
    sent = await bot.does("sendMessage", chat_id=ALEX, text="x", reply_markup=keyboard(button))
    assert sent["reply_markup"] == keyboard({"text": "a", "url": "https://a.io/"})
    assert "only url is kept" in (await learner.violations())[0]["what"]


QUIZ = {"chat_id": ALEX, "question": "Q", "options": ["a", "b"], "type": "quiz", "correct_option_ids": [1]}


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"question": "Q" * 301}, "poll question length must not exceed 300"),
        ({"question": " "}, "text must be non-empty"),
        ({"question": "<b>x", "question_parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"options": []}, "poll must have at least one answer option"),
        ({"options": ["a"] * 13}, "poll can't have more than 12 options"),
        ({"options": ["a", "b" * 101]}, "poll options length must not exceed 100"),
        ({"options": ["a", "\n"]}, "text must be non-empty"),
        ({"options": [1]}, "can't parse InputPollOption: Expected InputPollOption to be an Object"),
        (
            {"options": [{"text": "<i>x", "text_parse_mode": "HTML"}]},
            "can't parse InputPollOption: Can't parse entities: Can't",
        ),
        ({"options": "a, b"}, "can't parse options JSON object"),
        ({"correct_option_ids": []}, "correct quiz option list must be non-empty"),
        ({"correct_option_ids": [1, 0]}, "correct quiz option list must be increasing"),
        ({"correct_option_ids": [2]}, "wrong quiz correct_option_id"),
        ({"correct_option_ids": ["a"]}, "invalid correct option identifier specified"),
        ({"correct_option_ids": None}, "correct quiz option list must be non-empty"),
        ({"type": "survey"}, "unsupported poll type specified"),
        ({"explanation": "x" * 201}, "MESSAGE_TOO_LONG"),
        ({"explanation": "a\nb\nc\nd"}, "MESSAGE_TOO_LONG"),
        ({"members_only": True}, "poll voters can be restricted only in channel chats"),
        ({"chat_id": 5}, "chat not found"),
    ],
)
async def test_polls_are_refused(bot: RawBot, params: dict[str, Any], reason: str) -> None:
    refusal = await bot.refusal("sendPoll", **{**QUIZ, **params})
    assert refusal.startswith(f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("params", "violation"),
    [
        ({"open_period": 1}, "clamped to 5 s"),
        ({"question": "<b>Q</b>", "question_parse_mode": "HTML"}, "markup in a poll's question is dropped"),
        ({"options": ["a\nb", "c"]}, "line breaks in a poll's option"),
    ],
)
async def test_what_polls_lose_silently_is_told(
    bot: RawBot, learner: SandboxClient, params: dict[str, Any], violation: str
) -> None:
    await bot.does("sendPoll", **{**QUIZ, **params})
    assert violation in (await learner.violations())[0]["what"]


async def test_poll_texts_at_their_limits_are_taken(bot: RawBot, learner: SandboxClient) -> None:
    extra = {"explanation": "x" * 200, "description": "<pre>code</pre>", "description_parse_mode": "HTML"}
    sent = await bot.does("sendPoll", **QUIZ | {"question": "Q" * 300, "options": ["b" * 100] * 12} | extra)
    assert sent["poll"]["description_entities"][0]["type"] == "pre"
    assert await learner.violations() == []


async def test_edits_are_refused(bot: RawBot, learner: SandboxClient) -> None:
    number = (await bot.does("sendMessage", chat_id=ALEX, text="old"))["message_id"]
    poll = (await bot.does("sendPoll", **QUIZ))["message_id"]
    theirs = (await learner.says("hello"))["message_id"]
    cases: list[tuple[dict[str, Any], str]] = [
        (
            {"message_id": number, "text": "old"},
            "message is not modified: specified new message content and reply",
        ),
        ({"message_id": 999, "text": "new"}, "message to edit not found"),
        ({"message_id": theirs, "text": "new"}, "message can't be edited"),
        ({"message_id": poll, "text": "new"}, "there is no text in the message to edit"),
        ({"message_id": number, "text": "x" * 4097}, "MESSAGE_TOO_LONG"),
        (
            {"message_id": number, "text": "x", "reply_markup": {"force_reply": True}},
            "inline keyboard expected",
        ),
    ]
    for params, reason in cases:
        refusal = await bot.refusal("editMessageText", chat_id=ALEX, **params)
        assert refusal.startswith(f"Bad Request: {reason}")
    caption = await bot.refusal("editMessageCaption", chat_id=ALEX, message_id=number, caption="x")
    assert caption == "Bad Request: there is no caption in the message to edit"


async def test_an_edit_without_keyboard_removes_it(bot: RawBot) -> None:
    markup = keyboard({"text": "a", "callback_data": "b"})
    sent = await bot.does("sendMessage", chat_id=ALEX, text="x", reply_markup=markup)
    edited = await bot.does("editMessageText", chat_id=ALEX, message_id=sent["message_id"], text="x")
    assert "reply_markup" not in edited


async def test_deletions_and_stops_are_refused(bot: RawBot) -> None:
    number = (await bot.does("sendMessage", chat_id=ALEX, text="x"))["message_id"]
    target = {"chat_id": ALEX, "message_id": number}
    assert await bot.refusal("stopPoll", **target) == "Bad Request: message is not a poll"
    gone = await bot.refusal("stopPoll", chat_id=ALEX, message_id=999)
    assert gone == "Bad Request: message with poll to stop not found"
    assert await bot.does("deleteMessage", **target) is True
    assert await bot.refusal("deleteMessage", **target) == "Bad Request: message to delete not found"


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([{"command": "Start", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "be-gin", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "x" * 33, "description": "x"}], "command length must not exceed 32"),
        ([{"command": "", "description": "x"}], "command must be non-empty"),
        ([{"command": "x", "description": "x" * 257}], "command description length must not exceed 256"),
    ],
)
async def test_commands_are_refused(bot: RawBot, commands: list[Any], reason: str) -> None:
    assert await bot.refusal("setMyCommands", commands=commands) == f"Bad Request: {reason}"


async def test_the_most_specific_menu_is_shown(bot: RawBot, learner: SandboxClient) -> None:
    for name, more in (
        ("all", {}),
        ("private", {"scope": {"type": "all_private_chats"}}),
        ("french", {"language_code": "fr"}),
    ):
        await bot.does("setMyCommands", commands=[{"command": name, "description": "x"}], **more)
    assert (await learner.state())["commands"][0]["command"] == "private"
    assert (await bot.does("getMyCommands", language_code="fr"))[0]["command"] == "french"


async def test_callback_answers(bot: RawBot, learner: SandboxClient) -> None:
    sent = await bot.does(
        "sendMessage", chat_id=ALEX, text="x", reply_markup=keyboard({"text": "a", "callback_data": "b"})
    )
    query = await learner.presses(sent, "a")
    answer = {"callback_query_id": query["id"]}
    assert (
        await bot.refusal("answerCallbackQuery", **answer, text="x" * 201) == "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await bot.does("answerCallbackQuery", **answer, text="ok") is True
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bot.refusal("answerCallbackQuery", **answer) == too_old
    assert await bot.refusal("answerCallbackQuery", callback_query_id="1") == too_old


async def test_whom_a_bot_may_write_to(bot: RawBot, learner: SandboxClient) -> None:
    stranger = await learner.add_learner("Kim")
    assert await bot.refusal("sendMessage", chat_id=stranger, text="x") == "Bad Request: chat not found"
    group = await learner.add_group("Study", [ALEX, stranger])
    refusal = await bot.refusal("sendMessage", chat_id=stranger, text="x")
    assert refusal == "Forbidden: bot can't initiate conversation with a user"
    await learner.call("POST", "block", {"chat_id": ALEX})
    assert (
        await bot.refusal("sendMessage", chat_id=ALEX, text="x") == "Forbidden: bot was blocked by the user"
    )
    await learner.call("POST", "unblock", {"chat_id": ALEX})
    await bot.does("sendMessage", chat_id=ALEX, text="x")
    new_id = (await learner.call("POST", "migrate", {"chat_id": group}))["chat_id"]
    body = await bot.call("sendMessage", chat_id=group, text="x")
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert body["parameters"] == {"migrate_to_chat_id": new_id}
    await bot.does("leaveChat", chat_id=new_id)
    refusal = await bot.refusal("sendMessage", chat_id=new_id, text="x")
    assert refusal == "Forbidden: bot is not a member of the supergroup chat"


async def test_unknown_methods_and_tokens(bot: RawBot) -> None:
    body = await bot.call("sendGift", chat_id=ALEX)
    assert body == {"ok": False, "error_code": 404, "description": "Not Found"}
    answer = await bot.http.get(str(bot.http.base_url).replace("sandbox", "wrong") + "getMe")
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_methods_take_any_case_query_and_form(bot: RawBot) -> None:
    assert (await bot.http.get("/GETME")).json()["result"]["id"] == 4242
    form = {"chat_id": "1001", "text": "x", "entities": '[{"type": "bold", "offset": 0, "length": 1}]'}
    for answer in (
        await bot.http.get("/sendMessage", params=form),
        await bot.http.post("/sendMessage", data=form),
    ):
        assert answer.json()["result"]["entities"] == [{"type": "bold", "offset": 0, "length": 1}]


async def test_photos(bot: RawBot, learner: SandboxClient) -> None:
    def png(width: int, height: int) -> bytes:
        return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")

    async def send(content: bytes, **more: str) -> dict[str, Any]:
        files = {"photo": ("chart.png", content)}
        answer: dict[str, Any] = (
            await bot.http.post("/sendPhoto", data={"chat_id": "1001", **more}, files=files)
        ).json()
        return answer

    assert (await send(b"text"))["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert (await send(png(9999, 2)))["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert (await send(png(9, 9), caption="x" * 1025))[
        "description"
    ] == "Bad Request: message caption is too long"
    assert await bot.refusal("sendPhoto", chat_id=ALEX) == "Bad Request: there is no photo in the request"
    wrong = await bot.refusal("sendPhoto", chat_id=ALEX, photo="nothing")
    assert wrong == "Bad Request: wrong file identifier/HTTP URL specified"
    sent = (await send(png(30, 20), caption="<b>c</b>", parse_mode="HTML"))["result"]
    assert (sent["photo"][0]["width"], sent["caption"]) == (30, "c")
    again = await bot.does("sendPhoto", chat_id=ALEX, photo=sent["photo"][0]["file_id"])
    assert again["photo"] == sent["photo"]
    shown = (await learner.state())["messages"][-1]
    answer = await bot.http.get(str(bot.http.base_url.join(shown["photo"][0]["url"])))
    assert answer.content == png(30, 20)


async def test_documents(bot: RawBot, learner: SandboxClient) -> None:
    async def send(name: str, content: bytes, **more: str) -> dict[str, Any]:
        files = {"document": (name, content)}
        answer: dict[str, Any] = (
            await bot.http.post("/sendDocument", data={"chat_id": "1001", **more}, files=files)
        ).json()
        return answer

    assert (await send("a.txt", b""))["description"] == "Bad Request: file must be non-empty"
    assert (await send("a.txt", bytes(50 * 2**20 + 1)))["description"] == "Bad Request: file is too big"
    long = await send("a.txt", b"a", caption="x" * 1025)
    assert long["description"] == "Bad Request: message caption is too long"
    missing = await bot.refusal("sendDocument", chat_id=ALEX)
    assert missing == "Bad Request: there is no document in the request"
    sent = (await send("my plan.json", b"{}", caption="x" * 1024))["result"]["document"]
    assert (sent["file_name"], sent["mime_type"]) == ("my plan.json", "application/json")
    assert await learner.violations() == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a:b?.txt", "a b.txt"),
        (f"{'ü' * 61}.json", f"{'ü' * 60}.json"),
        (f"a.{'x' * 21}", f"a.{'x' * 20}"),
        (" .hidden", "hidden"),
        ("plan 🪜.ics", "plan.ics"),
    ],
)
async def test_a_file_keeps_what_of_its_name_telegram_keeps(
    bot: RawBot, learner: SandboxClient, sent: str, kept: str
) -> None:
    answer = await bot.http.post("/sendDocument", data={"chat_id": "1001"}, files={"document": (sent, b"a")})
    assert answer.json()["result"]["document"]["file_name"] == kept
    assert len(await learner.violations()) == 1
