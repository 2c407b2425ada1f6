"""A Bot API server that is not Telegram's, and a poor one: the bot starts, answers and stays up."""

import base64
import json
from datetime import UTC, datetime
from itertools import pairwise
from statistics import fmean

import pytest

from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Outgoing
from tests.conftest import BREAD_PACK
from tests.resilience.conftest import Launcher
from tests.resilience.processes import until
from tests.resilience.sloppy_server import BOT, MANNERS, SloppyServer, running

QUESTION = "How much maths do I need?"
OTHER_QUESTION = "Which programming language first?"
READER = 8


@pytest.mark.parametrize("manner", MANNERS)
async def test_the_bot_serves_where_most_methods_are_answered_with(start: Launcher, manner: str) -> None:
    await promise_more_than_text(start)
    async with running(SloppyServer(manner=MANNERS[manner])) as server:
        server.hears("/start")
        server.hears(QUESTION)
        bot = start(server.address)
        await until(lambda: len(server.texts(7)) >= 2, "a greeting and an answer")
        assert server.texts(7)[0].startswith("Welcome")
        assert server.texts(7)[1].startswith(QUESTION)
        await until(lambda: len(server.texts(READER)) >= 3, "a photo, a poll and a file as text")
        assert server.texts(READER) == ["The photo in words", "The poll in words", "The file in words"]
        server.hears(OTHER_QUESTION)
        await until(lambda: len(server.texts(7)) >= 3, "one more answer")
        assert server.texts(7)[2].startswith(OTHER_QUESTION)
        bot.asked_to_stop()
        assert await bot.exit_code() == 0
    assert "Traceback" not in bot.stderr
    warnings = [line for line in bot.stderr.splitlines() if " WARNING " in line or " ERROR " in line]
    for thing in ("removing the webhook", "the command menu", "the description", "the short"):
        assert len([line for line in warnings if thing in line]) == 1, f"one warning about {thing}"
    for method in ("sendPhoto", "sendPoll", "sendDocument"):
        assert len([line for line in warnings if method in line]) == 1, f"one warning about {method}"
    assert len(warnings) == 7


async def test_votes_and_presses_of_older_servers_are_understood(start: Launcher) -> None:
    async with running(SloppyServer(knows_polls=True)) as server:
        server.hears("/quiz")
        bot = start(server.address, BOT_KNOWLEDGE_DIR=str(BREAD_PACK))
        await until(lambda: any("options" in one for one in server.sent), "a quiz")
        server.votes(0)
        await until(lambda: len(server.texts(7)) >= 1, "what the vote did")
        buttons = json.loads(next(one["reply_markup"] for one in server.sent if "reply_markup" in one))
        server.presses(buttons["inline_keyboard"][0][0]["callback_data"])
        await until(lambda: len(server.sent) >= 3, "what the button leads to")
        assert "set aside" not in bot.stderr


async def promise_more_than_text(start: Launcher) -> None:
    """Rows in the outbox as a map of skills, a quiz and a plan leave them."""
    address = {"chat_id": READER}
    photo = {**address, "photo": base64.b64encode(b"a picture").decode(), "caption": "A ladder"}
    poll = {**address, "question": "Which rung?", "options": ["The first", "The next"]}
    content = base64.b64encode(b"BEGIN:VCALENDAR").decode()
    file = {**address, "document": {"name": "plan.ics", "content": content}, "caption": "Your weeks"}
    start.copy_index()
    database = Database(f"sqlite+aiosqlite:///{start.database}")
    await database.migrate()
    async with database.transaction() as tx:
        rows = [
            Outgoing(READER, "sendPhoto", photo, {**address, "text": "The photo in words"}),
            Outgoing(READER, "sendPoll", poll, {**address, "text": "The poll in words"}),
            Outgoing(READER, "sendDocument", file, {**address, "text": "The file in words"}),
        ]
        await outbox.put(tx, BOT["id"], rows, datetime.now(UTC))
    await database.close()


async def test_a_message_the_server_took_is_not_sent_again_only_because_its_answer_is_unreadable(
    start: Launcher,
) -> None:
    async with running(SloppyServer(mumbles=True)) as server:
        server.hears(QUESTION)
        bot = start(server.address)
        await until(lambda: server.texts(7), "an answer")
        server.hears(OTHER_QUESTION)
        await until(lambda: len(server.texts(7)) >= 2, "one more answer")
        polls = len(server.polled_at)
        await until(lambda: len(server.polled_at) > polls + 5, "time to send more")
        assert [text.partition("\n")[0] for text in server.texts(7)] == [QUESTION, OTHER_QUESTION]
        assert bot.stderr.count("answers cannot be read") == 1


async def test_an_update_delivered_again_and_again_is_answered_once(start: Launcher) -> None:
    async with running(SloppyServer(minds_offset=False)) as server:
        server.hears(QUESTION)
        start(server.address)
        await until(lambda: server.texts(7), "an answer")
        server.hears(OTHER_QUESTION)
        await until(lambda: len(server.texts(7)) >= 2, "one more answer")
        polls = len(server.polled_at)
        await until(lambda: len(server.polled_at) > polls + 5, "the same updates to be delivered some more")
        assert [text.partition("\n")[0] for text in server.texts(7)] == [QUESTION, OTHER_QUESTION]


async def test_a_server_that_repeats_itself_is_not_asked_without_pause(start: Launcher) -> None:
    async with running(SloppyServer(minds_offset=False)) as server:
        server.hears(QUESTION)
        server.updates += ["no update", 5, None, {"message": {"text": "without a number"}}]
        bot = start(server.address)
        await until(lambda: len(server.polled_at) >= 8, "eight polls")
        pauses = [after - before for before, after in pairwise(server.polled_at)]
        assert fmean(pauses[1:]) > 0.2  # on a busy machine a call may come late, and the next seem early
        assert bot.stderr.count("no updates") == 1
