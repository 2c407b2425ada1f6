"""How do the page and tests drive the sandbox? The control half as routes; the acts are in learners.py."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox import learners
from bot.sandbox.behind import newest, weather
from bot.sandbox.faults import read_fault
from bot.sandbox.learners import BERLIN
from bot.sandbox.values import BadInput, Json, is_utf8
from bot.sandbox.waiting import first_of
from bot.sandbox.world import ALEX_ID, Chat, Event, World

HEARTBEAT_SECONDS = 15.0
MOST_LATER_SECONDS = 31 * 24 * 3600
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Control:
    """The routes below /sandbox/."""

    world: World

    def routes(self) -> list[Route]:
        """All routes, each behind the same guard."""
        posts: dict[str, Callable[[Json], Any]] = {
            "learners": self._add_learner,
            "groups": self._add_group,
            "messages": self._write,
            "messages/edit": self._edit,
            "press": self._press,
            "vote": self._vote,
            "inline": self._type_inline,
            "inline/choose": self._choose_card,
            "block": lambda body: self._block(body, True),
            "unblock": lambda body: self._block(body, False),
            "migrate": self._migrate,
            "updates": self.world.updates.inject,
            "faults": self._add_fault,
            "clock": self._move_clock,
            "reset": self._reset,
        }
        gets: dict[str, Callable[[Request], Any]] = {
            "state": self._state,
            "calls": self._calls,
            "inline": self._cards,
            "calls/newest": lambda _: newest(reversed(self.world.calls), self.world.chats),
            "calls/one": self._call,
            "faults": lambda _: weather(self.world),
            "violations": lambda _: self.world.violations,
        }
        return [
            *(
                Route(f"/sandbox/{name}", _guarded(_posting(act)), methods=["POST"])
                for name, act in posts.items()
            ),
            *(
                Route(f"/sandbox/{name}", _guarded(_getting(read)), methods=["GET"])
                for name, read in gets.items()
            ),
            Route("/sandbox/faults", _guarded(_getting(self._clear_faults)), methods=["DELETE"]),
            Route("/sandbox/events", _guarded(self._events), methods=["GET"]),
        ]

    def _chat(self, body: Json) -> Chat:
        return self.world.get_chat(body.get("chat_id"))

    def _learner_id(self, body: Json, chat: Chat) -> int:
        """`from_id`, or whoever is in a private chat."""
        value = body.get("from_id")
        if value is None and not chat.is_private:
            raise BadInput("from_id is needed in a group")
        return _integer(value, "from_id") if value is not None else chat.chat_id

    def _add_learner(self, body: Json) -> Json:
        name = _text(body, "first_name")
        learner = self.world.add_learner(name, body.get("language_code"))
        self.world.tell(Event("people", {}))
        return {"learner": learner, "chat_id": learner["id"]}

    def _add_group(self, body: Json) -> Json:
        ids = [_integer(one, "learner_ids") for one in _list(body, "learner_ids")]
        title, privacy = _text(body, "title"), bool(body.get("privacy", True))
        topics = _integer(body.get("topics", 0), "topics")
        is_new = bool(body.get("is_new", True))
        chat = learners.make_group(self.world, title, ids, privacy, topics, is_new=is_new)
        self.world.tell(Event("people", {}))
        return {"chat_id": chat.chat_id, "topics": list(chat.topics)}

    def _write(self, body: Json) -> Json:
        chat = self._chat(body)
        words = learners.Words(
            text=str(body.get("text") or ""),
            kind=str(body.get("kind") or ""),
            caption=str(body.get("caption") or ""),
            spot=_spot(body),
            reply_to=_integer(body["reply_to"], "reply_to") if body.get("reply_to") is not None else None,
            topic=_integer(body["topic"], "topic") if body.get("topic") is not None else None,
        )
        return learners.write(self.world, chat, self._learner_id(body, chat), words).body

    def _edit(self, body: Json) -> Json:
        number = _integer(body.get("message_id"), "message_id")
        return learners.edit(self.world, self._chat(body), number, _text(body, "text")).body

    def _press(self, body: Json) -> Json:
        chat = self._chat(body)
        number = _integer(body.get("message_id"), "message_id")
        learner_id = self._learner_id(body, chat)
        return learners.press(self.world, chat, learner_id, number, _text(body, "callback_data"))

    def _vote(self, body: Json) -> Json:
        option_ids = [_integer(one, "option_ids") for one in _list(body, "option_ids")]
        learner_id = _integer(body.get("learner_id", ALEX_ID), "learner_id")
        return learners.vote(self.world, _text(body, "poll_id"), learner_id, option_ids)

    def _type_inline(self, body: Json) -> Json:
        learner_id = _integer(body.get("learner_id", ALEX_ID), "learner_id")
        query, chat_type = str(body.get("query") or ""), str(body.get("chat_type") or "private")
        return {"query_id": learners.type_inline(self.world, learner_id, query, chat_type).query_id}

    def _cards(self, request: Request) -> Json:
        typed = self.world.inline.get(request.query_params.get("query_id", ""))
        return {"answer": typed.answer if typed else None}

    def _choose_card(self, body: Json) -> Json:
        query_id, result_id = _text(body, "query_id"), _text(body, "result_id")
        return learners.choose_card(self.world, self._chat(body), query_id, result_id).body

    def _block(self, body: Json, is_blocked: bool) -> Json:
        learners.set_blocked(self.world, self._chat(body), is_blocked)
        return {"blocked": is_blocked}

    def _migrate(self, body: Json) -> Json:
        return {"chat_id": learners.migrate(self.world, self._chat(body)).chat_id}

    def _add_fault(self, body: Json) -> Json:
        if body.get("kind") == "duplicate_update":
            self.world.updates.twice += _integer(body.get("times", 1), "times")
        elif body.get("kind") == "storm":
            self.world.faults.is_storming = bool(body.get("on", True))
        elif body.get("kind") == "flood_limits":
            self.world.flood.switch(True)
        else:
            self.world.faults.add(read_fault(body))
        return self._tell_weather()

    def _tell_weather(self) -> Json:
        self.world.tell(Event("faults", told := weather(self.world)))
        return told

    def _clear_faults(self, _: Request) -> Json:
        self.world.faults.clear()
        self.world.flood.switch(False)
        self.world.updates.twice = 0
        return self._tell_weather()

    async def _move_clock(self, body: Json) -> Json:
        """Later by so many seconds; never earlier: what the bot stored would lie in the future."""
        seconds = _integer(body.get("seconds"), "seconds")
        if not 0 < seconds <= MOST_LATER_SECONDS:
            raise BadInput(f"seconds must be between 1 and {MOST_LATER_SECONDS}")
        if not self.world.time["can_move"]:
            raise BadInput("no bot lives by this sandbox's clock", status=409)
        before = self.world.count_of_the_bot
        await self.world.clock.move_on(timedelta(seconds=seconds))
        return self.world.time | {"messages": self.world.count_of_the_bot - before}

    def _reset(self, _: Json) -> Json:
        self.world.reset()
        self.world.tell(Event("reset", {}))
        return {}

    def _calls(self, request: Request) -> list[Json]:
        method = request.query_params.get("method", "").lower()
        since = _integer(request.query_params.get("since", "0"), "since")
        calls = (one for one in self.world.calls if one["number"] > since)
        return [one for one in calls if not method or one["method"].lower() == method]

    def _call(self, request: Request) -> Json:
        number = _integer(request.query_params.get("number", ""), "number")
        found = next((one for one in self.world.calls if one["number"] == number), None)
        if found is None:
            raise BadInput(f"there is no call {number}", status=404)
        return found

    def _state(self, request: Request) -> Json:
        world = self.world
        chat = world.get_chat(_integer(request.query_params.get("chat_id", ALEX_ID), "chat_id"))
        return {
            "bot": world.bot,
            "chat_id": chat.chat_id,
            "description": world.profile.get(("description", ""), ""),
            "short_description": world.profile.get(("short_description", ""), ""),
            "commands": self.commands_for(chat),
            "learners": list(world.users.values()),
            "operators": list(world.options.operators),
            "chats": [self._listed(one) for one in world.chats.values() if one.migrated_to is None],
            "messages": [world.page_view(one) for one in chat.messages.values()],
            "typing": chat.is_typing,
            "blocked": chat.is_blocked,
            "listening": world.is_listened_to,
            "time": world.time,
        }

    def _listed(self, chat: Chat) -> Json:
        topics = {"topics": list(chat.topics)} if chat.topics else {}
        private = {} if chat.is_private else {"privacy": chat.privacy}
        return self.world.describe(chat) | {"learner_ids": sorted(chat.member_ids)} | private | topics

    def commands_for(self, chat: Chat) -> list[Json]:
        """The menu a learner sees: the most specific scope that has a list, in their language or in none."""
        kind = "all_private_chats" if chat.is_private else "all_group_chats"
        learner = self.world.users[min(chat.member_ids)]
        for scope in (f"chat:{chat.chat_id}", kind, "default"):
            for language in (learner.get("language_code", ""), ""):
                if found := self.world.commands.get((scope, language)):
                    return found
        return []

    async def _events(self, request: Request) -> Response:
        text = request.query_params.get("chat_id")
        chat = self.world.get_chat(_integer(text, "chat_id")) if text else None
        stream = self._stream(chat)
        return StreamingResponse(
            stream, media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )

    async def _stream(self, chat: Chat | None) -> AsyncIterator[str]:
        with self.world.listen() as queue:
            yield ": listening\n\n"
            while (event := await self._next(queue)) or not self.world.closing.is_set():
                if event is None:
                    yield ": heartbeat\n\n"
                elif chat is None or event.chat_id in (None, chat.chat_id):
                    yield _told(event)

    async def _next(self, queue: asyncio.Queue[Event]) -> Event | None:
        """The next event, or None after a quiet while and when the sandbox closes."""
        return await first_of(queue.get(), self.world.closing.wait(), timeout=HEARTBEAT_SECONDS)


def _told(event: Event) -> str:
    """An event as browsers read it; it says itself which chat it is of."""
    where = {} if event.chat_id is None else {"chat_id": event.chat_id}
    return f"event: {event.kind}\ndata: {json.dumps(event.content | where)}\n\n"


def _integer(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadInput(f"{name} must be a whole number")
    try:
        return int(value)
    except ValueError as error:
        raise BadInput(f"{name} must be a whole number") from error


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{name} must be a text")
    return value


def _spot(body: Json) -> tuple[float, float]:
    """`latitude` and `longitude` of a location; Berlin where they are not told."""
    spot = tuple(body.get(name, usual) for name, usual in zip(("latitude", "longitude"), BERLIN, strict=True))
    if not all(isinstance(one, int | float) for one in spot):
        raise BadInput("latitude and longitude must be numbers")
    return spot[0], spot[1]


def _list(body: Json, name: str) -> list[Any]:
    value = body.get(name)
    if not isinstance(value, list):
        raise BadInput(f"{name} must be a list")
    return value


def _posting(act: Callable[[Json], Any]) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as error:
            raise BadInput("the body is not JSON") from error
        if not isinstance(body, dict):
            raise BadInput("the body must be a JSON object")
        if not is_utf8(json.dumps(body, ensure_ascii=False)):
            raise BadInput("the body holds half a surrogate pair, which no chat can carry")
        done = act(body)
        return JSONResponse(await done if inspect.isawaitable(done) else done)

    return handle


def _getting(read: Callable[[Request], Any]) -> Handler:
    async def handle(request: Request) -> Response:
        return JSONResponse(read(request))

    return handle


def _guarded(handler: Handler) -> Handler:
    """For callers on this machine only: a web page elsewhere, or a rebound name, must not drive it."""

    async def handle(request: Request) -> Response:
        host, origin = f"//{request.headers.get('host', '')}", request.headers.get("origin")
        if not _is_local(host) or not _is_local(origin):
            return JSONResponse({"error": "the control half answers local callers only"}, status_code=403)
        try:
            return await handler(request)
        except BadInput as error:
            return JSONResponse({"error": str(error)}, status_code=error.status)

    return handle


def _is_local(address: str | None) -> bool:
    return address is None or urlsplit(address).hostname in _LOCAL_HOSTS
