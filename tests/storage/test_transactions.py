"""Is all of a transaction written, or nothing; and who waits for whom?"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage import inbox, learners, outbox, personal, tables
from bot.storage.database import Database, Transaction
from tests.storage.conftest import ALEX, BOT, NOW, SAM, fill, rows_of


class Stumble(Exception):
    """What goes wrong in the middle of a transaction."""


async def stumble_after(work: Callable[[Transaction], Awaitable[None]], database: Database) -> None:
    async with database.transaction() as tx:
        await work(tx)
        raise Stumble


async def test_everything_of_a_transaction_is_written_together(database: Database) -> None:
    async with database.transaction() as tx:
        await fill(tx, ALEX)
    for table in tables.metadata.sorted_tables:
        assert len(await rows_of(database, table)) == 1, table.name


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(Stumble):
        await stumble_after(lambda tx: fill(tx, ALEX), database)
    for table in tables.metadata.sorted_tables:
        assert await rows_of(database, table) == [], table.name


async def test_a_failed_transaction_takes_back_what_it_changed_and_erased(database: Database) -> None:
    async with database.transaction() as tx:
        await fill(tx, ALEX)
    before = [await rows_of(database, table) for table in tables.metadata.sorted_tables]

    async def change_everything(tx: Transaction) -> None:
        [waiting] = await inbox.waiting(tx, BOT, NOW, (), 10)
        await inbox.set_aside(tx, waiting.row_id, "no", NOW)
        await learners.mark_blocked(tx, ALEX, NOW)
        await outbox.move_chat(tx, ALEX, SAM)
        await personal.forget(tx, ALEX)

    with pytest.raises(Stumble):
        await stumble_after(change_everything, database)
    assert [await rows_of(database, table) for table in tables.metadata.sorted_tables] == before


async def test_what_is_written_while_only_reading_is_lost(database: Database) -> None:
    async with database.reading() as connection:
        await learners.enrol(connection, ALEX, "en", NOW)
    assert await rows_of(database, tables.learners) == []


async def test_a_reader_waits_for_no_writer_and_sees_only_what_is_finished(database: Database) -> None:
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "en", NOW)
        async with asyncio.timeout(5):  # SQLite would wait for twice that, were the reader to wait
            assert await rows_of(database, tables.learners) == []
    assert len(await rows_of(database, tables.learners)) == 1


async def test_writers_that_come_together_wait_for_each_other(database: Database) -> None:
    async def meet(telegram_id: int) -> int:
        async with database.transaction() as tx:
            return await learners.enrol(tx, telegram_id, None, NOW)

    ids = await asyncio.gather(*(meet(telegram_id) for telegram_id in [*range(20), *range(20)]))
    assert ids[:20] == ids[20:]
    assert len(set(ids)) == len(await rows_of(database, tables.learners)) == 20


async def test_transactions_that_read_before_they_write_do_not_trip_over_each_other(
    database: Database,
) -> None:
    async def look_and_meet(telegram_id: int) -> None:
        async with database.transaction() as tx:
            await inbox.waiting(tx, BOT, NOW, (), 10)
            await learners.enrol(tx, telegram_id, None, NOW)

    async with asyncio.TaskGroup() as together:
        for telegram_id in range(10):
            together.create_task(look_and_meet(telegram_id))
    assert len(await rows_of(database, tables.learners)) == 10


async def test_a_second_program_writes_as_soon_as_the_first_one_is_done(
    database: Database, address: str
) -> None:
    other = Database(address)
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, None, NOW)
        late = asyncio.create_task(_meet(other, ALEX))
        seen, _ = await asyncio.wait([late], timeout=0.3)
        assert not seen, "two transactions wrote the same row at once"
    await asyncio.wait_for(late, 30)
    await other.close()
    assert len(await rows_of(database, tables.learners)) == 1


async def _meet(database: Database, telegram_id: int) -> int:
    async with database.transaction() as tx:
        return await learners.enrol(tx, telegram_id, None, NOW)


def log_size(address: str) -> int:
    """Of SQLite's write-ahead log, in bytes; PostgreSQL keeps none that we know of."""
    return Path(f"{address.partition('///')[2]}-wal").stat().st_size if address.startswith("sqlite") else 0


async def test_the_log_is_empty_when_it_was_scrubbed_also_beside_another_who_does(
    database: Database, address: str
) -> None:
    async def read_slowly() -> None:
        async with database.reading() as connection:
            await connection.execute(select(tables.learners.c.id))
            await asyncio.sleep(0.5)

    reading = asyncio.create_task(read_slowly())
    await asyncio.sleep(0.1)
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "en", NOW)
    scrubbing = asyncio.create_task(database.scrub())
    await asyncio.sleep(0.1)
    await database.scrub()
    assert log_size(address) == 0
    await asyncio.gather(reading, scrubbing)
