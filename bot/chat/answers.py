"""What counts as an answer of a Bot API server? Anything else becomes an error in one line."""

import json
import re
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.storage.tables import MAX_ID

MAX_DEPTH = 100  # of nested JSON; TDLib, which Telegram's server is made of, reads no deeper either
MAX_WAIT_SECONDS = 3600  # Telegram's own waits are of seconds to minutes; asking once an hour harms nobody
MAX_EXCERPT = 60  # characters of a web page that came instead of an answer
_JSON_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]|\d{1000,}', re.DOTALL)


class AnswerUnreadable(NetworkError):
    """The server has taken the call, by its status, but says nothing that can be read."""


class WaryRequest(HTTPXRequest):
    """The way to the server for python-telegram-bot, which trusts that every server is Telegram's."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, body = await super().do_request(*args, **kwargs)
        return checked(code, body)


def checked(code: int, body: bytes) -> tuple[int, bytes]:
    """A result as it came; everything else as a refusal that can be read.

    Raises:
        AnswerUnreadable: when the call succeeded, as far as one can tell.
    """
    answer, text = _read(body.decode("utf-8", "replace"))
    is_success = HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES
    if is_success and "result" in answer:
        return code, text.encode()
    if is_success and answer.get("ok") is True:
        return code, b'{"ok": true, "result": true}'
    if is_success and answer.get("ok") is not False:
        raise AnswerUnreadable(_what_came(code, text))
    refusal = {
        "ok": False,
        "description": str(answer.get("description") or _what_came(code, text)),
        "parameters": _parameters(answer.get("parameters")),
    }
    return HTTPStatus.BAD_GATEWAY if is_success else code, json.dumps(refusal).encode()


def _read(text: str) -> tuple[dict[str, Any], str]:
    """The JSON object in `text`, and the text it can be read from; empty where there is none."""
    answer = _parsed(text)
    if answer is None:
        text = prune(text)
        answer = _parsed(text)
    return answer if isinstance(answer, dict) else {}, text


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def prune(text: str) -> str:
    """JSON without what Python cannot read: deep nesting, and numbers of thousands of digits."""
    kept, depth, begin = [], 0, 0
    for found in _JSON_MARKS.finditer(text):
        mark = found.group()
        if mark in ("[", "{"):
            depth += 1
            if depth == MAX_DEPTH + 1:
                kept.append(text[begin : found.start()] + "null")
        elif mark in ("]", "}"):
            depth -= 1
            if depth == MAX_DEPTH:
                begin = found.end()
        elif mark.isdecimal() and depth <= MAX_DEPTH:
            kept.append(text[begin : found.start()] + "0")
            begin = found.end()
    return "".join([*kept, text[begin:]])


def _what_came(code: int, text: str) -> str:
    excerpt = " ".join(text.split())[:MAX_EXCERPT]
    return f"HTTP {code} without an answer of a Bot API server" + (f": {excerpt}" if excerpt else "")


def _parameters(given: object) -> dict[str, int]:
    """`retry_after` and `migrate_to_chat_id`, where they are numbers one can wait for and write to."""
    parameters = given if isinstance(given, dict) else {}
    wait, chat_id = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    found = {}
    if isinstance(wait, int | float):
        found["retry_after"] = int(min(max(1, wait), MAX_WAIT_SECONDS))
    if isinstance(chat_id, int) and abs(chat_id) <= MAX_ID:
        found["migrate_to_chat_id"] = chat_id
    return found
