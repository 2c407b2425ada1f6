"""Whatever comes in the place of an update: the bot lives on, and no learner sees more than an apology."""

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import running_sandbox
from bot.sandbox.values import Json
from bot.storage import tables
from bot.storage.learners import LANGUAGE_TAG
from tests.resilience.conftest import Launcher
from tests.resilience.malformed import malformed, real_updates
from tests.resilience.processes import until
from tests.resilience.sloppy_server import SloppyServer, running

QUESTION = "Which programming language first?"
HOW_MANY = int(os.environ.get("MALFORMED_UPDATES", "800"))  # more of them by hand, for a release
UPDATES_OF_ONE = 10  # on average: more in such haste would be declined unread, and answered one a second
INNARDS = ("Traceback", "Error", "Exception", ".py", "line ", "sqlite", "None", "{", "[", "object at", "\0")


@pytest.mark.timeout(2_000 if HOW_MANY > 2_000 else 400)
async def test_malformed_and_hostile_updates_end_in_no_crash_and_no_innards_shown(
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
    """A bot that gets malformed updates, and then a normal question."""
    async with running_sandbox() as sandbox, SandboxClient(sandbox.address) as client:
        real = await real_updates(sandbox, client, how_many // UPDATES_OF_ONE)
        bot = start(sandbox.address)
        await bot.tells("is listening")
        for update in malformed(real, how_many, seed):
            sandbox.world.updates.inject(update)
        newcomer = await client.add_learner()
        await client.says(QUESTION, newcomer)
        await until(lambda: not sandbox.world.updates, "all updates to be fetched", within=900)
        await until(lambda: not still_to_do(start), "all updates to be dealt with", within=900)
        answer, *_ = await client.replies(newcomer)
        assert answer["text"].startswith(QUESTION)
        check_no_innards_are_in(
            [call["params"].get("text", "") for call in await client.calls("sendMessage")]
        )
        calls = await client.calls("sendMessage")
        assert not [call for call in calls if "parse_mode" in call["params"]], "markup would be obeyed"
        assert await client.violations() == []
        check_nothing_is_stored_wrong(start)
        bot.asked_to_stop()
        assert await bot.exit_code() == 0


def still_to_do(start: Launcher) -> int:
    """Updates neither handled nor set aside, and replies neither sent nor given up."""
    with closing(sqlite3.connect(start.database)) as connection:
        ((updates,),) = connection.execute("select count(*) from inbox where done_at is null")
        ((replies,),) = connection.execute("select count(*) from outbox where failed_at is null")
        return int(updates + replies)


def check_nothing_is_stored_wrong(start: Launcher) -> None:
    """Everybody is still there, known by a language or none, and the tables are those there were."""
    with closing(sqlite3.connect(start.database)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        languages = {language for (language,) in connection.execute("select language from learners")}
        assert all(language is None or LANGUAGE_TAG.fullmatch(language) for language in languages)
        found = {name for (name,) in connection.execute("select name from sqlite_schema where type='table'")}
        assert found >= {*tables.metadata.tables}


def check_no_innards_are_in(texts: Sequence[str]) -> None:
    for text in texts:
        if text.startswith("I was away"):  # and quotes the learner's own words
            text = text.partition("\n")[0]
        assert not [word for word in INNARDS if word in text.replace("[1]", "").replace("[2]", "")], text


def message(sender: Json | None = None, chat: Json | None = None, **more: object) -> Json:
    """A message in learner 7's own chat, with some of its parts changed."""
    sender = {"id": 7, "is_bot": False, "first_name": "L"} | (sender or {})
    chat = {"id": 7, "type": "private"} | (chat or {})
    return {"message_id": 1, "from": sender, "chat": chat, "date": 1, "text": "Hi"} | more


HALF = "\ud83d"  # of a character of two UTF-16 units; JSON can carry it, UTF-8 and databases cannot
BEYOND = 10**25  # more than a column can hold
UNSPEAKABLE: dict[str, Json] = {
    "half a character in the text": {"message": message(text=f"{HALF} How much {HALF} maths?")},
    "half a character as the text": {"message": message(text=HALF)},
    "half a character under a picture": {"message": message(text="", caption=f"{HALF} maths?", photo=[])},
    "half a character in a name": {"message": message(sender={"first_name": HALF})},
    "half a character in a language": {"message": message(sender={"language_code": HALF})},
    "half a character for a chat": {"message": message(chat={"id": HALF, "type": HALF})},
    "a word for a chat": {"message": message(chat={"id": "private"})},
    "half a character as a kind": {HALF: {HALF: HALF}},
    "half a character in a button": {
        "callback_query": {"id": HALF, **message(message=message(), data=f"note:{HALF}")}
    },
    "NUL in the text": {"message": message(text="How\0much\0maths\0")},
    "a date that is no number": {"message": message(date=float("nan"))},
    "a date without end": {"message": message(date=float("inf"))},
    "a chat beyond every column": {"message": message(chat={"id": BEYOND})},
    "a sender beyond every column": {"message": message(sender={"id": BEYOND})},
}
UNSPEAKABLE |= {  # each of somebody else: so many in such haste would be declined unread
    f"{fault!r} for an id": {"message": message(sender={"id": fault}, chat={"id": 100 + number})}
    for number, fault in enumerate(({}, [], [7], {"id": 7}))
}
DEEP = b"[" * 50_000 + b"]" * 50_000
RAW = {
    "nesting 50,000 deep": b'{"update_id": NUMBER, "message": %b}' % DEEP,
    "nesting 900 deep": b'{"update_id": NUMBER, "message": %b}' % (b"[" * 900 + b"]" * 900),
    "a number of 10,000 digits": b'{"update_id": NUMBER, "message": {"date": %b}}' % (b"7" * 10_000),
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
        for number, raw in enumerate(RAW.values(), 50):
            server.updates.append(raw.replace(b"NUMBER", b"%d" % number))
        server.updates.append({"update_id": 99, "message": message(text=QUESTION)})
        bot = start(server.address)

        def is_answered() -> bool:
            return any(text.startswith(QUESTION) for text in server.texts(7))

        await until(is_answered, "an answer to a normal question")
        await until(lambda: not still_to_do(start), "all updates to be dealt with")
        assert bot.is_alive
        assert "is set aside: Unreadable: " in bot.stderr
        assert "Traceback" not in bot.stderr
        check_no_innards_are_in(server.texts(7))
        assert HALF not in "".join(server.texts(7))
