"""The outbox: what was promised is sent, each chat's messages in their order; what cannot be sent is kept."""

from collections.abc import Collection
from datetime import timedelta

import pytest

from bot.storage import outbox, tables
from bot.storage.database import Database
from bot.storage.outbox import BULK, REPLIES, Outgoing, StoredMessage
from tests.storage.conftest import ALEX, BOT, NOW, SAM, message_to, plan_of, promise, rows_of

SECOND = timedelta(seconds=1)
SUPERGROUP = -1_000_000_000_001


async def due(
    database: Database, after: timedelta = SECOND, busy: Collection[int] = (), lane: int = REPLIES
) -> list[StoredMessage]:
    async with database.reading() as connection:
        return await outbox.due(connection, BOT, lane, NOW + after, busy, 10)


def texts(found: list[StoredMessage]) -> list[str]:
    return [message.payload["text"] for message in found]


async def test_a_message_waits_with_all_it_says(database: Database) -> None:
    payload = {"chat_id": ALEX, "photo": "📈", "entities": [{"type": "bold", "offset": 0, "length": 2}]}
    await promise(database, Outgoing(ALEX, "sendPhoto", payload, fallback={"text": "It went up. \U0001f4c8"}))
    [message] = await due(database)
    assert (message.chat_id, message.method, message.payload) == (ALEX, "sendPhoto", payload)
    assert (message.fallback, message.failures) == ({"text": "It went up. 📈"}, 0)


async def test_of_each_chat_the_oldest_message_is_due_in_the_order_of_promises(
    database: Database,
) -> None:
    await promise(database, message_to(SAM, "s1"), message_to(ALEX, "a1"), message_to(SAM, "s2"))
    first = await due(database)
    assert texts(first) == ["s1", "a1"]
    async with database.transaction() as tx:
        await outbox.sent(tx, first[0].row_id)
    assert texts(await due(database)) == ["a1", "s2"]


async def test_the_messages_of_a_busy_chat_are_left_alone(database: Database) -> None:
    await promise(database, message_to(SAM, "s1"), message_to(ALEX, "a1"), message_to(SAM, "s2"))
    assert texts(await due(database, busy={SAM: "a task"}.keys())) == ["a1"]
    assert await due(database, busy=[SAM, ALEX]) == []


async def test_no_more_messages_are_given_than_asked_for(database: Database) -> None:
    await promise(database, *(message_to(chat, str(chat)) for chat in range(20)))
    async with database.reading() as connection:
        assert texts(await outbox.due(connection, BOT, REPLIES, NOW, (), 3)) == ["0", "1", "2"]


async def test_the_messages_of_another_bot_are_left_to_it(database: Database) -> None:
    async with database.transaction() as tx:
        await outbox.put(tx, BOT + 1, [message_to(ALEX)], NOW)
        assert await outbox.due(tx, BOT, REPLIES, NOW, (), 10) == []
        assert await outbox.next_time(tx, BOT, REPLIES, ()) is None
        assert len(await outbox.due(tx, BOT + 1, REPLIES, NOW, (), 10)) == 1


async def test_nothing_promised_is_nothing_due(database: Database) -> None:
    await promise(database)
    assert await due(database) == []


async def test_nothing_is_kept_of_a_message_that_arrived(database: Database) -> None:
    await promise(database, message_to(ALEX))
    [message] = await due(database)
    async with database.transaction() as tx:
        await outbox.sent(tx, message.row_id)
    assert await rows_of(database, tables.outbox) == []


async def test_a_postponed_message_holds_up_its_own_chat_and_no_other(database: Database) -> None:
    await promise(database, message_to(ALEX, "a1"), message_to(ALEX, "a2"), message_to(SAM, "s1"))
    [first, _] = await due(database)
    async with database.transaction() as tx:
        await outbox.postpone(tx, first.row_id, NOW + 30 * SECOND, "Too Many Requests", 4)
    assert texts(await due(database, after=29 * SECOND)) == ["s1"]
    [_, again] = await due(database, after=30 * SECOND)
    assert (again.payload["text"], again.failures) == ("a1", 4)


async def test_a_message_given_up_is_kept_for_the_operator_and_lets_others_pass(
    database: Database,
) -> None:
    await promise(database, message_to(ALEX, "a1"), message_to(ALEX, "a2"))
    [first] = await due(database)
    async with database.transaction() as tx:
        await outbox.give_up(tx, first.row_id, "Bad Request: " + "no " * 5_000, NOW)
    assert texts(await due(database)) == ["a2"]
    kept, _ = await rows_of(database, tables.outbox)
    assert (kept["payload"]["text"], kept["failed_at"]) == ("a1", NOW)
    assert kept["error"].startswith("Bad Request: no no")
    assert len(kept["error"]) == outbox.MAX_ERROR


async def test_what_a_crash_cut_off_is_given_up_and_not_sent_again(database: Database) -> None:
    await promise(database, message_to(ALEX, "cut off"), message_to(SAM, "refused"))
    for message in await due(database):
        async with database.transaction() as tx:
            await outbox.begin(tx, message.row_id, NOW)
    assert await due(database) == []
    async with database.transaction() as tx:
        await outbox.postpone(tx, message.row_id, NOW, "try again", 1)
        assert await outbox.cut_off(tx, BOT, NOW, "in doubt", NOW) == 0, "it may still be on its way"
        assert await outbox.cut_off(tx, BOT, NOW + SECOND, "in doubt", NOW + SECOND) == 1
    assert texts(await due(database)) == ["refused"]
    async with database.transaction() as tx:
        [given_up] = await outbox.failed(tx, BOT)
        assert (given_up.chat_id, given_up.error) == (ALEX, "in doubt")
        assert await outbox.put_back(tx, BOT, given_up.row_id, NOW)
    assert texts(await due(database)) == ["cut off", "refused"]


async def test_a_message_given_up_is_forgotten_after_a_month(database: Database) -> None:
    await promise(database, message_to(ALEX), message_to(SAM))
    first, _ = await due(database)
    async with database.transaction() as tx:
        await outbox.give_up(tx, first.row_id, "Forbidden", NOW)
        await outbox.clear_out(tx, NOW + timedelta(days=30))
    assert len(await rows_of(database, tables.outbox)) == 2
    async with database.transaction() as tx:
        await outbox.clear_out(tx, NOW + timedelta(days=30) + SECOND)
    assert [row["chat_id"] for row in await rows_of(database, tables.outbox)] == [SAM]


async def test_what_waits_for_a_group_follows_it_to_its_new_id(database: Database) -> None:
    await promise(database, message_to(-7, "g1"), message_to(ALEX, "a1"), message_to(-7, "g2"))
    async with database.transaction() as tx:
        await outbox.move_chat(tx, -7, SUPERGROUP)
    assert [(row["chat_id"]) for row in await rows_of(database, tables.outbox)] == [
        SUPERGROUP,
        ALEX,
        SUPERGROUP,
    ]


async def test_the_next_time_is_when_the_first_chats_turn_comes(database: Database) -> None:
    async def next_time(*busy: int) -> timedelta | None:
        async with database.reading() as connection:
            at = await outbox.next_time(connection, BOT, REPLIES, busy)
            return at and at - NOW

    assert await next_time() is None
    await promise(database, message_to(ALEX, "a1"), message_to(ALEX, "a2"))
    await promise(database, message_to(SAM, "s1"), now=NOW + 60 * SECOND)
    assert await next_time() == 0 * SECOND
    assert await next_time(ALEX) == 60 * SECOND
    assert await next_time(ALEX, SAM) is None
    async with database.transaction() as tx:
        [first] = await outbox.due(tx, BOT, REPLIES, NOW, (), 1)
        await outbox.postpone(tx, first.row_id, NOW + 30 * SECOND, "Too Many Requests", 0)
    assert await next_time() == 30 * SECOND, "a message behind a postponed one is not yet to be sent"


async def test_each_lane_has_its_own_order_and_neither_waits_for_the_other(database: Database) -> None:
    async with database.transaction() as tx:
        await outbox.put(tx, BOT, [message_to(ALEX, "p1"), message_to(ALEX, "p2")], NOW, BULK)
    await promise(database, message_to(ALEX, "a1"), message_to(ALEX, "a2"))
    assert texts(await due(database)) == ["a1"]
    [prompt] = await due(database, lane=BULK)
    assert (prompt.payload["text"], prompt.lane) == ("p1", BULK)
    async with database.transaction() as tx:
        await outbox.postpone(tx, prompt.row_id, NOW + 30 * SECOND, "Too Many Requests", 0)
        assert await outbox.next_time(tx, BOT, BULK, ()) == NOW + 30 * SECOND
        assert await outbox.next_time(tx, BOT, REPLIES, ()) == NOW
    assert await due(database, lane=BULK) == []


async def test_the_operator_can_see_what_was_given_up_and_why_but_not_what_it_said(
    database: Database,
) -> None:
    await promise(database, message_to(ALEX, "a secret"), message_to(SAM), message_to(-7))
    given_up = (await due(database))[:2]
    async with database.transaction() as tx:
        for number, message in enumerate(given_up):
            await outbox.give_up(tx, message.row_id, f"Bad Request: {number}", NOW + number * SECOND)
        found = await outbox.failed(tx, BOT)
        assert await outbox.failed(tx, BOT + 1) == []
    assert [(one.chat_id, one.error) for one in found] == [(SAM, "Bad Request: 1"), (ALEX, "Bad Request: 0")]
    assert found[0].failed_at == NOW + SECOND
    assert "secret" not in repr(found)


@pytest.mark.parametrize("lane", [REPLIES, BULK])
async def test_the_next_row_is_found_by_its_index_however_many_wait(database: Database, lane: int) -> None:
    async with database.transaction() as tx:
        await outbox.put(tx, BOT, [message_to(chat) for chat in range(2_000)], NOW, lane)
    plan = " ".join(await plan_of(database, outbox.due, BOT, lane, NOW, [1, 2], 16))
    assert "ix_outbox_turns" in plan
    assert "ix_outbox_chats" in plan
    assert "TEMP B-TREE" not in plan, "SQLite would sort all rows"
    assert "Sort" not in plan, "PostgreSQL would sort all rows"
