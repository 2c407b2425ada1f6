"""The one way out for text: makes of a reply the Bot API calls that Telegram takes whole. Pure."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.chat.buttons import encode
from bot.chat.views.reply import Button, Card, Document, Link, Poll, Reply
from bot.chat.views.rich import Mark, Rich
from bot.storage.outbox import Outgoing

# Telegram's own limits; text is counted in UTF-16 units, the stricter of the possible readings.
MAX_TEXT_UNITS = 4096
MAX_CAPTION_UNITS = 1024
MAX_ENTITIES = 100  # the rest would silently lose its formatting
MAX_LABEL = 64  # characters; not documented, longer labels are cut by clients
_ILLEGIBLE = re.compile(r"[\ud800-\udfff\x00-\x09\x0b-\x1f]")  # half characters and control characters


@dataclass(frozen=True)
class Destination:
    """Where a reply goes: a chat, in a forum its topic, in a group the message it answers."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


def calls_for(reply: Reply, to: Destination) -> list[Outgoing]:
    """`reply` as one call of the Bot API, or as many as its text takes; buttons go under the last part."""
    if reply.poll:
        return [_poll_call(reply.poll, reply, to)]
    if reply.picture:
        return _picture_calls(reply, reply.picture, to)
    if reply.document:
        return _document_calls(reply, reply.document, to)
    return _in_words(reply, to)


def edit_for(reply: Reply, chat_id: int, message_id: int) -> Outgoing:
    """The call that puts `reply`, which fits one message, in the place of one, or after it if it is gone."""
    [instead] = _messages(reply, Destination(chat_id))
    return Outgoing(chat_id, "editMessageText", instead | {"message_id": message_id}, instead)


def keys_for(rows: list[list[dict[str, Any]]], chat_id: int, message_id: int) -> Outgoing:
    """The call that gives a message these buttons."""
    markup = {"inline_keyboard": rows}
    payload = {"chat_id": chat_id, "message_id": message_id, "reply_markup": markup}
    return Outgoing(chat_id, "editMessageReplyMarkup", payload)


def card_for(card: Card) -> dict[str, Any]:
    """A card as the Bot API has it; its text fits one message."""
    [part] = split(_clean(card.reply.text))
    content = _content(part)
    return {
        "type": "article",
        "id": card.id,
        "title": legible(card.title),
        "description": legible(card.description),
        "input_message_content": {"message_text": content.pop("text"), **content},
        **_keyboard(card.reply),
    }


def _messages(reply: Reply, to: Destination) -> list[dict[str, Any]]:
    """The payloads that say `reply` in words."""
    messages = [_address(to) | _content(part) for part in split(_clean(reply.text))]
    messages[-1] |= _keyboard(reply)
    return messages


def _poll_call(poll: Poll, reply: Reply, to: Destination) -> Outgoing:
    payload = _address(to) | {
        "question": legible(poll.question),
        "options": [{"text": legible(option)} for option in poll.options],
        "is_anonymous": False,  # the votes of an anonymous poll never reach the bot
        **_graded(poll),
        **({"open_period": poll.open_seconds} if poll.open_seconds else {}),
        **_text("description", _clean(poll.description)),
        **_keyboard(reply),
    }
    [instead] = _messages(poll.instead, to)
    return Outgoing(to.chat_id, "sendPoll", payload, instead, poll.attempt_id, poll.group_quiz_id)


def _graded(poll: Poll) -> dict[str, Any]:
    """A quiz tells at once what is right; any other poll does not, and a vote in it is as final."""
    if poll.right is None:
        return {"type": "regular", "allows_revoting": False}
    explanation = legible(poll.explanation)
    return {"type": "quiz", "correct_option_ids": [poll.right], "explanation": explanation}


def _picture_calls(reply: Reply, picture: bytes, to: Destination) -> list[Outgoing]:
    """The picture with its text, or with the text after it where that is too long to stand below."""
    photo = {"photo": _packed(picture)}
    if not _fits_caption(reply):
        return [Outgoing(to.chat_id, "sendPhoto", _address(to) | photo), *_in_words(reply, to)]
    [instead] = _messages(reply, to)
    return [Outgoing(to.chat_id, "sendPhoto", _captioned(photo, reply, to), instead)]


def _document_calls(reply: Reply, document: Document, to: Destination) -> list[Outgoing]:
    """The file with its text, or with the text after it where that is too long to stand below."""
    file = {"document": {"name": document.name, "content": _packed(document.content)}}
    [instead] = _messages(document.instead, to)
    if not _fits_caption(reply):
        return [Outgoing(to.chat_id, "sendDocument", _address(to) | file, instead), *_in_words(reply, to)]
    return [Outgoing(to.chat_id, "sendDocument", _captioned(file, reply, to), instead)]


def _fits_caption(reply: Reply) -> bool:
    return utf16_units(_clean(reply.text).text) <= MAX_CAPTION_UNITS


def _captioned(file: dict[str, Any], reply: Reply, to: Destination) -> dict[str, Any]:
    return _address(to) | file | _text("caption", _clean(reply.text)) | _keyboard(reply)


def _in_words(reply: Reply, to: Destination) -> list[Outgoing]:
    return [Outgoing(to.chat_id, "sendMessage", payload) for payload in _messages(reply, to)]


def _packed(content: bytes) -> str:
    """Bytes as a JSON column holds them; chat/send.py unpacks them."""
    return base64.b64encode(content).decode()


def _keyboard(reply: Reply) -> dict[str, Any]:
    rows = [[key(button) for button in row] for row in reply.rows]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def split(text: Rich) -> Iterator[Rich]:
    """`text` in parts that each fit a message, cut at a paragraph, a line or a word where there is one."""
    rest = text
    while not _fits(rest):
        end = _cut_at(rest)
        yield _stripped(rest.cut(0, end))
        rest = _stripped(rest.cut(end, len(rest.text)))
    yield rest


def utf16_units(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _address(to: Destination) -> dict[str, Any]:
    payload: dict[str, Any] = {"chat_id": to.chat_id}
    if to.thread_id is not None:
        payload["message_thread_id"] = to.thread_id
    if to.reply_to is not None:
        payload["reply_parameters"] = {"message_id": to.reply_to, "allow_sending_without_reply": True}
    return payload


def _content(part: Rich) -> dict[str, Any]:
    return {"text": "", **_text("text", part), "link_preview_options": {"is_disabled": True}}


def _text(name: str, part: Rich) -> dict[str, Any]:
    """A text field of the Bot API with its entities; an empty one is left out."""
    if not part.text:
        return {}
    entities = [_entity(mark, part.text) for mark in part.marks]
    return {name: part.text, **({_entities_of(name): entities} if entities else {})}


def _entities_of(name: str) -> str:
    return "entities" if name == "text" else f"{name}_entities"


def _entity(mark: Mark, text: str) -> dict[str, Any]:
    entity = {
        "type": mark.kind,
        "offset": utf16_units(text[: mark.start]),
        "length": utf16_units(text[mark.start : mark.end]),
        "url": mark.url,
        "language": mark.language,
    }
    return {name: value for name, value in entity.items() if value is not None}


def key(button: Button | Link) -> dict[str, str]:
    """A button as the Bot API has it."""
    action = {"url": button.url} if isinstance(button, Link) else {"callback_data": encode(button.press)}
    return {"text": button.label[:MAX_LABEL], **action}


def _clean(text: Rich) -> Rich:
    """Without what no text may hold (half characters, control characters), and without blank edges."""
    return _stripped(Rich(legible(text.text), text.marks))


def legible(text: str) -> str:
    """`text`, as long as it was, with blanks for half characters and control characters."""
    return _ILLEGIBLE.sub(" ", text)


def _stripped(text: Rich) -> Rich:
    """Telegram trims blanks by itself, which would shift the marks."""
    start = len(text.text) - len(text.text.lstrip())
    return text.cut(start, max(start, len(text.text.rstrip())))


def _fits(text: Rich) -> bool:
    return utf16_units(text.text) <= MAX_TEXT_UNITS and len(text.marks) <= MAX_ENTITIES


def _cut_at(text: Rich) -> int:
    end = _longest_prefix(text)
    for separator in ("\n\n", "\n", " "):
        found = text.text.rfind(separator, end // 2, end)
        if found > 0:
            return found
    return end


def _longest_prefix(text: Rich) -> int:
    """How many characters fit one message."""
    starts = sorted(mark.start for mark in text.marks)
    end = starts[MAX_ENTITIES] if len(starts) > MAX_ENTITIES else len(text.text)
    units = 0
    for position, character in enumerate(text.text[:end]):
        units += utf16_units(character)
        if units > MAX_TEXT_UNITS:
            return position
    return max(end, 1)
