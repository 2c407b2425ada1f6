"""The inbox: every update once, each learner's in their order, until handled; failures wait and are kept."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage import inbox, tables
from bot.storage.database import Database
from bot.storage.inbox import StoredUpdate
from tests.storage.conftest import ALEX, BOT, NOW, SAM, plan_of, receive, rows_of, update_of

SECOND = timedelta(seconds=1)

texts = st.text(st.characters())  # surrogates and NUL too: JSON can spell them
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


async def waiting(
    database: Database, after: timedelta = SECOND, busy: Collection[int] = ()
) -> list[StoredUpdate]:
    async with database.reading() as connection:
        return await inbox.waiting(connection, BOT, NOW + after, busy, 10)


def numbers(found: list[StoredUpdate]) -> list[int]:
    return [stored.payload["update_id"] for stored in found]


async def finish(database: Database, stored: StoredUpdate) -> None:
    async with database.transaction() as tx:
        await inbox.finish(tx, stored.row_id, NOW)


async def fail(database: Database, stored: StoredUpdate, after: timedelta = timedelta(0)) -> bool:
    async with database.transaction() as tx:
        return await inbox.retry(tx, stored, "ValueError: no", NOW + after)


async def test_an_update_waits_with_all_it_said(database: Database) -> None:
    update = update_of(7, "is it hard? 🤔")
    await receive(database, (ALEX, update))
    [stored] = await waiting(database)
    assert (stored.learner_key, stored.payload, stored.failures) == (ALEX, update, 0)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(texts, values, max_size=4), min_size=1, max_size=20))
async def test_whatever_an_update_holds_comes_back_as_it_was(
    database: Database, payloads: list[dict[str, Any]]
) -> None:
    before = len(await rows_of(database, tables.inbox))
    numbered = [
        (number, {**payload, "update_id": before + number}) for number, payload in enumerate(payloads)
    ]
    await receive(database, *numbered)
    rows = await rows_of(database, tables.inbox)
    assert [row["payload"] for row in rows[before:]] == [payload for _, payload in numbered]


async def test_of_each_learner_the_oldest_update_waits_in_the_order_they_came(database: Database) -> None:
    await receive(
        database, (SAM, update_of(5)), (ALEX, update_of(6)), (SAM, update_of(7)), (ALEX, update_of(8))
    )
    first = await waiting(database)
    assert numbers(first) == [5, 6]
    await finish(database, first[0])
    assert numbers(await waiting(database)) == [6, 7]


async def test_the_updates_of_a_busy_learner_are_left_alone(database: Database) -> None:
    await receive(database, (SAM, update_of(1)), (ALEX, update_of(2)), (SAM, update_of(3)))
    assert numbers(await waiting(database, busy={SAM: "a task"}.keys())) == [2]
    assert await waiting(database, busy=[SAM, ALEX]) == []


async def test_no_more_updates_are_given_than_asked_for(database: Database) -> None:
    await receive(database, *((key, update_of(key)) for key in range(20)))
    async with database.reading() as connection:
        assert numbers(await inbox.waiting(connection, BOT, NOW, (), 3)) == [0, 1, 2]


async def test_a_repeated_update_is_passed_over_at_any_time(database: Database) -> None:
    await receive(database, (ALEX, update_of(1)), (ALEX, update_of(1)))
    await receive(database, (ALEX, update_of(1)), now=NOW + timedelta(hours=1))
    [stored] = await waiting(database)
    await finish(database, stored)
    await receive(database, (ALEX, update_of(1)), (ALEX, update_of(2)))
    assert numbers(await waiting(database)) == [2]
    assert len(await rows_of(database, tables.inbox)) == 2


async def test_another_update_that_bears_the_same_number_is_taken(database: Database) -> None:
    """Telegram numbers afresh after a week of silence, and a second bot has its own numbers."""
    await receive(database, (ALEX, update_of(1, "is it hard?")), (SAM, update_of(1, "is it fun?")))
    assert numbers(await waiting(database)) == [1, 1]
    async with database.transaction() as tx:
        await inbox.store(tx, BOT + 1, [(3, update_of(1, "is it hard?"))], NOW)
        assert numbers(await inbox.waiting(tx, BOT + 1, NOW, (), 10)) == [1]
    assert len(await rows_of(database, tables.inbox)) == 3


async def test_the_updates_of_another_bot_are_left_to_it(database: Database) -> None:
    async with database.transaction() as tx:
        await inbox.store(tx, BOT + 1, [(ALEX, update_of(1))], NOW)
        assert await inbox.waiting(tx, BOT, NOW, (), 10) == []
        assert await inbox.next_time(tx, BOT, ()) is None


async def test_nothing_received_is_nothing_stored(database: Database) -> None:
    await receive(database)
    assert await waiting(database) == []


async def test_of_a_finished_update_is_kept_neither_what_it_said_nor_who_said_it(database: Database) -> None:
    await receive(database, (ALEX, update_of(1, "my secret")))
    [stored] = await waiting(database)
    await fail(database, stored)
    await finish(database, stored)
    [row] = await rows_of(database, tables.inbox)
    assert (row["payload"], row["error"], row["learner_key"]) == ({}, None, inbox.NOBODY)
    assert row["done_at"] == NOW


async def test_a_failed_update_is_tried_again_later_and_then_no_more(database: Database) -> None:
    await receive(database, (ALEX, update_of(1)))
    [stored] = await waiting(database)
    assert await fail(database, stored)
    assert await waiting(database, after=0.9 * SECOND) == []
    [stored] = await waiting(database, after=SECOND)
    assert stored.failures == 1
    assert await fail(database, stored, after=SECOND)
    assert await waiting(database, after=10 * SECOND) == []
    [stored] = await waiting(database, after=11 * SECOND)
    assert stored.failures == 2
    assert not await fail(database, stored, after=11 * SECOND)


async def test_only_the_same_learners_later_updates_wait_for_a_failed_one(
    database: Database,
) -> None:
    await receive(database, (ALEX, update_of(1)), (ALEX, update_of(2)), (SAM, update_of(3)))
    await fail(database, (await waiting(database))[0])
    assert numbers(await waiting(database, after=0 * SECOND)) == [3]
    assert numbers(await waiting(database, after=SECOND)) == [1, 3]


async def test_an_update_set_aside_is_kept_for_the_operator_and_holds_nobody_up(database: Database) -> None:
    await receive(database, (ALEX, update_of(1)), (ALEX, update_of(2)))
    async with database.transaction() as tx:
        [stored] = await inbox.waiting(tx, BOT, NOW, (), 10)
        await inbox.set_aside(tx, stored.row_id, "ValueError: " + "no " * 5_000, NOW)
    assert numbers(await waiting(database)) == [2]
    aside, _ = await rows_of(database, tables.inbox)
    assert aside["payload"] == update_of(1)
    assert aside["error"].startswith("ValueError: no no")
    assert len(aside["error"]) == inbox.MAX_ERROR


async def test_an_error_with_unspeakable_characters_can_be_kept(database: Database) -> None:
    await receive(database, (ALEX, update_of(1)))
    [stored] = await waiting(database)
    async with database.transaction() as tx:
        assert await inbox.retry(tx, stored, "KeyError: '\0\ud83d'", NOW)
        await inbox.set_aside(tx, stored.row_id, "KeyError: '\0\ud83d'", NOW)
    [row] = await rows_of(database, tables.inbox)
    assert row["error"].startswith("KeyError")


async def test_what_telegram_can_no_longer_repeat_is_forgotten(database: Database) -> None:
    await receive(database, *((key, update_of(key)) for key in range(4)))
    finished_long_ago, finished_lately, set_aside, still_open = await waiting(database)
    async with database.transaction() as tx:
        await inbox.finish(tx, finished_long_ago.row_id, NOW)
        await inbox.finish(tx, finished_lately.row_id, NOW + 2 * SECOND)
        await inbox.set_aside(tx, set_aside.row_id, "no", NOW)
        await inbox.clear_out(tx, NOW + timedelta(hours=48) + SECOND)
    left = await rows_of(database, tables.inbox)
    assert [row["id"] for row in left] == [finished_lately.row_id, set_aside.row_id, still_open.row_id]


async def test_an_update_set_aside_is_forgotten_after_a_month(database: Database) -> None:
    await receive(database, (ALEX, update_of(1)), (SAM, update_of(2)))
    set_aside, still_open = await waiting(database)
    async with database.transaction() as tx:
        await inbox.set_aside(tx, set_aside.row_id, "no", NOW)
        await inbox.clear_out(tx, NOW + timedelta(days=30))
    assert len(await rows_of(database, tables.inbox)) == 2
    async with database.transaction() as tx:
        await inbox.clear_out(tx, NOW + timedelta(days=30) + SECOND)
    assert [row["id"] for row in await rows_of(database, tables.inbox)] == [still_open.row_id]


async def test_the_next_time_is_when_the_first_learners_turn_comes(database: Database) -> None:
    async def next_time(*busy: int) -> timedelta | None:
        async with database.reading() as connection:
            at = await inbox.next_time(connection, BOT, busy)
            return at and at - NOW

    assert await next_time() is None
    await receive(database, (ALEX, update_of(1)), (ALEX, update_of(2)))
    await receive(database, (SAM, update_of(3)), now=NOW + 5 * SECOND)
    assert await next_time() == 0 * SECOND
    assert await next_time(ALEX) == 5 * SECOND
    assert await next_time(ALEX, SAM) is None
    await fail(database, (await waiting(database))[0])
    assert await next_time() == SECOND, "an update behind a failed one is not yet to be handled"


async def test_the_next_update_is_found_by_its_index_however_many_are_kept(database: Database) -> None:
    await receive(database, *((key, update_of(key)) for key in range(2_000)))
    async with database.transaction() as tx:
        for stored in await inbox.waiting(tx, BOT, NOW, (), 1_500):
            await inbox.finish(tx, stored.row_id, NOW)
    plan = " ".join(await plan_of(database, inbox.waiting, BOT, NOW, [1, 2], 16))
    assert "ix_inbox_turns" in plan
    assert "TEMP B-TREE" not in plan, "SQLite would sort all rows"
    assert "Sort" not in plan, "PostgreSQL would sort all rows"
