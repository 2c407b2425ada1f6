"""Does an operator see what learners asked in vain, grouped, and not by whom?"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import learners, questions
from bot.storage.database import Database
from tests.scripts.conftest import run_script

NOW = datetime.now(UTC)
RATED = [("is it hard?", True), ("what do nurses earn?", False), ("how rich will I be?", False)]
VAIN = ["salary of a nurse?", "What does a nurse earn?", "how do I become a pilot"]


@pytest.fixture
def settings(tiny_settings: dict[str, Path], tmp_path: Path) -> dict[str, object]:
    """A database in which somebody asked: three times in vain, once not, and once long ago."""
    address = f"sqlite+aiosqlite:///{tmp_path / 'asked.db'}"
    asyncio.run(ask_in_vain(Database(address)))
    return {**tiny_settings, "BOT_DATABASE_URL": address}


async def ask_in_vain(database: Database) -> None:
    await database.migrate()
    async with database.transaction() as tx:
        learner = await learners.enrol(tx, 1001, "en", NOW)
        asked = [(text, "off_path", NOW) for text in VAIN]
        asked += [("maths?", questions.ANSWERED, NOW), ("long ago", "off_path", NOW - timedelta(days=90))]
        for text, outcome, at in asked:
            await questions.remember(tx, learner, questions.AskedQuestion(text, outcome, None, 0.1), at)
        for text, was_helpful in RATED:
            row = questions.AskedQuestion(text, questions.ANSWERED, "pay.salary", 0.9)
            await questions.rate(tx, await questions.remember(tx, learner, row, NOW), 1001, was_helpful)
    await database.close()


def test_what_was_asked_in_vain_is_grouped_largest_first(settings: dict[str, object], tmp_path: Path) -> None:
    ended = run_script("unanswered.py", folder=tmp_path, **settings)
    assert (ended.code, ended.errors) == (0, [])
    assert ended.out == [
        "3 questions without an answer in 30 days, 2 matters",
        "",
        "2  What does a nurse earn?",
        "   salary of a nurse?",
        "",
        "1  how do I become a pilot",
        "",
        "2 answers called not helpful, 1 helpful",
        "",
        "2  pay.salary",
        "   how rich will I be?",
        "   what do nurses earn?",
    ]


def test_one_may_look_further_back(settings: dict[str, object], tmp_path: Path) -> None:
    ended = run_script("unanswered.py", "--days", "365", folder=tmp_path, **settings)
    assert ended.out[0] == "4 questions without an answer in 365 days, 3 matters"
