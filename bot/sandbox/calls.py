"""How does a method read what many share: chat, text, message? It sends and changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from bot.sandbox.entities import check_entities, check_spans, tidy
from bot.sandbox.keyboards import Keyboard, read_keyboard
from bot.sandbox.markup import Markup, parse_html
from bot.sandbox.params import Params
from bot.sandbox.values import Json, Refusal, is_utf8, refuse, utf16_length
from bot.sandbox.world import BOT_ID, Chat, Message, World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_RAW_BYTES = 32_768
"""Before parsing, tags included."""


@dataclass(frozen=True)
class Call:
    """One call of a Bot API method."""

    world: World
    method: str
    params: Params

    def note(self, violations: Iterable[str]) -> None:
        for what in violations:
            self.world.record_violation(self.method, what)


@dataclass(frozen=True)
class TextField:
    """Where a method finds a text, its markup and its limit."""

    text: str = "text"
    parse_mode: str = "parse_mode"
    entities: str = "entities"
    limit: int = MAX_TEXT
    too_long: str = "message is too long"


MESSAGE_TEXT = TextField()
CAPTION = TextField("caption", "parse_mode", "caption_entities", MAX_CAPTION, "message caption is too long")


def forbidden(text: str) -> NoReturn:
    """Refuse with a 403."""
    raise Refusal(403, f"Forbidden: {text}")


def read_markup(params: Params, where: TextField) -> Markup:
    """First half of reading a text: markup that cannot be parsed is refused before the chat is known."""
    raw = params.text(where.text)
    if not is_utf8(raw):
        refuse("strings must be encoded in UTF-8")
    if len(raw.encode()) > MAX_RAW_BYTES:
        refuse("text is too long")
    mode = params.text(where.parse_mode).lower()
    if mode == "html":
        return parse_html(raw)
    if mode in ("markdown", "markdownv2"):
        refuse(f"unsupported parse_mode: this sandbox speaks HTML and entities only, not {mode}")
    if mode:
        refuse("unsupported parse_mode")
    return Markup(raw, check_entities(params.json(where.entities, "entities")))


def finish_text(call: Call, markup: Markup, where: TextField) -> Markup:
    """The second half: entities in place, blanks trimmed, length judged after parsing."""
    if not call.params.has(where.parse_mode):
        check_spans(markup.text, markup.entities)
    tidied = tidy(markup, call.world.users)
    if utf16_length(tidied.text) > where.limit:
        refuse(where.too_long)
    call.note(tidied.dropped)
    return tidied


def text_content(call: Call, markup: Markup, where: TextField = MESSAGE_TEXT) -> Json:
    """`text` and `entities` of a message."""
    tidied = finish_text(call, markup, where)
    if not tidied.text.strip():
        refuse("text must be non-empty")
    return {"text": tidied.text} | ({"entities": tidied.entities} if tidied.entities else {})


def caption_content(call: Call, markup: Markup, where: TextField = CAPTION) -> Json:
    """`caption` and `caption_entities`, both absent for no caption."""
    tidied = finish_text(call, markup, where)
    if not tidied.text.strip():
        return {}
    return {"caption": tidied.text} | ({"caption_entities": tidied.entities} if tidied.entities else {})


def find_chat(call: Call, name: str = "chat_id") -> Chat:
    """The chat a call names, as far as the bot may know of it."""
    if not call.params.has(name):
        refuse(f"{name} is empty")
    chat = call.world.chats.get(call.params.integer(name))
    if chat is None or not _is_known(call.world, chat):
        refuse("chat not found")
    return chat


def _is_known(world: World, chat: Chat) -> bool:
    """A bot knows learners who have written to it, and those it shares a group with."""
    return not chat.is_private or chat.is_started or any(world.groups_of(chat.chat_id))


def writable_chat(call: Call) -> Chat:
    """The chat, if the bot may write there."""
    chat = find_chat(call)
    if chat.migrated_to is not None:
        text = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refusal(400, text, {"migrate_to_chat_id": chat.migrated_to})
    if chat.is_left:
        forbidden(f"bot is not a member of the {chat.kind} chat")
    if chat.is_blocked:
        forbidden("bot was blocked by the user")
    if not chat.is_started:
        forbidden("bot can't initiate conversation with a user")
    return chat


@dataclass(frozen=True)
class Place:
    """Where a new message goes, what it answers, and the keyboard it brings."""

    chat: Chat
    reply: Json
    keyboard: Keyboard


def find_place(call: Call) -> Place:
    """Read what every sending method takes, in the server's order: keyboard, chat, thread, reply."""
    keyboard = read_keyboard(call.params)
    chat = writable_chat(call)
    return Place(chat, _topic(call, chat) | _reply(call, chat), keyboard)


def _topic(call: Call, chat: Chat) -> Json:
    if not call.params.has("message_thread_id"):
        return {}
    topic = call.params.integer("message_thread_id")
    if topic not in chat.topics:
        refuse("message thread not found")
    return {"message_thread_id": topic, "is_topic_message": True}


def _reply(call: Call, chat: Chat) -> Json:
    wanted = call.params.json("reply_parameters")
    if wanted is None:
        return {}
    if not isinstance(wanted, dict) or "message_id" not in wanted:
        refuse('can\'t find field "message_id"')
    target = chat.messages.get(Params(wanted).integer("message_id"))
    if target is not None:
        return target.as_quoted()
    if not wanted.get("allow_sending_without_reply"):
        refuse("message to be replied not found")
    return {}


def own_message(call: Call, missing: str, foreign: str) -> Message:
    """The bot's message that a call means, or the refusals for none and for another's."""
    chat = writable_chat(call)
    message = chat.messages.get(call.params.integer("message_id"))
    if message is None:
        refuse(missing)
    if message.body["from"]["id"] != BOT_ID:
        refuse(foreign)
    return message
