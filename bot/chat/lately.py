"""Did the same come just now? Keeps a kind line from becoming a flood, and a double tap from two replies.

A restart forgets.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

A_MINUTE = timedelta(minutes=1)  # for which a kind line, once said in a chat, is enough
A_DOUBLE_TAP = timedelta(seconds=2)  # our guess: whoever waits for longer means it


@dataclass
class Lately:
    """What came within so long a time, and which update had it come first."""

    within: timedelta
    _came: dict[Hashable, tuple[int, datetime]] = field(default_factory=dict)

    def is_news(self, what: Hashable, update_id: int, now: datetime) -> bool:
        """Whether nobody had it come lately but this update, which may be handled twice."""
        self._came = {key: came for key, came in self._came.items() if now - came[1] < self.within}
        return self._came.setdefault(what, (update_id, now))[0] == update_id
