"""How is an update built? Judges whatever JSON a server brings; it neither stores nor handles anything."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from bot.chat.answers import MAX_DEPTH
from bot.storage.inbox import NOBODY
from bot.storage.tables import MAX_ID

ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "poll_answer",
    "my_chat_member",
    "inline_query",
]
_NOBODY_KNOWN = {"is_bot": False, "first_name": ""}
_NEVER_LEFT_OUT = {
    "message": ("chat",),
    "edited_message": ("chat",),
    "callback_query": ("from",),
    "inline_query": ("from",),
    "my_chat_member": ("chat", "from", "new_chat_member"),
}
_WITH_IDS = ("from", "user", "chat", "sender_chat", "voter_chat")
_TEXTS = ("text", "caption", "data", "query")
_MARKS = ("entities", "caption_entities")
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?(?!\S)")


def is_update(payload: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether it has a number; whatever has none cannot be an update."""
    return isinstance(payload, dict) and is_id(payload.get("update_id")) and payload["update_id"] >= 0


def is_shallow(payload: Mapping[str, Any]) -> bool:
    """Whether every reader of JSON can read it again."""
    level: list[Any] = [payload]
    for _ in range(MAX_DEPTH):
        values = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for part in values for one in part if isinstance(one, dict | list)]
        if not level:
            return True
    return False


def learner_key(payload: Mapping[str, Any]) -> int:
    """Whose update this is: the person, else the chat, else nobody in particular."""
    for part in payload.values():
        if isinstance(part, dict):
            for name in ("from", "user", "chat"):
                holder = part.get(name)
                if isinstance(holder, dict) and is_id(holder.get("id")):
                    return int(holder["id"])
    return NOBODY


def private_chat(payload: Mapping[str, Any]) -> int | None:
    """The learner's own chat, where the payload is a message or a button press from one."""
    message = part_of(payload, "message") or part_of(payload, "callback_query", "message")
    chat = part_of(message, "chat")
    return chat["id"] if chat.get("type") == "private" and is_id(chat.get("id")) else None


def fault_in(payload: Mapping[str, Any]) -> str | None:
    """What no handler could use, though python-telegram-bot would take it: it looks at no id and no text."""
    for kind, part in payload.items():
        if isinstance(part, dict):
            missing = [name for name in _NEVER_LEFT_OUT.get(kind, ()) if not part.get(name)]
            if missing:
                return f"{kind} without {missing[0]}"
            fault = _fault_of(part) or _fault_of(part_of(part, "message"))
            if fault:
                return f"{kind}: {fault}"
    return None


def _fault_of(part: Mapping[str, Any]) -> str | None:
    """What is wrong with the parts of a message, a press or a vote that are there."""
    for name in _WITH_IDS:
        if part.get(name) and not is_id(part_of(part, name).get("id")):
            return f"the id of {name} is no number that can be kept"
    for name in _TEXTS:
        if not isinstance(part.get(name), str | None):
            return f"{name} is no text"
    place = part_of(part, "location")
    if not all(isinstance(place.get(name, 0), int | float) for name in ("latitude", "longitude")):
        return "location is no place"
    marks = [each for name in _MARKS if isinstance(part.get(name), list) for each in part[name]]
    if not all(map(_has_place, marks)):
        return "a mark has no place in the text"
    return None


def _has_place(entity: object) -> bool:
    """Whether a mark in a text tells where it begins and how long it is."""
    return isinstance(entity, dict) and all(
        isinstance(entity.get(name), int) for name in ("offset", "length")
    )


def completed(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The update with what other servers than Telegram's leave out: names, a command's mark, newer fields."""
    found = {kind: _named(part) if isinstance(part, dict) else part for kind, part in payload.items()}
    for kind, complete in _COMPLETE.items():
        if isinstance(found.get(kind), dict):
            found[kind] = complete(found[kind])
    return found


def _named(part: Mapping[str, Any]) -> Mapping[str, Any]:
    people = {name: part[name] for name in ("from", "user") if isinstance(part.get(name), dict)}
    return {**part, **{name: _NOBODY_KNOWN | person for name, person in people.items()}}


def _with_command(message: Mapping[str, Any]) -> Mapping[str, Any]:
    text = message.get("text")
    found = _COMMAND.match(text) if isinstance(text, str) and not message.get("entities") else None
    if found is None:
        return message
    return {**message, "entities": [{"type": "bot_command", "offset": 0, "length": found.end()}]}


def _with_lasting_ids(vote: Mapping[str, Any]) -> Mapping[str, Any]:
    """Servers older than Bot API 9.6 know options by their places alone."""
    places = vote.get("option_ids")
    return {"option_persistent_ids": list(map(str, places)) if isinstance(places, list) else [], **vote}


def _with_chat_instance(press: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"chat_instance": "", **press}


_COMPLETE: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "message": _with_command,
    "poll_answer": _with_lasting_ids,
    "callback_query": _with_chat_instance,
}


def part_of(payload: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The object at the end of this path; an empty one where there is none."""
    for name in names:
        found = payload.get(name)
        payload = found if isinstance(found, dict) else {}
    return payload


def is_id(value: object) -> TypeGuard[int]:
    """Whether it can be the id of a person or a chat, and be kept."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_ID
