"""Was the same said in this chat just now? Keeps a kind line from becoming a flood; a restart forgets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

ENOUGH_FOR = timedelta(minutes=1)


@dataclass
class Hints:
    """The lines of the last minute: in which chat, and which update had each said."""

    _said: dict[tuple[int, str], tuple[int, datetime]] = field(default_factory=dict)

    def is_news(self, line: str, chat_id: int, update_id: int, now: datetime) -> bool:
        """Whether nobody had it said in the last minute but this update, which may be handled twice."""
        self._said = {key: said for key, said in self._said.items() if now - said[1] < ENOUGH_FOR}
        return self._said.setdefault((chat_id, line), (update_id, now))[0] == update_id
