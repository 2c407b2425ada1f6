"""What did a long history come to, without going through all of it for every choice? Kept in memory only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.learning.evidence import History, Response
from bot.learning.mastery import Reading, Standing
from bot.storage.learners import Learner
from bot.storage.settled import KEPT_FOR, SETTLED_AFTER

MOST_KEPT = 200  # learners, of some 10 KB each

_Key = tuple[int, datetime]  # as in SettledAttempts


@dataclass(frozen=True)
class _Kept:
    """A reading of the first `count` answers of a history, of which `last` is the last."""

    priors: Mapping[str, float]
    count: int
    last: Response
    reading: Reading
    used_at: datetime

    def begins(self, history: History, priors: Mapping[str, float]) -> bool:
        """Whether it holds for this history; a late answer to an old item moves all that follow it."""
        is_there = len(history) >= self.count and history[self.count - 1] == self.last
        return is_there and self.priors == priors


@dataclass
class Readings:
    """Reads on from what was settled when a learner's history was last read."""

    _kept: dict[_Key, _Kept] = field(default_factory=dict)

    def standing(
        self, learner: Learner, history: History, priors: Mapping[str, float], now: datetime
    ) -> Standing:
        """Where the learner stands by this history."""
        key = (learner.id, learner.joined_at)
        kept = self._kept.pop(key, None)
        is_held = kept is not None and kept.begins(history, priors)
        reading = kept.reading.copy() if kept and is_held else Reading(priors)
        settled = _settled(history, now)
        for response in history[reading.answers : settled]:
            reading.add(response)
        if settled and settled == reading.answers:
            self._kept[key] = _Kept(priors, settled, history[settled - 1], reading.copy(), now)
        self._make_way(now)
        for response in history[reading.answers :]:
            reading.add(response)
        return reading.standing()

    def forget(self, learner_id: int) -> None:
        """The learner has had everything erased."""
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != learner_id}

    def _make_way(self, now: datetime) -> None:
        for key, kept in list(self._kept.items()):
            if len(self._kept) <= MOST_KEPT and now - kept.used_at < KEPT_FOR:
                break
            del self._kept[key]


def _settled(history: History, now: datetime) -> int:
    """How many answers at its beginning change no more; an old item may have been answered just now."""
    until = now - SETTLED_AFTER
    return next((at for at, each in enumerate(history) if each.answered_at >= until), len(history))
