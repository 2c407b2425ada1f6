"""A learner says whether an answer helped, and keeps notes to come back to."""

import asyncio
import json

from sqlalchemy import select, update

from bot.chat.buttons import KeepNote, RateAnswer, ShowSaved, encode
from bot.chat.lately import A_DOUBLE_TAP
from bot.chat.views.under import HELPFUL, NOT_HELPFUL, NOTED, SAVE, SAVED, SHARE
from bot.guidance.bookmarks import ON_A_PAGE
from bot.sandbox.client import SandboxClient
from bot.storage import tables
from knowledge.library import Library
from tests.journeys.conftest import Json, Learner, RunningBot, labels, until
from tests.journeys.test_planning import file_of

QUESTION = "how do I become a machine learning engineer?"


async def helped(bot: RunningBot) -> list[bool | None]:
    """What is stored of each question."""
    async with bot.database.reading() as connection:
        return list(await connection.scalars(select(tables.questions.c.was_helpful)))


async def kept(bot: RunningBot) -> list[str]:
    async with bot.database.reading() as connection:
        return sorted(await connection.scalars(select(tables.bookmarks.c.note_id)))


async def now(alex: Learner, message: Json) -> Json:
    """The message as it stands now."""
    found = await alex.client.replies(alex.chat_id, after=message["message_id"] - 1)
    return found[0]


async def shows(alex: Learner, message: Json, label: str) -> Json:
    """The message, once one of its buttons bears this label."""

    async def changed() -> Json:
        found = await now(alex, message)
        return found if label in labels(found) else {}

    return await until(changed, f"a button {label!r}")


async def words_for_a_moment(client: SandboxClient, count: int) -> list[str]:
    """What was shown over the chat, once that happened so often."""

    async def enough() -> list[str]:
        told = [call["params"].get("text", "") for call in await client.calls("answerCallbackQuery")]
        return told if len(told) >= count else []

    return await until(enough, f"{count} answers to presses")


async def test_what_the_buttons_do_can_be_said_in_words(alex: Learner, bot: RunningBot) -> None:
    for said in ("save this", "that was not helpful"):
        assert "noted" not in (await alex.asks(said))["text"], "there is no answer yet that it could mean"
    await alex.asks(QUESTION)
    assert "whoever writes my notes" in (await alex.asks("That wasn't very helpful."))["text"]
    assert False in await helped(bot)
    assert (await alex.asks("it helped me a lot, thanks"))["text"] == "Thank you, noted."
    assert True in await helped(bot)
    assert "Saved." in (await alex.asks("please save it for later"))["text"]
    assert len(await kept(bot)) == 1
    assert "aths" in (await alex.asks("is it helpful to know maths?"))["text"].splitlines()[0]


async def test_a_thumb_counts_once_and_a_second_press_changes_it(alex: Learner, bot: RunningBot) -> None:
    answer = await alex.asks(QUESTION)
    assert labels(answer)[-3:] == [HELPFUL, NOT_HELPFUL, SAVE]
    await alex.client.presses(answer, HELPFUL)
    marked = await shows(alex, answer, NOTED.format(said=HELPFUL))
    assert labels(marked)[-3:] == [NOTED.format(said=HELPFUL), NOT_HELPFUL, SAVE]
    assert await helped(bot) == [True]
    await alex.client.presses(marked, NOT_HELPFUL)
    again = await shows(alex, answer, NOTED.format(said=NOT_HELPFUL))
    assert labels(again)[-3:] == [HELPFUL, NOTED.format(said=NOT_HELPFUL), SAVE]
    assert await helped(bot) == [False]
    told = await words_for_a_moment(alex.client, 2)
    assert told[0] == "Thank you, noted."
    assert "whoever writes my notes" in told[1]
    assert len(await alex.client.replies(alex.chat_id)) == 1, "a thumb makes no message"


async def test_the_same_thumb_twice_at_once_counts_once_and_later_takes_it_back(
    alex: Learner, bot: RunningBot
) -> None:
    answer, helpful = await alex.asks(QUESTION), encode(RateAnswer(1, was_helpful=True))
    for _ in range(2):
        await alex.client.presses(answer, helpful)
    await words_for_a_moment(alex.client, 2)
    assert (await alex.asks("thanks"))["text"].startswith("You're welcome")
    assert await helped(bot) == [True]
    await asyncio.sleep(A_DOUBLE_TAP.total_seconds())
    await alex.client.presses(await now(alex, answer), helpful)
    assert HELPFUL in labels(await shows(alex, answer, HELPFUL))
    assert await helped(bot) == [None]
    assert (await words_for_a_moment(alex.client, 3))[-1] == "Taken back."


async def test_two_quick_presses_are_both_told(alex: Learner, bot: RunningBot) -> None:
    answer = await alex.asks(QUESTION)
    for button in (HELPFUL, SAVE):
        await alex.client.presses(answer, button)
    told = await shows(alex, answer, SAVED)
    assert labels(told)[-3:] == [NOTED.format(said=HELPFUL), NOT_HELPFUL, SAVED]


async def test_where_buttons_cannot_be_changed_nothing_waits_for_it(alex: Learner, bot: RunningBot) -> None:
    answer = await alex.asks(QUESTION)
    await alex.client.faults("404", "editMessageReplyMarkup")
    await alex.client.presses(answer, HELPFUL)
    await words_for_a_moment(alex.client, 1)
    assert (await alex.asks("thanks"))["text"].startswith("You're welcome")
    assert await helped(bot) == [True]


async def test_in_a_group_only_the_askers_thumb_counts(
    alex: Learner, sam: Learner, client: SandboxClient, bot: RunningBot
) -> None:
    group = await client.add_group("Study circle", [alex.telegram_id, sam.telegram_id])
    answer = await alex.in_group(group).asks(f"@next_rung_bot {QUESTION}")
    await client.presses(answer, NOT_HELPFUL, sam.telegram_id)
    [told] = await words_for_a_moment(client, 1)
    assert told.startswith("Only whoever asked")
    assert await helped(bot) == [None]
    await client.presses(answer, HELPFUL, alex.telegram_id)
    await words_for_a_moment(client, 2)

    async def is_noted() -> bool:
        return await helped(bot) == [True]

    await until(is_noted, "the asker's thumb")


async def test_what_is_no_answer_has_no_thumbs(alex: Learner) -> None:
    for text in ("Who won the football world cup in 1998?", "hello", "/help"):
        assert HELPFUL not in labels(await alex.asks(text))


async def test_a_note_is_saved_opened_and_let_go(alex: Learner, library: Library, bot: RunningBot) -> None:
    note = library.notes["path.overview"]
    assert "nothing yet" in (await alex.asks("/saved"))["text"]
    answer = await alex.asks(QUESTION)
    await alex.client.presses(answer, SAVE)
    await shows(alex, answer, SAVED)
    assert await kept(bot) == [note.id]
    listed = await alex.asks("/saved")
    for text in ("show my bookmarks", "where are my saved notes?", "Saved notes please"):
        assert (await alex.asks(text))["text"] == listed["text"]
    assert listed["text"].startswith("You have saved 1 note,")
    opened = await alex.presses(listed, note.title)
    assert labels(opened)[-2:] == [SAVED, SHARE]
    await alex.client.presses(opened, SAVED)
    assert labels(await shows(alex, opened, SAVE))[-2:] == [SAVE, SHARE]
    assert await kept(bot) == []


async def test_a_note_that_left_the_pack_is_told_of(alex: Learner, bot: RunningBot) -> None:
    await alex.client.presses(await alex.asks(QUESTION), SAVE)

    async def is_kept() -> bool:
        return bool(await kept(bot))

    await until(is_kept, "the note to be kept")
    async with bot.database.transaction() as tx:
        await tx.execute(update(tables.bookmarks).values(note_id="path.gone"))
    told = (await alex.asks("what have i saved?"))["text"]
    assert told.startswith("Your list is empty: 1 note you saved has been taken out of my collection since.")


async def test_many_are_paged_in_place_and_tidied_up(
    alex: Learner, library: Library, bot: RunningBot
) -> None:
    await alex.asks("/start")
    notes = [*library.notes.values()][: ON_A_PAGE + 2]
    for note in notes:
        old = await bot.sends(alex.chat_id, "an old message", encode(KeepNote(note.id, is_kept=True)))
        await alex.client.presses(old, encode(KeepNote(note.id, is_kept=True)))

    async def all_are_kept() -> bool:
        return len(await kept(bot)) == len(notes)

    await until(all_are_kept, "the notes to be saved")
    last = (await alex.client.replies(alex.chat_id))[-1]["message_id"]
    await alex.writes("/saved")

    async def is_listed() -> Json:
        found = await alex.client.replies(alex.chat_id, after=last)
        return found[0] if found else {}

    listed = await until(is_listed, "the list")
    newest = [note.title for note in reversed(notes)]
    assert labels(listed) == [*newest[:ON_A_PAGE], "Older", "Remove some"]
    await alex.client.presses(listed, "Older")
    second = await shows(alex, listed, "Newer")
    assert labels(second) == [*newest[ON_A_PAGE:], "Newer", "Remove some"]
    await alex.client.presses(second, "Remove some")
    tidying = await shows(alex, listed, "Done")
    for title in newest[ON_A_PAGE:]:
        await alex.client.presses(tidying, f"Remove: {title}")
    tidied = await shows(alex, listed, f"Remove: {newest[0]}")
    assert tidied["text"].startswith(f"You have saved {ON_A_PAGE} notes")
    await alex.client.presses(tidied, "Done")
    assert labels(await shows(alex, listed, "Remove some")) == [*newest[:ON_A_PAGE], "Remove some"]


async def test_an_old_button_to_save_or_to_turn_pages_gets_a_kind_word(
    alex: Learner, bot: RunningBot
) -> None:
    await alex.asks("/start")
    gone = encode(KeepNote("no.such-note", is_kept=True))
    old = await bot.sends(alex.chat_id, "an old message", gone, encode(ShowSaved(99)))
    await alex.reads()
    assert "rewritten" in (await alex.presses(old, gone))["text"]
    await alex.client.presses(old, encode(ShowSaved(99)))

    async def is_replaced() -> bool:
        return "nothing yet" in (await now(alex, old))["text"]

    await until(is_replaced, "the list in place of the old message")


async def test_a_list_that_was_deleted_is_sent_anew(alex: Learner, bot: RunningBot) -> None:
    await alex.asks("/start")
    old = await bot.sends(alex.chat_id, "an old message", encode(ShowSaved(0)))
    await alex.reads()
    await alex.client.faults("400", "editMessageText", text="Bad Request: message to edit not found", times=1)
    assert "nothing yet" in (await alex.presses(old, encode(ShowSaved(0))))["text"]


async def test_what_is_kept_is_exported_and_not_shown_to_a_group(
    alex: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    answer = await alex.asks(QUESTION)
    await alex.client.presses(answer, SAVE)
    await shows(alex, answer, SAVED)
    export = json.loads(await file_of(await alex.asks("/export"), alex, bot))
    assert [row["note_id"] for row in export["bookmarks"]] == ["path.overview"]
    group = await client.add_group("Study circle", [alex.telegram_id])
    there = alex.in_group(group)
    assert "between you and me" in (await there.asks("/saved@next_rung_bot"))["text"]
