"""What was a learner asked, without reading years of it for every choice?

An answer given changes no more, so those of experienced learners are kept in memory; what is newer, or still
open, is read each time. Only the process's memory holds them, and a while only; nothing is decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from bot.storage import attempts
from bot.storage.attempts import Attempt
from bot.storage.database import Transaction
from bot.storage.learners import Learner

# An answer so old is settled: its transaction has long ended (a turn is broken off after a minute), and no
# replica's clock is so far behind another's.
SETTLED_AFTER = timedelta(hours=1)
WORTH_KEEPING = 200  # attempts of a learner: fewer are read in some 4 ms
MOST_READ = 50  # attempts anew each time, before what has settled is looked through again
MOST_KEPT = 50_000  # attempts of all learners together: some 50 MB
KEPT_FOR = timedelta(hours=1)  # after the last use

_Key = tuple[int, datetime]  # of a learner: a row's number is used again after /delete, the moment is not


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_by_id = attrgetter("id")


@dataclass(frozen=True)
class _Kept:
    """Every attempt of a learner that was answered before `until`, oldest first."""

    attempts: Sequence[Attempt]
    until: datetime
    used_at: datetime


@dataclass
class SettledAttempts:
    """Reads the attempts of learners; the longest unused ones make way."""

    _kept: dict[_Key, _Kept] = field(default_factory=dict)

    async def of_learner(self, connection: Transaction, learner: Learner, now: datetime) -> list[Attempt]:
        """Everything the learner was shown, oldest first."""
        key = (learner.id, learner.joined_at)
        kept = self._kept.get(key)
        if kept is None or kept.until > now:  # a clock was set back
            kept = _Kept((), _LONG_AGO, now)
        newer = await attempts.of_learner(connection, learner.id, since=kept.until)
        found = sorted((*kept.attempts, *newer), key=_by_id)
        self._kept.pop(key, None)
        if len(newer) > MOST_READ:
            kept = _settled(found, now)
        if len(kept.attempts) >= WORTH_KEEPING:
            self._kept[key] = replace(kept, used_at=now)  # the last in turn
        self._make_way(now)
        return found

    def forget(self, learner_id: int) -> None:
        """The learner has had everything erased."""
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != learner_id}

    def _make_way(self, now: datetime) -> None:
        count = sum(len(kept.attempts) for kept in self._kept.values())
        for key, kept in list(self._kept.items()):
            if count <= MOST_KEPT and now - kept.used_at < KEPT_FOR:
                break
            count -= len(kept.attempts)
            del self._kept[key]


def _settled(found: Sequence[Attempt], now: datetime) -> _Kept:
    until = now - SETTLED_AFTER
    return _Kept([each for each in found if each.answered_at and each.answered_at < until], until, now)
