"""Does everybody get a broadcast once, whenever its writing breaks off; and nobody who wants peace?"""

import asyncio
import contextlib
from collections import Counter
from datetime import timedelta

import pytest

from bot.guidance import broadcast
from bot.guidance.results import BroadcastGone, BroadcastRehearsed, BroadcastShown
from bot.storage import broadcasts, learners, outbox, tables
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Database
from tests.storage.conftest import ALEX, BOT, NOW, rows_of

SOON = NOW + timedelta(minutes=5)
MANY = 250  # learners: two full batches and a half


@pytest.fixture
async def crowd(database: Database) -> Database:
    """Many learners; the second blocked the bot, the third said /stop, others came later or never alone."""
    async with database.transaction() as tx:
        for number in range(1, MANY + 1):
            await learners.enrol(tx, number, "en", NOW)
        await learners.mark_blocked(tx, 2, NOW)
        await learners.stop(tx, 3, NOW)
        await learners.enrol(tx, MANY + 1, "en", NOW + timedelta(hours=1))
        await learners.enrol(tx, MANY + 2, "en", NOW, is_private=False)  # met in a group
    return database


async def confirmed(database: Database) -> int:
    async with database.transaction() as tx:
        drafted = await broadcast.draft(tx, BOT, ALEX, {"text": "hello", "chat_id": ALEX}, NOW)
        await broadcast.confirm(tx, BOT, drafted.id, SOON)
    return drafted.id


async def current(database: Database, number: int) -> Broadcast:
    async with database.reading() as connection:
        found = await broadcasts.find(connection, BOT, number)
    assert found
    return found


async def write_all(database: Database, number: int) -> None:
    is_more = True
    while is_more:
        one = await current(database, number)
        async with database.transaction() as tx:
            is_more = await broadcast.write_batch(tx, BOT, one, SOON)


async def reached(database: Database) -> Counter[int]:
    rows = await rows_of(database, tables.outbox)
    assert all(row["payload"] == {"text": "hello", "chat_id": row["chat_id"]} for row in rows)
    assert {row["lane"] for row in rows} == {outbox.BULK}
    return Counter(row["chat_id"] for row in rows)


EVERYBODY = Counter({*range(1, MANY + 1)} - {2, 3})


async def test_everybody_who_was_there_gets_it_but_who_has_blocked_or_stopped(crowd: Database) -> None:
    number = await confirmed(crowd)
    await write_all(crowd, number)
    assert await reached(crowd) == EVERYBODY
    assert (await current(crowd, number)).written == MANY - 2


async def test_who_breaks_off_in_the_middle_of_a_batch_has_written_nothing_of_it(crowd: Database) -> None:
    number = await confirmed(crowd)
    for _ in range(4):
        one = await current(crowd, number)
        with contextlib.suppress(RuntimeError):
            async with crowd.transaction() as tx:
                await broadcast.write_batch(tx, BOT, one, SOON)
                raise RuntimeError("killed before the commit")
        async with crowd.transaction() as tx:
            await broadcast.write_batch(tx, BOT, one, SOON)
    assert await reached(crowd) == EVERYBODY


async def test_two_who_write_the_same_batch_write_it_once(crowd: Database) -> None:
    number = await confirmed(crowd)
    one = await current(crowd, number)

    async def write() -> None:
        async with crowd.transaction() as tx:
            await broadcast.write_batch(tx, BOT, one, SOON)

    await asyncio.gather(write(), write(), write())
    assert set((await reached(crowd)).values()) == {1}
    await write_all(crowd, number)
    assert await reached(crowd) == EVERYBODY


async def test_a_dry_run_counts_the_same_learners_and_writes_nothing(crowd: Database) -> None:
    async with crowd.transaction() as tx:
        drafted = await broadcast.draft(tx, BOT, ALEX, {"text": "hello"}, SOON)
        rehearsed = await broadcast.rehearse(tx, BOT, drafted.id, SOON)
    assert isinstance(rehearsed, BroadcastRehearsed)
    assert (drafted.recipients, rehearsed.shown.recipients, rehearsed.batches) == (MANY - 2, MANY - 2, 3)
    assert drafted.left_out == 3
    assert await rows_of(crowd, tables.outbox) == []


async def test_once_stopped_nothing_more_goes_out_and_what_was_sent_is_told(crowd: Database) -> None:
    number = await confirmed(crowd)
    one = await current(crowd, number)
    async with crowd.transaction() as tx:
        await broadcast.write_batch(tx, BOT, one, SOON)
        for row in await outbox.due(tx, BOT, outbox.BULK, SOON, (), 10):
            await outbox.sent(tx, row.row_id)
        stopped = await broadcast.cancel(tx, BOT, number, SOON)
    assert isinstance(stopped, BroadcastShown)
    assert (stopped.state, stopped.sent, stopped.withdrawn) == ("cancelled", 10, 90)
    await write_all_of_a_stopped(crowd, one)
    assert await rows_of(crowd, tables.outbox) == []


async def write_all_of_a_stopped(database: Database, one: Broadcast) -> None:
    """Somebody else had read it before it was stopped."""
    later = await current(database, one.id)
    async with database.transaction() as tx:
        await broadcast.write_batch(tx, BOT, later, SOON)


async def test_the_end_is_told_once_and_not_before_every_row_is_dealt_with(crowd: Database) -> None:
    number = await confirmed(crowd)
    await write_all(crowd, number)
    one = await current(crowd, number)
    async with crowd.transaction() as tx:
        assert await broadcast.end(tx, one, SOON) is None
        rows = await outbox.due(tx, BOT, outbox.BULK, SOON, (), MANY)
        await outbox.give_up(tx, rows[0].row_id, "Forbidden", SOON)
        for row in rows[1:]:
            await outbox.sent(tx, row.row_id)
        ended = await broadcast.end(tx, one, SOON)
        assert await broadcast.end(tx, one, SOON) is None
    assert ended
    assert (ended.state, ended.sent, ended.failed) == ("done", MANY - 3, 1)


async def test_a_draft_of_long_ago_is_not_sent_and_a_second_tap_changes_nothing(crowd: Database) -> None:
    async with crowd.transaction() as tx:
        drafted = await broadcast.draft(tx, BOT, ALEX, {"text": "hello"}, NOW)
        late = await broadcast.confirm(tx, BOT, drafted.id, NOW + timedelta(days=2))
    assert isinstance(late, BroadcastShown)
    assert (late.state, late.is_stale) == ("draft", True)
    number = await confirmed(crowd)
    async with crowd.transaction() as tx:
        await broadcast.confirm(tx, BOT, number, SOON + timedelta(hours=1))
        assert await broadcast.show(tx, BOT + 1, number, SOON) == BroadcastGone()
    assert (await current(crowd, number)).confirmed_at == SOON
