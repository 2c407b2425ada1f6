"""Whatever comes in the place of an update: the bot lives on, and no learner sees more than an apology."""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import running_sandbox
from tests.resilience.conftest import Launcher
from tests.resilience.malformed import malformed, real_updates
from tests.resilience.processes import until
from tests.resilience.sloppy_server import SloppyServer, running

QUESTION = "Which programming language first?"
HOW_MANY = 5_000
INNARDS = ("Traceback", "Error", "Exception", ".py", "line ", "sqlite", "None", "{", "[", "object at", "\0")


@pytest.mark.timeout(400)
async def test_5000_malformed_updates_end_in_no_crash_and_no_innards_shown(
    tmp_path: Path, index: Path
) -> None:
    """Two bots share the work, as the machine has two cores."""
    launchers = [Launcher(tmp_path / name, index) for name in ("one", "two")]
    try:
        await asyncio.gather(
            *(survives(launcher, HOW_MANY // 2, seed) for seed, launcher in enumerate(launchers))
        )
    finally:
        for launcher in launchers:
            launcher.end_all()


async def survives(start: Launcher, how_many: int, seed: int) -> None:
    """A bot that gets malformed updates, and then a normal question from the same learner."""
    async with running_sandbox() as sandbox, SandboxClient(sandbox.address) as client:
        real = await real_updates(sandbox, client)
        bot = start(sandbox.address)
        await bot.tells("is listening")
        for update in malformed(real, how_many, seed):
            sandbox.world.updates.inject(update)
        await client.says(QUESTION)
        await until(lambda: is_answered(client), "an answer to a normal question", within=300)
        await until(lambda: not still_open(start), "all malformed updates to be dealt with")
        sent = await client.calls("sendMessage")
        check_no_innards_are_in([str(call["params"].get("text")) for call in sent])
        assert await client.violations() == []
        bot.asked_to_stop()
        assert await bot.exit_code() == 0


async def is_answered(client: SandboxClient) -> bool:
    return any(reply["text"].startswith(QUESTION) for reply in await client.replies())


def check_no_innards_are_in(texts: Sequence[str]) -> None:
    answers = ("[1]", "[2]")  # sources are numbered
    for text in texts:
        for number in answers:
            text = text.replace(number, "")
        assert not [word for word in INNARDS if word in text], text


def still_open(start: Launcher) -> list[tuple[int, str]]:
    """Updates that were neither handled nor set aside."""
    with closing(sqlite3.connect(start.database)) as connection:
        return connection.execute("select id, error from inbox where done_at is null").fetchall()


HALF = "\ud83d"  # of a character of two UTF-16 units; JSON can carry it, UTF-8 and databases cannot
SENDER = {"id": 7, "is_bot": False, "first_name": "L"}
CHAT = {"id": 7, "type": "private"}
MESSAGE = {"message_id": 1, "from": SENDER, "chat": CHAT, "date": 1}
UNSPEAKABLE = {
    "half a character in the text": {"message": {**MESSAGE, "text": f"{HALF} How much {HALF} maths?"}},
    "half a character as the text": {"message": {**MESSAGE, "text": HALF}},
    "half a character in a name": {
        "message": {**MESSAGE, "from": {**SENDER, "first_name": HALF}, "text": "Hi"}
    },
    "half a character in a language": {
        "message": {**MESSAGE, "from": {**SENDER, "language_code": HALF}, "text": "Hi"}
    },
    "half a character for a chat": {"message": {**MESSAGE, "chat": {"id": HALF, "type": HALF}, "text": "Hi"}},
    "half a character as a kind": {HALF: {HALF: HALF}},
    "half a character in a button": {
        "callback_query": {"id": HALF, "from": SENDER, "message": MESSAGE, "data": f"note:{HALF}"}
    },
    "NUL in the text": {"message": {**MESSAGE, "text": "How\0much\0maths\0"}},
    "a number that is none": {"message": {**MESSAGE, "date": float("nan"), "text": "Hi"}},
    "a number without end": {"message": {**MESSAGE, "date": float("inf"), "text": "Hi"}},
    "a chat with a number beyond every column": {
        "message": {**MESSAGE, "chat": {**CHAT, "id": 10**25}, "text": "Hi"}
    },
    "a sender with a number beyond every column": {
        "message": {**MESSAGE, "from": {**SENDER, "id": 10**25}, "text": "Hi"}
    },
}
DEEP = b"[" * 50_000 + b"]" * 50_000
RAW = {
    "nesting 50,000 deep": b'{"update_id": 1, "message": %b}' % DEEP,
    "nesting 900 deep": b'{"update_id": 1, "message": %b}' % (b"[" * 900 + b"]" * 900),
    "a number of 10,000 digits": b'{"update_id": 1, "message": {"date": %b}}' % (b"7" * 10_000),
    "an update number of 10,000 digits": b'{"update_id": %b}' % (b"7" * 10_000),
    "an update number below zero": b'{"update_id": -5, "message": {}}',
    "text": b'"hello"',
    "a list": b"[1, 2, 3]",
    "nothing": b"null",
}


async def test_what_json_can_say_but_no_update_does_is_survived_as_well(start: Launcher) -> None:
    async with running(SloppyServer()) as server:
        for number, part in enumerate(UNSPEAKABLE.values(), 1):
            server.updates.append({"update_id": number, **part})
        server.updates += [raw.replace(b": 1,", b": %d," % (50 + n), 1) for n, raw in enumerate(RAW.values())]
        bot = start(server.address)
        server.updates.append(
            json.loads(json.dumps({"update_id": 99, "message": {**MESSAGE, "text": QUESTION}}))
        )
        await until(
            lambda: any(QUESTION in text for text in server.texts(7)), "an answer to a normal question"
        )
        await until(lambda: not still_open(start), "all malformed updates to be dealt with")
        assert bot.is_alive
        check_no_innards_are_in(server.texts(7))
        assert all(HALF not in text for text in server.texts(7))
