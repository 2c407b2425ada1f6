"""Which methods change or remove sent messages? Edits, deletions, answers to presses; nothing new is sent."""

import time
from dataclasses import replace

from bot.sandbox.calls import (
    CAPTION,
    MESSAGE_TEXT,
    Call,
    caption_content,
    own_message,
    read_markup,
    text_content,
    writable_chat,
)
from bot.sandbox.keyboards import Keyboard, check_keyboard, read_keyboard
from bot.sandbox.media import document_content, named_file, photo_content
from bot.sandbox.params import Params
from bot.sandbox.values import Json, Refusal, refuse, utf16_length
from bot.sandbox.world import BOT_ID, Chat, Event, Message

DELETE_SECONDS = 48 * 3600
MAX_ANSWER = 200
MAX_DELETED = 100
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
# Sends are measured by TDLib, edits by the far server, in its own words.
_EDITED_TEXT = replace(MESSAGE_TEXT, too_long="MESSAGE_TOO_LONG")
_EDITED_CAPTION = replace(CAPTION, too_long="MEDIA_CAPTION_TOO_LONG")
_QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(call: Call) -> Json:
    """Replace a text and its inline keyboard."""
    if not call.params.text("text"):
        refuse("message text is empty")
    markup = read_markup(call.params, MESSAGE_TEXT)
    message, keyboard = _editable(call)
    if "text" not in message.body:
        refuse("there is no text in the message to edit")
    content = text_content(call, markup, _EDITED_TEXT)
    return _change(call, message, content, ("text", "entities"), keyboard)


def edit_message_caption(call: Call) -> Json:
    """Replace a caption and the inline keyboard."""
    markup = read_markup(call.params, CAPTION)
    message, keyboard = _editable(call)
    if "photo" not in message.body and "document" not in message.body:
        refuse("there is no caption in the message to edit")
    content = caption_content(call, markup, _EDITED_CAPTION)
    return _change(call, message, content, ("caption", "caption_entities"), keyboard)


def edit_message_reply_markup(call: Call) -> Json:
    """Replace the inline keyboard only."""
    message, keyboard = _editable(call)
    return _change(call, message, {}, (), keyboard)


def edit_message_media(call: Call) -> Json:
    """Replace a message's content by a photo or document."""
    media = call.params.json("media", "InputMedia")
    if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
        refuse("can't parse InputMedia: the sandbox takes photos and documents only")
    markup = read_markup(Params(media), CAPTION)
    message, keyboard = _editable(call)
    if "poll" in message.body:
        refuse("message media can't be edited")
    file = named_file(call, str(media.get("media", "")), "media")
    content = photo_content(call, file) if media["type"] == "photo" else document_content(call, file)
    content |= caption_content(Call(call.world, call.method, Params(media)), markup)
    replaced = ("text", "entities", "photo", "document", "caption", "caption_entities")
    return _change(call, message, content, replaced, keyboard)


def _editable(call: Call) -> tuple[Message, Keyboard]:
    keyboard = read_keyboard(call.params)
    message = own_message(call, "message to edit not found", "message can't be edited")
    if keyboard.reply:
        refuse("inline keyboard expected")
    check_keyboard(keyboard)
    return message, keyboard


def _change(
    call: Call, message: Message, content: Json, replaced: tuple[str, ...], keyboard: Keyboard
) -> Json:
    """Replace parts of a message and its inline keyboard, if that makes a difference."""
    kept = {name: value for name, value in message.body.items() if name not in (*replaced, "reply_markup")}
    inline = {"reply_markup": keyboard.inline} if keyboard.inline else {}
    changed = {**kept, **content, **inline}
    if _compared(changed) == _compared(message.body):
        refuse(_NOT_MODIFIED)
    call.world.flood.spend(message.body["chat"]["id"])
    call.note(keyboard.dropped)
    message.body = {**changed, "edit_date": int(call.world.clock.seconds)}
    call.world.show("edited", message)
    return message.body


def _compared(body: Json) -> Json:
    return {name: value for name, value in body.items() if name != "edit_date"}


def delete_message(call: Call) -> bool:
    """Remove one message for everybody."""
    chat = writable_chat(call)
    message = chat.messages.get(call.params.integer("message_id"))
    if message is None:
        refuse("message to delete not found")
    if not _may_delete(chat, message, call.world.clock.seconds):
        refuse("message can't be deleted")
    _delete(call, chat, message)
    return True


def delete_messages(call: Call) -> bool:
    """Messages that cannot be found, or not deleted, are skipped."""
    numbers = call.params.json("message_ids", "message identifiers")
    if not isinstance(numbers, list) or not numbers or any(not isinstance(one, int) for one in numbers):
        refuse("message identifiers are not specified")
    if len(numbers) > MAX_DELETED:
        refuse("too many message identifiers specified")
    chat = writable_chat(call)
    for number in numbers:
        message = chat.messages.get(number)
        if message and _may_delete(chat, message, call.world.clock.seconds):
            _delete(call, chat, message)
    return True


def _may_delete(chat: Chat, message: Message, now: float) -> bool:
    """Within 48 hours: its own messages, and in private chats the learner's too."""
    is_recent = now - message.body["date"] < DELETE_SECONDS
    return is_recent and (chat.is_private or message.body["from"]["id"] == BOT_ID)


def _delete(call: Call, chat: Chat, message: Message) -> None:
    del chat.messages[message.number]
    call.world.tell(Event("deleted", {"message_id": message.number}, chat.chat_id))


def answer_callback_query(call: Call) -> bool:
    """End the spinner on a pressed button, once and in time."""
    text = call.params.text("text")
    press = call.world.presses.get(call.params.text("callback_query_id"))
    deadline = call.world.options.callback_seconds
    if press is None or press.is_answered or time.monotonic() - press.at > deadline:
        raise Refusal(400, f"Bad Request: {_QUERY_TOO_OLD}")
    if utf16_length(text) > MAX_ANSWER:
        refuse("MESSAGE_TOO_LONG")
    press.is_answered = True
    answer = {"text": text, "show_alert": call.params.flag("show_alert"), "learner_id": press.learner_id}
    call.world.tell(Event("callback_answer", answer, press.chat_id))
    return True


def set_message_reaction(call: Call) -> bool:
    """React to a message; the page is told, nothing is stored."""
    chat = writable_chat(call)
    message = chat.messages.get(call.params.integer("message_id"))
    if message is None:
        refuse("message to react not found")
    reactions = call.params.json("reaction", "reaction types") or []
    if any(
        not isinstance(one, dict) or one.get("type") not in ("emoji", "custom_emoji", "paid")
        for one in reactions
    ):
        refuse("REACTION_INVALID")
    content = {"message_id": message.number, "reaction": reactions}
    call.world.tell(Event("reaction", content, chat.chat_id))
    return True
