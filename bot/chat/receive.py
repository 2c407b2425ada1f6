"""How do updates come in? Stored before Telegram is told that we have them, then handled one turn each."""

import asyncio
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeGuard

from starlette.requests import Request
from starlette.responses import Response
from telegram import Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat.answers import MAX_DEPTH
from bot.chat.context import BotApplication
from bot.chat.drain import Drain
from bot.chat.gate import Destination
from bot.chat.send import seconds_of
from bot.chat.turn import Turn
from bot.chat.views import failures
from bot.observability import warn_once
from bot.storage import inbox
from bot.storage.database import Database, may_pass
from bot.storage.inbox import StoredUpdate

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 25  # Telegram holds a poll for up to 50 s
POLL_LIMIT = 100
SLOWEST_RETRY_SECONDS = 30.0
IDLE_POLL_SECONDS = 0.3  # at least, for a poll that brings nothing new: some servers answer at once
OFFSET_SECONDS = 10.0  # of silence, after which a server that was restarted and counts anew is looked for
LEARNERS_AT_ONCE = 32
TIDY_SECONDS = 3600
WEBHOOK_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_ID = 2**63 - 1  # what a column holds; Telegram's ids have 52 bits
MAX_DELIVERY_BYTES = 1_000_000  # a hundred times what Telegram delivers
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?(?!\S)")


class Unreadable(Exception):
    """An update that is not built as Telegram builds them."""


@dataclass
class Inbox:
    """Stores updates, and handles each in a turn of its own; a learner's updates in their order."""

    application: BotApplication
    database: Database
    clock: Callable[[], datetime]
    on_replies: Callable[[], None]
    drain: Drain[StoredUpdate] = field(init=False)

    def __post_init__(self) -> None:
        self.drain = Drain(
            name="inbox",
            due=self._due,
            next_time=self._next_time,
            key_of=lambda row: row.learner_key,
            work=self.handle,
            clock=self.clock,
            limit=LEARNERS_AT_ONCE,
        )

    async def store(self, payloads: Sequence[object]) -> None:
        """Keep what Telegram delivered; whatever has no number cannot be an update."""
        updates = [
            (learner_key(payload), payload)
            for payload in payloads
            if _is_update(payload) and _is_shallow(payload)
        ]
        if len(updates) < len(payloads):
            warn_once(logger, "the server delivers things that are no updates; they are ignored")
        try:
            await self._keep(updates)
        except Exception as error:
            if may_pass(error):
                raise
            await self._keep_what_can_be_kept(updates)
        self.drain.wake()

    async def handle(self, stored: StoredUpdate) -> None:
        """One turn: effects, replies and the end of the update in one transaction."""
        try:
            async with Turn(self.database, self.clock()) as turn:
                await self._dispatch(stored.payload, turn)
                await inbox.finish(await turn.begin(), stored.row_id, turn.now)
        except Exception as error:
            turn = await self._note_failure(stored, error)
        if turn.has_replied:
            self.on_replies()

    async def keep_tidy(self) -> None:
        """Forget handled updates once Telegram can no longer repeat them."""
        while True:
            try:
                async with self.database.transaction() as tx:
                    await inbox.clear_out(tx, self.clock())
            except Exception:
                logger.exception("old updates could not be cleared out; trying again in an hour")
            await asyncio.sleep(TIDY_SECONDS)

    async def _keep(self, updates: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        async with self.database.transaction() as tx:
            await inbox.store(tx, self.application.bot.id, updates, self.clock())

    async def _keep_what_can_be_kept(self, updates: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """One update that no database can hold must not keep out the others it came with."""
        for one in updates:
            try:
                await self._keep([one])
            except Exception as error:
                if may_pass(error):
                    raise
                logger.error("an update cannot be stored and is left out: %s", type(error).__name__)

    async def _dispatch(self, payload: Mapping[str, Any], turn: Turn) -> None:
        try:
            update = Update.de_json(_with_command(payload), self.application.bot)
        except Exception as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        with turn.under_way():
            await self.application.process_update(update)
        if turn.failure is not None:
            raise turn.failure

    async def _note_failure(self, stored: StoredUpdate, error: Exception) -> Turn:
        """Try again where that may help, else set the update aside and say sorry."""
        text = f"{type(error).__name__}: {error}"
        is_passing = may_pass(error) or isinstance(error, NetworkError)
        now = self.clock()
        async with Turn(self.database, now) as turn:
            tx = await turn.begin()
            if is_passing and await inbox.retry(tx, stored, text, now):
                logger.warning("update %d failed and is tried again: %s", stored.row_id, text)
                return turn
            await inbox.set_aside(tx, stored.row_id, text, now)
            trace = None if isinstance(error, Unreadable) else error
            logger.error("update %d is set aside: %s", stored.row_id, text, exc_info=trace)
            chat_id = _private_chat(stored.payload)
            if chat_id is not None:
                await turn.reply(failures.apology(stored.row_id), Destination(chat_id))
        return turn

    async def _due(self, busy: Collection[int], limit: int) -> list[StoredUpdate]:
        async with self.database.reading() as connection:
            return await inbox.waiting(connection, self.clock(), busy, limit)

    async def _next_time(self, busy: Collection[int]) -> datetime | None:
        async with self.database.reading() as connection:
            return await inbox.next_time(connection, busy)


@dataclass
class Poller:
    """Asks Telegram for updates, and confirms them by the next question, after they are stored."""

    application: BotApplication
    inbox: Inbox
    clock: Callable[[], datetime]
    last_success_at: datetime = field(init=False)
    _offset: int | None = None
    _news_at: float = 0.0  # seconds of the loop's clock

    def __post_init__(self) -> None:
        self.last_success_at = self.clock()  # the first poll may take its time

    async def run(self) -> None:
        """Poll until cancelled; every fault is waited out."""
        failures_in_a_row = 0
        while True:
            try:
                await self._poll_and_store()
            except Exception as error:
                self._offset = None  # what comes twice is passed over
                failures_in_a_row += 1
                _tell(error, failures_in_a_row)
                await asyncio.sleep(_pause_after(error, failures_in_a_row))
            else:
                failures_in_a_row = 0
                self.last_success_at = self.clock()

    async def _poll_and_store(self) -> None:
        """One poll. The next one confirms, by its offset, what is stored now."""
        asked_at = self._now()
        payloads = await self._poll(self._offset)
        if payloads:
            await self.inbox.store(payloads)
        following = max((one["update_id"] + 1 for one in payloads if _is_update(one)), default=self._offset)
        if following != self._offset:
            self._offset, self._news_at = following, self._now()
            return
        if self._now() - self._news_at > OFFSET_SECONDS:
            self._offset, self._news_at = None, self._now()
        await asyncio.sleep(max(0.0, IDLE_POLL_SECONDS - (self._now() - asked_at)))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def _poll(self, offset: int | None) -> list[Any]:
        question = {"timeout": POLL_SECONDS, "limit": POLL_LIMIT, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            question["offset"] = offset
        answer = await self.application.bot.do_api_request(
            "getUpdates", question, read_timeout=POLL_SECONDS + 10
        )
        if not isinstance(answer, list):
            raise TelegramError(f"getUpdates answered with a {type(answer).__name__}, not a list")
        return answer


@dataclass(frozen=True)
class Webhook:
    """The ASGI endpoint Telegram delivers to; a delivery is acknowledged once it is stored."""

    inbox: Inbox
    secret: str

    async def deliver(self, request: Request) -> Response:
        """Answer one delivery."""
        given = request.headers.get(WEBHOOK_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return Response("wrong secret", status_code=403)
        body = await _body_of(request)
        if body is None:
            return Response("too large", status_code=413)
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return Response("not JSON", status_code=400)
        await self.inbox.store([payload])
        return Response(status_code=200)


async def _body_of(request: Request) -> bytes | None:
    """What was sent, or None when it is too much."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_DELIVERY_BYTES:
            return None
    return body


def secret_from(token: str) -> str:
    """A webhook secret that needs no setting: only those who know the token can know it."""
    return hmac.new(token.encode(), b"webhook secret", hashlib.sha256).hexdigest()


def learner_key(payload: Mapping[str, Any]) -> int:
    """Whose update this is: the person, else the chat, else nobody in particular."""
    for part in payload.values():
        if isinstance(part, dict):
            for name in ("from", "user", "chat"):
                holder = part.get(name)
                if isinstance(holder, dict) and _is_id(holder.get("id")):
                    return int(holder["id"])
    return 0


def _private_chat(payload: Mapping[str, Any]) -> int | None:
    """The learner's own chat, where the payload is a message or a button press from one."""
    message = _part(payload, "message") or _part(payload, "callback_query", "message")
    chat = _part(message, "chat")
    return chat["id"] if chat.get("type") == "private" and _is_id(chat.get("id")) else None


def _part(payload: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The object at the end of this path; an empty one where there is none."""
    for name in names:
        found = payload.get(name)
        payload = found if isinstance(found, dict) else {}
    return payload


def _with_command(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Mark a command that a server other than Telegram's has left unmarked."""
    message = _part(payload, "message")
    text = message.get("text")
    found = _COMMAND.match(text) if isinstance(text, str) and "entities" not in message else None
    if found is None:
        return dict(payload)
    entity = {"type": "bot_command", "offset": 0, "length": found.end()}
    return {**payload, "message": {**message, "entities": [entity]}}


def _is_update(payload: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(payload, dict) and _is_id(payload.get("update_id")) and payload["update_id"] >= 0


def _is_shallow(payload: Mapping[str, Any]) -> bool:
    """Whether every reader of JSON can read it again."""
    level: list[Any] = [payload]
    for _ in range(MAX_DEPTH):
        values = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for part in values for one in part if isinstance(one, dict | list)]
        if not level:
            return True
    return False


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_ID


def _pause_after(error: Exception, failures_in_a_row: int) -> float:
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    return float(min(SLOWEST_RETRY_SECONDS, 0.5 * 2 ** min(failures_in_a_row, 10)))


def _tell(error: Exception, failures_in_a_row: int) -> None:
    """One line when trouble begins and every tenth time it goes on; not one a second."""
    if failures_in_a_row % 10 != 1:
        return
    if isinstance(error, Conflict):
        logger.warning("another program polls with the same token; only one can: %s", error)
    elif isinstance(error, InvalidToken | EndPointNotFound):  # 401 and 404; every server knows getUpdates
        logger.error("Telegram no longer accepts BOT_TOKEN; get it anew from @BotFather and restart")
    elif isinstance(error, TelegramError):
        logger.warning("updates cannot be fetched (%s); trying again", error)
    else:
        logger.exception("updates could not be stored; trying again")
