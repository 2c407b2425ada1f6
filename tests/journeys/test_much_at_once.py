"""A learner who writes a lot, in a hurry or while the bot was away, is answered sensibly."""

import time

from bot.sandbox.client import SandboxClient
from bot.sandbox.values import Json
from bot.sandbox.world import ALEX_ID
from tests.journeys.conftest import Learner, RunningBot, until

AN_HOUR = 3600
QUESTIONS = ("is it hard?", "how long does it take?", "which language first?", "how much maths do I need?")


def late(text: str, number: int) -> Json:
    """A message of Alex's that Telegram kept for an hour."""
    chat = {"id": ALEX_ID, "type": "private", "first_name": "Alex"}
    sent = int(time.time()) - AN_HOUR + number
    message = {"message_id": 900 + number, "from": {"id": ALEX_ID, "is_bot": False, "first_name": "Alex"}}
    return {"message": message | {"chat": chat, "date": sent, "text": text}}


def words_of(replies: list[Json]) -> list[str]:
    return [reply.get("text", "") for reply in replies]


async def test_after_an_outage_the_newest_questions_are_answered_and_the_others_named(
    alex: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    await alex.asks("/help")
    texts = ("hello?", "what is a tensor?", *QUESTIONS[:2], "hello??", *QUESTIONS[2:], "are you there?")
    for update in [late(text, number) for number, text in enumerate(texts)]:
        bot.sandbox.world.updates.inject(update)
    _, missed, *answers = await alex.has_read(5)
    assert missed["text"].startswith("I was away for a while, I'm sorry.")
    assert "what is a tensor?" in missed["text"]
    assert QUESTIONS[1] not in missed["text"]
    assert len(answers) == 3
    assert (await alex.asks("/help"))["text"].startswith("Just write")
    assert len(await client.replies()) == 6


async def test_three_late_questions_are_all_answered(alex: Learner, bot: RunningBot) -> None:
    await alex.asks("/help")
    for update in [late(text, number) for number, text in enumerate(QUESTIONS[:3])]:
        bot.sandbox.world.updates.inject(update)
    assert not any("away" in reply["text"] for reply in await alex.has_read(4))


async def test_a_flood_gets_one_kind_line_and_a_vote_in_it_counts(
    alex: Learner, sam: Learner, client: SandboxClient
) -> None:
    poll = await alex.asks("/quiz")
    for _ in range(60):
        await alex.writes("/help")

    async def is_told() -> bool:
        return any("faster" in words for words in words_of(await client.replies()))

    await until(is_told, "the kind line")
    assert (await sam.asks("is it hard?"))["text"]
    if "poll" in poll:
        await client.votes(poll, 0)
    else:
        await client.presses(poll, poll["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    replies = await alex.has_read(42)
    assert sum("faster than I can follow" in words for words in words_of(replies)) == 1
    assert not replies[-1]["text"].startswith(("Just write", "That's faster")), "the vote got its feedback"
