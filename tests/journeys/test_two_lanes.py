"""Prompts go out to many while learners ask: nobody waits behind a prompt, and none comes twice."""

import pytest

from bot.chat.pacing import Pace
from bot.sandbox.client import SandboxClient
from bot.sandbox.world import BOT_ID
from bot.storage import outbox
from bot.storage.outbox import BULK, FailedMessage, Outgoing
from tests.journeys.conftest import Json, Learner, RunningBot, until
from tests.storage.conftest import NOW

MANY = 50  # prompts; two seconds at Telegram's pace


async def promise_prompts(bot: RunningBot, *chats: int) -> None:
    """To learners who have found the bot: Telegram lets none write to others."""
    for chat in chats:
        bot.sandbox.world.chats[chat].is_started = True
    prompts = [Outgoing(chat, "sendMessage", {"text": f"Prompt for {chat}"}) for chat in chats]
    async with bot.database.transaction() as tx:
        await outbox.put(tx, BOT_ID, prompts, NOW, BULK)


async def given_up(bot: RunningBot) -> list[FailedMessage]:
    async with bot.database.reading() as connection:
        return await outbox.failed(connection, BOT_ID)


class TestAtTelegramsPace:
    @pytest.fixture
    def pace(self) -> Pace:
        return Pace()

    async def test_an_answer_overtakes_the_prompts_and_telegram_refuses_none(
        self, alex: Learner, client: SandboxClient, bot: RunningBot
    ) -> None:
        chats = [await client.add_learner(f"Learner {number}") for number in range(MANY)]
        await client.faults("flood_limits")
        await promise_prompts(bot, *chats)
        await until(lambda: client.replies(chats[0]), "the first prompt")
        assert (await alex.asks("is it hard?"))["text"]
        assert len(await client.calls("sendMessage")) < MANY, "the answer did not wait for the prompts"

        async def all_sent() -> list[Json]:
            found = await client.calls("sendMessage")
            return found if len(found) > MANY else []

        sent = await until(all_sent, "the last prompt")
        assert [call["status"] for call in sent] == [200] * (MANY + 1)
        assert len({call["params"]["chat_id"] for call in sent}) == MANY + 1, "none comes twice"


async def test_a_prompt_whose_arrival_is_in_doubt_is_not_sent_again_but_a_reply_is(
    alex: Learner, sam: Learner, client: SandboxClient, bot: RunningBot
) -> None:
    await client.faults("drop_after", "sendMessage", times=1)
    await promise_prompts(bot, sam.chat_id)
    [doubtful] = await until(lambda: given_up(bot), "the prompt to be given up")
    assert doubtful.chat_id == sam.chat_id
    assert "perhaps sent" in doubtful.error
    assert len(await client.replies(sam.chat_id)) == 1
    await client.faults("drop_after", "sendMessage", times=1)
    await alex.asks("/help")
    first, second = await alex.has_read(2)
    assert first["text"] == second["text"]


async def test_a_prompt_that_did_not_reach_telegram_is_sent_later(
    sam: Learner, client: SandboxClient, bot: RunningBot
) -> None:
    await client.faults("500", "sendMessage", times=1)
    await promise_prompts(bot, sam.chat_id)
    [prompt] = await sam.has_read(1)
    assert prompt["text"].startswith("Prompt")
    assert await given_up(bot) == []


async def test_a_chat_that_telegram_wants_left_alone_holds_up_no_other(
    alex: Learner, sam: Learner, client: SandboxClient, bot: RunningBot
) -> None:
    await client.faults("429", "sendMessage", times=1, retry_after=2)
    await promise_prompts(bot, sam.chat_id)
    await until(lambda: client.calls("sendMessage"), "the prompt to be refused")
    await promise_prompts(bot, alex.chat_id)
    assert (await alex.reads())["text"].startswith("Prompt")
    assert await client.replies(sam.chat_id) == []
    await sam.has_read(1)


async def test_a_learner_who_has_left_gets_no_prompt_and_the_others_get_theirs(
    alex: Learner, sam: Learner, client: SandboxClient, bot: RunningBot
) -> None:
    await client.call("POST", "block", {"chat_id": sam.chat_id})
    await promise_prompts(bot, sam.chat_id, alex.chat_id)
    await alex.has_read(1)
    [refused] = await until(lambda: given_up(bot), "the prompt to be given up")
    assert "blocked" in refused.error
