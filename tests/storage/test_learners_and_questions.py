"""What is remembered of learners and their questions, and what is left when they want to be forgotten?"""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.storage import bookmarks, inbox, learners, outbox, personal, questions, tables
from bot.storage.database import Database
from tests.storage.conftest import ALEX, BOT, NOW, SAM, fill, message_to, rows_of, update_of

FROM_THE_FIRST = ("daily_every", "prompts_ignored")


async def test_a_learner_is_written_down_at_the_first_meeting_only(database: Database) -> None:
    async with database.transaction() as tx:
        first = await learners.enrol(tx, ALEX, "de", NOW)
        again = await learners.enrol(tx, ALEX, "en", NOW + timedelta(days=1))
        other = await learners.enrol(tx, SAM, None, NOW)
    assert first == again != other
    kept = [
        {name: value for name, value in row.items() if value is not None and name not in FROM_THE_FIRST}
        for row in await rows_of(database, tables.learners)
    ]
    assert kept == [
        {"id": first, "telegram_id": ALEX, "language": "de", "joined_at": NOW, "has_private_chat": True},
        {"id": other, "telegram_id": SAM, "joined_at": NOW, "has_private_chat": True},
    ]


async def test_who_was_met_in_a_group_can_be_written_to_once_they_came_alone(database: Database) -> None:
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "de", NOW, is_private=False)
    assert [row["has_private_chat"] for row in await rows_of(database, tables.learners)] == [False]
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "de", NOW)
        await learners.enrol(tx, ALEX, "de", NOW, is_private=False)
    assert [row["has_private_chat"] for row in await rows_of(database, tables.learners)] == [True]


@pytest.mark.parametrize("language", ["en", "zh-Hant-TW", "x" * 35])
async def test_a_language_is_kept_as_it_was_told(database: Database, language: str) -> None:
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, language, NOW)
    assert [row["language"] for row in await rows_of(database, tables.learners)] == [language]


@pytest.mark.parametrize("language", ["x" * 36, "e" * 10**6, "", "\ud83d", "en\0", "en us", 7, ["en"]])
async def test_what_is_no_language_is_dropped_and_the_learner_is_met(
    database: Database, language: Any
) -> None:
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, language, NOW)
    assert [row["language"] for row in await rows_of(database, tables.learners)] == [None]


async def test_times_come_back_as_aware_utc_from_whatever_zone_they_went_in(database: Database) -> None:
    in_tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, None, in_tokyo)
    [row] = await rows_of(database, tables.learners)
    joined_at: datetime = row["joined_at"]
    assert joined_at == NOW
    assert joined_at.utcoffset() == timedelta(0)


async def test_a_learner_who_blocked_the_bot_is_blocked_until_they_are_back(database: Database) -> None:
    async with database.transaction() as tx:
        for telegram_id in (ALEX, SAM):
            await learners.enrol(tx, telegram_id, None, NOW)
        await learners.mark_blocked(tx, ALEX, NOW)
    assert [row["blocked_at"] for row in await rows_of(database, tables.learners)] == [NOW, None]
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, None, NOW + timedelta(hours=1))
    assert [row["blocked_at"] for row in await rows_of(database, tables.learners)] == [None, None]


async def test_a_stranger_who_blocks_the_bot_is_not_written_down(database: Database) -> None:
    async with database.transaction() as tx:
        await learners.mark_blocked(tx, ALEX, NOW)
    assert await rows_of(database, tables.learners) == []


async def test_a_question_is_kept_with_its_outcome(database: Database) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, None, NOW)
        answered = questions.AskedQuestion("is it hard? 🤔", "answered", "who.is-it-hard", 0.75)
        declined = questions.AskedQuestion("who won?", "off_path", None, 0.25)
        await questions.remember(tx, learner_id, answered, NOW)
        await questions.remember(tx, learner_id, declined, NOW)
    first, second = await rows_of(database, tables.questions)
    assert first == {
        "id": first["id"],
        "learner_id": learner_id,
        "asked_at": NOW,
        "text": "is it hard? 🤔",
        "outcome": "answered",
        "passage_id": "who.is-it-hard",
        "score": 0.75,
        "was_helpful": None,
        "settled_at": None,
    }
    assert (second["outcome"], second["passage_id"]) == ("off_path", None)


async def test_the_latest_question_of_a_learner_is_known_for_a_while(database: Database) -> None:
    async with database.transaction() as tx:
        for telegram_id, text in [(ALEX, "what is ml?"), (ALEX, "is it hard?"), (SAM, "how long?")]:
            learner_id = await learners.enrol(tx, telegram_id, None, NOW)
            asked = questions.AskedQuestion(text, "answered", "some.note", 0.9)
            await questions.remember(tx, learner_id, asked, NOW)
    async with database.reading() as connection:
        assert await questions.latest(connection, ALEX, NOW) == ["is it hard?"]
        assert await questions.latest(connection, ALEX, NOW, 2) == ["what is ml?", "is it hard?"]
        assert await questions.latest(connection, SAM, NOW - timedelta(hours=1)) == ["how long?"]
        assert await questions.latest(connection, ALEX, NOW + timedelta(seconds=1)) == []
        assert await questions.latest(connection, 12345, NOW - timedelta(hours=1)) == []


async def test_only_the_asker_rates_an_answer_and_their_last_word_counts(database: Database) -> None:
    async with database.transaction() as tx:
        asked = []
        for telegram_id, text in [(ALEX, "is it hard?"), (ALEX, "how long?"), (SAM, "who won?")]:
            learner_id = await learners.enrol(tx, telegram_id, None, NOW)
            question = questions.AskedQuestion(text, "answered", "some.note", 0.9)
            asked.append(await questions.remember(tx, learner_id, question, NOW))
        assert await questions.rate(tx, asked[0], ALEX, was_helpful=False)
        assert await questions.rate(tx, asked[1], ALEX, was_helpful=False)
        assert await questions.rate(tx, asked[1], ALEX, was_helpful=True)
        assert not await questions.rate(tx, asked[2], ALEX, was_helpful=False)
        assert not await questions.rate(tx, asked[2], 12345, was_helpful=False)
        assert not await questions.rate(tx, 2**62, SAM, was_helpful=False)
    async with database.reading() as connection:
        assert await questions.unhelpful(connection, NOW) == [("some.note", "is it hard?")]
        assert await questions.helpful(connection, NOW) == 1
        later = NOW + timedelta(seconds=1)
        assert (await questions.unhelpful(connection, later), await questions.helpful(connection, later)) == (
            [],
            0,
        )


async def test_a_note_is_kept_once_and_the_newest_comes_first(database: Database) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, None, NOW)
        for number, note_id in enumerate(["b.one", "a.two", "b.one", "c.three"]):
            await bookmarks.save(tx, learner_id, note_id, NOW + timedelta(seconds=number))
        assert await bookmarks.of_learner(tx, ALEX) == ["c.three", "a.two", "b.one"]
        await bookmarks.remove(tx, learner_id, "a.two")
        await bookmarks.remove(tx, learner_id, "a.two")
        assert await bookmarks.of_learner(tx, ALEX) == ["c.three", "b.one"]
        assert await bookmarks.of_learner(tx, SAM) == []


@pytest.mark.parametrize(
    "text", ["x" * 4096, "😀" * 4096, "nul \0 byte", "half \ud83d pair", "\u202eright to left", ""]
)
async def test_any_text_can_be_kept(database: Database, text: str) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, None, NOW)
        asked = questions.AskedQuestion(text, "off_path", None, 0.0)
        await questions.remember(tx, learner_id, asked, NOW)
    [row] = await rows_of(database, tables.questions)
    assert len(row["text"]) == len(text)
    if text.isprintable():
        assert row["text"] == text


async def test_a_forgotten_learner_leaves_nothing_and_takes_nothing_of_others(database: Database) -> None:
    async with database.transaction() as tx:
        for telegram_id in (ALEX, SAM):
            await fill(tx, telegram_id)
    async with database.transaction() as tx:
        for stored in await inbox.waiting(tx, BOT, NOW, (), 10):
            await inbox.set_aside(tx, stored.row_id, "with the text in it", NOW)
        await personal.forget(tx, ALEX)
    assert [row["telegram_id"] for row in await rows_of(database, tables.learners)] == [SAM]
    assert [row["chat_id"] for row in await rows_of(database, tables.outbox)] == [SAM]
    assert [row["learner_key"] for row in await rows_of(database, tables.inbox)] == [SAM]
    [kept] = await rows_of(database, tables.questions)
    [sam] = await rows_of(database, tables.learners)
    assert kept["learner_id"] == sam["id"]


async def test_forgetting_loses_no_update_that_still_waits(database: Database) -> None:
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, None, NOW)
        await inbox.store(tx, BOT, [(ALEX, update_of(1)), (ALEX, update_of(2))], NOW)
        await personal.forget(tx, ALEX)
        await outbox.put(tx, BOT, [message_to(ALEX, "erased")], NOW)
    assert len(await rows_of(database, tables.inbox)) == 2
    assert len(await rows_of(database, tables.outbox)) == 1


async def test_whoever_was_forgotten_may_begin_afresh(database: Database) -> None:
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "en", NOW)
        await personal.forget(tx, ALEX)
        await learners.enrol(tx, ALEX, "de", NOW + timedelta(days=1))
    [row] = await rows_of(database, tables.learners)
    assert (row["language"], row["joined_at"]) == ("de", NOW + timedelta(days=1))
