"""A learner has all that is stored about them, has it erased, and has peace."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.chat.views.under import IN_PRIVATE
from bot.sandbox.client import SandboxClient
from bot.settings import Settings
from bot.storage import tables
from tests.journeys.conftest import Learner, RunningBot, labels, until
from tests.journeys.test_planning import file_of
from tests.postgres import fresh_database

QUESTION = "is it hard for a zymurgist?"


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """On SQLite, where a test does not want otherwise."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return settings
    return settings.model_copy(update={"database_url": fresh_database()})


async def everything(bot: RunningBot) -> str:
    """All rows of all tables."""
    async with bot.database.reading() as connection:
        found = [(await connection.execute(select(table))).all() for table in tables.metadata.sorted_tables]
        return str(found)


async def test_the_export_holds_what_a_learner_did_and_nothing_of_anybody_else(
    alex: Learner, sam: Learner, bot: RunningBot
) -> None:
    await sam.asks("how long does it take a quidnunc?")
    await alex.asks(QUESTION)
    asked = await alex.asks("/quiz python")
    await alex.client.votes(asked, 0, learner=alex.telegram_id)
    await alex.reads()
    await alex.presses(await alex.asks("/next"), "Not now")
    told = await alex.asks("/export")
    assert told["document"]["file_name"] == "next-rung-my-data.json"
    content = await file_of(told, alex, bot)
    export = json.loads(content)
    assert {*export} == {"format", "exported_at", *tables.metadata.tables}
    assert datetime.fromisoformat(export["exported_at"]).tzinfo
    assert [row["telegram_id"] for row in export["learners"]] == [alex.telegram_id]
    assert [row["text"] for row in export["questions"]] == [QUESTION]
    assert [row["skill_id"] for row in export["attempts"]] == ["python"]
    assert [row["wish"] for row in export["wishes"]] == ["put_off"]
    assert datetime.fromisoformat(export["attempts"][0]["answered_at"]).tzinfo
    for other in ("quidnunc", "Sam", str(sam.telegram_id), bot.sandbox.token):
        assert other not in content.decode()


async def test_of_a_stranger_nothing_is_exported_and_nothing_kept(newcomer: Learner, bot: RunningBot) -> None:
    told = await newcomer.asks("/export")
    assert "nothing stored" in told["text"]
    async with bot.database.reading() as connection:
        assert list(await connection.scalars(select(tables.learners.c.id))) == []


async def test_where_files_are_unknown_the_export_is_declined_kindly(
    alex: Learner, client: SandboxClient
) -> None:
    await alex.asks(QUESTION)
    await client.faults("404", "sendDocument")
    told = await alex.presses(await alex.asks("/privacy"), "Send me my data")
    assert told["text"].startswith("I can't send you a file here")
    assert labels(told)


@pytest.mark.parametrize("settings", ["sqlite", "postgresql"], indirect=True)
async def test_after_delete_no_table_and_no_file_names_the_learner(
    alex: Learner, bot: RunningBot, tmp_path: Path
) -> None:
    def holds(word: bytes) -> bool:
        return any(word in file.read_bytes() for file in tmp_path.glob("nextrung.db*"))

    await alex.asks(QUESTION)
    await alex.client.votes(await alex.asks("/quiz"), 0, learner=alex.telegram_id)
    await alex.reads()
    sure = await alex.asks("/delete")
    assert "zymurgist" in await everything(bot), "nothing is erased by a command alone"
    assert "erased" in (await alex.presses(sure, "Yes, erase it"))["text"]
    assert "erased" in (await alex.presses_again(sure, "Yes, erase it"))["text"], "a second tap is fine"

    async def is_gone() -> bool:
        return str(alex.telegram_id) not in await everything(bot) and not holds(b"zymurgist")

    await until(is_gone, "the last trace to go")
    assert "nothing stored" in (await alex.asks("/export"))["text"]


async def test_delete_and_export_are_not_for_a_group_to_see(
    alex: Learner, sam: Learner, client: SandboxClient
) -> None:
    await alex.asks("/start")
    group = await client.add_group("Study circle", [alex.telegram_id, sam.telegram_id])
    for command in ("export", "delete"):
        told = await alex.in_group(group).asks(f"/{command}@next_rung_bot")
        assert "private chat" in told["text"]
        assert f"/{command}" in told["text"]
        assert labels(told) == [IN_PRIVATE]


async def test_stop_says_what_is_sent_and_what_is_not_and_keeps_everything(
    alex: Learner, bot: RunningBot
) -> None:
    await alex.asks(QUESTION)
    told = await alex.asks("/stop")
    assert "I never write first unless you ask for a daily question" in told["text"]
    assert "zymurgist" in await everything(bot)
    assert (await alex.presses(told, "What's next for me?"))["text"].startswith("Your next step")


async def test_privacy_names_every_way_and_so_does_the_bot_in_its_own_words(alex: Learner) -> None:
    told = await alex.asks("/privacy")
    assert all(command in told["text"] for command in ("/export", "/delete", "/stop"))
    assert labels(told) == ["Send me my data", "Delete my data"]
    in_words = await alex.asks("delete my data")
    assert labels(in_words) == labels(told)
    assert labels(await alex.presses(in_words, "Delete my data")) == ["Yes, erase it"]
