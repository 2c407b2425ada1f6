"""An operator looks after the running bot; to everybody else those commands do not exist."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.chat.routes import OPERATOR_COMMANDS
from bot.chat.views.under import HELPFUL
from bot.sandbox.client import SandboxClient
from bot.sandbox.world import ALEX_ID, BOT_ID
from bot.settings import Settings
from bot.storage import outbox, tables
from bot.storage.outbox import Outgoing
from index.embedder import EMBEDDED_MODEL, open_embedder
from index.opening import open_retriever
from index.retriever import Retriever
from knowledge.library import Library
from knowledge.reader import read_pack
from tests.journeys.conftest import Json, Learner, RunningBot, labels, until
from tests.journeys.test_keeping import words_for_a_moment
from tests.journeys.test_planning import file_of
from tests.storage.conftest import NOW

RELOAD_PATIENCE = 300.0  # seconds: the index is made politely, and the machine may be busy
A_THOUGHT = 0.4  # seconds between two questions: a person who asks faster is held for a flood
COMMANDS = ("/status", "/gaps", "/reports", "/broadcast hello", "/reload")


PAY = "is the pay good"
RUSSIAN = "сколько зарабатывает пекарь?"
FOOTER = "From the people who run me. /stop ends messages like this one."


@pytest.fixture
def settings(settings: Settings, pack: Path, tiny_index: Path) -> Settings:
    """Alex is the operator, and the pack a small one of our own, to change; its index is there already."""
    shutil.rmtree(settings.index_dir)
    shutil.copytree(tiny_index, settings.index_dir, symlinks=True)
    return settings.model_copy(update={"operators": (ALEX_ID,), "knowledge_dir": pack})


@pytest.fixture
def library(pack: Path) -> Library:
    return read_pack(pack)


@pytest.fixture
def retriever(library: Library, settings: Settings) -> Retriever:
    folder = settings.index_dir
    return open_retriever(library, open_embedder(EMBEDDED_MODEL, folder), folder)


async def rows(bot: RunningBot, table: Any) -> list[dict[str, Any]]:
    async with bot.database.reading() as connection:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]


async def test_to_everybody_else_the_commands_and_their_buttons_do_not_exist(
    alex: Learner, sam: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    unknown = (await sam.asks("/nonsense"))["text"]
    for command in COMMANDS:
        assert (await sam.asks(command))["text"] == unknown
    assert await rows(bot, tables.broadcasts) == []
    old = await bot.sends(sam.chat_id, "An old message", "cast:send:1", "aside:drop:1", "gaps:0")
    await sam.reads()
    for button in ("cast:send:1", "aside:drop:1", "gaps:0"):
        assert "older version" in (await sam.presses(old, button))["text"]
    assert "/status" not in (await sam.asks("/help"))["text"]
    group = await client.add_group("Study circle", [alex.telegram_id, sam.telegram_id], privacy=False)
    assert (await sam.in_group(group).asks("/status@next_rung_bot"))["text"] == unknown
    told = (await alex.in_group(group).asks("/status@next_rung_bot"))["text"]
    assert "send /status in our private chat" in told
    assert "/status" not in (await alex.in_group(group).asks("/help@next_rung_bot"))["text"]


async def test_the_operators_help_names_their_commands_too(alex: Learner) -> None:
    told = (await alex.asks("/help"))["text"]
    for command in OPERATOR_COMMANDS:
        assert f"/{command.name}: {command.help}" in told


async def test_the_operator_sees_at_a_glance_how_the_bot_does(
    alex: Learner, sam: Learner, client: SandboxClient
) -> None:
    answer = await sam.asks(PAY)
    await sam.asks("how do I bake sourdough bread?")
    await sam.client.presses(answer, HELPFUL, sam.telegram_id)
    await words_for_a_moment(client, 1)
    told = (await alex.asks("/status"))["text"]
    assert "Questions in 7 days: 2, 1 of them answered; called helpful: 1, not helpful: 0" in told
    assert "Learners: 2 here, 1 active today" in told
    assert "Updates: none waiting" in told, "it does not count itself"
    assert ": 6 notes, 0 skills, 0 items; index " in told
    assert (await alex.asks("/reports"))["text"] == "Nothing needs you."


async def test_what_was_asked_in_vain_comes_by_matter_with_a_note_to_fill(
    alex: Learner, sam: Learner, bot: RunningBot, pack: Path
) -> None:
    for text in ("How do I bake sourdough bread?", "how to bake sourdough bread", "asdf qwer zxcv", RUSSIAN):
        await sam.asks(text)
    told = await alex.asks("/gaps")
    assert "2 questions got no answer that helped in 30 days. Matters: 1." in told["text"], "and no noise"
    assert told["text"].endswith("1 question besides was in a language that I don't know.")
    assert labels(told) == ["Note for 1", "Done: 1"]
    note = await alex.presses(told, "Note for 1")
    content = (await file_of(note, alex, bot)).decode()
    assert '  - "How do I bake sourdough bread?"' in content
    assert note["document"]["file_name"] == "how-to-bake-sourdough-bread.md"
    file = pack / "notes" / "start" / "bread.md"
    file.write_text(content, "utf-8")
    assert "The pack has 3 problems" in (await _reload(alex))["text"], "a note that nobody filled"
    half_filled = content.replace("title:", "title: Bread").replace("sources: []", "sources: [handbook-2020]")
    file.write_text(half_filled, "utf-8")
    assert "body: is empty" in (await _reload(alex))["text"]
    file.write_text(half_filled + "In a hot oven.\n", "utf-8")
    assert "Notes: 1 new" in (await _reload(alex))["text"]
    assert "In a hot oven." in (await sam.asks("how to bake sourdough bread"))["text"]


async def test_a_matter_that_was_seen_to_is_off_the_list_until_somebody_asks_again(
    alex: Learner, sam: Learner
) -> None:
    for text in (
        "How do I bake sourdough bread?",
        "how to bake sourdough bread",
        "how do I repair a bicycle tyre?",
    ):
        await sam.asks(text)
    told = await alex.asks("/gaps")
    left = await alex.presses(told, "Done: 1")
    assert "sourdough" in told["text"]
    assert "sourdough" not in left["text"]
    assert "bicycle" in left["text"]
    again = await alex.presses_again(told, "Done: 1")
    assert "bicycle" in again["text"], "tapped twice it takes nothing else off"
    assert "Nothing was asked in vain" in (await alex.presses(left, "Done: 1"))["text"]
    await sam.asks("how to bake sourdough bread")
    assert "sourdough" in (await alex.asks("/gaps"))["text"]


async def test_what_failed_is_tried_again_or_dropped_by_a_tap(
    alex: Learner, sam: Learner, bot: RunningBot
) -> None:
    await sam.asks("/help")
    async with bot.database.transaction() as tx:
        await outbox.put(tx, BOT_ID, [Outgoing(sam.chat_id, "sendMessage", {"text": "again"})], NOW)
        await tx.execute(update(tables.outbox).values(failed_at=NOW, error="Bad Request: no"))
        await outbox.put(tx, BOT_ID, [Outgoing(sam.chat_id, "sendMessage", {"text": "never"})], NOW)
        await tx.execute(
            update(tables.outbox).where(tables.outbox.c.failed_at.is_(None)).values(failed_at=NOW, error="no")
        )
    page = await alex.presses(await alex.asks("/reports"), "Messages not sent")
    assert "Messages not sent: 2" in page["text"]
    assert f"1. A reply (sendMessage) to {sam.chat_id}" in page["text"]
    assert labels(page) == ["Try 1 again", "Drop 1", "Try 2 again", "Drop 2"]
    after = await alex.presses(page, "Try 2 again")
    assert (await sam.has_read(2))[1]["text"] == "again"
    assert "being tried again" in after["text"]
    assert "settled before" in (await alex.presses_again(page, "Try 2 again"))["text"]
    assert "Messages not sent: none" in (await alex.presses(page, "Drop 1"))["text"]
    assert [row for row in await rows(bot, tables.outbox) if row["chat_id"] == sam.chat_id] == []


async def test_a_broadcast_reaches_each_learner_once_as_it_was_shown(
    alex: Learner, sam: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    quiet = Learner(client, *[await client.add_learner("Kim")] * 2)
    await quiet.asks("/start")
    await quiet.asks("/stop")
    await sam.asks("/start")
    await alex.writes("/broadcast Tomorrow I rest.")
    preview = await alex.reads()
    asked = await alex.reads()
    assert "what 2 learners would get" in asked["text"]
    assert "from groups alone: 1." in asked["text"]
    rehearsed = await alex.presses(asked, "Dry run")
    assert "Dry run: 2 learners" in rehearsed["text"]
    assert len(await client.replies(sam.chat_id)) == 1
    on_its_way = await alex.presses(asked, "Send it to 2 learners")
    assert "2 learners" in on_its_way["text"]
    await alex.presses(asked, "Send it to 2 learners")
    [_, got] = await sam.has_read(2)
    assert got["text"] == preview["text"] == f"Tomorrow I rest.\n\n{FOOTER}"
    assert labels(got) == labels(preview)
    await until(lambda: ended(bot), "the end to be noted")
    texts = [each["text"] for each in await client.replies(alex.chat_id)]
    assert texts.count(preview["text"]) == 2, "as a preview, and as a learner"
    assert len(await client.replies(quiet.chat_id)) == 2
    await quiet.asks("/start")
    assert [row["stopped_at"] for row in await rows(bot, tables.learners)] == [None] * 3


async def ended(bot: RunningBot) -> bool:
    return [row["state"] for row in await rows(bot, tables.broadcasts)] == ["done"]


async def test_a_dropped_broadcast_reaches_nobody_and_its_buttons_do_nothing(
    alex: Learner, sam: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    await alex.writes("/broadcast Oops")
    await alex.reads()
    asked = await alex.reads()
    assert "Nobody gets it" in (await alex.presses(asked, "Drop it"))["text"]
    button = next(each for each in labels(asked) if each.startswith("Send it"))
    assert "Nobody gets it" in (await alex.presses(asked, button))["text"]
    assert await client.replies(sam.chat_id) == []
    assert [row["state"] for row in await rows(bot, tables.broadcasts)] == ["cancelled"]


async def test_a_reload_under_load_loses_no_question_and_answers_each_from_one_pack(
    alex: Learner, sam: Learner, pack: Path, bot: RunningBot, client: SandboxClient
) -> None:
    """Before and after the swap the note reads differently; no answer mixes the two."""
    note = pack / "notes" / "pay" / "salary.md"
    before = (await sam.asks(PAY))["text"]
    note.write_text(note.read_text("utf-8").replace("About $125,000", "Freshly told: $125,000"), "utf-8")
    numbers = [await client.add_learner(f"Learner {at}") for at in range(4)]
    askers = [Learner(client, number, number) for number in numbers]
    for number in numbers:
        await bot.has_asked_who_it_is(number, "en")
    told = asyncio.create_task(_reload(alex))
    asked = 0
    while not told.done() or asked < 2:
        for asker in askers:
            await asker.writes(PAY)
        asked += 1
        for asker in askers:
            await asker.has_read(asked)
        await asyncio.sleep(A_THOUGHT)
    done = await told
    assert "Notes: 0 new, 1 changed, 0 gone" in done["text"]
    after = (await sam.asks(PAY))["text"]
    assert "Freshly told" in after
    answers = [each["text"] for asker in askers for each in await client.replies(asker.chat_id)]
    assert len(answers) == asked * len(askers)
    assert {*answers} <= {before, after}


async def _reload(alex: Learner) -> Json:
    begun = await alex.asks("/reload")
    assert "reading the pack" in begun["text"]
    return await alex.client.next_reply(RELOAD_PATIENCE, alex.chat_id)


async def test_a_second_reload_is_told_of_the_first(alex: Learner, pack: Path) -> None:
    note = pack / "notes" / "pay" / "salary.md"
    note.write_text(note.read_text("utf-8").replace("About $125,000", "Anew: $125,000"), "utf-8")
    assert "reading the pack" in (await alex.asks("/reload"))["text"]
    assert "under way already" in (await alex.asks("/reload"))["text"]
    assert "A changed pack is being made ready." in (await alex.asks("/status"))["text"]
    assert "1 changed" in (await alex.client.next_reply(RELOAD_PATIENCE, alex.chat_id))["text"]


async def test_a_bad_pack_is_refused_with_its_problems_and_the_old_one_answers_on(
    alex: Learner, sam: Learner, pack: Path
) -> None:
    (pack / "notes" / "pay" / "salary.md").write_text("no front matter", "utf-8")
    told = await _reload(alex)
    assert "so the old one stays at work" in told["text"]
    assert "notes/pay/salary.md:1: has no front matter" in told["text"]
    assert "$125,000" in (await sam.asks(PAY))["text"]


async def test_an_unchanged_pack_is_left_as_it_is(alex: Learner) -> None:
    assert "the one at work already" in (await _reload(alex))["text"]
