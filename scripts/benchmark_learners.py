"""Do more learners in the database make the bot slower? The tick, a next step and a quiz, by their number.

benchmark_learners.py                                  10 thousand, 100 thousand and a million
benchmark_learners.py --learners 10000 50000 --json

On SQLite, in a folder that is gone afterwards. Of the learners 1,000 are due at once; each has prompts and
answers behind them.
"""

import asyncio
import contextlib
import json
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from types import SimpleNamespace
from typing import cast

from bot.chat.context import SERVICES, BotApplication
from bot.chat.tick import Tick
from bot.guidance.daily import Daily
from bot.guidance.group_quiz import QuizGroups
from bot.guidance.progress import ShowProgress
from bot.guidance.quiz import Quiz
from bot.guidance.tutor import Tutor
from bot.guidance.weekly import Weekly
from bot.storage.database import Database
from bot.storage.replica import replica_on
from knowledge.reader import read_pack
from scripts import growing
from scripts.generate_docs import PROJECT
from scripts.growing import Row

PACK = PROJECT / "knowledge" / "packs" / "ml_engineer"
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)  # the hour of those who are due
SIZES = (10_000, 100_000, 1_000_000)
DUE = 1_000
ASKING = 200  # learners for whom a step and an item are chosen
BEFORE_ID = 1_000_000  # of the first on Telegram
SEED = 4

# Plain SQL, since a million learners are to be made, each with three answers and prompts behind them.
# Each has an hour of their own during the next day, but DUE of them, evenly among all, are due now.
NUMBERS = "with recursive number(id) as (select 1 union all select id + 1 from number where id < :learners)"
LEARNERS = f"""
insert into learners (id, telegram_id, joined_at, daily_time, next_prompt_at) {NUMBERS}
select id, {BEFORE_ID} + id, '2026-03-01 12:00:00.000000', '08:00:00.000000', strftime(
    '%Y-%m-%d %H:%M:%S.000000', '2026-03-10 08:00:00',
    iif(id % (:learners / :due) = 0, 0, 1 + id * 7919 % 86000) || ' seconds'
) from number"""
ATTEMPTS = f"""
insert into attempts (
    learner_id, purpose, skill_id, item_id, options, difficulty, shown_at, had_hint, chosen, outcome,
    answered_at, answered_on
) {NUMBERS}
select id, 'daily', :skill, :item, :options, 0.0, :day || ' 08:00:00.000000', 0, :key, 'correct',
    :day || ' 08:05:00.000000', :day from number"""
PROMPTS = f"""
insert into prompts (learner_id, local_on, state, due_at) {NUMBERS}
select id, :day, 'answered', :day || ' 08:00:00.000000' from number"""
DAYS = ("2026-03-07", "2026-03-08", "2026-03-09")


def main() -> int:
    """Print a table, or JSON."""
    return growing.run(
        "benchmark_learners", __doc__, "learners", SIZES, DUE, lambda number: asyncio.run(measured(number))
    )


async def measured(number: int) -> Row:
    """What takes how long with so many learners."""
    library = read_pack(PACK)
    tutor = Tutor(library, Random(SEED))
    with TemporaryDirectory(prefix="next-rung-") as folder:
        file = Path(folder) / "benchmark.db"
        database = Database(f"sqlite+aiosqlite:///{file}")
        try:
            await database.migrate()
            await asyncio.to_thread(_fill, file, number, tutor)
            tick = _tick(tutor, database)
            return {**await _of_tick(tick), **await _of_learners(tutor, database, number)}
        finally:
            await database.close()


def _fill(file: Path, number: int, tutor: Tutor) -> None:
    items = tutor.library.items
    skill_id = next(each for each in items if len(items[each]) >= len(DAYS))
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(LEARNERS, {"learners": number, "due": DUE})
        for day, item in zip(DAYS, items[skill_id], strict=False):
            named = {"learners": number, "day": day}
            options = json.dumps([*item.options])
            told = {"skill": skill_id, "item": item.id, "options": options, "key": item.key}
            connection.execute(ATTEMPTS, {**named, **told})
            connection.execute(PROMPTS, named)


def _tick(tutor: Tutor, database: Database) -> Tick:
    quiz = Quiz(tutor)
    services = SimpleNamespace(
        quiz=quiz,
        daily=Daily(tutor, quiz),
        weekly=Weekly(ShowProgress(tutor)),
        group_quiz=QuizGroups(tutor),
    )
    application = SimpleNamespace(bot_data={SERVICES: services}, bot=SimpleNamespace(id=1, username="bot"))
    return Tick(cast(BotApplication, application), database, lambda: NOW, lambda: None, replica_on(database))


async def _of_tick(tick: Tick) -> Row:
    began = perf_counter()
    await tick.claim()
    claimed = perf_counter()
    await tick.claim()
    looked = perf_counter()
    await tick.serve()
    return {
        "1,000 due learners claimed, s": claimed - began,
        "looking when nobody is due, ms": (looked - claimed) * 1000,
        "their prompts made, a second": DUE / (perf_counter() - looked),
    }


async def _of_learners(tutor: Tutor, database: Database, number: int) -> Row:
    quiz, taken = Quiz(tutor), list[tuple[float, float]]()
    for learner in Random(SEED).sample(range(1, number + 1), ASKING):
        async with database.reading() as connection:
            began = perf_counter()
            record = await tutor.record(connection, BEFORE_ID + learner, NOW)
            assert record
            record.next_step()
            stepped = perf_counter()
            again = await tutor.record(connection, BEFORE_ID + learner, NOW)
            assert again
            quiz.choose(again, await quiz.bank(connection, NOW))
            taken.append((stepped - began, perf_counter() - stepped))
    step, item = (median(each) * 1000 for each in zip(*taken, strict=True))
    return {"a next step, ms (p50)": step, "an item, ms (p50)": item}


if __name__ == "__main__":
    sys.exit(main())
