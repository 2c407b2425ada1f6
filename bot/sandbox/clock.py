"""What time is it in the sandbox? The machine's time, or a later one; it goes on, and never back.

A bot that was built on this clock follows it: wherever something is due on the way, time waits for it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

CatchUp = Callable[[], Awaitable[datetime | None]]
"""Does what is due by now, and tells when something is due again."""

MOST_STOPS = 400  # a week of a dozen learners; what is due after that many is done at the end
SHORTEST_STEP = timedelta(minutes=1)  # so that what cannot be done does not hold up time


@dataclass
class SandboxClock:
    """The time, called like a function; how far it is ahead is kept in a file, as a bot's database is."""

    kept_in: Path | None = None
    ahead: timedelta = field(init=False, default=timedelta(0))
    on_move: list[Callable[[], None]] = field(default_factory=list)
    _catch_up: CatchUp | None = None
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        if self.kept_in:
            with contextlib.suppress(OSError, ValueError, OverflowError):
                self.ahead = max(timedelta(0), timedelta(seconds=int(self.kept_in.read_text())))

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def seconds(self) -> float:
        """Since 1970, as the Bot API counts."""
        return self().timestamp()

    @property
    def is_followed(self) -> bool:
        """Whether a bot lives by this clock; without one it must not be moved."""
        return self._catch_up is not None

    def follow(self, catch_up: CatchUp) -> None:
        """A bot lives by this clock from now on."""
        self._catch_up = catch_up
        self._tell()

    async def move_on(self, by: timedelta) -> None:
        """Let time pass, with a stop wherever something is due."""
        assert self._catch_up is not None
        async with self._moving:
            goal, stops = self.ahead + by, 0
            while self.ahead < goal:
                due_at = await self._catch_up() if stops < MOST_STOPS else None
                step = max(due_at - self(), SHORTEST_STEP) if due_at else by
                self._set(min(goal, self.ahead + step))
                stops += 1
            await self._catch_up()

    def _set(self, ahead: timedelta) -> None:
        self.ahead = ahead
        if self.kept_in:
            with contextlib.suppress(OSError):  # it is moved all the same, until the next start
                self.kept_in.write_text(str(int(ahead.total_seconds())))
        self._tell()

    def _tell(self) -> None:
        for each in self.on_move:
            each()
