"""Both kinds of database, each real, empty, and brought to this version; and a few words to fill them."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, event, select

from bot.learning.evidence import Outcome
from bot.storage import (
    attempts,
    bookmarks,
    broadcasts,
    cards,
    group_quizzes,
    inbox,
    learners,
    outbox,
    placements,
    prompts,
    questions,
    reports,
    wishes,
)
from bot.storage.database import Database, Transaction
from tests.conftest import DATABASE
from tests.postgres import fresh_database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BOT = 4242
ALEX, SAM = 1001, 2**52 - 1  # the largest id Telegram promises to stay below


def sqlite_address(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / DATABASE}"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that does not hold anything yet."""
    return sqlite_address(tmp_path) if request.param == "sqlite" else fresh_database()


@pytest.fixture
async def database(address: str, new_database: Path) -> AsyncIterator[Database]:
    """A database ready for use."""
    if address.startswith("sqlite"):
        shutil.copy(new_database, address.partition("///")[2])
    opened = Database(address)
    await opened.migrate()
    yield opened
    await opened.close()


async def rows_of(database: Database, table: Table) -> list[dict[str, Any]]:
    """Everything a table holds, oldest first."""
    async with database.reading() as connection:
        rows = await connection.execute(select(table).order_by(*table.primary_key))
        return [dict(row) for row in rows.mappings()]


async def plan_of(database: Database, read: Callable[..., Awaitable[Any]], *given: Any) -> list[str]:
    """How the database finds what a function of the storage reads, in its own words."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, words: str, values: Any, _context: Any, _many: bool) -> None:
        asked.append((words, values))

    async with database.transaction() as tx:
        if tx.dialect.name == "postgresql":
            await tx.exec_driver_sql("analyze")
        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        await read(tx, *given)
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        explain = "explain" if tx.dialect.name == "postgresql" else "explain query plan"
        words, values = asked[-1]
        return [str(row[-1]) for row in await tx.exec_driver_sql(f"{explain} {words}", values)]


def update_of(number: int, text: str = "is it hard?") -> dict[str, Any]:
    """An update as Telegram numbers them."""
    return {"update_id": number, "message": {"message_id": number, "text": text}}


def message_to(chat_id: int, text: str = "hello") -> outbox.Outgoing:
    """A message to be sent."""
    return outbox.Outgoing(chat_id, "sendMessage", {"chat_id": chat_id, "text": text})


async def receive(database: Database, *updates: tuple[int, Mapping[str, Any]], now: datetime = NOW) -> None:
    """Store updates, each after the key of its learner."""
    async with database.transaction() as tx:
        await inbox.store(tx, BOT, updates, now)


async def promise(database: Database, *messages: outbox.Outgoing, now: datetime = NOW) -> None:
    """Put messages in the outbox."""
    async with database.transaction() as tx:
        await outbox.put(tx, BOT, messages, now)


async def fill(tx: Transaction, telegram_id: int) -> None:
    """One row in every table, all about one learner."""
    learner_id = await learners.enrol(tx, telegram_id, "en", NOW)
    asked = questions.AskedQuestion("is it hard?", "answered", "who.is-it-hard", 0.9)
    await questions.remember(tx, learner_id, asked, NOW)
    await inbox.store(tx, BOT, [(telegram_id, update_of(telegram_id))], NOW)
    await outbox.put(tx, BOT, [message_to(telegram_id)], NOW)
    await placements.begin(tx, learner_id, "main", NOW)
    shown = attempts.NewAttempt("quiz", "python", "loops", ("a", "b", "unsure"), 0.0)
    await attempts.show(tx, learner_id, shown, NOW)
    await cards.keep(tx, learner_id, "python", "{}")
    await wishes.say(tx, learner_id, "python", wishes.KNOWN, NOW)
    await reports.report(tx, learner_id, "python", "loops", NOW)
    await prompts.open_new(tx, learner_id, NOW.date(), prompts.OPEN, NOW)
    await broadcasts.draft(tx, BOT, telegram_id, {"text": "hello"}, NOW)
    await bookmarks.save(tx, learner_id, "python.loops", NOW)
    item = ("python", "loops")
    quiz_id = await group_quizzes.ask(tx, telegram_id, None, item, ("a", "b", "unsure"), NOW, NOW)
    await group_quizzes.vote(tx, quiz_id, telegram_id, "Alex", Outcome.CORRECT, NOW)
