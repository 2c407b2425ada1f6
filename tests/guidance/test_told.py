"""What a text says in answer to a question about the learner, and what it leaves to others."""

import pytest

from bot.guidance.told import hours_told, standing_told, track_told, would_rather_not
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
        ("i can do 4-6 hours", 5, None),
        ("an hour a day", 7, 7),
        ("half an hour a day", 3, 3),
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


@pytest.mark.parametrize("text", ["idk", "Skip", "I don't know", "no thanks", "not sure yet.", "whatever"])
def test_a_question_may_be_left_open(text: str) -> None:
    assert would_rather_not(text)


@pytest.mark.parametrize("text", ["what is a skip connection", "no free lunch theorem", "?", "Nope, Alabama"])
def test_what_says_more_leaves_nothing_open(text: str) -> None:
    assert not would_rather_not(text)
