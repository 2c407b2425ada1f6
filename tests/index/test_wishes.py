"""What does a wish name: skills, a time, or that it is enough?"""

from datetime import time

import pytest

from index.intents import QUESTION, Intent
from index.retriever import Retriever
from index.wishes import Arguments, Named, Wishes
from knowledge.library import Library

QUIZ, DAILY = Intent("quiz"), Intent("set_daily")


@pytest.fixture(scope="module")
def wishes(library: Library, retriever: Retriever) -> Wishes:
    return Wishes(library, retriever)


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ("quiz me on python", [("python", "python")]),
        ("QUIZ ME ON LINEAR ALGEBRA!!", [("linear algebra", "linear-algebra")]),
        ("test me on sql and python", [("sql", "sql-databases"), ("python", "python")]),
        ("python, then more python", [("python", "python")]),
        ("grill me on gradient descent", [("gradient descent", "calculus")]),  # a concept of a skill
        ("give me a hard question", []),
        ("quiz me on sourdough bread", []),
    ],
)
def test_skills_are_found_by_their_names_and_by_their_concepts(
    wishes: Wishes, said: str, skills: list[tuple[str, str]]
) -> None:
    assert wishes.arguments(said, QUIZ).skills == tuple(Named(*each) for each in skills)


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("remind me at half past seven in the evening", Arguments(at=time(19, 30))),
        ("stop the daily questions", Arguments(stop=True)),
        ("no more reminders at 8 am please", Arguments(stop=True)),
        ("don't forget to write to me at 9", Arguments(at=time(9))),
        ("i want a daily question", Arguments()),
    ],
)
def test_a_daily_wish_names_a_time_or_its_end(wishes: Wishes, said: str, arguments: Arguments) -> None:
    assert wishes.arguments(said, DAILY) == arguments


def test_a_question_names_nothing(wishes: Wishes) -> None:
    assert wishes.arguments("how do I learn python at 8?", QUESTION) == Arguments()
