"""What exists in the sandbox now? Bot, learners, chats, messages, polls; it knows no rules and no HTTP."""

import asyncio
import itertools
import secrets
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.behind import call_line, is_shown, weather
from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Faults
from bot.sandbox.flood import Flood
from bot.sandbox.polls import Poll
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.values import BadInput, Json
from bot.sandbox.webhook import Webhook

SANDBOX_TOKEN = "4242:sandbox"
BOT_ID = 4242
ALEX_ID = 1001
OPERATOR_ID = 1000
MAX_CALLS = 20_000
TYPING_SECONDS = 5.0
"""A chat action lasts at most that long, or until the bot's next message (Bot API, sendChatAction)."""


@dataclass(frozen=True)
class Options:
    """How one sandbox is set up."""

    token: str = SANDBOX_TOKEN
    bot_name: str = "Next Rung"
    bot_username: str = "next_rung_bot"
    loopback_webhooks: bool = False
    callback_seconds: float = 15.0
    """How long a press may wait for answerCallbackQuery; not documented, live bots report about 15 s."""
    inline: bool = True
    """Whether @BotFather was told /setinline: without it nobody's typing reaches the bot."""
    operators: tuple[int, ...] = ()
    """Who looks after the bot, as its settings have it; they are there from the beginning."""
    numbers_from: int = 1
    """Learners and groups who come are numbered from here on: the bot may remember others of before."""


@dataclass
class Message:
    """One message: `body` is the Bot API object, `keyboard` a reply keyboard, which bots never see."""

    body: Json
    keyboard: Json | None = None

    @property
    def number(self) -> int:
        return int(self.body["message_id"])

    def as_quoted(self) -> Json:
        """`reply_to_message` for an answer to this message; a quoted message does not quote further."""
        body = {name: value for name, value in self.body.items() if name != "reply_to_message"}
        return {"reply_to_message": body}


@dataclass
class Chat:
    """A private chat (`title` is the learner's name) or a group; a forum has topics by their numbers."""

    chat_id: int
    kind: str
    title: str
    member_ids: set[int]
    privacy: bool = True
    is_started: bool = False
    is_blocked: bool = False
    is_left: bool = False
    migrated_to: int | None = None
    typing_until: float = 0.0
    menu_button: Json | None = None
    topics: tuple[int, ...] = ()
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    @property
    def is_typing(self) -> bool:
        return time.monotonic() < self.typing_until


@dataclass
class Press:
    """A callback query that waits for its answer."""

    query_id: str
    chat_id: int
    learner_id: int
    at: float
    is_answered: bool = False


@dataclass
class Typed:
    """An inline query: what somebody typed after the bot's name, and the cards it was answered with."""

    query_id: str
    learner_id: int
    at: float
    answer: Json | None = None


@dataclass(frozen=True)
class StoredFile:
    """The bytes behind a file_id."""

    file_id: str
    path: str
    content: bytes

    @property
    def unique_id(self) -> str:
        return f"u{self.file_id}"


@dataclass(frozen=True)
class Event:
    """Something a page wants to hear of; no chat means every page."""

    kind: str
    content: Json
    chat_id: int | None = None


class World:
    """All state of one sandbox; `reset` forgets everything but the bot's own settings."""

    def __init__(self, options: Options, clock: SandboxClock | None = None) -> None:
        self.options = options
        self.clock = clock or SandboxClock()
        self.clock.on_move.append(self._tell_time)
        self.updates = UpdateQueue()
        self.webhook: Webhook | None = None
        self.faults = Faults()
        self.flood = Flood()
        self.closing = asyncio.Event()
        self._listeners: set[asyncio.Queue[Event]] = set()
        # Numbers go on after a reset, as Telegram never gives one twice.
        self._call_numbers = itertools.count(1)
        self._message_numbers = itertools.count(1)
        self._learner_numbers = itertools.count(ALEX_ID + self.options.numbers_from)
        self._group_numbers = itertools.count(self.options.numbers_from)
        self.profile: dict[tuple[str, str], str] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.menu_button: Json = {"type": "commands"}
        self.is_listened_to = False
        self.count_of_the_bot = 0  # messages it has sent
        self.reset()

    def reset(self) -> None:
        """Begin anew with Alex alone; what the bot set once at its start (commands, texts) stays."""
        self.updates.clear()
        self.faults.clear()
        self.flood.switch(False)
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.polls: dict[str, Poll] = {}
        self.presses: dict[str, Press] = {}
        self.inline: dict[str, Typed] = {}
        self.files: dict[str, StoredFile] = {}
        self.calls: deque[Json] = deque(maxlen=MAX_CALLS)
        self.violations: list[Json] = []
        self._settle(ALEX_ID, "Alex", "en")
        for place, number in enumerate(self.options.operators, 1):
            if number not in self.users:
                self._settle(number, "Robin" if place == 1 else f"Robin {place}", "en")

    @property
    def bot(self) -> Json:
        name = self.profile.get(("name", ""), self.options.bot_name)
        return {"id": BOT_ID, "is_bot": True, "first_name": name, "username": self.options.bot_username}

    def add_learner(self, first_name: str, language_code: str | None = None) -> Json:
        free = (number for number in self._learner_numbers if number not in self.users)
        return self._settle(next(free), first_name, language_code)

    def _settle(self, number: int, first_name: str, language_code: str | None) -> Json:
        learner: Json = {"id": number, "is_bot": False, "first_name": first_name}
        if language_code:
            learner["language_code"] = language_code
        self.users[number] = learner
        self.chats[number] = Chat(number, "private", first_name, {number})
        return learner

    def add_group(
        self, title: str, learner_ids: set[int], *, privacy: bool, kind: str = "group", topics: int = 0
    ) -> Chat:
        number = next(self._group_numbers)
        chat_id = -number if kind == "group" else -1_000_000_000_000 - number
        chat = Chat(chat_id, kind, title, set(learner_ids), privacy, is_started=True)
        chat.topics = tuple(next(self._message_numbers) for _ in range(topics))
        self.chats[chat_id] = chat
        return chat

    def get_chat(self, chat_id: object) -> Chat:
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise BadInput(f"there is no chat {chat_id!r}", status=404)
        return chat

    def get_learner(self, learner_id: object) -> Json:
        learner = self.users.get(learner_id) if isinstance(learner_id, int) else None
        if learner is None:
            raise BadInput(f"there is no learner {learner_id!r}", status=404)
        return learner

    def describe(self, chat: Chat) -> Json:
        """The Chat object inside messages."""
        name = "first_name" if chat.is_private else "title"
        forum = {"is_forum": True} if chat.topics else {}
        return {"id": chat.chat_id, "type": chat.kind, name: chat.title, **forum}

    def post(self, chat: Chat, sender: Json, content: Json, keyboard: Json | None = None) -> Message:
        """Put a new message in a chat and show it."""
        head: Json = {"message_id": next(self._message_numbers), "from": sender, "chat": self.describe(chat)}
        message = Message({**head, "date": int(self.clock.seconds), **content}, keyboard)
        chat.messages[message.number] = message
        if sender["is_bot"]:
            chat.typing_until = 0.0
            self.count_of_the_bot += 1
        self.show("message", message)
        return message

    def show(self, kind: str, message: Message) -> None:
        self.tell(Event(kind, self.page_view(message), message.body["chat"]["id"]))

    def show_typing(self, chat: Chat, action: str) -> None:
        chat.typing_until = time.monotonic() + TYPING_SECONDS
        self.tell(Event("typing", {"typing": True, "action": action}, chat.chat_id))

    @property
    def time(self) -> Json:
        """What time it is, for pages; `can_move` where a bot lives by it and is there."""
        can_move = self.clock.is_followed and self.is_listened_to
        return {"now": self.clock.seconds, "ahead": self.clock.ahead.total_seconds(), "can_move": can_move}

    def _tell_time(self) -> None:
        self.tell(Event("clock", self.time))

    def begin_listening(self) -> None:
        """A bot asks for updates, or has them delivered: pages say no longer that none does."""
        if not self.is_listened_to:
            self.is_listened_to = True
            self.tell(Event("listening", {}))

    def page_view(self, message: Message) -> Json:
        """A message as a phone shows it: reply keyboards, addresses of files, and no key before the vote."""
        view = dict(message.body)
        if message.keyboard:
            view["reply_markup"] = message.keyboard
        if "poll" in view:
            view["poll"] = self._visible(view["poll"])
        if "poll" in view.get("reply_to_message", {}):
            quoted = view["reply_to_message"]
            view["reply_to_message"] = quoted | {"poll": self._visible(quoted["poll"])}
        if "photo" in view:
            view["photo"] = [size | {"url": self._address(size["file_id"])} for size in view["photo"]]
        if "document" in view:
            view["document"] = view["document"] | {"url": self._address(view["document"]["file_id"])}
        return view

    def _visible(self, poll: Json) -> Json:
        return self.polls[poll["id"]].for_learners()

    def _address(self, file_id: str) -> str:
        return f"/file/bot{self.options.token}/{self.files[file_id].path}"

    def store_file(self, folder: str, name: str, content: bytes) -> StoredFile:
        file_id = secrets.token_urlsafe(18)
        stored = StoredFile(file_id, f"{folder}/{file_id}.{name.rpartition('.')[2] or 'bin'}", content)
        self.files[file_id] = stored
        return stored

    def record_violation(self, method: str, what: str) -> None:
        """Something the real server cuts or drops without telling the bot."""
        self.violations.append({"at": time.time(), "method": method, "what": what})

    def log_call(
        self, method: str, params: Json, status: int, response: Any, milliseconds: float, fault: str
    ) -> None:
        call = {"number": next(self._call_numbers), "at": time.time(), "method": method, "fault": fault}
        call |= {"params": params, "status": status, "response": response, "milliseconds": milliseconds}
        self.calls.append(call)
        if self._listeners and is_shown(call):
            self.tell(Event("call", call_line(call, self.chats) | {"weather": weather(self)}))

    def tell(self, event: Event) -> None:
        for queue in self._listeners:
            queue.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event]]:
        """One page's queue of events, there as long as the `with` block lasts."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def groups_of(self, learner_id: int) -> Iterator[Chat]:
        return (chat for chat in self.chats.values() if not chat.is_private and learner_id in chat.member_ids)
