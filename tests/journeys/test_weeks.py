"""A learner over weeks: placed, quizzed sixty times, sees a skill mastered and fade, and leaves."""

import pytest

from bot.sandbox.server import SandboxServer
from bot.storage import tables
from knowledge.library import Library
from tests.journeys.conftest import Days, Json, Learner, RunningBot
from tests.journeys.test_placing import is_placed
from tests.journeys.test_quizzing import item_of, position, vote

KNOWN = ("python", "sql-databases", "ml-intro")
QUIZZES, A_DAY, REST_DAYS = 60, 4, 14


@pytest.fixture
def bot(days: Days, sandbox: SandboxServer) -> RunningBot:
    return RunningBot(days.database, sandbox)


async def is_quizzed(alex: Learner, library: Library, wish: str) -> tuple[str, Json]:
    """The item that was asked, and the feedback; right on what is known, and else by the first option."""
    asked = await alex.asks(wish)
    skill_id, item = item_of(asked["poll"], library)
    place = position(asked["poll"], item.options[item.key].text) if skill_id in KNOWN else 0
    return f"{skill_id}/{item.id}", await vote(alex, asked, place)


async def test_weeks_with_the_bot(alex: Learner, days: Days, library: Library) -> None:
    await is_placed(alex, library, ())
    await alex.reads()  # the map
    await alex.reads()  # the next step
    asked_on: dict[str, int] = {}
    told = ""
    for number in range(QUIZZES):
        day = number // A_DAY
        await days.pass_to(day, "09:00")
        item, feedback = await is_quizzed(alex, library, "/quiz python" if number < 12 else "/quiz")
        assert day - asked_on.get(item, -REST_DAYS) >= REST_DAYS, f"{item} was asked again too soon"
        asked_on[item] = day
        told += feedback["text"]
    assert "Python: mastered!" in told

    standing = (await alex.asks("/progress"))["caption"]
    assert "Streak: 15 days" in standing
    assert " 0 fading" in standing
    await alex.reads()  # every skill by its name
    await days.pass_to(400, "09:00")
    assert " 0 fading" not in (await alex.asks("/progress"))["caption"], "what is not asked for a year fades"
    await alex.reads()  # every skill by its name

    step = await alex.asks("/next")
    other = await alex.presses(await alex.presses(step, "I know this"), "Trust me, next one")
    assert other["text"].splitlines()[0] != step["text"].splitlines()[0]
    exported = await alex.asks("/export")
    assert "document" in exported
    await alex.presses(await alex.asks("/delete"), "Yes, erase it")
    assert [row for table in (tables.learners, tables.attempts) for row in await days.rows(table)] == []
