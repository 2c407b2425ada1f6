"""What answerInlineQuery takes and refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.client import SandboxError

if TYPE_CHECKING:
    from bot.sandbox.client import SandboxClient
    from tests.sandbox.conftest import RawBot


def article(number: str = "1", **more: Any) -> dict[str, Any]:
    content = {"message_text": "hello"}
    return {"type": "article", "id": number, "title": "Hello", "input_message_content": content, **more}


async def test_a_query_reaches_the_bot_and_its_cards_come_back(bot: RawBot, learner: SandboxClient) -> None:
    await bot.does("getUpdates", offset=2_000_000_000)
    query_id = await learner.types("x" * 300)
    [update] = await bot.does("getUpdates")
    query = update["inline_query"]
    assert (query["id"], query["query"], query["from"]["id"]) == (query_id, "x" * 256, 1001)
    keyboard = {"inline_keyboard": [[{"text": "More", "url": "https://example.org/"}]]}
    await bot.does("answerInlineQuery", inline_query_id=query_id, results=[article(reply_markup=keyboard)])
    [card] = (await learner.cards(query_id))["results"]
    assert card["message"] == {"text": "hello", "reply_markup": keyboard}
    posted = await learner.chooses(query_id, "1", 1001)
    assert posted["via_bot"]["username"] == "next_rung_bot"
    assert posted["from"]["id"] == 1001
    with pytest.raises(SandboxError, match="no card"):
        await learner.chooses(query_id, "2", 1001)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"results": None}, "expected an Array of inline query results"),
        ({"results": ["x"]}, "can't parse inline query result: Inline query result must be an object"),
        ({"results": [article(type="")]}, 'type "" is unsupported for the inline query result'),
        ({"results": [{"type": "article", "id": "1"}]}, 'Can\'t find field "title"'),
        ({"results": [article("x" * 65)]}, "RESULT_ID_INVALID"),
        ({"results": [article(""), article("")]}, "RESULT_ID_INVALID"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article(str(number)) for number in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [article(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [article(input_message_content={"message_text": ""})]}, "message text is empty"),
        ({"results": [article(input_message_content={"message_text": "x" * 4097})]}, "MESSAGE_TOO_LONG"),
        ({"results": [], "button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ({"results": [], "button": {"start_parameter": "a"}}, 'Can\'t find field "text"'),
        ({"results": [], "inline_query_id": "7"}, "query is too old and response timeout expired"),
    ],
)
async def test_what_telegram_refuses_is_refused(
    bot: RawBot, learner: SandboxClient, params: dict[str, Any], reason: str
) -> None:
    given = {"inline_query_id": await learner.types("x"), **params}
    assert reason in await bot.refusal("answerInlineQuery", **given)


async def test_a_query_is_answered_once(bot: RawBot, learner: SandboxClient) -> None:
    query_id = await learner.types("x")
    await bot.does("answerInlineQuery", inline_query_id=query_id, results=[])
    again = await bot.refusal("answerInlineQuery", inline_query_id=query_id, results=[])
    assert "query is too old" in again
