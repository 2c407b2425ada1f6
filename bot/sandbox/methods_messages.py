"""Which methods put messages into a chat? Texts, photos, documents, copies; polls are elsewhere."""

from bot.sandbox.calls import (
    CAPTION,
    MESSAGE_TEXT,
    Call,
    Place,
    caption_content,
    find_chat,
    find_place,
    read_markup,
    text_content,
    writable_chat,
)
from bot.sandbox.keyboards import check_keyboard
from bot.sandbox.media import document_content, photo_content, upload
from bot.sandbox.values import Json, refuse
from bot.sandbox.world import Message

_CONTENT = ("text", "entities", "caption", "caption_entities", "photo", "document", "poll")
_ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip


def send_message(call: Call) -> Json:
    """Send a text."""
    if not call.params.text("text"):
        refuse("message text is empty")
    markup = read_markup(call.params, MESSAGE_TEXT)
    place = find_place(call)
    return deliver(call, place, text_content(call, markup)).body


def send_photo(call: Call) -> Json:
    """Send a picture with a caption."""
    return _send_file(call, "photo")


def send_document(call: Call) -> Json:
    """Send a file with a caption."""
    return _send_file(call, "document")


def _send_file(call: Call, kind: str) -> Json:
    file = upload(call, kind)
    markup = read_markup(call.params, CAPTION)
    place = find_place(call)
    media = photo_content(call, file) if kind == "photo" else document_content(call, file)
    return deliver(call, place, {**media, **caption_content(call, markup)}).body


def deliver(call: Call, place: Place, content: Json) -> Message:
    """Post a message of the bot, once all about it is known to be right."""
    check_keyboard(place.keyboard)
    call.world.flood.spend(place.chat.chat_id)
    call.note(place.keyboard.dropped)
    inline = {"reply_markup": place.keyboard.inline} if place.keyboard.inline else {}
    protected = {"has_protected_content": True} if call.params.flag("protect_content") else {}
    body = {**place.reply, **content, **protected, **inline}
    return call.world.post(place.chat, call.world.bot, body, place.keyboard.reply)


def copy_message(call: Call) -> Json:
    """Send a message's content anew, without saying whose it was."""
    source = _source(call, "message to copy not found")
    place = find_place(call)
    content = _content(source)
    if call.params.has("caption"):
        content |= caption_content(call, read_markup(call.params, CAPTION))
    return {"message_id": deliver(call, place, content).number}


def forward_message(call: Call) -> Json:
    """Send a message's content with its origin."""
    source = _source(call, "message to forward not found")
    place = find_place(call)
    origin = {"type": "user", "sender_user": source.body["from"], "date": source.body["date"]}
    return deliver(call, place, {"forward_origin": origin, **_content(source)}).body


def _source(call: Call, missing: str) -> Message:
    message = find_chat(call, "from_chat_id").messages.get(call.params.integer("message_id"))
    if message is None:
        refuse(missing)
    if "poll" in message.body:
        refuse("message can't be copied: the sandbox copies texts, photos and documents only")
    return message


def _content(message: Message) -> Json:
    return {name: message.body[name] for name in _CONTENT if name in message.body}


def send_chat_action(call: Call) -> bool:
    """Show "typing" or the like for a few seconds."""
    action = call.params.text("action").lower()
    if action not in _ACTIONS:
        refuse("wrong parameter action in request")
    chat = writable_chat(call)
    call.world.show_typing(chat, action)
    return True
