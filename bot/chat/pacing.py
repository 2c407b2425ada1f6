"""May one more message go out now? Telegram's limits as rates, and what a refusal stops. Pure; time comes in.

Telegram publishes no exact limits. The Bots FAQ names 30 messages a second overall, one a second in a chat
with short bursts tolerated, and 20 a minute in a group. Of a rate with a burst `b` and a steady `r` at most
`b + r` go out in any second, so both together stay below.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.storage.outbox import BULK, REPLIES


@dataclass(frozen=True)
class Rate:
    """So many at once after a rest, and one each `every` in the long run."""

    burst: int
    every: timedelta


BURST, A_SECOND = 5, 25  # in all chats: 30 in any second, whatever happens
ALL_CHATS = Rate(BURST, timedelta(seconds=1 / A_SECOND))
# Of those five bulk leaves three, so that a reply in up to three messages goes out at once even while
# thousands of prompts do. More would hold up the prompts for nothing.
LEFT_FOR_REPLIES = 3
# One reply is at most three messages (a picture, its words, the next item), and should feel as one.
PRIVATE_CHAT = Rate(3, timedelta(seconds=1))
GROUP = Rate(5, timedelta(seconds=4))  # 20 in any minute
TOGETHER = timedelta(seconds=1)  # two chats refused within it: it is not the chats, it is the bot
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def rate_of(chat_id: int) -> Rate:
    """Telegram gives groups and channels negative ids."""
    return PRIVATE_CHAT if chat_id > 0 else GROUP


@dataclass
class Pace:
    """What went out lately and what was refused, as far as it still counts; a restart forgets.

    Of each rate one time is kept: when its bucket is full again (the "generic cell rate algorithm").
    """

    overall: Rate = ALL_CHATS
    rate_of: Callable[[int], Rate] = rate_of
    _full_at: datetime = _LONG_AGO
    _chat_full_at: dict[int, datetime] = field(default_factory=dict)
    _chat_held_until: dict[int, datetime] = field(default_factory=dict)
    _held_until: dict[int, datetime] = field(default_factory=dict)
    _refused: tuple[int, datetime] = (0, _LONG_AGO)

    def room(self, lane: int, now: datetime) -> int:
        """How many messages of this lane may go out now; bulk leaves some for the replies."""
        if now < self._lane_held_until(lane):
            return 0
        spent = max(timedelta(0), self._full_at - now) / self.overall.every
        return max(0, int(self.overall.burst - self._left_by(lane) - spent + _ROUNDING))

    def free_at(self, lane: int) -> datetime:
        """When there will be room again."""
        spare = self.overall.burst - self._left_by(lane) - 1
        return max(self._lane_held_until(lane), self._full_at - spare * self.overall.every)

    def spend(self, chat_id: int, now: datetime) -> None:
        """One message goes out."""
        self._full_at = max(self._full_at, now) + self.overall.every
        full_at = self._chat_full_at.get(chat_id, _LONG_AGO)
        self._chat_full_at[chat_id] = max(full_at, now) + self.rate_of(chat_id).every

    def waiting_chats(self, now: datetime) -> dict[int, datetime]:
        """The chats that must wait, and until when."""
        self._chat_full_at = {chat: at for chat, at in self._chat_full_at.items() if at > now}
        self._chat_held_until = {chat: at for chat, at in self._chat_held_until.items() if at > now}
        paced = {chat: self._chat_free_at(chat) for chat in self._chat_full_at}
        return {chat: at for chat, at in paced.items() if at > now} | self._chat_held_until

    def refused(self, chat_id: int, lane: int, until: datetime, now: datetime) -> bool:
        """Telegram wants us to wait. True where it means the lane, and not this chat alone.

        No field of the answer says which limit was broken. A lone refusal is put down to the chat; two of
        different chats at about the same time to the bot, and then the lane waits. Refused bulk leaves
        replies going; when a reply is refused bulk waits as well.
        """
        other, at = self._refused
        self._refused = (chat_id, now)
        self._chat_held_until[chat_id] = until
        if other == chat_id or now - at > TOGETHER:
            return False
        for each in (BULK,) if lane == BULK else (REPLIES, BULK):
            self._held_until[each] = max(until, self._lane_held_until(each))
        return True

    def _lane_held_until(self, lane: int) -> datetime:
        return self._held_until.get(lane, _LONG_AGO)

    def _chat_free_at(self, chat_id: int) -> datetime:
        rate = self.rate_of(chat_id)
        return self._chat_full_at[chat_id] - (rate.burst - 1) * rate.every

    @staticmethod
    def _left_by(lane: int) -> int:
        return LEFT_FOR_REPLIES if lane == BULK else 0


def pace_of(a_second: int) -> Pace:
    """So many messages in the long run, in all chats together; in each chat it stays as it is."""
    return Pace(Rate(BURST, timedelta(seconds=1 / a_second)))


_ROUNDING = 1e-6  # of a message: times have whole microseconds
UNPACED = Rate(1_000, timedelta(microseconds=1))


def unpaced() -> Pace:
    """For tests of other matters: everything goes out at once."""
    return Pace(UNPACED, lambda _: UNPACED)
