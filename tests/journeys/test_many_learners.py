"""Many learners at once: nobody waits for somebody else's question, and everybody's own come in order."""

import asyncio

from sqlalchemy import select

from bot.sandbox.client import SandboxClient
from bot.storage.tables import outbox
from knowledge.library import Library
from tests.journeys.conftest import Learner, RunningBot, Search, until

SLOW = "How much does an ML engineer earn?"
QUICK = "is it hard?"


async def test_a_learner_does_not_wait_for_another_ones_slow_question(
    alex: Learner, sam: Learner, search: Search, client: SandboxClient
) -> None:
    with search.holding(SLOW):
        await alex.writes(SLOW)
        await alex.is_shown_typing()
        for question in (QUICK, "how long does it take?", "/help"):
            assert (await sam.asks(question))["text"]
        assert await client.replies(alex.chat_id) == []
    assert (await alex.reads())["text"]


async def test_a_learner_does_not_wait_for_a_server_that_hangs_on_another_ones_reply(
    alex: Learner, sam: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    async def promised_to_alex() -> list[int]:
        async with bot.database.reading() as connection:
            return [*await connection.scalars(select(outbox.c.id).where(outbox.c.chat_id == alex.chat_id))]

    await client.faults("hang", "sendMessage", times=1, seconds=30)
    await alex.writes(QUICK)
    await until(promised_to_alex, "a reply to Alex")
    assert (await sam.asks(QUICK))["text"]
    assert await client.replies(alex.chat_id) == []


async def test_what_one_learner_writes_is_answered_in_order_however_long_the_first_takes(
    alex: Learner, search: Search, client: SandboxClient, library: Library
) -> None:
    asked = [SLOW, "/help", QUICK, "thanks", "/privacy"]
    with search.holding(SLOW):
        for text in asked:
            await alex.writes(text)
        await alex.is_shown_typing()
        assert await client.replies() == []
    replies = [reply["text"] for reply in await alex.has_read(len(asked))]
    beginnings = [
        library.notes["pay.salary"].title,
        "Just write your question",
        library.notes["who.is-it-hard"].title,
        "You're welcome",
        "I store your Telegram id",
    ]
    assert [text.startswith(begin) for text, begin in zip(replies, beginnings, strict=True)] == [True] * 5


async def test_twenty_learners_at_once_all_get_the_answer_to_their_own_question(
    client: SandboxClient, bot: RunningBot, library: Library
) -> None:
    notes = [library.notes[note_id] for note_id in sorted(library.notes)[::7][:20]]
    numbers = [await client.add_learner(f"Learner {at}") for at in range(len(notes))]
    learners = [Learner(client, number, number) for number in numbers]
    for number in numbers:
        await bot.has_asked_who_it_is(number, "en")
    async with asyncio.TaskGroup() as everybody:
        for learner, note in zip(learners, notes, strict=True):
            everybody.create_task(learner.writes(note.title))
    for learner, note in zip(learners, notes, strict=True):
        [answer] = await learner.has_read(1)
        assert answer["text"].startswith(note.title)


async def test_an_update_that_telegram_delivers_twice_is_answered_once(
    alex: Learner, client: SandboxClient
) -> None:
    await client.faults("duplicate_update", times=3)
    for text in (QUICK, "/help", "thanks"):
        await alex.writes(text)
    await alex.has_read(3)
    await alex.asks("/start")
    assert len(await client.replies()) == 4
