"""Is all that is stored about a learner theirs to have and to erase? Every table is walked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from bot.storage import inbox, learners, outbox, personal, tables
from bot.storage.database import Database
from tests.storage.conftest import ALEX, BOT, NOW, SAM, fill, promise, receive, rows_of

TABLES = tables.metadata.sorted_tables


@pytest.fixture
async def filled(database: Database) -> Database:
    """A row of Alex and one of Sam in every table; the updates of both went wrong."""
    async with database.transaction() as tx:
        for telegram_id in (ALEX, SAM):
            await fill(tx, telegram_id)
        for stored in await inbox.waiting(tx, BOT, NOW, (), 10):
            await inbox.set_aside(tx, stored.row_id, "it went wrong", NOW)
    return database


async def everything(database: Database, telegram_id: int) -> dict[str, list[personal.Row]]:
    async with database.reading() as connection:
        return await personal.everything(connection, telegram_id)


async def test_these_tests_know_every_table(filled: Database) -> None:
    assert [table.name for table in TABLES if len(await rows_of(filled, table)) != 2] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_tells_whose_its_rows_are(table: Table) -> None:
    assert personal.whose(table, ALEX) is not None


def test_a_table_that_does_not_tell_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="to unpack"):
        personal.whose(Table("anonymous", MetaData(), Column("id", Integer)), ALEX)


async def test_a_learner_gets_their_rows_of_every_table_and_nobody_elses(filled: Database) -> None:
    theirs = await everything(filled, ALEX)
    assert [*theirs] == [*tables.metadata.tables]
    for table in TABLES:
        [told] = theirs[table.name]
        assert {*told} == {column.name for column in table.c} - {"learner_id"}
    assert str(SAM) not in str(theirs)
    assert theirs["learners"][0]["joined_at"] == NOW
    assert theirs["cards"][0]["card"] == {}, "a card is told as JSON, not as text that holds JSON"


async def test_of_a_stranger_there_is_nothing(filled: Database) -> None:
    assert not any((await everything(filled, 5)).values())


async def test_what_others_wrote_and_the_bytes_of_files_are_left_out(database: Database) -> None:
    said = {"text": "and this?", "reply_to_message": {"text": "a secret", "from": {"first_name": "Sam"}}}
    await receive(database, (ALEX, {"update_id": 1, "message": said}))
    file = {"chat_id": ALEX, "document": {"name": "a.json", "content": "e30="}, "caption": "Yours"}
    await promise(database, outbox.Outgoing(ALEX, "sendDocument", file))
    theirs = await everything(database, ALEX)
    assert theirs["inbox"][0]["payload"] == {"update_id": 1, "message": {"text": "and this?"}}
    told = theirs["outbox"][0]["payload"]["document"]
    assert told == {"name": "a.json", "content": "4 characters, in base64"}


async def test_a_forgotten_learner_is_named_in_no_table(filled: Database) -> None:
    before = await everything(filled, SAM)
    [alex] = [row["id"] for row in await rows_of(filled, tables.learners) if row["telegram_id"] == ALEX]
    async with filled.transaction() as tx:
        await personal.forget(tx, ALEX)
    left: list[dict[str, Any]] = [row for table in TABLES for row in await rows_of(filled, table)]
    assert len(left) == len(TABLES)
    assert str(ALEX) not in str(left)
    assert alex not in [row.get("learner_id") for row in left]
    assert await everything(filled, SAM) == before


async def test_forgetting_twice_and_forgetting_a_stranger_is_fine(filled: Database) -> None:
    for telegram_id in (ALEX, ALEX, 5):
        async with filled.transaction() as tx:
            await personal.forget(tx, telegram_id)
    assert len(await rows_of(filled, tables.learners)) == 1


async def test_a_learner_who_is_back_gets_nothing_of_the_time_before(filled: Database) -> None:
    async with filled.transaction() as tx:
        await personal.forget(tx, ALEX)
        await learners.enrol(tx, ALEX, "en", NOW + timedelta(days=1))
    theirs = await everything(filled, ALEX)
    assert [name for name, rows in theirs.items() if rows] == ["learners"]
