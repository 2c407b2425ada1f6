"""Does a learner know a skill, as they say? Two questions tell; the answers are all the state. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.learning.evidence import Response

QUESTIONS = 2  # right in a row: guessing both of four options happens one time in 16; ours
LEVELS = (2, 3)  # what an easy item asks, even beginners know
LASTS = timedelta(days=1)  # a first answer waits so long for the second; then a check begins anew; ours


class Verdict(StrEnum):
    """What a check has come to."""

    ONE_MORE = "one_more"
    KNOWN = "known"
    NOT_YET = "not_yet"


def verdict(answers: Sequence[Response]) -> Verdict | None:
    """What the answers to a skill's checks, oldest first, have come to with the latest; None of no answer.

    A miss settles a check: a second question could not save it.
    """
    found: Verdict | None = None
    first_at: datetime | None = None  # of a check that waits for its second answer
    for each in answers:
        is_second = first_at is not None and each.answered_at - first_at <= LASTS
        if not each.is_right:
            found, first_at = Verdict.NOT_YET, None
        elif is_second:
            found, first_at = Verdict.KNOWN, None
        else:
            found, first_at = Verdict.ONE_MORE, each.answered_at
    return found


def questions_left(answers: Sequence[Response], now: datetime) -> int:
    """How many a check still needs: one where the first is answered, else both."""
    waits = verdict(answers) is Verdict.ONE_MORE and now - answers[-1].answered_at <= LASTS
    return QUESTIONS - waits
