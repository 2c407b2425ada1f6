"""What a learner has shown: the answers to items, as plain facts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

# Logits, by an author's level, until an item's own record tells; one logit takes 50 % right to 73 %.
DIFFICULTY_OF_LEVEL = {1: -1.0, 2: 0.0, 3: 1.0}


class Outcome(StrEnum):
    """What came of one item. UNSURE is "I don't know", said or pressed."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Response:
    """One answer. `difficulty`, in logits, is the item's at that time; `answered_on` is a local date."""

    skill_id: str
    item_id: str
    difficulty: float
    outcome: Outcome
    answered_at: datetime
    answered_on: date
    had_hint: bool = False

    @property
    def is_right(self) -> bool:
        return self.outcome is Outcome.CORRECT


History = Sequence[Response]  # of one learner, oldest first
