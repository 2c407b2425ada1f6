"""Is an item answered once, known by its poll, and told of everybody's answers?"""

from datetime import date, timedelta

import pytest

from bot.storage import attempts, cards, learners, reports, wishes
from bot.storage.attempts import NewAttempt
from bot.storage.database import Database
from tests.storage.conftest import ALEX, NOW, SAM

ITEM = NewAttempt("quiz", "python", "loops", ("b", "a", "unsure"), 0.5)
TODAY = date(2026, 3, 1)


async def test_the_first_response_counts_and_no_other(database: Database) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, "en", NOW)
        number = await attempts.show(tx, learner_id, ITEM, NOW)
        assert await attempts.respond(tx, number, "a", "correct", NOW, TODAY)
        assert not await attempts.respond(tx, number, "b", "incorrect", NOW, TODAY)
        await attempts.take_hint(tx, number)
        [attempt] = await attempts.of_learner(tx, learner_id)
    assert (attempt.chosen, attempt.outcome, attempt.answered_on) == ("a", "correct", TODAY)
    assert not attempt.had_hint, "an answer given is not hinted afterwards"
    assert attempt.response.is_right
    assert list(attempt.options) == ["b", "a", "unsure"]


async def test_a_poll_is_found_by_its_learner_alone(database: Database) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, "en", NOW)
        await learners.enrol(tx, SAM, "en", NOW)
        number = await attempts.show(tx, learner_id, ITEM, NOW)
        only_open = await attempts.find_only_open(tx, NOW, ALEX)
        assert only_open is not None
        assert only_open.id == number
        assert await attempts.find_only_open(tx, NOW + timedelta(seconds=1), ALEX) is None
        await attempts.sent_as(tx, number, "777")
        assert await attempts.find_only_open(tx, NOW, ALEX) is not None, (
            "a copy of the poll may have been sent"
        )
        found = await attempts.find_by_poll(tx, "777", ALEX)
        assert found is not None
        assert found.id == number
        assert await attempts.find_by_poll(tx, "777", SAM) is None
        assert await attempts.find(tx, number, SAM) is None
        assert await attempts.find_by_poll(tx, "778", ALEX) is None
        second = await attempts.show(tx, learner_id, ITEM, NOW)
        assert await attempts.find_only_open(tx, NOW, ALEX) is None, "nobody could tell which"
        await attempts.respond(tx, second, "a", "correct", NOW, TODAY)
        assert await attempts.find_only_open(tx, NOW, ALEX) is not None


async def test_an_items_record_is_told_once_enough_have_answered(database: Database) -> None:
    async with database.transaction() as tx:
        for telegram_id, outcome in ((ALEX, "correct"), (SAM, "unsure")):
            learner_id = await learners.enrol(tx, telegram_id, "en", NOW)
            number = await attempts.show(tx, learner_id, ITEM, NOW)
            await attempts.respond(tx, number, "a", outcome, NOW, TODAY)
        await attempts.show(tx, learner_id, ITEM, NOW)
        assert await attempts.records(tx, 2) == {("python", "loops"): (1, 2)}
        assert await attempts.records(tx, 3) == {}


@pytest.mark.parametrize("count", [reports.ENOUGH_TO_PAUSE - 1, reports.ENOUGH_TO_PAUSE])
async def test_an_item_is_paused_once_enough_learners_report_it(database: Database, count: int) -> None:
    async with database.transaction() as tx:
        for telegram_id in range(1, count + 1):
            learner_id = await learners.enrol(tx, telegram_id, "en", NOW)
            for _ in range(2):
                await reports.report(tx, learner_id, "python", "loops", NOW)
        paused = await reports.paused(tx)
    assert paused == ({("python", "loops")} if count == reports.ENOUGH_TO_PAUSE else set())


async def test_the_latest_word_and_the_latest_card_count(database: Database) -> None:
    async with database.transaction() as tx:
        learner_id = await learners.enrol(tx, ALEX, "en", NOW)
        for word in (wishes.PUT_OFF, wishes.KNOWN):
            await wishes.say(tx, learner_id, "python", word, NOW)
            await cards.keep(tx, learner_id, "python", word)
        assert await wishes.of_learner(tx, learner_id) == {"python": (wishes.KNOWN, NOW)}
        assert await cards.of_learner(tx, learner_id) == {"python": wishes.KNOWN}
