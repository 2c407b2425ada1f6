"""How does a test or a script play a learner? A small async client of the control half; it judges nothing."""

import asyncio
import time
from typing import Any

import httpx

from bot.sandbox.values import Json
from bot.sandbox.world import ALEX_ID, BOT_ID

_LOOK_EVERY = 0.02


class SandboxError(Exception):
    """The sandbox did not accept a control call; the message says why."""


class SandboxClient:
    """Learners' hands on one sandbox; use it with `async with`."""

    def __init__(self, address: str) -> None:
        self._http = httpx.AsyncClient(base_url=f"{address}/sandbox", timeout=30, trust_env=False)
        self._seen: dict[int, int] = {}

    async def __aenter__(self) -> "SandboxClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def call(self, verb: str, path: str, body: Json | None = None, **query: Any) -> Any:
        """Any control call, for what has no method here."""
        given = {name: value for name, value in query.items() if value is not None}
        answer = await self._http.request(verb, f"/{path}", json=body, params=given)
        if answer.is_error:
            raise SandboxError(answer.json().get("error", answer.text))
        return answer.json()

    async def add_learner(self, first_name: str = "Sam", language_code: str | None = None) -> int:
        """A new learner; their id is also the id of their private chat."""
        made = await self.call("POST", "learners", {"first_name": first_name, "language_code": language_code})
        return int(made["chat_id"])

    async def add_group(self, title: str, learner_ids: list[int], *, privacy: bool = True) -> int:
        """A group with the bot in it; returns its chat id."""
        body = {"title": title, "learner_ids": learner_ids, "privacy": privacy}
        return int((await self.call("POST", "groups", body))["chat_id"])

    async def add_forum(self, title: str, learner_ids: list[int], topics: int) -> tuple[int, list[int]]:
        """A group with so many topics; returns its chat id and theirs, which `says` takes as `topic`."""
        body = {"title": title, "learner_ids": learner_ids, "topics": topics, "privacy": False}
        made = await self.call("POST", "groups", body)
        return int(made["chat_id"]), list(made["topics"])

    async def says(self, text: str, learner: int = ALEX_ID, chat: int | None = None, **more: Any) -> Json:
        """A learner writes, in private unless `chat` says where; `more` may hold reply_to, kind, caption."""
        chat_id = learner if chat is None else chat
        message: Json = await self.call(
            "POST", "messages", {"chat_id": chat_id, "from_id": learner, "text": text, **more}
        )
        self._seen[chat_id] = max(self._seen.get(chat_id, 0), message["message_id"])
        return message

    async def presses(self, message: Json, button: str, learner: int = ALEX_ID) -> Json:
        """A learner presses a button, named by its callback_data or by its text."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        named = [one.get("callback_data") for row in rows for one in row if one["text"] == button]
        chat_id, data = message["chat"]["id"], (named or [button])[0]
        body = {
            "chat_id": chat_id,
            "message_id": message["message_id"],
            "callback_data": data,
            "from_id": learner,
        }
        pressed: Json = await self.call("POST", "press", body)
        return pressed

    async def votes(self, message: Json, *option_ids: int, learner: int = ALEX_ID) -> Json:
        """A learner votes in the poll of a message; no options takes the vote back."""
        body = {"poll_id": message["poll"]["id"], "learner_id": learner, "option_ids": list(option_ids)}
        poll: Json = await self.call("POST", "vote", body)
        return poll

    async def types(self, query: str, learner: int = ALEX_ID) -> str:
        """A learner types the bot's name and `query` in some chat; returns the query's id."""
        typed = await self.call("POST", "inline", {"learner_id": learner, "query": query})
        return str(typed["query_id"])

    async def cards(self, query_id: str, timeout: float = 5.0) -> Json:
        """The answer to an inline query: its cards and how long they may be kept."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            answer: Json | None = (await self.call("GET", "inline", query_id=query_id))["answer"]
            if answer is not None:
                return answer
            await asyncio.sleep(_LOOK_EVERY)
        raise TimeoutError(f"no cards for query {query_id} within {timeout} s")

    async def chooses(self, query_id: str, result_id: str, chat: int) -> Json:
        """Tap a card, which becomes the learner's message in `chat`."""
        body = {"query_id": query_id, "result_id": result_id, "chat_id": chat}
        message: Json = await self.call("POST", "inline/choose", body)
        return message

    async def replies(self, learner: int = ALEX_ID, after: int = 0) -> list[Json]:
        """The bot's messages in a chat with a message_id above `after`."""
        messages = (await self.state(learner))["messages"]
        return [one for one in messages if one["from"]["id"] == BOT_ID and one["message_id"] > after]

    async def next_reply(self, timeout: float = 5.0, learner: int = ALEX_ID) -> Json:
        """The bot's next message in a chat since the learner last wrote there; each is returned once."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for message in await self.replies(learner, after=self._seen.get(learner, 0)):
                self._seen[learner] = message["message_id"]
                return message
            await asyncio.sleep(_LOOK_EVERY)
        raise TimeoutError(f"no reply in chat {learner} within {timeout} s")

    async def state(self, chat: int = ALEX_ID) -> Json:
        """What the page shows of a chat."""
        state: Json = await self.call("GET", "state", chat_id=chat)
        return state

    async def faults(self, kind: str, method: str = "*", **more: Any) -> None:
        """Make the next calls fail; `more` may hold times, retry_after, seconds, text."""
        await self.call("POST", "faults", {"kind": kind, "method": method, **more})

    async def calls(self, method: str | None = None, since: int | None = None) -> list[Json]:
        """The calls the bot made."""
        calls: list[Json] = await self.call("GET", "calls", method=method, since=since)
        return calls

    async def violations(self) -> list[Json]:
        """What the real server would have cut or dropped without a word."""
        found: list[Json] = await self.call("GET", "violations")
        return found
