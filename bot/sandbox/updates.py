"""Which updates wait for the bot, and who asks for them? The queue behind long polling and webhook."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from bot.sandbox.values import Json, Refusal
from bot.sandbox.waiting import first_of

MAX_TIMEOUT = 50
"""Seconds; a longer timeout of getUpdates is clamped by the server."""
MAX_LIMIT = 100
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def conflict(text: str) -> Refusal:
    """A 409, as a poller reads it."""
    return Refusal(409, f"Conflict: {text}")


class UpdateQueue:
    """Updates in order, until the bot confirms them."""

    def __init__(self) -> None:
        self.allowed: list[str] | None = None
        self.twice = 0
        self._pending: deque[Json] = deque()
        # Ids begin at the clock, so that a restarted sandbox does not repeat ids a bot has stored.
        self._next_id = int(time.time())
        self._arrival = asyncio.Event()
        self._poller: asyncio.Future[Refusal] | None = None

    def __len__(self) -> int:
        return len(self._pending)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember `allowed_updates`; None keeps the former list, an empty one means the default."""
        if kinds is not None:
            self.allowed = [str(kind) for kind in kinds] or None

    def add(self, kind: str, content: Json) -> None:
        """A new update, unless the bot did not ask for its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT
        if wanted:
            self.inject({kind: content})

    def inject(self, update: Json) -> Json:
        """Put an update in the queue as it is; it gets an id where it has none."""
        if not isinstance(update.get("update_id"), int):
            content = {name: value for name, value in update.items() if name != "update_id"}
            update = {"update_id": self._next_id, **content}
        self._next_id = max(self._next_id, update["update_id"] + 1)
        copies = 2 if self.twice else 1
        self.twice -= copies - 1
        self._pending.extend([update] * copies)
        self._arrival.set()
        return update

    def clear(self) -> None:
        self._pending.clear()

    def take(self) -> Json:
        return self._pending.popleft()

    def put_back(self, update: Json) -> None:
        """An update that a webhook did not accept goes to the head again."""
        self._pending.appendleft(update)
        self._arrival.set()

    def confirm(self, offset: int) -> None:
        """Forget what came before `offset`; a negative one keeps only that many of the newest."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        elif offset > 0:
            self._pending = deque(one for one in self._pending if one["update_id"] >= offset)

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Json]:
        """Answer a getUpdates: at once when something waits, else as soon as it arrives."""
        self.end_poll(conflict(OTHER_POLLER))
        self.confirm(offset)
        if not self._pending and timeout > 0:
            await self._wait(min(timeout, MAX_TIMEOUT))
        limit = min(max(limit, 1), MAX_LIMIT)
        return [one for one, _ in zip(self._pending, range(limit), strict=False)]

    def end_poll(self, reason: Refusal) -> None:
        """End a waiting getUpdates with a refusal."""
        if self._poller and not self._poller.done():
            self._poller.set_result(reason)

    async def _wait(self, timeout: float) -> None:
        self._poller = asyncio.get_running_loop().create_future()
        refusal = await first_of(self._poller, self.arrived(), timeout=timeout)
        if refusal:
            raise refusal

    async def arrived(self) -> None:
        """Return when at least one update waits."""
        while not self._pending:
            self._arrival.clear()
            await self._arrival.wait()
