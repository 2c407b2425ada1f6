"""A learner comes, finds their way, blocks the bot and is back, and leaves without a trace."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from bot.chat.views.commands import HELP
from bot.sandbox.client import SandboxClient
from bot.sandbox.world import ALEX_ID
from bot.storage import tables
from bot.storage.database import Database
from knowledge.library import Library
from tests.journeys.conftest import Json, Learner, RunningBot, Search, labels, until

QUESTION = "is it hard?"


async def rows_of(database: Database, table: Table) -> list[dict[str, Any]]:
    async with database.reading() as connection:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]


async def test_start_greets_and_shows_where_to_begin(alex: Learner, library: Library) -> None:
    greeting = await alex.asks("/start")
    assert greeting["text"].startswith("Welcome to Next Rung!")
    assert labels(greeting) == [note.title for note in library.starters]
    for label in labels(greeting):
        assert (await alex.presses(greeting, label))["text"].startswith(label)


async def test_help_names_every_command(alex: Learner) -> None:
    told = (await alex.asks("/help"))["text"]
    assert all(f"/{name}: {help}" in told for name, help in HELP.items())


async def test_the_bot_introduces_itself_to_telegram(alex: Learner, client: SandboxClient) -> None:
    async def introduction() -> dict[str, Any] | None:
        state = await client.state()
        return state if state["short_description"] else None

    state = await until(introduction, "the bot to introduce itself")
    menu = {entry["command"]: entry["description"] for entry in state["commands"]}
    assert menu == HELP
    assert "machine learning engineer" in state["description"]
    assert "machine learning engineer" in state["short_description"]


async def test_a_learner_is_remembered_with_what_privacy_says_and_no_more(
    alex: Learner, sam: Learner, bot: RunningBot
) -> None:
    await alex.asks("/start")
    await sam.asks(QUESTION)
    told = (await sam.asks("/privacy"))["text"]
    assert "don't store your name" in told
    known = {row["telegram_id"]: row for row in await rows_of(bot.database, tables.learners)}
    assert {*known} == {alex.telegram_id, sam.telegram_id}
    assert (known[alex.telegram_id]["language"], known[sam.telegram_id]["language"]) == ("en", "de")
    assert [row["text"] for row in await rows_of(bot.database, tables.questions)] == [QUESTION]
    assert "Sam" not in str([await rows_of(bot.database, table) for table in tables.metadata.sorted_tables])


async def test_whoever_wants_to_be_forgotten_is_asked_once_more_and_then_forgotten(
    alex: Learner, sam: Learner, bot: RunningBot
) -> None:
    for learner in (alex, sam):
        await learner.asks(QUESTION)
    told = await alex.asks("/privacy")
    asked_again = await alex.presses(told, "Delete my data")
    assert len(await rows_of(bot.database, tables.learners)) == 2, "nothing is erased by one press"
    done = await alex.presses(asked_again, "Yes, erase it")
    assert "erased" in done["text"]

    async def nothing_names_alex() -> bool:
        people = [row["telegram_id"] for row in await rows_of(bot.database, tables.learners)]
        told = [row["learner_key"] for row in await rows_of(bot.database, tables.inbox)]
        promised = [row["chat_id"] for row in await rows_of(bot.database, tables.outbox)]
        return alex.telegram_id not in [*people, *told, *promised]

    await until(nothing_names_alex, "the last row about Alex to go")
    [left] = await rows_of(bot.database, tables.learners)
    assert left["telegram_id"] == sam.telegram_id
    assert [row["learner_id"] for row in await rows_of(bot.database, tables.questions)] == [left["id"]]


async def test_what_was_erased_is_found_in_no_file_of_the_database(
    alex: Learner, bot: RunningBot, tmp_path: Path
) -> None:
    def holds(word: bytes) -> bool:
        return any(word in file.read_bytes() for file in tmp_path.glob("nextrung.db*"))

    await alex.asks("is it hard for a zymurgist?")
    assert holds(b"zymurgist")
    await alex.presses(await alex.presses(await alex.asks("/privacy"), "Delete my data"), "Yes, erase it")

    async def is_gone() -> bool:
        return not holds(b"zymurgist") and not holds(b"Alex")

    await until(is_gone, "the last copy to go")


async def test_whoever_was_forgotten_may_come_again(alex: Learner, bot: RunningBot) -> None:
    await alex.presses(await alex.asks("/privacy"), "Delete my data")
    sure = (await alex.client.replies())[-1]
    await alex.presses(sure, "Yes, erase it")
    assert (await alex.presses_again(sure, "Yes, erase it"))["text"], "pressing twice does no harm"
    assert (await alex.asks(QUESTION))["text"]
    [row] = await rows_of(bot.database, tables.learners)
    assert row["telegram_id"] == alex.telegram_id


async def blocked_becomes(is_blocked: bool, bot: RunningBot) -> None:
    """Wait until the bot believes so of Alex."""

    async def is_so() -> bool:
        [row] = [row for row in await rows_of(bot.database, tables.learners) if row["telegram_id"] == ALEX_ID]
        return (row["blocked_at"] is not None) == is_blocked

    await until(is_so, "the bot to notice that it was blocked" if is_blocked else "or let in again")


async def test_the_bot_notices_when_it_is_blocked_and_when_it_is_let_in_again(
    alex: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    await alex.asks("/start")
    await client.call("POST", "block", {"chat_id": alex.chat_id})
    await blocked_becomes(True, bot)
    await client.call("POST", "unblock", {"chat_id": alex.chat_id})
    await blocked_becomes(False, bot)


async def test_what_could_not_be_sent_to_somebody_who_blocked_the_bot_is_not_sent_later(
    alex: Learner, sam: Learner, bot: RunningBot, client: SandboxClient, search: Search
) -> None:
    async def refusals() -> list[Json]:
        return [call for call in await client.calls("sendMessage") if call["status"] == 403]

    await alex.asks("/start")
    with search.holding(QUESTION):
        await alex.writes(QUESTION)
        await alex.is_shown_typing()
        await client.call("POST", "block", {"chat_id": alex.chat_id})
    await until(refusals, "the reply to be refused")
    await client.call("POST", "unblock", {"chat_id": alex.chat_id})
    await blocked_becomes(False, bot)
    assert (await alex.asks("and how long does it take?"))["text"]
    assert len(await client.replies()) == 2
    assert (await sam.asks(QUESTION))["text"]
