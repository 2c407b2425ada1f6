"""What can learners do, and which updates does it make? Write, press, vote, block; nothing the bot does."""

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.entities import covered_texts, tidy
from bot.sandbox.markup import Markup
from bot.sandbox.methods_polls import poll_changed
from bot.sandbox.values import BadInput, Json
from bot.sandbox.world import BOT_ID, Chat, Message, Press, Typed, World

MAX_QUERY = 256
KINDS = ("sticker", "photo", "voice", "document", "location", "contact")
BERLIN = (52.52, 13.405)
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@dataclass(frozen=True)
class Words:
    """What a learner sends: a text, or a `kind` of thing with a caption; a location is a `spot`."""

    text: str = ""
    kind: str = ""
    caption: str = ""
    spot: tuple[float, float] = BERLIN
    reply_to: int | None = None
    topic: int | None = None


def write(world: World, chat: Chat, learner_id: int, words: Words) -> Message:
    """A learner's message; the bot hears of it unless privacy mode keeps it away."""
    learner = world.get_learner(learner_id)
    _check_open(chat, learner_id)
    content = (
        in_topic(chat, words.topic)
        | _reply(chat, words.reply_to)
        | (_thing(world, learner, words) if words.kind else _text(words.text))
    )
    message = world.post(chat, learner, content)
    chat.is_started = True
    if _bot_hears(world, chat, message.body):
        world.updates.add("message", message.body)
    return message


def in_topic(chat: Chat, topic: int | None) -> Json:
    """What tells the topic of a message in a forum; there is none in the topic "General"."""
    if topic is None:
        return {}
    if topic not in chat.topics:
        raise BadInput(f"chat {chat.chat_id} has no topic {topic}", status=404)
    return {"message_thread_id": topic, "is_topic_message": True}


def _check_open(chat: Chat, learner_id: int) -> None:
    if learner_id not in chat.member_ids:
        raise BadInput(f"learner {learner_id} is not in chat {chat.chat_id}")
    if chat.is_blocked:
        raise BadInput("the learner has blocked the bot; unblock it first")
    if chat.migrated_to is not None:
        raise BadInput(f"the group is now the supergroup {chat.migrated_to}")


def _text(text: str) -> Json:
    tidied = tidy(Markup(text), {})
    if not tidied.text:
        raise BadInput("text must not be empty")
    return {"text": tidied.text} | ({"entities": tidied.entities} if tidied.entities else {})


def _reply(chat: Chat, number: int | None) -> Json:
    if number is None:
        return {}
    if number not in chat.messages:
        raise BadInput(f"there is no message {number} to reply to", status=404)
    return chat.messages[number].as_quoted()


def _thing(world: World, learner: Json, words: Words) -> Json:
    """A sticker, photo or the like, with made-up but valid contents."""
    if words.kind == "location":
        latitude, longitude = words.spot
        return {"location": {"latitude": latitude, "longitude": longitude}}
    if words.kind == "contact":
        return {"contact": {"phone_number": "+10005550100", "first_name": learner["first_name"]}}
    caption = {"caption": words.caption} if words.caption and words.kind != "sticker" else {}
    return {words.kind: _file(world, words.kind)} | caption


def _file(world: World, kind: str) -> Json | list[Json]:
    if kind not in KINDS:
        raise BadInput(f"kind must be one of {', '.join(KINDS)}")
    stored = world.store_file(f"{kind}s", "learner.png", _PIXEL)
    known = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": len(_PIXEL)}
    square = {"width": 1, "height": 1}
    if kind == "photo":
        return [known | square]
    if kind == "sticker":
        return known | square | {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
    if kind == "voice":
        return known | {"duration": 3, "mime_type": "audio/ogg"}
    return known | {"file_name": "notes.png", "mime_type": "image/png"}


def _bot_hears(world: World, chat: Chat, body: Json) -> bool:
    """Privacy mode: of a group's talk a bot gets commands, mentions and replies to it (Bot Features page)."""
    if chat.is_left:
        return False
    if chat.is_private or not chat.privacy:
        return True
    name = world.options.bot_username.lower()
    commands = covered_texts(body, "bot_command")
    for_bot = any("@" not in one or one.lower().endswith(f"@{name}") for one in commands)
    mentioned = f"@{name}" in [one.lower() for one in covered_texts(body, "mention")]
    replied = body.get("reply_to_message", {}).get("from", {}).get("id") == BOT_ID
    return for_bot or mentioned or replied


def edit(world: World, chat: Chat, message_id: int, text: str) -> Message:
    """A learner changes a text of theirs."""
    message = chat.messages.get(message_id)
    if message is None or message.body["from"]["is_bot"] or "text" not in message.body:
        raise BadInput(f"message {message_id} is not a learner's text", status=404)
    kept = {name: value for name, value in message.body.items() if name != "entities"}
    message.body = {**kept, **_text(text), "edit_date": int(world.clock.seconds)}
    world.show("edited", message)
    if _bot_hears(world, chat, message.body):
        world.updates.add("edited_message", message.body)
    return message


def press(world: World, chat: Chat, learner_id: int, message_id: int, data: str) -> Json:
    """A learner presses an inline button; only buttons that are on the message now can be pressed."""
    learner = world.get_learner(learner_id)
    _check_open(chat, learner_id)
    message = chat.messages.get(message_id)
    if message is None or not _has_button(message, data):
        raise BadInput(f"message {message_id} has no button with {data!r}", status=404)
    waiting = Press(str(secrets.randbits(62)), chat.chat_id, learner_id, time.monotonic())
    world.presses[waiting.query_id] = waiting
    query = {"id": waiting.query_id, "from": learner, "message": message.body, "data": data}
    world.updates.add("callback_query", query | {"chat_instance": str(abs(chat.chat_id) * 7919)})
    return query


def _has_button(message: Message, data: str) -> bool:
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)


def vote(world: World, poll_id: str, learner_id: int, option_ids: list[int]) -> Json:
    """A learner votes, or takes a vote back with no options; only known voters make a `poll_answer`."""
    learner = world.get_learner(learner_id)
    poll = world.polls.get(poll_id)
    if poll is None:
        raise BadInput(f"there is no poll {poll_id!r}", status=404)
    _check_open(world.get_chat(poll.chat_id), learner_id)
    poll.vote(learner_id, option_ids)
    if not poll.is_anonymous:
        chosen = poll.votes.get(learner_id, [])
        answer = {"poll_id": poll_id, "user": learner, "option_ids": chosen}
        world.updates.add("poll_answer", answer | {"option_persistent_ids": poll.persistent_ids(chosen)})
    poll_changed(world, poll)
    return poll.for_learners()


def type_inline(world: World, learner_id: int, query: str, chat_type: str) -> Typed:
    """A learner types the bot's name and something after it, in any chat; longer queries are cut."""
    learner = world.get_learner(learner_id)
    if not world.options.inline:
        raise BadInput("the bot's inline mode is off")
    typed = Typed(str(secrets.randbits(62)), learner_id, time.monotonic())
    world.inline[typed.query_id] = typed
    asked = {"id": typed.query_id, "from": learner, "query": query[:MAX_QUERY], "offset": ""}
    world.updates.add("inline_query", asked | {"chat_type": chat_type})
    return typed


def choose_card(world: World, chat: Chat, query_id: str, result_id: str) -> Message:
    """Tap a card: it becomes the learner's message in the chat they typed in."""
    typed = world.inline.get(query_id)
    cards = typed.answer["results"] if typed and typed.answer else []
    found = [one for one in cards if one["id"] == result_id]
    if typed is None or not found:
        raise BadInput(f"query {query_id!r} has no card {result_id!r}", status=404)
    _check_open(chat, typed.learner_id)
    content = found[0]["message"] | {"via_bot": world.bot}
    message = world.post(chat, world.get_learner(typed.learner_id), content)
    if _bot_hears(world, chat, message.body):
        world.updates.add("message", message.body)
    return message


def set_blocked(world: World, chat: Chat, is_blocked: bool) -> None:
    """A learner blocks the bot or lets it in again."""
    if not chat.is_private:
        raise BadInput("only a private chat can be blocked")
    if chat.is_blocked == is_blocked:
        return
    chat.is_blocked = is_blocked
    _membership(world, chat, "member" if is_blocked else "kicked", "kicked" if is_blocked else "member")


def _membership(world: World, chat: Chat, before: str, after: str) -> None:
    states = {name: _bot_member(world, status) for name, status in (("old", before), ("new", after))}
    change: Json = {
        "chat": world.describe(chat),
        "from": world.users[min(chat.member_ids)],
        "date": int(world.clock.seconds),
    }
    change |= {"old_chat_member": states["old"], "new_chat_member": states["new"]}
    world.updates.add("my_chat_member", change)


def _bot_member(world: World, status: str) -> Json:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"status": status, "user": world.bot} | until


def make_group(
    world: World,
    title: str,
    learner_ids: list[int],
    privacy: bool,
    topics: int = 0,
    *,
    is_new: bool = True,
) -> Chat:
    """A group with the bot in it; one with topics is a forum, which only supergroups can be.

    The bot is told that it was brought in, unless it has been there for long.
    """
    for learner_id in learner_ids:
        world.get_learner(learner_id)
    if not learner_ids:
        raise BadInput("a group needs at least one learner")
    kind = "supergroup" if topics else "group"
    chat = world.add_group(title, set(learner_ids), privacy=privacy, kind=kind, topics=topics)
    if is_new:
        _membership(world, chat, "left", "member")
    return chat


def migrate(world: World, chat: Chat) -> Chat:
    """A group becomes a supergroup with another id; both sides are told by service messages."""
    if chat.kind != "group" or chat.migrated_to is not None:
        raise BadInput("only a group that was not yet upgraded can become a supergroup")
    upgraded = world.add_group(chat.title, chat.member_ids, privacy=chat.privacy, kind="supergroup")
    sender = world.users[min(chat.member_ids)]
    told = world.post(chat, sender, {"migrate_to_chat_id": upgraded.chat_id})
    world.updates.add("message", told.body)
    told = world.post(upgraded, sender, {"migrate_from_chat_id": chat.chat_id})
    world.updates.add("message", told.body)
    chat.migrated_to = upgraded.chat_id
    return upgraded
