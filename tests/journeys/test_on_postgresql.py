"""The same bot on PostgreSQL."""

import pytest
from sqlalchemy import select

from bot.settings import Settings
from bot.storage import tables
from tests.journeys.conftest import Learner, RunningBot, labels
from tests.postgres import fresh_database


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"database_url": fresh_database()})


async def test_a_learner_asks_reads_on_and_is_forgotten(alex: Learner, sam: Learner, bot: RunningBot) -> None:
    await sam.asks("/start")
    answer = await alex.asks("How much does an ML engineer earn? 🤔")
    onward = next(each for each in labels(answer) if each != "Read more")
    assert (await alex.presses(answer, onward))["text"].startswith(onward)
    assert (await alex.asks("and in which cities?"))["text"]
    sure = await alex.presses(await alex.asks("/privacy"), "Delete my data")
    assert "erased" in (await alex.presses(sure, "Yes, erase it"))["text"]
    async with bot.database.reading() as connection:
        assert list(await connection.scalars(select(tables.learners.c.telegram_id))) == [sam.telegram_id]
        assert list(await connection.scalars(select(tables.questions.c.id))) == []
