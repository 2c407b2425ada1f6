"""Are an operator's figures right, and does what failed come back or go for good?"""

from datetime import timedelta

from bot.storage import figures, inbox, learners, outbox, questions, reports, tables
from bot.storage.database import Database
from bot.storage.figures import Audience, Box, Questions
from bot.storage.questions import AskedQuestion, InVain
from tests.storage.conftest import ALEX, BOT, NOW, SAM, message_to, promise, receive, rows_of, update_of

LATER = NOW + timedelta(minutes=2)


async def test_an_empty_database_has_no_figures(database: Database) -> None:
    async with database.reading() as connection:
        found = await figures.read(connection, BOT, NOW)
    none = Box(0, None)
    assert found == figures.Figures(
        Audience(0, 0, 0, 0), Questions(0, 0, 0, 0), 0, 0, none, none, none, 0, 0, 0
    )
    assert none.age(NOW) == timedelta(0)


async def test_learners_boxes_and_failures_are_counted_each_for_itself(database: Database) -> None:
    async with database.transaction() as tx:
        alex, sam = [await learners.enrol(tx, each, "en", NOW) for each in (ALEX, SAM)]
        await learners.enrol(tx, 7, "en", NOW)
        await learners.mark_blocked(tx, 7, NOW)
        await learners.enrol(tx, 8, "en", NOW, is_private=False)
        await learners.stop(tx, SAM, NOW)
        asked = AskedQuestion("is it hard?", "answered", None, 0.9)
        await questions.rate(tx, await questions.remember(tx, alex, asked, NOW), ALEX, was_helpful=True)
        await questions.remember(tx, sam, asked, NOW - timedelta(days=3))
        await reports.report(tx, alex, "python", "loops", NOW)
        await reports.report(tx, sam, "python", "loops", NOW)
        await outbox.put(tx, BOT, [message_to(ALEX)], NOW, outbox.BULK)
        await outbox.put(tx, BOT + 1, [message_to(ALEX)], NOW)
    await promise(database, message_to(ALEX), message_to(SAM))
    await receive(database, (ALEX, update_of(1)), (SAM, update_of(2)))
    async with database.transaction() as tx:
        [first, _] = await inbox.waiting(tx, BOT, NOW, (), 10)
        await inbox.set_aside(tx, first.row_id, "KeyError", NOW)
        [first_message, _] = await outbox.due(tx, BOT, outbox.REPLIES, NOW, (), 10)
        await outbox.give_up(tx, first_message.row_id, "Forbidden", NOW)
        found = await figures.read(tx, BOT, LATER)
    assert found == figures.Figures(
        Audience(3, 1, 1, 1),
        Questions(asked=2, answered=2, helpful=1, not_helpful=0),
        *(1, 2, Box(1, NOW), Box(1, NOW), Box(1, NOW)),
        set_aside=1,
        failed=1,
        reported=1,
    )
    assert found.inbox.age(LATER) == timedelta(minutes=2)


async def test_an_update_set_aside_is_handled_again_or_erased_and_neither_twice(database: Database) -> None:
    await receive(database, (ALEX, update_of(1)), (SAM, update_of(2)))
    async with database.transaction() as tx:
        rows = await inbox.waiting(tx, BOT, NOW, (), 10)
        assert not await inbox.put_back(tx, BOT, rows[0].row_id, NOW)
        assert not await inbox.drop(tx, BOT, rows[0].row_id, NOW)
        for each in rows:
            await inbox.set_aside(tx, each.row_id, "KeyError: 'x'", NOW)
        told = await inbox.aside(tx, BOT, 10)
        assert [(each.kind, each.error) for each in told] == [("message", "KeyError: 'x'")] * 2
        assert not await inbox.put_back(tx, BOT + 1, rows[0].row_id, NOW)
        assert await inbox.put_back(tx, BOT, rows[0].row_id, LATER)
        assert not await inbox.put_back(tx, BOT, rows[0].row_id, LATER)
        assert await inbox.drop(tx, BOT, rows[1].row_id, LATER)
        assert not await inbox.drop(tx, BOT, rows[1].row_id, LATER)
        [again] = await inbox.waiting(tx, BOT, LATER, (), 10)
        assert (again.row_id, again.payload, again.failures) == (rows[0].row_id, rows[0].payload, 0)
    [_, dropped] = await rows_of(database, tables.inbox)
    assert (dropped["payload"], dropped["learner_key"], dropped["error"]) == ({}, inbox.NOBODY, None)


async def test_a_message_given_up_is_sent_again_or_forgotten_and_neither_twice(database: Database) -> None:
    await promise(database, message_to(ALEX), message_to(SAM))
    async with database.transaction() as tx:
        rows = await outbox.due(tx, BOT, outbox.REPLIES, NOW, (), 10)
        assert not await outbox.put_back(tx, BOT, rows[0].row_id, NOW)
        assert not await outbox.drop(tx, BOT, rows[0].row_id)
        for each in rows:
            await outbox.give_up(tx, each.row_id, "Forbidden", NOW)
        assert [each.chat_id for each in await outbox.failed(tx, BOT, 1, after=1)] == [ALEX]
        assert await outbox.put_back(tx, BOT, rows[0].row_id, LATER)
        assert not await outbox.put_back(tx, BOT, rows[0].row_id, LATER)
        assert await outbox.drop(tx, BOT, rows[1].row_id)
        assert [each.row_id for each in await outbox.due(tx, BOT, 0, LATER, (), 10)] == [rows[0].row_id]


async def test_a_reply_knows_the_update_it_answers(database: Database) -> None:
    async with database.transaction() as tx:
        await outbox.put(tx, BOT, [message_to(ALEX)], NOW, inbox_id=17)
        await outbox.put(tx, BOT, [message_to(SAM)], NOW)
        told = {each.chat_id: each.inbox_id for each in await outbox.due(tx, BOT, 0, NOW, (), 10)}
    assert told == {ALEX: 17, SAM: None}


async def test_cleared_reports_pause_an_item_no_more(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(1, 4):
            learner = await learners.enrol(tx, number, "en", NOW)
            await reports.report(tx, learner, "python", "loops", NOW)
        [told] = await reports.reported(tx)
        assert (told.learners, told.is_paused) == (3, True)
        await reports.clear(tx, "python", "loops")
        assert await reports.reported(tx) == []
        assert await reports.paused(tx) == frozenset()


async def test_what_was_asked_in_vain_is_read_newest_first_without_the_asker(database: Database) -> None:
    async with database.transaction() as tx:
        alex = await learners.enrol(tx, ALEX, "en", NOW)
        for text, outcome in (("a?", "off_path"), ("b?", "answered"), ("c?", "nothing_close")):
            await questions.remember(tx, alex, AskedQuestion(text, outcome, None, 0.1), NOW)
        unhelpful = await questions.remember(tx, alex, AskedQuestion("d?", "answered", None, 0.1), NOW)
        await questions.rate(tx, unhelpful, ALEX, was_helpful=False)
        assert await questions.in_vain(tx, NOW) == [
            InVain(4, "d?", "unhelpful"),
            InVain(3, "c?", "nothing_close"),
            InVain(1, "a?", "off_path"),
        ]
        assert await questions.in_vain(tx, LATER) == []
