"""Are the code's numbers told as people write them?"""

from datetime import time, timedelta

import pytest

from bot.chat.pacing import Rate
from scripts.limits import in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (4096, "4,096"),
        (0.7, "0.7"),
        (time(7), "07:00"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(seconds=1), "1 second"),
        ((40, timedelta(seconds=10)), "40 in 10 seconds"),
        ((timedelta(seconds=1), timedelta(seconds=10)), "1 second, 10 seconds"),
        (Rate(5, timedelta(seconds=1 / 25)), "5 at once, then 25 a second"),
        (Rate(5, timedelta(seconds=4)), "5 at once, then one every 4 seconds"),
    ],
)
def test_a_value_is_told_in_words(value: object, words: str) -> None:
    assert in_words(value) == words
