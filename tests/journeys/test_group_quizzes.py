"""A group is quizzed: everybody votes once, the scores are told, and nobody's own record moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.chat.views.group_quiz import NEXT
from bot.chat.views.under import IN_PRIVATE
from bot.guidance.group_quiz import LEAST_OPEN, OPEN_FOR
from bot.sandbox.client import SandboxClient
from bot.storage import tables
from knowledge.library import Library
from tests.journeys.conftest import Clock, Days, Json, Learner, RunningBot, labels, until
from tests.journeys.test_keeping import words_for_a_moment
from tests.journeys.test_quizzing import item_of, position, rows


@pytest.fixture
async def group(client: SandboxClient, bot: RunningBot, alex: Learner, sam: Learner) -> int:
    return await client.add_group("Study circle", [alex.telegram_id, sam.telegram_id])


async def counted(bot: RunningBot, count: int) -> list[dict[str, Any]]:
    """The votes of groups, once there are so many."""

    async def enough() -> list[dict[str, Any]]:
        found = await rows(bot, tables.group_votes)
        return found if len(found) >= count else []

    return await until(enough, f"{count} votes of groups")


async def a_while_ago(bot: RunningBot) -> None:
    """What is open has been so for a while."""
    long_ago = datetime.now(UTC) - 2 * LEAST_OPEN
    async with bot.database.transaction() as tx:
        await tx.execute(update(tables.group_quizzes).values(asked_at=long_ago))


async def both_vote(alex: Learner, sam: Learner, asked: Json, library: Library) -> None:
    """Alex is right and Sam is not."""
    _, item = item_of(asked["poll"], library)
    right = position(asked["poll"], item.options[item.key].text)
    wrong = next(each for each in range(3) if each != right)
    await alex.client.votes(asked, right, learner=alex.telegram_id)
    await alex.client.votes(asked, wrong, learner=sam.telegram_id)


async def test_everybody_votes_and_the_next_question_tells_how_it_ended(
    alex: Learner, sam: Learner, group: int, bot: RunningBot, library: Library
) -> None:
    there = alex.in_group(group)
    asked = await there.asks("/quiz@next_rung_bot python")
    poll = asked["poll"]
    assert item_of(poll, library)[0] == "python"
    assert (poll["type"], poll["is_anonymous"], poll["open_period"]) == ("quiz", False, 600)
    assert "open for 10 minutes" in poll["description"]
    await both_vote(alex, sam, asked, library)
    votes = await counted(bot, 2)
    assert {(row["name"], row["outcome"]) for row in votes} == {("Alex", "correct"), ("Sam", "incorrect")}
    assert "still fresh" in (await there.asks("/quiz@next_rung_bot"))["text"]
    await a_while_ago(bot)
    end = await there.asks("/quiz@next_rung_bot")
    assert "2 answered. Right: Alex." in end["text"]
    assert end["text"].endswith("1. Alex: 1 of 1 right\n2. Sam: 0 of 1 right")
    assert labels(end)[:2] == [NEXT, IN_PRIVATE]
    following = await there.reads()
    assert following["poll"]["id"] != poll["id"]
    messages = (await alex.client.state(group))["messages"]
    closed = {each["poll"]["id"]: each["poll"]["is_closed"] for each in messages if "poll" in each}
    assert closed == {poll["id"]: True, following["poll"]["id"]: False}
    for asks in ("/scores@next_rung_bot", "@next_rung_bot who is winning?", "@next_rung_bot show the scores"):
        assert "1. Alex: 1 of 1 right" in (await there.asks(asks))["text"]


async def test_no_learners_own_record_moves_by_it(
    alex: Learner, sam: Learner, group: int, bot: RunningBot, library: Library
) -> None:
    own = await alex.asks("/quiz python")
    asked = await alex.in_group(group).asks("@next_rung_bot quiz us, please")
    await both_vote(alex, sam, asked, library)
    await counted(bot, 2)
    [attempt] = await rows(bot, tables.attempts)
    assert (attempt["outcome"], await rows(bot, tables.cards)) == (None, [])
    assert await alex.client.replies(sam.chat_id) == []
    await alex.client.votes(own, 0)
    assert "I'd now expect" in (await alex.reads())["text"]


async def test_a_vote_that_comes_before_the_polls_id_is_known_waits_for_it(
    alex: Learner, sam: Learner, group: int, bot: RunningBot, library: Library
) -> None:
    await alex.asks("/quiz python")
    asked = await alex.in_group(group).asks("/quiz@next_rung_bot")

    async def is_known() -> Any:
        return [row["poll_id"] for row in await rows(bot, tables.group_quizzes) if row["poll_id"]]

    [poll_id] = await until(is_known, "the id of the poll")
    async with bot.database.transaction() as tx:
        await tx.execute(update(tables.group_quizzes).values(poll_id=None))
    await alex.client.votes(asked, 0)

    async def was_tried() -> bool:
        return any(row["failures"] for row in await rows(bot, tables.inbox))

    await until(was_tried, "the vote to be put off")
    async with bot.database.transaction() as tx:
        await tx.execute(update(tables.group_quizzes).values(poll_id=poll_id))
    await counted(bot, 1)
    [attempt] = await rows(bot, tables.attempts)
    assert attempt["outcome"] is None, "it was not taken for an answer in private"


async def test_topics_are_kept_apart(alex: Learner, client: SandboxClient, bot: RunningBot) -> None:
    forum, (first, second) = await client.add_forum("Academy", [alex.telegram_id], topics=2)
    there = alex.in_group(forum)
    one = await there.asks("/quiz@next_rung_bot python", topic=first)
    other = await there.asks("/quiz@next_rung_bot", topic=second)
    general = await there.asks("/quiz@next_rung_bot")
    threads = [each.get("message_thread_id") for each in (one, other, general)]
    assert threads == [first, second, None]
    answer = await there.asks("@next_rung_bot what is overfitting?", topic=second)
    assert answer["message_thread_id"] == second
    assert all(each["poll"] for each in (one, other, general))


async def test_where_polls_are_unknown_buttons_count_each_person_once(
    alex: Learner, sam: Learner, group: int, client: SandboxClient, bot: RunningBot
) -> None:
    await client.faults("404", "sendPoll", times=1)
    asked = await alex.in_group(group).asks("/quiz@next_rung_bot git")
    assert labels(asked)[:2] == ["A", "B"]
    for learner, button in ((alex, "A"), (alex, "B"), (sam, "B")):
        await client.presses(asked, button, learner.telegram_id)
    told = await words_for_a_moment(client, 3)
    assert sorted(text.split(".")[0] for text in told) == [
        "Noted",
        "Noted",
        "You have answered already; the first answer counts",
    ]
    assert len(await counted(bot, 2)) == 2


async def test_scores_move_with_a_group_and_are_none_elsewhere(
    alex: Learner, sam: Learner, group: int, client: SandboxClient, bot: RunningBot, library: Library
) -> None:
    assert "Scores are for groups" in (await alex.asks("/scores"))["text"]
    there = alex.in_group(group)
    assert "Nobody has answered" in (await there.asks("/scores@next_rung_bot"))["text"]
    await both_vote(alex, sam, await there.asks("/quiz@next_rung_bot"), library)
    await counted(bot, 2)
    upgraded = (await client.call("POST", "migrate", {"chat_id": group}))["chat_id"]
    there = alex.in_group(upgraded)
    assert "1. Alex: 1 of 1 right" in (await there.asks("/scores@next_rung_bot"))["text"]
    other = await client.add_group("Another circle", [alex.telegram_id])
    assert "Nobody has answered" in (await alex.in_group(other).asks("/scores@next_rung_bot"))["text"]


async def test_whoever_is_erased_is_on_no_scoreboard(
    alex: Learner, sam: Learner, group: int, bot: RunningBot, library: Library
) -> None:
    there = alex.in_group(group)
    await both_vote(alex, sam, await there.asks("/quiz@next_rung_bot"), library)
    await counted(bot, 2)
    await sam.presses(await sam.presses(await sam.asks("/privacy"), "Delete my data"), "Yes, erase it")
    told = await there.asks("/scores@next_rung_bot")
    assert "Alex" in told["text"]
    assert "Sam" not in told["text"]


async def test_when_time_is_up_the_group_is_told_in_its_topic(
    days: Days, clock: Clock, client: SandboxClient, library: Library
) -> None:
    forum, (topic,) = await client.add_forum("Academy", [1001], topics=1)
    alex = Learner(client, 1001, forum)
    for number, votes in enumerate((True, False)):
        asked = await alex.asks("/quiz@next_rung_bot", topic=topic)
        if votes:
            await client.votes(asked, 0)

            async def is_counted() -> Any:
                return await days.rows(tables.group_votes)

            await until(is_counted, "the vote")
        clock.now += OPEN_FOR + timedelta(seconds=number + 1)
        days.bot.tick.wake()

        async def is_over() -> bool:
            return all(row["closed_at"] for row in await days.rows(tables.group_quizzes))

        await until(is_over, "the end to be told")
        if votes:
            end = await alex.reads()
            assert end["message_thread_id"] == topic
            assert "One answered" in end["text"]
    assert len(await client.replies(forum)) == 3, "an end without votes is not told"
    async with days.database.reading() as connection:
        assert len((await connection.execute(select(tables.group_quizzes))).all()) == 2
