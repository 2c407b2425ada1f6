"""A pack of notes alone, as authors begin: no skills, no tracks, no items. Does everything have an answer?"""

from pathlib import Path

import pytest

from index.embedder import Embedder
from index.retriever import Retriever
from knowledge.library import Library
from tests.conftest import searching
from tests.journeys.conftest import Learner, labels


@pytest.fixture
def library(tiny: Library) -> Library:
    return tiny


@pytest.fixture
def retriever(tiny: Library, twin: Embedder, tiny_index: Path) -> Retriever:
    return searching(tiny, twin, tiny_index)


async def test_who_wants_to_be_guided_hears_that_there_are_notes_alone(alex: Learner, tiny: Library) -> None:
    for wish in ("/next", "/quiz", "/progress", "/plan", "/placement", "quiz me", "how am I doing"):
        assert f"Ask me anything about {tiny.pack.subject}." in (await alex.asks(wish))["text"]


async def test_what_it_lacks_is_declined_with_where_to_begin(alex: Learner, tiny: Library) -> None:
    for question in ("How do I bake bread?", "is kubernetes important", "how do I use git"):
        declined = await alex.asks(question)
        assert declined["text"].startswith("My sources don't say"), question
        assert "nearest" not in declined["text"], question
        assert labels(declined) == [note.title for note in tiny.starters], question


async def test_a_question_that_sounds_like_a_wish_is_answered_from_the_notes(
    alex: Learner, tiny: Library
) -> None:
    note = tiny.notes["start.first-project"]
    assert (await alex.asks("what should I build next?"))["text"].startswith(note.title)


async def test_what_does_nothing_here_is_not_offered(alex: Learner) -> None:
    assert "/quiz" not in (await alex.asks("/help"))["text"]
    menus = [call["params"]["commands"] for call in await alex.client.calls("setMyCommands")]
    assert menus
    assert not any("placement" in str(menu) for menu in menus)
    assert "I have no questions to ask you yet." in (await alex.asks("/daily 8am"))["text"]
    assert "I have no questions to ask you yet." in (await alex.asks("ask me every day at 8"))["text"]


async def test_all_else_is_as_ever(alex: Learner) -> None:
    for wish in (
        "/settings",
        "/daily 8",
        "/saved",
        "How much maths do I need?",
        "I finished python, what now",
    ):
        assert "went wrong" not in (await alex.asks(wish))["text"]
