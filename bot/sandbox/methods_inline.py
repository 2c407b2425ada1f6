"""What does answerInlineQuery do? The rules of cards; typing and choosing are for learners.py."""

import re
import time
from typing import Any, NoReturn

from bot.sandbox.calls import Call, TextField, finish_text, read_markup
from bot.sandbox.keyboards import check_keyboard, read_keyboard
from bot.sandbox.params import Params
from bot.sandbox.values import Json, Refusal, refuse
from bot.sandbox.world import Event

MAX_RESULTS = 50
MAX_ID_BYTES = 64
INLINE_SECONDS = 15.0
"""How long a query waits for its answer; not documented, our guess is that it is as for a pressed button."""
_TEXT = TextField("message_text", "parse_mode", "entities", 4096, "MESSAGE_TOO_LONG")
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_inline_query(call: Call) -> bool:
    """Show cards to whoever typed the query, once and in time."""
    results = [_read(one) for one in _array(call.params)]
    button = _button(call.params)
    asked = call.world.inline.get(call.params.text("inline_query_id"))
    if asked is None or asked.answer is not None or time.monotonic() - asked.at > INLINE_SECONDS:
        raise Refusal(400, f"Bad Request: {_TOO_OLD}")
    cards = [_checked(call, one) for one in results]
    if len(cards) > MAX_RESULTS:
        refuse("RESULTS_TOO_MUCH")
    if len({one["id"] for one in cards}) < len(cards):
        refuse("RESULT_ID_DUPLICATE")
    asked.answer = {
        "results": cards,
        "cache_time": call.params.integer("cache_time", 300),
        "is_personal": call.params.flag("is_personal"),
        **button,
    }
    call.world.tell(Event("cards", {"query_id": asked.query_id, **asked.answer}))
    return True


def _array(params: Params) -> list[Any]:
    results = params.json("results", "inline query results")
    if not isinstance(results, list):
        refuse("expected an Array of inline query results")
    return results


def _read(result: object) -> Json:
    """One card, as far as it can be read without judging it."""
    if not isinstance(result, dict):
        _unparsable("Inline query result must be an object")
    if result.get("type") != "article":
        _unparsable(f'type "{result.get("type", "")}" is unsupported for the inline query result')
    for name in ("id", "title", "input_message_content"):
        if name not in result:
            _unparsable(f'Can\'t find field "{name}"')
    return result


def _unparsable(reason: str) -> NoReturn:
    refuse(f"can't parse inline query result: {reason}")


def _checked(call: Call, result: Json) -> Json:
    number, title = str(result["id"]), str(result["title"])
    if not 1 <= len(number.encode()) <= MAX_ID_BYTES:
        refuse("RESULT_ID_INVALID")
    if not title.strip():
        refuse("ARTICLE_TITLE_EMPTY")
    content = Params(result["input_message_content"])
    if not content.text("message_text"):
        refuse("message text is empty")
    tidied = finish_text(Call(call.world, call.method, content), read_markup(content, _TEXT), _TEXT)
    keyboard = read_keyboard(Params(result))
    check_keyboard(keyboard)
    call.note(keyboard.dropped)
    message: Json = {"text": tidied.text} | ({"entities": tidied.entities} if tidied.entities else {})
    if keyboard.inline:
        message["reply_markup"] = keyboard.inline
    return {
        "id": number,
        "title": title,
        "description": str(result.get("description", "")),
        "message": message,
    }


def _button(params: Params) -> Json:
    """The button above the cards: it opens the private chat with a parameter."""
    button = params.json("button", "InlineQueryResultsButton")
    if button is None:
        return {}
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        refuse("can't parse inline query results button: Can't find field \"text\"")
    if not _START.fullmatch(str(button.get("start_parameter", ""))):
        refuse("START_PARAM_INVALID")
    return {"button": button}
