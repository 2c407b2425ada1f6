"""Does one replica lead, and another when it is gone? Is a learner's work done by one at a time?"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage import inbox, replica
from bot.storage.database import Database
from bot.storage.replica import OneOfSeveral, Replica, replica_on
from tests.postgres import fresh_database
from tests.resilience.processes import until
from tests.storage.conftest import ALEX, BOT, NOW, SAM, receive, rows_of, update_of

LOOKS_OFTEN = 0.02  # seconds, so that no test waits for the usual two


@pytest.fixture(autouse=True)
def _looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "LOOK_SECONDS", LOOKS_OFTEN)


@pytest.fixture
async def server() -> AsyncIterator[Database]:
    """A database on PostgreSQL."""
    opened = Database(fresh_database())
    await opened.migrate()
    yield opened
    await opened.close()


@contextlib.asynccontextmanager
async def taking_part(one: Replica, bot_id: int = BOT) -> AsyncIterator[None]:
    """The replica lives while the block lasts."""
    life = asyncio.create_task(one.keep(bot_id))
    yield
    life.cancel()
    await asyncio.wait([life])


async def leads(one: Replica) -> None:
    await until(lambda: one.is_leading, "the replica to lead")


async def has_looked(*several: OneOfSeveral) -> None:
    """Long enough for each to have tried to lead."""
    await until(lambda: all(one._session for one in several), "the sessions")
    await asyncio.sleep(LOOKS_OFTEN * 5)


async def cut_all_sessions(database: Database) -> None:
    """What a restart of the server does to whoever is connected."""
    words = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
    async with database.engine.connect() as connection:
        await connection.execute(text(f"{words} and datname = current_database()"))


async def test_the_only_bot_of_a_database_leads_and_may_work_for_everybody(tmp_path: Path) -> None:
    alone = replica_on(Database(f"sqlite+aiosqlite:///{tmp_path}/a.db"))
    assert alone.is_alone
    assert alone.is_leading
    assert await alone.claim([ALEX, SAM, 3], 2) == {ALEX, SAM}


async def test_of_several_one_leads_and_when_it_ends_another_does(server: Database) -> None:
    first, second = OneOfSeveral(server), OneOfSeveral(server)
    async with taking_part(second):
        async with taking_part(first):
            await has_looked(first, second)
            assert [first.is_leading, second.is_leading].count(True) == 1
        await leads(second)
        assert not first.is_leading


async def test_two_bots_in_one_database_have_a_leader_each(server: Database) -> None:
    one, other = OneOfSeveral(server), OneOfSeveral(server)
    async with taking_part(one, BOT), taking_part(other, BOT + 1):
        await leads(one)
        await leads(other)
        await has_looked(one, other)
        assert await one.claim([ALEX], 1) == await other.claim([ALEX], 1) == {ALEX}


async def test_whose_session_is_cut_no_longer_leads_and_comes_back(server: Database) -> None:
    one = OneOfSeveral(server)
    async with taking_part(one):
        await leads(one)
        before = one._session
        await cut_all_sessions(server)
        await until(lambda: one._session is not before, "the replica to notice")
        await leads(one)


async def test_a_learner_is_worked_for_by_one_replica_at_a_time(server: Database) -> None:
    first, second = OneOfSeveral(server), OneOfSeveral(server)
    async with taking_part(first):
        async with taking_part(second):
            await has_looked(first, second)
            assert await second.claim([ALEX], 10) == {ALEX}
            assert await first.claim([ALEX, SAM], 10) == {SAM}
            await second.release(ALEX)
            assert await first.claim([ALEX], 10) == {ALEX}
            assert await second.claim([ALEX, SAM], 10) == set()
            await first.release(ALEX)
            await first.release(ALEX)  # what is not held is not given back
            assert await second.claim([ALEX], 10) == {ALEX}
        # Whoever dies holds nobody; the server hears of it a moment later.
        await until(lambda: first.claim([ALEX], 10), "the learner to be let go")


async def test_a_claim_takes_no_more_than_asked_and_looks_past_what_others_have(server: Database) -> None:
    first, second = OneOfSeveral(server), OneOfSeveral(server)
    async with taking_part(first), taking_part(second):
        await has_looked(first, second)
        assert await first.claim([1, 2, 3, 4, 5, 6], 4) == {1, 2, 3, 4}
        assert await second.claim([1, 2, 3, 4, 5, 6, 7], 2) == {5, 6}
        assert await first.claim([7], 1) == {7}


async def test_without_its_session_a_replica_takes_on_nothing(server: Database) -> None:
    one = OneOfSeveral(server)
    assert await one.claim([ALEX], 10) == set()
    async with taking_part(one):
        await has_looked(one)
        await one.claim([ALEX], 10)
    assert not one.is_leading
    await one.release(ALEX)
    assert await one.claim([ALEX], 10) == set()


async def test_an_update_is_taken_once_and_not_again_when_it_is_done(database: Database) -> None:
    await receive(database, (ALEX, update_of(1)))
    (row,) = await rows_of(database, inbox.inbox)
    async with database.transaction() as tx:
        assert await inbox.take(tx, row["id"])
        if not replica_on(database).is_alone:
            async with database.transaction() as other:
                assert not await inbox.take(other, row["id"]), "and nobody waits"
        await inbox.finish(tx, row["id"], NOW)
    async with database.transaction() as tx:
        assert not await inbox.take(tx, row["id"])
