"""What do two questions tell of a skill that a learner says they know?"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.learning.check import LASTS, Verdict, questions_left, verdict
from bot.learning.evidence import Outcome, Response

MORNING = datetime(2026, 11, 22, 8, tzinfo=UTC)
RIGHT, WRONG, UNSURE = Outcome.CORRECT, Outcome.INCORRECT, Outcome.UNSURE


def answers(*outcomes: Outcome, apart: timedelta = timedelta(minutes=1)) -> list[Response]:
    times = [MORNING + number * apart for number in range(len(outcomes))]
    return [
        Response("python", f"item-{at}", 0.0, outcome, at, at.date())
        for at, outcome in zip(times, outcomes, strict=True)
    ]


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        ([], None),
        ([RIGHT], Verdict.ONE_MORE),
        ([RIGHT, RIGHT], Verdict.KNOWN),
        ([RIGHT, WRONG], Verdict.NOT_YET),
        ([WRONG], Verdict.NOT_YET),
        ([UNSURE], Verdict.NOT_YET),
        ([WRONG, RIGHT], Verdict.ONE_MORE),  # a new check
        ([RIGHT, WRONG, RIGHT, RIGHT], Verdict.KNOWN),
        ([RIGHT, RIGHT, RIGHT], Verdict.ONE_MORE),
    ],
)
def test_both_must_be_right_and_a_miss_settles_it(outcomes: list[Outcome], found: Verdict | None) -> None:
    assert verdict(answers(*outcomes)) is found


def test_a_first_answer_waits_a_day_for_the_second() -> None:
    assert verdict(answers(RIGHT, RIGHT, apart=LASTS)) is Verdict.KNOWN
    assert verdict(answers(RIGHT, RIGHT, apart=LASTS + timedelta(seconds=1))) is Verdict.ONE_MORE


@pytest.mark.parametrize(
    ("outcomes", "later", "left"),
    [
        ([], timedelta(), 2),
        ([RIGHT], timedelta(), 1),
        ([RIGHT], LASTS + timedelta(seconds=1), 2),
        ([RIGHT, RIGHT], timedelta(), 2),
        ([WRONG], timedelta(), 2),
    ],
)
def test_how_many_are_left(outcomes: list[Outcome], later: timedelta, left: int) -> None:
    assert questions_left(answers(*outcomes), MORNING + later) == left
