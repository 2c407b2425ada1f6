"""Does one learner write faster than a person can? A flood shall cost nobody else; a restart forgets."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat.buttons import AnswerItem, VoteInGroup, decode
from bot.chat.updates import part_of

# Quick tapping through buttons makes some ten updates in ten seconds; our own guess, well above that.
LIMITS = ((40, timedelta(seconds=10)), (120, timedelta(minutes=1)))
MOST, LONGEST = LIMITS[-1]
LEARNERS_KEPT = 10_000  # some 20 MB at the very worst; then who was quiet for a minute is forgotten


@dataclass
class Haste:
    """When each learner's last updates were taken; what was declined does not count."""

    _taken: dict[int, deque[datetime]] = field(default_factory=dict)

    def is_too_much(self, learner_key: int, at: datetime) -> bool:
        """Whether another update of this learner is one too many; if not, it counts as taken."""
        taken = self._taken.setdefault(learner_key, deque(maxlen=MOST))
        while taken and at - taken[0] >= LONGEST:
            taken.popleft()
        if any(sum(abs(at - each) < span for each in taken) >= most for most, span in LIMITS):
            return True
        taken.append(at)
        if len(self._taken) > LEARNERS_KEPT:
            self._taken = {
                key: times for key, times in self._taken.items() if times and at - times[-1] < LONGEST
            }
        return False


def sent_at(payload: Mapping[str, Any], received_at: datetime) -> datetime:
    """When the learner sent it, as far as it tells: after an outage much is received at once."""
    message = part_of(payload, "message") or part_of(payload, "edited_message")
    seconds = message.get("edit_date") or message.get("date")
    if not isinstance(seconds, int) or not 0 < seconds < received_at.timestamp():
        return received_at
    return datetime.fromtimestamp(seconds, UTC)


def is_typed(payload: Mapping[str, Any]) -> bool:
    """Whether it is typing in another chat, which comes in many parts; only the last of them costs."""
    return "inline_query" in payload


def is_vote(payload: Mapping[str, Any]) -> bool:
    """Whether it answers an item, by poll or by button: that always counts."""
    data = part_of(payload, "callback_query").get("data")
    return "poll_answer" in payload or (
        isinstance(data, str) and isinstance(decode(data), AnswerItem | VoteInGroup)
    )


def is_farewell(payload: Mapping[str, Any]) -> bool:
    """Whether it ends something: that is heard in any haste."""
    text = part_of(payload, "message").get("text")
    return isinstance(text, str) and text.split("@")[0].strip().lower() in ("/stop", "/delete", "/daily off")
