"""Does the bot send faster than Telegram allows? Token buckets, off unless asked for; it scripts no faults.

The rates are those of the Bots FAQ; Telegram publishes no exact limits, so the bursts are guesses.
"""

import math
import time
from dataclasses import dataclass, field

from bot.sandbox.values import Refusal


@dataclass(frozen=True)
class Rate:
    """So many calls at once, and so many a second in the long run."""

    burst: int
    per_second: float


ALL_CHATS = Rate(30, 30.0)
PRIVATE_CHAT = Rate(5, 1.0)
GROUP = Rate(20, 20 / 60)


@dataclass
class Bucket:
    """What is left of one rate."""

    rate: Rate
    left: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one more call is allowed."""
        self.left = min(self.rate.burst, self.left + (now - self.at) * self.rate.per_second)
        self.at = now
        return max(0.0, (1 - self.left) / self.rate.per_second)


@dataclass
class Flood:
    """The limits of one bot; sends and edits of one chat share its bucket."""

    is_on: bool = False
    buckets: dict[int, Bucket] = field(default_factory=dict)

    def spend(self, chat_id: int) -> None:
        """Count one send or edit, or refuse it with the seconds to wait."""
        if not self.is_on:
            return
        now = time.monotonic()
        ours = (
            self._bucket(0, ALL_CHATS, now),
            self._bucket(chat_id, GROUP if chat_id < 0 else PRIVATE_CHAT, now),
        )
        wait = max(bucket.wait(now) for bucket in ours)
        if wait:
            seconds = math.ceil(wait)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        for bucket in ours:
            bucket.left -= 1

    def switch(self, is_on: bool) -> None:
        """Begin with full buckets, or let everything pass."""
        self.is_on = is_on
        self.buckets.clear()

    def _bucket(self, chat_id: int, rate: Rate, now: float) -> Bucket:
        return self.buckets.setdefault(chat_id, Bucket(rate, rate.burst, now))
