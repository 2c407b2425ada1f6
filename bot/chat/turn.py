"""One update being answered: its transaction, and the replies promised in it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from bot.chat.gate import Destination, calls_for
from bot.chat.updates import is_id
from bot.chat.views.reply import Reply
from bot.observability import followed_update
from bot.storage import inbox, outbox
from bot.storage.database import Database, Transaction
from bot.storage.inbox import StoredUpdate
from bot.storage.outbox import Outgoing


class TakenElsewhere(Exception):
    """Another replica handles this update, or has done so."""


@dataclass
class Turn:
    """Everything done for one update is written in one transaction, or not at all.

    The transaction begins at the first write, so that thinking (searching the index) holds nobody up.
    """

    database: Database
    bot_id: int
    now: datetime
    row: StoredUpdate | None = None
    failure: BaseException | None = None
    has_replied: bool = False
    has_erased: bool = False
    afterwards: list[Callable[[], object]] = field(default_factory=list)  # once all of it is written
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _tx: Transaction | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def begin(self) -> Transaction:
        """The turn's transaction, begun if it was not yet.

        Raises:
            TakenElsewhere: nothing is left to do for this update.
        """
        if self._tx is None:
            self._tx = await self._stack.enter_async_context(self.database.transaction())
            if self.row is not None and not await inbox.take(self._tx, self.row.row_id):
                raise TakenElsewhere
        return self._tx

    async def reply(self, reply: Reply, to: Destination) -> None:
        """Promise `reply`; it is sent when the turn is over.

        Raises:
            ValueError: the chat is none that could be written to; SQLite would keep any text for its id.
        """
        if not is_id(to.chat_id):
            raise ValueError("the chat's id is no number")
        await self.promise(calls_for(reply, to))

    async def promise(self, calls: Sequence[Outgoing]) -> None:
        """Promise these calls, as edits of what was sent; they go out when the turn is over."""
        await outbox.put(await self.begin(), self.bot_id, calls, self.now, inbox_id=followed_update())
        self.has_replied = True

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Make this the turn that handlers of the running task find."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


_current: ContextVar[Turn] = ContextVar("turn")


def current_turn() -> Turn:
    """The turn under way in this task."""
    return _current.get()
