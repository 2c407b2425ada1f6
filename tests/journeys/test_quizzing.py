"""A learner is quizzed, asks for the next step, and looks at where they stand."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import build_bot, open_database
from bot.chat.views.quiz import UNSURE
from bot.guidance.ask import Ask
from bot.sandbox.client import SandboxClient
from bot.settings import Settings
from bot.storage import tables
from index.retriever import Retriever
from index.wishes import Wishes
from knowledge.library import Library
from knowledge.schema import Item
from tests.journeys.conftest import Json, Learner, RunningBot, Search, labels, until


def item_of(poll: Json, library: Library) -> tuple[str, Item]:
    """The skill and the item behind a poll."""
    found = [
        (skill_id, item)
        for skill_id, items in library.items.items()
        for item in items
        if item.stem == poll["question"]
        and {option.text for option in item.options.values()} < {option["text"] for option in poll["options"]}
    ]
    [(skill_id, item)] = found
    return skill_id, item


def position(poll: Json, text: str) -> int:
    return [option["text"] for option in poll["options"]].index(text)


async def vote(alex: Learner, message: Json, *positions: int) -> Json:
    await alex.client.votes(message, *positions, learner=alex.telegram_id)
    return await alex.reads()


def as_read(text: str) -> str:
    """Without the backticks about code, which stands as code."""
    return text.replace("`", "")


async def test_a_quiz_is_a_poll_whose_answer_teaches(alex: Learner, library: Library) -> None:
    asked = await alex.asks("/quiz python")
    poll = asked["poll"]
    skill_id, item = item_of(poll, library)
    assert skill_id == "python"
    assert (poll["type"], poll["is_anonymous"]) == ("quiz", False)
    assert poll["options"][-1]["text"] == UNSURE
    told = await vote(alex, asked, position(poll, item.options[item.key].text))
    assert told["text"].startswith("Right.")
    assert as_read(item.options[item.key].feedback.removeprefix("Right: ")[1:]) in told["text"]
    assert told["text"].count("Right") == 1
    assert library.skills["python"].title in told["text"]
    assert library.notes[item.note].title in labels(told)
    following = await alex.presses(told, "Next question")
    assert following["poll"]["question"] != poll["question"]


async def test_a_wrong_answer_and_an_honest_one_get_their_own_words(alex: Learner, library: Library) -> None:
    asked = await alex.asks("ask me something about statistics")
    skill_id, item = item_of(asked["poll"], library)
    assert skill_id == "prob-stats"
    wrong = next(option for option_id, option in item.options.items() if option_id != item.key)
    told = await vote(alex, asked, position(asked["poll"], wrong.text))
    assert told["text"].startswith("Not quite.")
    assert as_read(wrong.feedback) in told["text"]
    following = await alex.presses(told, "Next question")
    _, other = item_of(following["poll"], library)
    honest = await vote(alex, following, len(following["poll"]["options"]) - 1)
    assert honest["text"].startswith(f"It is: {other.options[other.key].text}")


async def test_where_polls_are_unknown_buttons_do_and_a_second_tap_changes_nothing(
    alex: Learner, sam: Learner, client: SandboxClient, library: Library, bot: RunningBot
) -> None:
    await client.faults("404", "sendPoll")
    asked = await alex.asks("/quiz git")
    assert "poll" not in asked
    assert labels(asked)[:2] == ["A", "B"]
    buttons = asked["reply_markup"]["inline_keyboard"][0]
    first = await alex.presses(asked, buttons[0]["callback_data"])
    again = await alex.presses(asked, buttons[1]["callback_data"])
    assert "answered this one already" in again["text"]
    await sam.asks("/start")
    strange = await bot.sends(sam.chat_id, "forged", buttons[0]["callback_data"])
    await sam.reads()
    assert "no longer open" in (await sam.presses(strange, buttons[0]["callback_data"]))["text"]
    async with bot.database.reading() as connection:
        rows = (await connection.execute(select(tables.attempts.c.chosen))).all()
    assert len(rows) == 1
    assert rows[0][0] == buttons[0]["callback_data"].rpartition(":")[2]
    assert first["text"]


async def test_a_vote_on_a_poll_from_before_a_restart_counts(
    settings: Settings,
    client: SandboxClient,
    library: Library,
    retriever: Retriever,
    search: Search,
) -> None:
    async def run(stop: asyncio.Event) -> None:
        database = await open_database(settings)
        ask = Ask(library, retriever, Wishes(library, retriever), search)
        await build_bot(settings, ask, database).run(stop)
        await database.close()

    stop = asyncio.Event()
    running = asyncio.create_task(run(stop))
    await client.says("/quiz")
    asked = await client.next_reply(60)
    stop.set()
    await running
    await client.votes(asked, 0)
    stop = asyncio.Event()
    running = asyncio.create_task(run(stop))
    told = await client.next_reply(60)
    stop.set()
    await running
    assert "I'd now expect" in told["text"]


async def test_a_question_in_the_middle_of_a_quiz_is_just_answered(alex: Learner, library: Library) -> None:
    asked = await alex.asks("/quiz")
    answer = await alex.asks("What is overfitting?")
    assert answer["text"].startswith(library.notes["ml-evaluation.overfitting"].title)
    assert "I'd now expect" in (await vote(alex, asked, 0))["text"]


async def test_a_hint_is_given_and_a_bad_question_is_reported_by_one_tap(
    alex: Learner, library: Library, bot: RunningBot
) -> None:
    asked = await alex.asks("/quiz")
    told = await vote(alex, asked, 0)
    thanks = await alex.presses(told, "This question is wrong or unclear")
    assert thanks["text"].startswith("Thank you")
    async with bot.database.reading() as connection:
        assert len((await connection.execute(select(tables.reports))).all()) == 1
    number = (await rows(bot, tables.attempts))[0]["id"]
    hint = await bot.sends(alex.chat_id, "an old message", f"hint:{number}")
    await alex.reads()
    assert "hint" in (await alex.presses(hint, f"hint:{number}"))["text"].lower()


async def test_the_next_step_has_its_reasons_and_may_be_overruled(alex: Learner, library: Library) -> None:
    step = await alex.asks("what should I learn next?")
    assert step["text"].startswith("Your next step: ")
    assert "Why this one:" in step["text"]
    skill = next(skill for skill in library.skills.values() if skill.title in step["text"].split("\n")[0])
    assert skill.promise in step["text"]
    other = await alex.presses(step, "Not now")
    assert other["text"].split("\n")[0] != step["text"].split("\n")[0]
    third = await alex.presses(await alex.presses(other, "I know this"), "Trust me, next one")
    assert third["text"].split("\n")[0] not in {step["text"].split("\n")[0], other["text"].split("\n")[0]}
    begun = await alex.presses(third, "Start")
    assert begun["text"].startswith("Good: ")


async def test_progress_is_a_picture_with_its_words(alex: Learner, library: Library) -> None:
    asked = await alex.asks("/quiz python")
    await vote(alex, asked, 0)
    await alex.writes("/progress")
    shown = await alex.reads()
    assert shown["photo"]
    assert next(iter(library.tracks.values())).title in shown["caption"]
    assert "This week: 1 answer" in shown["caption"]


async def test_words_lead_on_from_item_to_item(alex: Learner, library: Library) -> None:
    asked = await alex.asks("/quiz git")
    for said in ("skip this one", "another one", "go on"):
        following = await alex.asks(said)
        assert following["poll"]["question"] != asked["poll"]["question"], said
        asked = following
    await vote(alex, asked, 0)
    assert (await alex.asks("next question please"))["poll"]
    await alex.asks("what is overfitting?")
    assert "Overfitting" in (await alex.asks("go on"))["text"], "of the answer, once something was asked"


async def test_all_of_it_is_gone_when_a_learner_wants_it(alex: Learner, bot: RunningBot) -> None:
    asked = await alex.asks("/quiz")
    await vote(alex, asked, 0)
    sure = await alex.presses(await alex.asks("/privacy"), "Delete my data")
    await alex.presses(sure, "Yes, erase it")

    async def is_gone() -> bool:
        return not any([await rows(bot, table) for table in (tables.attempts, tables.cards, tables.learners)])

    await until(is_gone, "everything to be gone")


async def rows(bot: RunningBot, table: Any) -> list[dict[str, Any]]:
    async with bot.database.reading() as connection:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]


@pytest.mark.parametrize("press", ["answer:99999:a", "hint:99999", "report:99999"])
async def test_a_button_of_an_attempt_nobody_knows_gets_a_kind_word(
    alex: Learner, bot: RunningBot, press: str
) -> None:
    await alex.asks("/start")
    message = await bot.sends(alex.chat_id, "an old message", press)
    await alex.reads()
    assert "no longer open" in (await alex.presses(message, press))["text"]


async def test_why_after_an_answer_opens_the_note_behind_it(alex: Learner, library: Library) -> None:
    asked = await alex.asks("/quiz statistics")
    _, item = item_of(asked["poll"], library)
    await vote(alex, asked, len(asked["poll"]["options"]) - 1)
    for text in ("i don't get it", "Why is that wrong?", "can you explain that?"):
        assert (await alex.asks(text))["text"].startswith(library.notes[item.note].title)
    answer = await alex.asks("What is overfitting?")
    assert answer["text"].startswith(library.notes["ml-evaluation.overfitting"].title)
    later = await alex.asks("i don't get it")
    assert not later["text"].startswith(library.notes[item.note].title), "it is about the answer now"


async def test_a_hint_and_i_do_not_know_may_be_written(alex: Learner, library: Library) -> None:
    asked = await alex.asks("/quiz statistics")
    _, item = item_of(asked["poll"], library)
    assert (await alex.asks("hint please"))["text"] == f"A hint: {item.hint}"
    told = await alex.asks("idk")
    assert told["text"].startswith(f"It is: {item.options[item.key].text}")
    again = await vote(alex, asked, 0)
    assert "answered this one already" in again["text"]


@pytest.mark.parametrize("said", ["b", "2", "the second one", "I think it's number 2.", "Answer B"])
async def test_an_answer_may_be_written_by_its_letter_number_or_place(
    alex: Learner, library: Library, said: str
) -> None:
    asked = await alex.asks("/quiz statistics")
    _, item = item_of(asked["poll"], library)
    chosen = asked["poll"]["options"][1]["text"]
    is_right = chosen == item.options[item.key].text
    told = await alex.asks(said)
    assert told["text"].startswith("Right") == is_right
    for again in (await vote(alex, asked, 0), await alex.asks("a")):
        assert "answered this one already" in again["text"]


async def test_an_open_item_waits_for_its_letter_while_something_else_is_asked(alex: Learner) -> None:
    asked = await alex.asks("/quiz statistics")
    await alex.asks("what is a join?")
    await alex.asks("b")
    assert "answered this one already" in (await vote(alex, asked, 0))["text"]


async def test_a_place_that_no_option_has_is_no_answer(alex: Learner) -> None:
    asked = await alex.asks("/quiz statistics")
    await alex.asks("6")
    assert "answered this one already" not in (await vote(alex, asked, 0))["text"]


async def test_not_now_leads_round_all_that_is_open(alex: Learner) -> None:
    step = await alex.asks("/next")
    titles = []
    for _ in range(12):
        titles.append(step["text"].partition("Your next step: ")[2].partition("\n")[0])
        step = await alex.presses(step, "Not now")
        assert step["text"].startswith(("All right, that one can wait.", "You have put off everything"))
    around = titles.index(titles[0], 1)
    assert titles[:around] == list(dict.fromkeys(titles[:around])), "each once"
    assert titles[around : 2 * around] == titles[: len(titles) - around][:around]


async def test_a_word_that_names_no_skill_is_told_so(alex: Learner) -> None:
    told = await alex.asks("/quiz blabla")
    assert "no skill by that name" in told["text"]
    assert "poll" in await alex.reads()


async def test_i_do_not_know_is_about_the_item_and_not_about_the_learner(newcomer: Learner) -> None:
    await newcomer.presses(await newcomer.asks("/start"), "Set me up: three taps")
    await newcomer.asks("/quiz")
    assert "Where do you stand" not in (await newcomer.asks("idk"))["text"]
