"""What a text says in answer to a question about the learner, and what it leaves to others."""

from datetime import date

import pytest

from bot.guidance.told import (
    days_off,
    every_day,
    hours_told,
    names_some_days,
    standing_told,
    track_told,
    wants_daily,
    would_rather_not,
)
from knowledge.library import Library


@pytest.mark.parametrize(
    ("text", "track_id"),
    [
        ("Data scientist", "data-scientist"),
        ("data science", "data-scientist"),
        ("I'd like to become an ML engineer, please", "ml-engineer"),
        ("nlp", "nlp-scientist"),
        ("researcher", "ml-researcher"),
        ("engineer", None),
        ("what is a data scientist", None),
        ("a doctor", None),
        ("", None),
    ],
)
def test_a_goal_is_the_one_track_that_is_named(text: str, track_id: str | None, library: Library) -> None:
    assert track_told(text, library.tracks) == track_id


def test_every_track_is_told_by_its_title(library: Library) -> None:
    for track_id, track in library.tracks.items():
        assert track_told(f"I want to be a {track.title}!", library.tracks) == track_id


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("I'm a complete beginner", "new"),
        ("from scratch", "new"),
        ("not much", "new"),
        ("no experience", "new"),
        ("a bit", "some"),
        ("I know the basics", "some"),
        ("quite a lot", "much"),
        ("no idea", None),
        ("show me the basics", None),
        ("give me some quiz", None),
        ("I know python and some statistics", None),
    ],
)
def test_where_a_learner_stands(text: str, standing: str | None) -> None:
    assert standing_told(text) == standing


@pytest.mark.parametrize(
    ("text", "asked", "unasked"),
    [
        ("7", 7, None),
        ("three", 3, None),
        ("7 hours", 7, None),
        ("About 7 hours a week.", 7, 7),
        ("10 hrs per week", 10, 10),
        ("i have 3 hour in week", 3, 3),
        ("i have 2 hour in day", 14, 14),
        ("i can do 4-6 hours", 5, None),
        ("an hour a day", 7, 7),
        ("half an hour a day", 4, 4),
        ("an hour and a half", 2, None),
        ("1,5", 2, None),
        ("0.5", 1, None),
        ("between 3 and 5 hours", 4, None),
        ("2 hours on weekdays", 10, 10),
        ("60 hours a week", 40, 40),
        ("0", None, None),
        ("7am", None, None),
        ("8:30", None, None),
        ("quiz me at 7", None, None),
        ("how far do I get with 7 hours a week", None, None),
    ],
)
def test_hours_a_week(text: str, asked: int | None, unasked: int | None) -> None:
    assert (hours_told(text, is_asked=True), hours_told(text, is_asked=False)) == (asked, unasked)


@pytest.mark.parametrize(
    "text", ["idk", "Skip", "I don't know", "no thanks", "not sure yet.", "just tell me"]
)
def test_a_question_may_be_left_open(text: str) -> None:
    assert would_rather_not(text)


@pytest.mark.parametrize("text", ["what is a skip connection", "no free lunch theorem", "?", "Nope, Alabama"])
def test_what_says_more_leaves_nothing_open(text: str) -> None:
    assert not would_rather_not(text)


@pytest.mark.parametrize(
    "text",
    [
        "ping me at half past seven",
        "remind me to study at 8",
        "every evening at half past seven",
        "daily 21:30",
        "a question at 7am please",
        "change it to 21:00",
        "move my daily time to 22:15",
    ],
)
def test_who_asks_for_a_daily_question_gets_it(text: str) -> None:
    assert wants_daily(text, has_one=False)


@pytest.mark.parametrize(
    "text",
    [
        "I go to bed at 11pm",
        "my bus leaves at 7:15",
        "is it 10:30 already",
        "I work 9 to 5 every day",
        "my class starts at 8am every day",
        "remind me to drink water at 8",
        "daily standup at 9:30, what do I say?",
        "wake up at 5am every day, worth it?",
        "not before 9am",
    ],
)
def test_a_time_in_passing_is_no_wish_for_a_daily_question(text: str) -> None:
    assert not wants_daily(text, has_one=False)
    assert not wants_daily(text, has_one=True)


def test_a_bare_time_moves_the_daily_question_there_is() -> None:
    assert [wants_daily("8am", has_one=has_one) for has_one in (True, False)] == [True, False]


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("only on weekdays at 8", True),
        ("every second day at 8", True),
        ("8am and 8pm", True),
        ("ask me at 8 but not tomorrow", True),
        ("every three days at noon", True),
        ("ask me every day at 8", False),
        ("quiz me at half past seven in the evening", False),
        ("every morning at quarter to nine", False),
    ],
)
def test_conditions_are_noticed(text: str, some: bool) -> None:
    assert names_some_days(text) is some


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("pause for a week", 7),
        ("I'm on holiday for two weeks, no questions please", 14),
        ("take a break for 3 days", 3),
        ("no questions this week", 7),
        ("i am away the next month", 30),
        ("pause it for 12 months", 92),
        ("stop the daily questions", None),
        ("skip today", None),
        ("every day at 8", None),
        ("5 hours a week", None),
        ("stop asking at 8 every week day, at 9 please", None),
    ],
)
def test_a_pause_tells_for_how_long(text: str, days: int | None) -> None:
    assert days_off(text, date(2026, 11, 25)) == days


@pytest.mark.parametrize(
    ("day", "days"), [("Monday", 5), ("next tuesday", 6), ("wednesday", 7), ("Thursday", 1)]
)
def test_a_pause_may_end_on_a_day_of_the_week(day: str, days: int) -> None:
    assert days_off(f"no more questions until {day}", date(2026, 11, 25)) == days  # a Wednesday


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("every second day at 7", 2),
        ("every other day 7am", 2),
        ("remind me every two days at 18:00", 2),
        ("on alternate days at 8", 2),
        ("every day at 8", 1),
        ("8am", None),
    ],
)
def test_every_how_many_days_is_told(text: str, every: int | None) -> None:
    plain, told = every_day(text)
    assert told == every
    assert wants_daily(plain, has_one=False) is (every is not None)
