"""A bot that is told to speak another language does so wherever Telegram shows its words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.views import catalogue
from bot.chat.views.commands import HELP
from bot.sandbox.client import SandboxClient
from bot.settings import Settings
from knowledge.library import Library
from tests.chat.pseudo import LANGUAGE, wrapped, write_language
from tests.journeys.conftest import Learner, labels, until


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """With the language in which every message stands in brackets."""
    folder = tmp_path / "locales"
    folder.mkdir()
    write_language(folder)
    monkeypatch.setattr(catalogue, "LOCALES", folder)
    yield settings.model_copy(update={"language": LANGUAGE})
    catalogue.speak("en")


async def test_the_menu_and_the_descriptions_are_in_it(alex: Learner, client: SandboxClient) -> None:
    async def introduction() -> dict[str, Any] | None:
        state = await client.state()
        return state if state["short_description"] else None

    state = await until(introduction, "the bot to introduce itself")
    menu = {entry["command"]: entry["description"] for entry in state["commands"]}
    assert menu == {name: wrapped(help) for name, help in HELP.items()}
    assert all(state[name].startswith("⟦") for name in ("description", "short_description"))


async def test_a_learner_comes_asks_and_is_asked_in_it(alex: Learner, library: Library) -> None:
    assert (await alex.asks("/start"))["text"].startswith("⟦Welcome to Next Rung!⟧")
    answer = await alex.asks("is it hard?")
    assert {"⟦Helpful⟧", "⟦Save⟧"} <= {*labels(answer)}
    assert "⟦" not in answer["text"], "what a note says comes from the pack"
    step = await alex.asks("/next")
    quiz = await alex.presses(step, "⟦Quiz me⟧")
    assert quiz["poll"]["options"][-1]["text"] == "⟦I don't know⟧"
    await alex.asks("/daily 8am")
    assert (await alex.asks("/help"))["text"].count("⟦") > len(HELP)
