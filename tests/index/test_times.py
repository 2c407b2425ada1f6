"""Which time of day does a learner mean?"""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.times import time_of_day

SAID = {
    "remind me at half past seven in the evening": "19:30",
    "8am": "08:00",
    "at 20:15": "20:15",
    "7.30 p.m. please": "19:30",
    "19h30": "19:30",
    "quarter to nine pm": "20:45",
    "a quarter past six": "06:15",
    "twenty past six pm": "18:20",
    "ten to one": "12:50",
    "five minutes to eight": "07:55",
    "half eight": "08:30",
    "six thirty in the morning": "06:30",
    "seven forty-five am": "07:45",
    "7 o'clock": "07:00",
    "nineteen hundred": "19:00",
    "0700": "07:00",
    "at 9": "09:00",
    "every evening at 6": "18:00",
    "remind me tonight at 8": "20:00",
    "10 at night": "22:00",
    "1 at night": "01:00",
    "12 am": "00:00",
    "12pm": "12:00",
    "quarter past 12 at night": "00:15",
    "noon": "12:00",
    "midnight": "00:00",
    "five questions a day at eight pm": "20:00",
    "at 8, not at 9": "08:00",
}


@pytest.mark.parametrize(("said", "meant"), SAID.items())
def test_a_time_is_read_however_it_is_said(said: str, meant: str) -> None:
    assert time_of_day(said) == time.fromisoformat(meant)


@pytest.mark.parametrize(
    "said",
    [
        *("", "each morning", "stop writing to me", "3 questions a day", "2 hours a day", "25:00", "99 pm"),
        *("no questions for two weeks", "pause for 3 months"),
    ],
)
def test_what_names_no_time_is_none(said: str) -> None:
    assert time_of_day(said) is None


@given(st.times())
def test_every_time_of_the_day_is_read_as_clocks_write_it(moment: time) -> None:
    moment = moment.replace(second=0, microsecond=0)
    assert time_of_day(f"at {moment:%H:%M}") == moment
    assert time_of_day(f"at {moment:%I:%M %p}") == moment


@given(st.text(max_size=60))
def test_whatever_is_typed_ends_in_a_time_or_in_none(text: str) -> None:
    assert time_of_day(text) is None or isinstance(time_of_day(text), time)
