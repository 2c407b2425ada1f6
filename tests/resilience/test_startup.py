"""What stops the bot at its start is told in one line that says what to do; what does not is waited out."""

import asyncio
import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer, running_sandbox
from bot.sandbox.world import ALEX_ID
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Outgoing
from index.embedder import Embedder
from tests.conftest import PROJECT, TINY_PACK, share_model
from tests.resilience.conftest import Launcher
from tests.resilience.processes import PATIENCE, BotProcess, free_address, until
from tests.resilience.sloppy_server import BOT, SloppyServer, running

QUESTION = "How much maths do I need?"


async def complaint_of(bot: BotProcess, exit_code: int = 2) -> str:
    """The one line a bot that cannot run leaves behind; log lines and progress may come before it."""
    assert await bot.exit_code() == exit_code
    assert "Traceback" not in bot.stderr
    *before, last = bot.stderr.splitlines()
    assert last.startswith("Next Rung cannot run: ")
    assert not [line for line in before if "cannot run" in line]
    return last


# Without a token


async def can_be_let_pass_and_looked_after(client: SandboxClient) -> None:
    """Time moves on, and one learner is an operator."""
    assert (await client.call("POST", "clock", {"seconds": 3600}))["ahead"] == 3600
    (operator,) = (await client.state())["operators"]
    await client.says("/status", operator)
    assert "Updates" in (await client.next_reply(PATIENCE, operator))["text"]


async def test_without_a_token_the_program_starts_a_sandbox_names_its_address_and_answers(
    tmp_path: Path, twins: Path, twin: Embedder
) -> None:
    address = free_address()
    share_model(twins, tmp_path / "var" / "index")
    settings = {"BOT_SANDBOX_LISTEN": address, "BOT_KNOWLEDGE_DIR": str(TINY_PACK), "BOT_DATA_DIR": "var"}
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot"),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **settings},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert program.stdout
        async with asyncio.timeout(300):
            while f"Chat with the bot at http://{address}" not in (
                line := (await program.stdout.readline()).decode()
            ):
                assert line, "the program ended without naming its address"
            async with SandboxClient(f"http://{address}") as newcomer:
                await newcomer.says(QUESTION)
                assert (await newcomer.next_reply(PATIENCE))["text"].startswith(QUESTION)
                await can_be_let_pass_and_looked_after(newcomer)
            async with asyncio.timeout(5):
                program.terminate()
                assert await program.wait() == 0
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def test_on_one_database_the_sandbox_leaves_alone_what_a_live_bot_has_still_to_send(
    start: Launcher,
) -> None:
    """Alex of the sandbox bears an id that is somebody else's on Telegram."""
    address, shared = free_address(), f"sqlite+aiosqlite:///{start.database}"
    start.copy_index()
    database = Database(shared)
    await database.migrate()
    async with database.transaction() as tx:
        promised = {"chat_id": ALEX_ID, "text": "From the live bot"}
        await outbox.put(tx, BOT["id"], [Outgoing(ALEX_ID, "sendMessage", promised)], datetime.now(UTC))
    await database.close()
    in_sandbox = start(BOT_SANDBOX_LISTEN=address, BOT_DATABASE_URL=shared)
    await in_sandbox.tells("is listening")
    async with SandboxClient(f"http://{address}") as client:
        await client.says(QUESTION)
        assert (await client.next_reply(PATIENCE))["text"].startswith(QUESTION)
        in_sandbox.kill()
    async with running(SloppyServer()) as telegram:
        start(telegram.address, BOT_DATABASE_URL=shared)
        await until(lambda: telegram.texts(ALEX_ID), "the reply to arrive")
        assert telegram.texts(ALEX_ID) == ["From the live bot"]


# Settings, addresses, the pack


WRONG_SETTINGS = {
    "BOT_TOKEN": "my-secret-token",
    "BOT_API_URL": "ftp://example.org",
    "BOT_DATABASE_URL": "mysql://root:my-secret-word@localhost/bot",
    "BOT_KNOWLEDGE_DIR": "/nowhere",
    "BOT_WEBHOOK_URL": "example.org",
    "BOT_WEBHOOK_SECRET": "my secret word",
    "BOT_LISTEN": "8081",
    "BOT_SANDBOX_LISTEN": "127.0.0.1:99999",
    "BOT_OPERATORS": "me",
    "BOT_LANGUAGE": "../cs",
    "BOT_LOG_LEVEL": "loud",
    "BOT_LOG_FORMAT": "xml",
}


@pytest.mark.parametrize(("name", "value"), WRONG_SETTINGS.items())
async def test_a_wrong_setting_is_named(start: Launcher, name: str, value: str) -> None:
    complaint = await complaint_of(start(**{name: value}))
    assert f"{name} " in complaint
    assert "secret" not in complaint.replace(name, "")


async def test_several_wrong_settings_are_told_in_one_go(start: Launcher) -> None:
    complaint = await complaint_of(start(**WRONG_SETTINGS))
    assert all(name in complaint for name in WRONG_SETTINGS)


async def test_settings_of_which_nothing_comes_are_told_in_the_log_and_the_bot_goes_on(
    start: Launcher,
) -> None:
    bot = start(BOT_TOKNE="123:ABC", BOT_WEBHOOK_URL="https://example.org", BOT_SANDBOX_LISTEN=free_address())
    await bot.tells("is listening")
    warnings = [line for line in bot.stderr.splitlines() if "WARNING" in line]
    assert [line.partition("bot: ")[2][:40] for line in warnings] == [
        "BOT_TOKNE is not a setting; did you mean",
        "BOT_WEBHOOK_URL does nothing without BOT",
    ]
    assert "did you mean BOT_TOKEN?" in warnings[0]


async def test_where_a_machine_reads_the_log_its_last_line_is_for_it_too(start: Launcher) -> None:
    bot = start(BOT_LOG_FORMAT="json", BOT_LANGUAGE="tlh")
    assert await bot.exit_code() == 2
    last = json.loads(bot.stderr.splitlines()[-1])
    assert last["level"] == "CRITICAL"
    assert last["message"].startswith("Next Rung cannot run: BOT_LANGUAGE is 'tlh'")


async def test_a_language_without_a_catalogue_is_told_with_those_there_are(start: Launcher) -> None:
    bot = start(BOT_LANGUAGE="tlh")
    assert "BOT_LANGUAGE is 'tlh', but there is only en" in await complaint_of(bot)
    assert "loading" not in bot.stderr, "it is told before anything slow is begun"


async def test_a_taken_sandbox_port_is_told_with_the_setting_that_helps(
    start: Launcher, sandbox: SandboxServer
) -> None:
    taken = sandbox.address.removeprefix("http://")
    complaint = await complaint_of(start(BOT_SANDBOX_LISTEN=taken))
    assert taken in complaint
    assert "BOT_SANDBOX_LISTEN" in complaint


async def test_a_taken_bot_listen_is_told_with_the_setting_that_helps(
    start: Launcher, sandbox: SandboxServer
) -> None:
    taken = sandbox.address.removeprefix("http://")
    bot = start(sandbox.address, BOT_LISTEN=taken)
    complaint = await complaint_of(bot)
    assert taken in complaint
    assert "BOT_LISTEN" in complaint
    assert "loading" not in bot.stderr, "it is told before anything slow is begun"


async def test_a_broken_pack_is_told_file_by_file_and_keeps_the_good_index(
    start: Launcher, sandbox: SandboxServer
) -> None:
    start.copy_index()
    index_before = sorted(start.data_dir.rglob("index/**/*"))
    pack = shutil.copytree(TINY_PACK, start.folder / "pack")
    (pack / "notes/skills/maths.md").write_text("no front matter at all")
    (pack / "intents.yaml").write_text("- intent: telepathy\n  phrases: [hm]\n")
    broken = start(sandbox.address, BOT_KNOWLEDGE_DIR=str(pack))
    assert await broken.exit_code() == 2
    assert "Traceback" not in broken.stderr
    assert "notes/skills/maths.md:1: " in broken.stderr
    assert "intents.yaml:1: " in broken.stderr
    assert sorted(start.data_dir.rglob("index/**/*")) == index_before


# The model


async def test_a_missing_model_is_told_with_the_setting_that_helps(
    start: Launcher, sandbox: SandboxServer
) -> None:
    bot = start(sandbox.address, BOT_EMBEDDING_MODEL="/nowhere/a-model")
    complaint = await complaint_of(bot)
    assert "there is no folder /nowhere/a-model" in complaint
    assert "BOT_EMBEDDING_MODEL" in complaint


async def test_a_garbled_model_is_told_with_the_setting_that_helps(
    start: Launcher, sandbox: SandboxServer
) -> None:
    model = start.folder / "model"
    model.mkdir()
    for name in ("modules.json", "config.json", "model.safetensors"):
        (model / name).write_bytes(os.urandom(100))
    complaint = await complaint_of(start(sandbox.address, BOT_EMBEDDING_MODEL=str(model)))
    assert str(model) in complaint
    assert "BOT_EMBEDDING_MODEL" in complaint


# The data folder and the database


async def test_a_file_that_is_no_database_is_told_with_its_path(
    start: Launcher, sandbox: SandboxServer
) -> None:
    start.data_dir.mkdir()
    (start.data_dir / "nextrung.db").write_text("my shopping list\n" * 100)
    complaint = await complaint_of(start(sandbox.address))
    assert "nextrung.db" in complaint
    assert "BOT_DATA_DIR" in complaint


@pytest.mark.parametrize(
    ("address", "exit_code"),
    [
        ("postgresql+psycopg://bot:my-secret-word@127.0.0.1:1/bot", 1),  # its server may come up later
        ("postgresql+psycopg://bot:my-secret-word@localhost:port/bot", 2),
        ("sqlite+aiosqlite:////nowhere/at/all.db", 2),
    ],
)
async def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    start: Launcher, sandbox: SandboxServer, address: str, exit_code: int
) -> None:
    complaint = await complaint_of(start(sandbox.address, BOT_DATABASE_URL=address), exit_code)
    assert "BOT_DATABASE_URL" in complaint
    assert "secret" not in complaint


async def test_a_file_in_the_place_of_the_data_folder_is_told(
    start: Launcher, sandbox: SandboxServer
) -> None:
    start.data_dir.write_text("not a folder")
    complaint = await complaint_of(start(sandbox.address))
    assert str(start.data_dir) in complaint
    assert "BOT_DATA_DIR" in complaint


@pytest.mark.parametrize("folder", ["/proc", "/proc/nowhere"])
async def test_a_data_folder_nobody_can_write_to_is_told_as_such(
    start: Launcher, sandbox: SandboxServer, folder: str
) -> None:
    complaint = await complaint_of(start(sandbox.address, BOT_DATA_DIR=folder))
    assert f"BOT_DATA_DIR cannot be written to ({folder}: " in complaint


async def test_an_index_folder_nobody_can_write_to_is_told(start: Launcher, sandbox: SandboxServer) -> None:
    start.data_dir.mkdir()
    (start.data_dir / "index").write_text("not a folder")
    complaint = await complaint_of(start(sandbox.address), exit_code=1)
    assert str(start.data_dir / "index") in complaint
    assert "BOT_DATA_DIR" in complaint


@pytest.mark.parametrize("file", ["vectors.faiss", "rows.json", "manifest.json"])
async def test_a_damaged_index_is_told_in_one_line_and_built_again(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient, file: str
) -> None:
    start.copy_index()
    (damaged,) = start.data_dir.rglob(file)
    damaged.write_bytes(damaged.read_bytes()[:100] + b"rubbish")
    bot = start(sandbox.address)
    told = await bot.tells("building the index")
    assert "damaged" in told or "cannot be read" in told
    assert "Traceback" not in bot.stderr
    await client.says(QUESTION)
    assert (await client.next_reply(PATIENCE))["text"].startswith(QUESTION)


# Telegram


async def test_a_refused_token_is_told_without_showing_it(start: Launcher, sandbox: SandboxServer) -> None:
    wrong = "4242:a-wrong-token"
    bot = start(sandbox.address, BOT_TOKEN=wrong)
    complaint = await complaint_of(bot)
    assert "BOT_TOKEN" in complaint
    assert wrong not in bot.stderr + bot.stdout
    assert "loading" not in bot.stderr, "it is told before anything slow is begun"


async def test_the_token_shows_nowhere_not_even_in_the_fullest_log(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient
) -> None:
    bot = start(sandbox.address, BOT_LOG_LEVEL="debug")
    await client.says(QUESTION)
    await client.next_reply(PATIENCE)
    assert "<secret>" in bot.stderr
    assert sandbox.token not in bot.stderr + bot.stdout


async def test_an_unreachable_telegram_is_waited_for(start: Launcher) -> None:
    host, _, port = free_address().partition(":")
    door = free_address()
    bot = start(f"http://{host}:{port}", BOT_LISTEN=door)
    await bot.tells("Telegram cannot be reached")
    async with httpx.AsyncClient(base_url=f"http://{door}", trust_env=False, timeout=PATIENCE) as http:
        for path in ("/healthz", "/readyz", "/metrics"):
            answer = await http.get(path)
            assert (answer.status_code, answer.json()["status"]) == (503, "Telegram was not reached yet")
    async with running_sandbox(host, int(port)) as late, SandboxClient(late.address) as client:
        await client.says(QUESTION)
        assert (await client.next_reply(PATIENCE))["text"].startswith(QUESTION)
        bot.asked_to_stop()
        assert await bot.exit_code() == 0
    assert "Traceback" not in bot.stderr


async def test_a_bot_that_waits_for_telegram_still_stops_when_asked(start: Launcher) -> None:
    bot = start(f"http://{free_address()}")
    await bot.tells("Telegram cannot be reached")
    bot.asked_to_stop()
    assert await bot.exit_code(within=5) == 0


@pytest.mark.parametrize("kind", ["429", "500", "drop"])
async def test_a_telegram_that_cannot_set_the_webhook_now_is_waited_for(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient, kind: str
) -> None:
    await client.faults(kind, "setWebhook", times=2, retry_after=1)
    address = free_address()
    bot = start(sandbox.address, BOT_WEBHOOK_URL=f"http://{address}", BOT_LISTEN=address)
    assert "BOT_WEBHOOK_URL" not in await bot.tells("the webhook cannot be set")
    await client.says(QUESTION)
    assert (await client.next_reply(PATIENCE))["text"].startswith(QUESTION)


async def test_a_bot_that_waits_to_set_its_webhook_still_stops_when_asked(
    start: Launcher, sandbox: SandboxServer, client: SandboxClient
) -> None:
    await client.faults("500", "setWebhook")
    address = free_address()
    bot = start(sandbox.address, BOT_WEBHOOK_URL=f"http://{address}", BOT_LISTEN=address)
    await bot.tells("the webhook cannot be set")
    bot.asked_to_stop()
    assert await bot.exit_code(within=5) == 0
    assert "is listening" not in bot.stderr


async def test_a_refused_webhook_is_told_with_telegrams_reason(start: Launcher) -> None:
    async with running_sandbox() as strict:
        bot = start(
            strict.address,
            BOT_WEBHOOK_URL="http://127.0.0.1:9",
            BOT_LISTEN=free_address(),
        )
        complaint = await complaint_of(bot)
    assert "BOT_WEBHOOK_URL" in complaint
    assert "https" in complaint
