"""Does each learner get one prompt a day and no other, whoever else is at work on the database?"""

import asyncio
import sys
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import insert, select, update

from bot.guidance.daily import Daily, moved
from bot.guidance.quiz import Quiz
from bot.guidance.tutor import Tutor
from bot.storage import attempts, learners, prompts, tables
from bot.storage.database import Database
from knowledge.reader import read_pack
from tests.conftest import BREAD_PACK
from tests.resilience.processes import until
from tests.storage.conftest import ALEX, BOT, NOW, SAM, message_to, promise, rows_of

TODAY = date(2026, 3, 1)
ITEM = attempts.NewAttempt("daily", "python", "loops", ("a", "b", "unsure"), 0.0)
LEARNERS = 12

# A process as the bot is one: it takes whoever is due, and puts each prompt into the outbox.
TICK = """
import asyncio, sys
from datetime import datetime
from random import Random
from types import SimpleNamespace
from pathlib import Path
from bot.chat.tick import Tick
from bot.chat.context import SERVICES
from bot.guidance.daily import Daily
from bot.guidance.group_quiz import QuizGroups
from bot.guidance.progress import ShowProgress
from bot.guidance.quiz import Quiz
from bot.guidance.tutor import Tutor
from bot.guidance.weekly import Weekly
from bot.storage.database import Database
from bot.storage.replica import replica_on
from knowledge.reader import read_pack

async def main():
    database, now = Database(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    tutor = Tutor(read_pack(Path(sys.argv[3])), Random())
    quiz = Quiz(tutor)
    parts = dict(daily=Daily(tutor, quiz), weekly=Weekly(ShowProgress(tutor)), group_quiz=QuizGroups(tutor))
    services = SimpleNamespace(quiz=quiz, **parts)
    application = SimpleNamespace(bot_data={SERVICES: services}, bot=SimpleNamespace(id=4242))
    await database.migrate()
    sys.stdout.write("ready\\n")
    sys.stdout.flush()
    sys.stdin.read(1)  # all wait here, so that all begin together
    await Tick(application, database, lambda: now, lambda: None, replica_on(database)).serve()
    await database.close()

asyncio.run(main())
"""


def daily_journey() -> Daily:
    tutor = Tutor(read_pack(BREAD_PACK), Random(1))
    return Daily(tutor, Quiz(tutor))


async def due_learners(database: Database, count: int, now: datetime) -> None:
    async with database.transaction() as tx:
        for number in range(1, count + 1):
            await learners.enrol(tx, number, "en", now)
        values = {"daily_time": now.time().replace(tzinfo=None), "next_prompt_at": now}
        await tx.execute(update(tables.learners).values(values))


async def test_of_processes_that_tick_at_once_one_is_killed_and_everybody_gets_one_prompt(
    database: Database, address: str
) -> None:
    await due_learners(database, LEARNERS, NOW)
    ticking = [await _a_process_that_ticks(address, NOW) for _ in range(3)]
    for process in ticking:
        assert process.stdout
        assert process.stdin
        assert await process.stdout.readline() == b"ready\n"
    for process in ticking:
        assert process.stdin
        process.stdin.write(b"!")
    await until(lambda: rows_of(database, tables.prompts), "the first prompt")
    ticking[0].kill()
    ended = await asyncio.gather(*(process.communicate() for process in ticking))
    assert [told for _, told in ended] == [b"", b"", b""]
    last = await _a_process_that_ticks(address, NOW)  # finds what the one that was killed had only planned
    assert (await last.communicate(b"!"))[1] == b""
    made, waiting = await rows_of(database, tables.prompts), await rows_of(database, tables.outbox)
    assert sorted(row["learner_id"] for row in made) == list(range(1, LEARNERS + 1))
    assert sorted(row["chat_id"] for row in waiting) == list(range(1, LEARNERS + 1))
    assert {row["attempt_id"] for row in made} == {row["attempt_id"] for row in waiting}
    assert len(await rows_of(database, tables.attempts)) == LEARNERS
    assert {row["lane"] for row in waiting} == {1}
    following = {row["next_prompt_at"] for row in await rows_of(database, tables.learners)}
    assert following == {NOW + timedelta(days=1)}


async def test_a_local_date_has_one_prompt_whatever_the_program_believes(database: Database) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, "en", NOW)
        other_id = await learners.enrol(tx, SAM, "en", NOW)
        assert await prompts.open_new(tx, learner_id, TODAY, prompts.OPEN, NOW)
        assert await prompts.open_new(tx, learner_id, TODAY, prompts.DOUBT, NOW) is None
        assert await prompts.open_new(tx, other_id, TODAY, prompts.OPEN, NOW)
        assert await prompts.open_new(tx, learner_id, TODAY + timedelta(days=1), prompts.OPEN, NOW)


async def test_who_was_claimed_or_has_left_is_not_due(database: Database) -> None:
    following = NOW + timedelta(days=1)
    await due_learners(database, 2, NOW)
    async with database.transaction() as tx:
        await learners.mark_blocked(tx, 2, NOW)
        [first] = await prompts.due(tx, NOW, 10)
        await prompts.claim(tx, [prompts.Claim(first, following)])
        assert await prompts.due(tx, NOW, 10) == []
        assert await prompts.next_time(tx) == following
        assert await prompts.latest(tx, 1) is None


async def test_who_is_back_is_due_again_and_who_is_due_longest_comes_first(database: Database) -> None:
    await due_learners(database, 3, NOW)
    async with database.transaction() as tx:
        await learners.mark_blocked(tx, 1, NOW)
        await learners.change(tx, 3, next_prompt_at=NOW - timedelta(minutes=1))
        assert [each.id for each in await prompts.due(tx, NOW, 10)] == [3, 2]
        assert [each.id for each in await prompts.due(tx, NOW, 1)] == [3]
        await learners.enrol(tx, 1, "en", NOW)
        assert [each.id for each in await prompts.due(tx, NOW, 10)] == [3, 1, 2]


async def test_many_are_claimed_at_once_and_what_was_open_is_ignored(database: Database) -> None:
    await due_learners(database, 3, NOW)
    journey, tomorrow = daily_journey(), NOW + timedelta(days=1)
    async with database.transaction() as tx:
        assert await journey.claim(tx, NOW, 10) == 3
        assert await journey.claim(tx, NOW, 10) == 0
        of_today = [prompt for _, prompt in await journey.planned(tx, 10)]
        assert [(each.learner_id, each.state, each.due_at) for each in of_today] == [
            (number, prompts.PLANNED, NOW) for number in (1, 2, 3)
        ]
        for prompt, becomes in zip(of_today, (prompts.OPEN, prompts.ANSWERED, prompts.OPEN), strict=True):
            assert await prompts.move(tx, prompt.id, prompts.PLANNED, becomes)
        assert await journey.claim(tx, tomorrow, 10) == 3
        ignored = [(await learners.find(tx, number)) for number in (1, 2, 3)]
        assert [each.prompts_ignored for each in ignored if each] == [1, 0, 1]
        assert len(await journey.planned(tx, 10)) == 3
        attempt_id = await attempts.show(tx, 1, ITEM, NOW)
        await prompts.answered(tx, 1, attempt_id)
        learner = await learners.find(tx, 1)
        assert learner
        assert learner.prompts_ignored == 0


async def test_a_learner_who_cannot_be_planned_keeps_nobody_waiting(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await due_learners(database, 2, NOW)
    async with database.transaction() as tx:
        await learners.change(tx, 1, timezone="Nowhere/Atall")
        assert await daily_journey().claim(tx, NOW, 10) == 2
        assert [prompt.learner_id for _, prompt in await prompts.planned(tx, 10)] == [2]
        assert "learner 1 cannot be planned" in caplog.text
        assert await prompts.due(tx, NOW, 10) == []
        assert [each.id for each in await prompts.due(tx, NOW + timedelta(hours=1), 10)] == [1]


async def test_what_is_planned_is_not_made_once_its_hour_is_gone_or_the_learner_wants_none(
    database: Database,
) -> None:
    journey = daily_journey()
    await due_learners(database, 4, NOW)
    async with database.transaction() as tx:
        await journey.claim(tx, NOW, 10)
        await journey.stop(tx, 1, NOW)
        await journey.pause(tx, 2, 3, NOW)
        await journey.skip_today(tx, 3, NOW)
        [(_, left)] = await journey.planned(tx, 10)
        late = NOW + timedelta(hours=3)
        ready = await journey.prepare(tx, left.learner_id, left, await journey.quiz.bank(tx, late), late)
        assert ready
        assert await journey.prompt(tx, ready) is None
        states = {(await prompts.latest(tx, number)) for number in (1, 2, 3, 4)}
        assert {each.state for each in states if each} == {prompts.SKIPPED}


async def test_a_prompt_is_found_by_its_learner_alone_and_moves_once(database: Database) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, "en", NOW)
        other_id = await learners.enrol(tx, SAM, "en", NOW)
        number = await prompts.open_new(tx, learner_id, TODAY, prompts.OPEN, NOW)
        assert number
        assert await prompts.find(tx, number, other_id) is None
        assert await prompts.find(tx, number, learner_id)
        assert await prompts.move(tx, number, prompts.OPEN, prompts.SKIPPED)
        assert not await prompts.move(tx, number, prompts.OPEN, prompts.SKIPPED)


async def test_who_stops_gets_no_prompt_that_still_waits_but_every_reply(database: Database) -> None:
    await promise(database, message_to(ALEX, "a reply"), message_to(SAM))
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "en", NOW)
        row = {"bot_id": BOT, "chat_id": ALEX, "method": "sendPoll", "payload": {}, "lane": 1}
        times = {"created_at": NOW, "not_before": NOW}
        await tx.execute(insert(tables.outbox).values(row | times))
        await daily_journey().stop(tx, ALEX, NOW)
        assert list(await tx.scalars(select(tables.outbox.c.chat_id))) == [ALEX, SAM]


async def test_who_moves_keeps_the_hour_by_the_new_clock_and_has_one_prompt_a_date(
    database: Database,
) -> None:
    journey = daily_journey()
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, "en", NOW)
        await journey.set(tx, ALEX, time(13), NOW)
        await learners.change(tx, learner_id, timezone="Asia/Tokyo")
        plan = await moved(tx, ALEX, NOW)  # 21:00 there
        assert plan
        assert plan.next_at == datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
        await prompts.open_new(tx, learner_id, date(2026, 3, 2), prompts.OPEN, NOW)
        await learners.change(tx, learner_id, timezone="America/New_York")
        plan = await moved(tx, ALEX, NOW)
        assert plan
        assert plan.next_at == datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


async def test_a_zone_changed_unseen_is_noticed_when_the_old_hour_comes(database: Database) -> None:
    journey = daily_journey()
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, "en", NOW)
        await journey.set(tx, ALEX, time(13), NOW)
        await learners.change(tx, learner_id, timezone="America/New_York")
        at = NOW + timedelta(hours=1)  # 08:00 there
        assert await journey.claim(tx, at, 10) == 1
        assert await journey.planned(tx, 10) == []
        learner = await learners.find(tx, ALEX)
        assert learner
        assert learner.next_prompt_at == datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
        assert await prompts.latest(tx, learner_id) is None


async def _a_process_that_ticks(address: str, now: datetime) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    arguments = (address, now.isoformat(), str(BREAD_PACK))
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", TICK, *arguments, stdin=pipe, stdout=pipe, stderr=pipe
    )


async def made(database: Database, now: datetime) -> None:
    """A tick of its own process: whoever is due gets a prompt into the outbox."""
    process = await _a_process_that_ticks(str(database.engine.url.render_as_string(hide_password=False)), now)
    assert (await process.communicate(b"!"))[1] == b""


async def test_what_is_skipped_or_paused_is_taken_back_from_the_line(database: Database) -> None:
    journey = daily_journey()
    await due_learners(database, 3, NOW)
    await made(database, NOW)
    async with database.transaction() as tx:
        await journey.skip_today(tx, 1, NOW)
        await journey.pause(tx, 2, 14, NOW)
    assert [row["chat_id"] for row in await rows_of(database, tables.outbox)] == [3]
    states = {row["learner_id"]: row["state"] for row in await rows_of(database, tables.prompts)}
    assert states == {1: prompts.SKIPPED, 2: prompts.SKIPPED, 3: prompts.OPEN}


async def test_a_prompt_in_line_knows_until_when_it_may_be_sent(database: Database) -> None:
    await due_learners(database, 1, NOW)
    await made(database, NOW)
    [row] = await rows_of(database, tables.outbox)
    assert row["not_after"] == NOW + timedelta(minutes=119)


async def test_who_sets_an_hour_while_the_doubt_is_made_keeps_it(database: Database) -> None:
    journey = daily_journey()
    await due_learners(database, 1, NOW)
    async with database.transaction() as tx:
        await learners.change(tx, 1, prompts_ignored=3)
        await journey.claim(tx, NOW, 10)
        [(telegram_id, prompt)] = await journey.planned(tx, 10)
        ready = await journey.prepare(tx, telegram_id, prompt, await journey.quiz.bank(tx, NOW), NOW)
        assert ready
        plan = await journey.set(tx, 1, time(13), NOW)
        assert await journey.prompt(tx, ready) is None
        learner = await learners.find(tx, 1)
        assert plan
        assert learner
        assert learner.next_prompt_at == plan.next_at


async def test_a_prompt_that_cannot_be_made_ends_no_pause(database: Database) -> None:
    journey = daily_journey()
    await due_learners(database, 1, NOW)
    async with database.transaction() as tx:
        await journey.claim(tx, NOW, 10)
        [(_, prompt)] = await journey.planned(tx, 10)
        await journey.pause(tx, 1, 14, NOW)
        paused = await learners.find(tx, 1)
        await journey.plan_again(tx, prompt, NOW + timedelta(hours=1))
        assert await learners.find(tx, 1) == paused


async def test_votes_and_claims_that_meet_wait_for_each_other_and_none_fails(database: Database) -> None:
    journey, voters = daily_journey(), 20
    await due_learners(database, voters, NOW)
    async with database.transaction() as tx:
        await journey.claim(tx, NOW, voters)
        for number in range(1, voters + 1):
            prompt = await prompts.latest(tx, number)
            assert prompt
            await prompts.carries(tx, prompt.id, await attempts.show(tx, number, ITEM, NOW))
            await prompts.move(tx, prompt.id, prompts.PLANNED, prompts.OPEN)

    async def votes(number: int) -> None:
        async with database.transaction() as tx:
            await prompts.answered(tx, number, number)

    async def claims() -> None:
        async with database.transaction() as tx:
            await journey.claim(tx, NOW + timedelta(days=1), voters)

    for _ in range(3):
        await asyncio.gather(*(votes(number) for number in range(voters, 0, -1)), claims())
        await asyncio.gather(claims(), *(votes(number) for number in range(1, voters + 1)))
