"""Writes that share a transaction: each is in or fails for itself; one that is broken off harms no other."""

import asyncio

import pytest

from bot.storage import learners, tables
from bot.storage.database import Database, Transaction
from bot.storage.together import Together, Write
from tests.storage.conftest import NOW, rows_of


def enrols(telegram_id: int, transactions: set[int] | None = None) -> Write:
    async def write(tx: Transaction) -> None:
        if transactions is not None:
            transactions.add(id(tx))
        await learners.enrol(tx, telegram_id, "en", NOW)

    return write


async def enrolled(database: Database) -> set[int]:
    return {row["telegram_id"] for row in await rows_of(database, tables.learners)}


async def test_those_that_wait_share_a_transaction_and_all_are_in(database: Database) -> None:
    together, transactions = Together(database), set[int]()
    await asyncio.gather(*(together.write(enrols(number, transactions)) for number in range(1, 21)))
    assert await enrolled(database) == {*range(1, 21)}
    assert len(transactions) <= 2, "the first alone, as nobody waited yet, and then the rest"


async def test_a_write_that_fails_fails_alone(database: Database) -> None:
    async def fails(_tx: Transaction) -> None:
        raise ValueError("no")

    together = Together(database)
    writes = [enrols(1), fails, enrols(2), fails, enrols(3)]
    ended = await asyncio.gather(*map(together.write, writes), return_exceptions=True)
    assert [type(one).__name__ for one in ended] == [
        *("NoneType", "ValueError", "NoneType", "ValueError", "NoneType")
    ]
    assert await enrolled(database) == {1, 2, 3}


@pytest.mark.parametrize("broken_off", range(4))
async def test_a_write_that_is_broken_off_takes_no_other_with_it(database: Database, broken_off: int) -> None:
    begun = asyncio.Event()

    def slowly(number: int) -> Write:
        async def write(tx: Transaction) -> None:
            begun.set()
            await asyncio.sleep(0.01)
            await learners.enrol(tx, number, "en", NOW)

        return write

    together = Together(database)
    tasks = [asyncio.create_task(together.write(slowly(number))) for number in range(1, 5)]
    await begun.wait()
    tasks[broken_off].cancel()
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert {1, 2, 3, 4} - await enrolled(database) <= {broken_off + 1}
    await together.write(enrols(9))
    assert 9 in await enrolled(database)
