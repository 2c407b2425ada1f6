"""Is what is kept in memory of a learner's attempts always what the database holds?"""

from datetime import timedelta

from bot.storage import attempts, learners, personal
from bot.storage.attempts import NewAttempt
from bot.storage.database import Database, Transaction
from bot.storage.learners import Learner
from bot.storage.settled import KEPT_FOR, SETTLED_AFTER, WORTH_KEEPING, SettledAttempts
from tests.storage.conftest import ALEX, NOW

ITEM = NewAttempt("quiz", "python", "loops", ("b", "a", "unsure"), 0.5)
LATER = NOW + SETTLED_AFTER + timedelta(seconds=1)


async def alex_with(tx: Transaction, count: int) -> Learner:
    """Alex with so many answers, every tenth item left open."""
    learner_id = await learners.enrol(tx, ALEX, "en", NOW)
    for number in range(count):
        attempt_id = await attempts.show(tx, learner_id, ITEM, NOW)
        if number % 10:
            await attempts.respond(tx, attempt_id, "a", "correct", NOW, NOW.date())
    learner = await learners.find(tx, ALEX)
    assert learner
    return learner


async def test_what_is_open_or_new_is_read_each_time(database: Database) -> None:
    settled = SettledAttempts()
    async with database.transaction() as tx:
        alex = await alex_with(tx, WORTH_KEEPING * 2)
        first = await settled.of_learner(tx, alex, LATER)
        assert first == await attempts.of_learner(tx, alex.id)
        await attempts.take_hint(tx, first[0].id)
        await attempts.respond(tx, first[10].id, "b", "incorrect", LATER, LATER.date())
        await attempts.show(tx, alex.id, ITEM, LATER)
        again = await settled.of_learner(tx, alex, LATER)
        assert again == await attempts.of_learner(tx, alex.id)
        assert (again[0].had_hint, again[10].chosen) == (True, "b")
        assert again[1] is first[1], "what is settled is the same in memory"


async def test_what_was_rolled_back_was_never_there(database: Database) -> None:
    settled = SettledAttempts()
    async with database.transaction() as tx:
        alex = await alex_with(tx, WORTH_KEEPING * 2)
    async with database.reading() as connection:  # what is written in it is lost
        shown = await attempts.of_learner(connection, alex.id)
        await attempts.respond(connection, shown[0].id, "b", "incorrect", LATER, LATER.date())
        assert (await settled.of_learner(connection, alex, LATER))[0].outcome
    async with database.reading() as connection:
        assert (await settled.of_learner(connection, alex, LATER))[0].outcome is None


async def test_nobody_gets_what_was_erased(database: Database) -> None:
    settled = SettledAttempts()
    async with database.transaction() as tx:
        alex = await alex_with(tx, WORTH_KEEPING * 2)
        await settled.of_learner(tx, alex, LATER)
        await personal.forget(tx, ALEX)
        await learners.enrol(tx, ALEX, "en", LATER)
        back = await learners.find(tx, ALEX)
        assert back
        assert await settled.of_learner(tx, back, LATER) == []
        settled.forget(alex.id)
        assert await settled.of_learner(tx, alex, LATER) == []


async def test_a_clock_set_back_and_a_long_pause_read_anew(database: Database) -> None:
    settled = SettledAttempts()
    async with database.transaction() as tx:
        alex = await alex_with(tx, WORTH_KEEPING * 2)
        first = await settled.of_learner(tx, alex, LATER)
        assert await settled.of_learner(tx, alex, NOW - timedelta(days=9)) == first
        await settled.of_learner(tx, alex, LATER)
        kept = (await settled.of_learner(tx, alex, LATER))[1]
        after = LATER + KEPT_FOR + timedelta(seconds=1)
        other = await learners.find(tx, ALEX)
        assert other
        await settled.of_learner(tx, other, after)
        assert kept in await settled.of_learner(tx, alex, after)
