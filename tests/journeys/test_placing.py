"""A learner finds out where they stand, says what they know, and what they have finished."""

import asyncio
from collections.abc import Collection

import pytest
from sqlalchemy import select

from bot.app import build_bot, open_database
from bot.chat.views.quiz import UNSURE
from bot.guidance.ask import Ask
from bot.learning.placement import FEWEST, MOST
from bot.sandbox.client import SandboxClient
from bot.sandbox.world import ALEX_ID
from bot.settings import Settings
from bot.storage import tables
from index.retriever import Retriever
from index.wishes import Wishes
from knowledge.library import Library
from tests.journeys.conftest import Json, Learner, RunningBot, Search, labels
from tests.journeys.test_quizzing import item_of, position, vote


async def begins(alex: Learner) -> Json:
    """The first question."""
    offer = await alex.asks("/placement")
    assert "8 to 15 questions" in offer["text"]
    return await alex.presses(offer, "Let's begin")


async def answers(alex: Learner, asked: Json, library: Library, knows: Collection[str] = ()) -> Json:
    """Right where they know the skill, else honest; returns what comes next."""
    skill_id, item = item_of(asked["poll"], library)
    said = item.options[item.key].text if skill_id in knows else UNSURE
    return await vote(alex, asked, position(asked["poll"], said))


async def is_placed(alex: Learner, library: Library, knows: Collection[str]) -> tuple[int, Json]:
    """A whole placement: how many were asked, and the message at its end."""
    message, count = await begins(alex), 0
    while "poll" in message:
        count += 1
        assert message["poll"]["type"] == "regular", "a quiz would tell what is right"
        assert message["poll"]["description"].startswith(f"Question {count} of ")
        assert labels(message) == ["That's enough"]
        message = await answers(alex, message, library, knows)
    assert FEWEST <= count <= MOST
    return count, message


async def test_a_placement_goes_on_in_words(alex: Learner) -> None:
    first = await begins(alex)
    again = await alex.asks("go on")
    assert again["poll"]["description"].startswith("Question 1 of ")
    assert again["poll"]["question"] == first["poll"]["question"]


async def test_an_honest_beginner_is_placed_at_the_bottom(alex: Learner, library: Library) -> None:
    assert "Find out where I stand" in labels(await alex.asks("/next"))
    count, end = await is_placed(alex, library, ())
    assert end["text"].startswith("Thank you, now I have a picture of where you stand.")
    assert f"You got 0 of {count} questions right." in end["text"]
    assert "Not yet (" in end["text"]
    assert f"{count}. " in end["text"]
    assert "Right is: " in end["text"]
    picture, step = await alex.reads(), await alex.reads()
    assert picture["photo"]
    assert "This is your map" in picture["caption"], "and not that they most likely hold 0 skills"
    assert "/progress" in picture["caption"]
    skill = step["text"].split("\n")[0].removeprefix("Your next step: ")
    assert not next(each for each in library.skills.values() if each.title == skill).prerequisites
    assert "Find out where I stand" not in labels(step)


async def test_somebody_strong_is_placed_at_the_top(alex: Learner, library: Library) -> None:
    count, end = await is_placed(alex, library, library.skills)
    assert f"You got {count} of {count} questions right." in end["text"]
    assert "You hold (" in end["text"]
    assert "Not yet" not in end["text"]
    await alex.reads()
    assert (await alex.reads())["text"]


async def test_it_may_be_stopped_early_with_too_few_answers(alex: Learner, library: Library) -> None:
    second = await answers(alex, await begins(alex), library)
    end = await alex.presses(second, "That's enough")
    assert end["text"].startswith("Fine, we leave it there.")
    assert "1. " in end["text"]
    assert "My progress" in labels(end)
    assert "is over" in (await alex.presses_again(second, "That's enough"))["text"]
    late = await vote(alex, second, 0)
    assert "I'd now expect" in late["text"], "an open question still counts, now with its feedback"


async def test_it_is_stopped_in_words_and_a_question_that_is_not_understood_may_be_left(
    alex: Learner,
) -> None:
    await begins(alex)
    assert "has no hint" in (await alex.asks("i not understand the question"))["text"]
    assert (await alex.asks("i want to stop"))["text"].startswith("Fine, we leave it there.")


async def test_a_question_in_the_middle_is_answered_and_one_goes_on(alex: Learner, library: Library) -> None:
    second = await answers(alex, await begins(alex), library)
    answer = await alex.asks("What is overfitting?")
    assert answer["text"].startswith(library.notes["ml-evaluation.overfitting"].title)
    offer = await alex.asks("/placement")
    assert "you have answered 1 question." in offer["text"]
    assert labels(offer) == ["Go on", "Start anew"]
    again = await alex.presses(offer, "Go on")
    assert again["poll"]["question"] == second["poll"]["question"]
    third = await answers(alex, second, library)  # a vote on the earlier copy counts
    assert third["poll"]["description"].startswith("Question 3 of ")
    twice = await answers(alex, again, library)
    assert "answered this one already" in twice["text"], "and counts once"
    assert (await alex.presses(twice, "Next question"))["poll"]["question"] == third["poll"]["question"]
    anew = await alex.presses(offer, "Start anew")
    assert anew["poll"]["description"].startswith("Question 1 of ")


async def test_double_taps_on_buttons_count_once(
    alex: Learner, client: SandboxClient, library: Library, bot: RunningBot
) -> None:
    await client.faults("404", "sendPoll", times=3)
    first = await begins(alex)
    assert first["text"].startswith("Question 1 of about 12")
    assert labels(first)[-2:] == [UNSURE, "That's enough"]
    second = await alex.presses(first, "A")
    assert "Question 2 of about 12" in second["text"]
    assert "Right" not in second["text"]
    assert "answered this one already" in (await alex.presses(first, "B"))["text"]
    async with bot.database.reading() as connection:
        rows = (await connection.execute(select(tables.attempts.c.outcome))).all()
    assert len([row for row in rows if row.outcome]) == 1


async def test_a_placement_goes_on_after_a_restart(
    settings: Settings, client: SandboxClient, library: Library, retriever: Retriever, search: Search
) -> None:
    async def run(stop: asyncio.Event) -> None:
        database = await open_database(settings)
        ask = Ask(library, retriever, Wishes(library, retriever), search)
        await build_bot(settings, ask, database).run(stop)
        await database.close()

    alex = Learner(client, ALEX_ID, ALEX_ID)
    stop = asyncio.Event()
    running = asyncio.create_task(run(stop))
    asked = await begins(alex)
    stop.set()
    await running
    await client.votes(asked, 0)
    stop = asyncio.Event()
    running = asyncio.create_task(run(stop))
    following = await alex.reads()
    stop.set()
    await running
    assert following["poll"]["description"].startswith("Question 2 of ")


async def test_in_a_group_it_is_offered_in_private(
    alex: Learner, sam: Learner, client: SandboxClient
) -> None:
    group = await client.add_group("Study circle", [alex.telegram_id, sam.telegram_id])
    said = await alex.in_group(group).asks("/placement@next_rung_bot")
    assert "private chat" in said["text"]


@pytest.mark.parametrize("press", ["place:stop", "place:begin", "placement"])
async def test_old_buttons_of_a_placement_end_kindly(alex: Learner, bot: RunningBot, press: str) -> None:
    await alex.asks("/start")
    message = await bot.sends(alex.chat_id, "an old message", press)
    await alex.reads()
    reply = await alex.presses(message, press)
    assert "poll" in reply or labels(reply)


async def test_two_quick_questions_show_what_is_known(alex: Learner, library: Library) -> None:
    step = await alex.asks("/next")
    title = step["text"].split("\n")[0].removeprefix("Your next step: ")
    offer = await alex.presses(step, "I know this")
    assert offer["text"].startswith(f"You know {title} already?")
    first = await alex.presses(offer, "Two quick questions")
    assert first["poll"]["type"] == "quiz"
    one_more = await answers(alex, first, library, library.skills)
    assert one_more["text"].startswith("Right.")
    second = await alex.presses(one_more, "Second question")
    assert second["poll"]["description"].startswith(f"{title}: question 2 of 2")
    known = await answers(alex, second, library, library.skills)
    assert f"{title} counts as known" in known["text"]
    following = await alex.reads()
    assert following["text"].startswith("Your next step: ")
    assert title not in following["text"].split("\n")[0]


async def test_a_missed_check_leaves_the_step_and_may_be_overruled(alex: Learner, library: Library) -> None:
    begun = await alex.presses(await alex.asks("/next"), "Start")
    first = await alex.presses(await alex.presses(begun, "I know this"), "Two quick questions")
    skill_id, item = item_of(first["poll"], library)
    missed = await answers(alex, first, library)
    assert missed["text"].startswith(f"It is: {item.options[item.key].text}")
    assert "stays on your way for now" in missed["text"]
    assert library.notes[item.note].title in labels(missed)
    overruled = await alex.presses(missed, "Take it off anyway")
    assert library.skills[skill_id].title not in overruled["text"].split("\n")[0]


@pytest.mark.parametrize(
    ("text", "skill_id"),
    [("ok finished statistics, now what?", "prob-stats"), ("I'm done with python, what next", "python")],
)
async def test_what_is_said_to_be_finished_is_taken_as_evidence(
    alex: Learner, library: Library, text: str, skill_id: str
) -> None:
    told = (await alex.asks(text))["text"].split("\n\n")
    title = library.skills[skill_id].title
    assert told[0].startswith(f"Good: I take it that you have been through {title}.")
    assert told[1].startswith("Your next step: ")
    assert title not in told[1].split("\n")[0]


@pytest.mark.parametrize("text", ["what do I learn next after sql", "I'm done with my homework, what next?"])
async def test_what_comes_after_a_skill_is_no_claim(alex: Learner, text: str) -> None:
    assert (await alex.asks(text))["text"].startswith("Your next step: ")
