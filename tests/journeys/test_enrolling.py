"""A learner is asked who they are, once, and may answer, skip, ask on, come back, and change their mind."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.app import build_bot, open_database
from bot.chat.views.enrol import SET_ME_UP
from bot.guidance.ask import Ask
from bot.guidance.settings import AWAITED_FOR
from bot.sandbox.client import SandboxClient
from bot.sandbox.values import Json
from bot.sandbox.world import ALEX_ID
from bot.settings import Settings
from bot.storage import tables
from index.retriever import Retriever
from index.wishes import Wishes
from knowledge.library import Library
from tests.journeys.conftest import Learner, RunningBot, Search, labels

QUESTION = "What is overfitting?"
GOAL, STANDING, HOURS, ZONE = (
    "What would you like to become?",
    "Where do you stand today?",
    "How many hours a week can you spend on it?",
    "Where are you?",
)


async def row_of(bot: RunningBot, telegram_id: int = ALEX_ID) -> dict[str, Any]:
    """What is stored of a learner."""
    async with bot.database.reading() as connection:
        here = tables.learners.c.telegram_id == telegram_id
        return dict((await connection.execute(select(tables.learners).where(here))).mappings().one())


async def told(bot: RunningBot) -> tuple[Any, ...]:
    row = await row_of(bot)
    return row["track_id"], row["standing"], row["hours_a_week"], row["timezone"]


async def up_to_zone(newcomer: Learner) -> Json:
    """Past the first three questions, to the one about the time zone."""
    asked = await newcomer.presses(await newcomer.asks("/start"), SET_ME_UP)
    for _ in range(3):
        asked = await newcomer.presses(asked, "Skip")
    assert ZONE in asked["text"]
    return asked


async def test_the_whole_way_from_the_first_answer_to_being_set_up(
    newcomer: Learner, bot: RunningBot, library: Library
) -> None:
    greeting = await newcomer.asks("/start")
    assert labels(greeting)[-1] == SET_ME_UP
    answer = await newcomer.asks(QUESTION)
    assert answer["text"].startswith(library.notes["ml-evaluation.overfitting"].title)
    goal = await newcomer.reads()
    assert GOAL in goal["text"]
    assert labels(goal) == [*(track.title for track in library.tracks.values()), "Skip"]
    standing = await newcomer.presses(goal, "Data scientist")
    assert "Your goal is now: Data scientist" in standing["text"]
    assert STANDING in standing["text"]
    hours = await newcomer.presses(standing, "I know some of it")
    assert HOURS in hours["text"]
    zone = await newcomer.presses(hours, "About 5 hours")
    assert "about 5 hours a week" in zone["text"]
    assert ZONE in zone["text"]
    over = await newcomer.asks("Lagos")
    assert "Africa/Lagos" in over["text"]
    assert {"What's next for me?", "Quiz me", "My settings"} <= {*labels(over)}
    assert await told(bot) == ("data-scientist", "some", 5, "Africa/Lagos")
    step = await newcomer.presses(over, "What's next for me?")
    assert step["text"].startswith("Your next step: ")
    assert "Data scientist" in (await newcomer.asks("/progress"))["caption"]


async def test_answers_may_be_written_instead_of_tapped(newcomer: Learner, bot: RunningBot) -> None:
    await newcomer.presses(await newcomer.asks("/start"), SET_ME_UP)
    assert STANDING in (await newcomer.asks("I want to become a data scientist"))["text"]
    assert HOURS in (await newcomer.asks("I'm a complete beginner"))["text"]
    assert ZONE in (await newcomer.asks("about 7 hours a week"))["text"]
    assert "That was all." in (await newcomer.asks("Lagos"))["text"]
    assert await told(bot) == ("data-scientist", "new", 7, "Africa/Lagos")
    assert (await row_of(bot))["next_prompt_at"] is None, "hours a week are no hour of the day"


async def test_who_writes_that_they_do_not_know_is_asked_on(newcomer: Learner, bot: RunningBot) -> None:
    await newcomer.presses(await newcomer.asks("/start"), SET_ME_UP)
    for text, follows in (("idk", STANDING), ("skip", HOURS), ("not sure", ZONE), ("no", "That was all.")):
        assert follows in (await newcomer.asks(text))["text"]
    assert await told(bot) == (None, None, None, None)


async def test_what_is_no_answer_and_no_question_is_asked_once_more(newcomer: Learner) -> None:
    goal = await newcomer.presses(await newcomer.asks("/start"), SET_ME_UP)
    again = await newcomer.asks("blorp zork")
    assert GOAL in again["text"]
    assert labels(again) == labels(goal)
    assert "already" not in (await newcomer.presses(again, "Data scientist"))["text"]


async def test_who_writes_of_other_things_is_not_asked_again_and_again(newcomer: Learner) -> None:
    await newcomer.presses(await newcomer.asks("/start"), SET_ME_UP)
    for other in ("what about the weather", "blorp zork"):
        assert "couldn't tell which one" not in (await newcomer.asks(other))["text"]


async def test_hours_that_no_week_has_are_told_what_a_week_has(alex: Learner) -> None:
    asked = await alex.presses(await alex.asks("/settings"), "Change hours a week")
    assert "hours" in asked["text"]
    assert "from 1 to 40" in (await alex.asks("200"))["text"]


async def test_hours_and_goals_are_changed_in_words(alex: Learner, bot: RunningBot) -> None:
    assert "about 12 hours a week" in (await alex.asks("I have 12 hours a week"))["text"]
    assert "NLP scientist" in (await alex.asks("change my goal to nlp scientist"))["text"]
    await alex.presses(await alex.asks("/settings"), "Change hours a week")
    assert "about 1 hour a week" in (await alex.asks("one"))["text"]
    await alex.presses(await alex.asks("/settings"), "Change where you stand")
    assert (await alex.asks("rather not"))["text"].startswith("This is what I go by:")
    assert (await told(bot))[:3] == ("nlp-scientist", None, 1)


async def test_who_skips_everything_is_asked_nothing_again_and_everything_works(
    newcomer: Learner, bot: RunningBot, library: Library
) -> None:
    over = await newcomer.presses(await up_to_zone(newcomer), "Skip")
    assert "That was all." in over["text"]
    assert await told(bot) == (None, None, None, None)
    await newcomer.asks(QUESTION)
    thanks = await newcomer.asks("thanks")
    assert thanks["text"].startswith("You're welcome"), "no question came between"
    shown = await newcomer.asks("/settings")
    default = next(iter(library.tracks.values())).title
    assert f"Goal: {default} (you chose none" in shown["text"]
    assert "Time zone: UTC" in shown["text"]
    for command in ("/next", "/quiz", "/progress"):
        assert await newcomer.asks(command)


async def test_nothing_is_asked_before_the_first_answer_or_in_a_group(
    newcomer: Learner, client: SandboxClient
) -> None:
    group = newcomer.in_group(await client.add_group("Study", [ALEX_ID], privacy=False))
    name = (await client.state())["bot"]["username"]
    assert SET_ME_UP not in labels(await group.asks(f"/start@{name}"))
    assert (await group.asks(f"@{name} {QUESTION}"))["text"]
    assert "Goal" not in (await group.asks(f"/settings@{name}"))["text"]
    assert len(await client.replies(group.chat_id)) == 3
    await newcomer.asks("/start")
    for text in ("hello", "asdkjh asdkjh", "/help", "/next"):
        await newcomer.asks(text)
    assert len(await newcomer.has_read(5)) == 5


async def test_a_question_in_the_middle_is_answered_and_the_open_one_is_not_repeated(
    newcomer: Learner, bot: RunningBot, library: Library
) -> None:
    await newcomer.asks(QUESTION)
    goal = await newcomer.reads()
    for _ in range(2):
        answer = await newcomer.asks(QUESTION)
        assert answer["text"].startswith(library.notes["ml-evaluation.overfitting"].title)
    assert (await newcomer.asks("/help"))["text"]
    assert len(await newcomer.has_read(5)) == 5, "no question again"
    assert STANDING in (await newcomer.presses(goal, "NLP scientist"))["text"]


async def test_a_question_may_also_come_while_a_city_is_awaited(newcomer: Learner, bot: RunningBot) -> None:
    await up_to_zone(newcomer)
    assert (await newcomer.asks("how long does it take?"))["text"]
    assert (await newcomer.asks("what do engineers earn in Berlin"))["text"]
    assert (await row_of(bot))["timezone"] is None
    assert "Asia/Kolkata" in (await newcomer.asks("bangalore"))["text"]


async def test_a_city_written_long_after_the_question_is_a_question(
    newcomer: Learner, bot: RunningBot
) -> None:
    await up_to_zone(newcomer)
    long_ago = datetime.now(UTC) - AWAITED_FOR - timedelta(seconds=1)
    async with bot.database.transaction() as tx:
        await tx.execute(update(tables.learners).values(awaits_since=long_ago))
    await newcomer.asks("Lagos")
    assert (await row_of(bot))["timezone"] is None
    assert "Africa/Lagos" in (await newcomer.asks("I live in Lagos"))["text"]


async def test_numbers_that_are_no_hours_are_asked_again_until_one_is(newcomer: Learner) -> None:
    settings = await newcomer.asks("/settings")
    await newcomer.presses(settings, "Change hours a week")
    for wrong in ("-5", "200"):
        assert "as a number, from 1 to 40" in (await newcomer.asks(wrong))["text"]
    assert "about 2 hours a week" in (await newcomer.asks("1.5"))["text"]


async def test_double_taps_and_old_buttons_count_and_ask_nothing_twice(
    newcomer: Learner, bot: RunningBot
) -> None:
    greeting = await newcomer.asks("/start")
    goal = await newcomer.presses(greeting, SET_ME_UP)
    again = await newcomer.presses_again(greeting, SET_ME_UP)
    assert again["text"].startswith("This is what I go by:")
    standing = await newcomer.presses(goal, "Data scientist")
    second_tap = await newcomer.presses_again(goal, "Data scientist")
    assert STANDING not in second_tap["text"]
    changed_mind = await newcomer.presses(goal, "NLP scientist")
    assert "Your goal is now: NLP scientist" in changed_mind["text"]
    assert "past that question" in (await newcomer.presses(goal, "Skip"))["text"]
    assert HOURS in (await newcomer.presses(standing, "I'm new to all this"))["text"]
    assert (await told(bot))[:2] == ("nlp-scientist", "new")


async def test_who_set_something_before_is_not_asked_for_it(newcomer: Learner, bot: RunningBot) -> None:
    settings = await newcomer.asks("/settings")
    goals = await newcomer.presses(settings, "Change goal")
    assert "Skip" not in labels(goals)
    changed = await newcomer.presses(goals, "Data scientist")
    assert STANDING not in changed["text"], "a change leads to no further question"
    await newcomer.asks(QUESTION)
    first = (await newcomer.reads())["text"]
    assert first.startswith("So that I can guide you better")
    assert STANDING in first


async def test_of_several_cities_the_learner_chooses(newcomer: Learner, bot: RunningBot) -> None:
    await up_to_zone(newcomer)
    which = await newcomer.asks("Portland")
    assert labels(which) == ["Portland, Oregon", "Portland, Maine"]
    assert (await row_of(bot))["timezone"] is None
    over = await newcomer.presses(which, "Portland, Maine")
    assert "America/New York" in over["text"]
    assert "That was all." in over["text"]
    other = await newcomer.presses(which, "Portland, Oregon")
    assert "That was all." not in other["text"]
    assert (await row_of(bot))["timezone"] == "America/Los_Angeles"


async def test_the_time_it_is_tells_the_zone(newcomer: Learner, bot: RunningBot) -> None:
    asked = await up_to_zone(newcomer)
    clocks = [button for row in asked["reply_markup"]["inline_keyboard"] for button in row][:-1]
    in_kolkata = next(one for one in clocks if one["callback_data"].endswith("Asia/Kolkata"))
    now = datetime.now(ZoneInfo("Asia/Kolkata"))
    assert in_kolkata["text"] in {f"{now - timedelta(minutes=back):%H:%M}" for back in range(3)}
    await newcomer.presses(asked, in_kolkata["callback_data"])
    assert (await row_of(bot))["timezone"] == "Asia/Kolkata"


async def test_a_place_too_small_to_be_known_is_told_so(newcomer: Learner, bot: RunningBot) -> None:
    await up_to_zone(newcomer)
    unknown = await newcomer.asks("Hogsback")
    assert unknown["text"].startswith("I know no place of that name")
    assert labels(unknown)[-1] == "Skip"
    assert "I know no place" not in (await newcomer.asks("what is the meaning of life?"))["text"]
    here = datetime.now(UTC) + timedelta(hours=3)
    assert "UTC+3" in (await newcomer.asks(f"it's {here:%H:%M} here"))["text"]
    assert (await row_of(bot))["timezone"] == "Etc/GMT-3"


async def test_a_shared_location_tells_the_zone_and_is_not_kept(
    newcomer: Learner, bot: RunningBot, client: SandboxClient
) -> None:
    await up_to_zone(newcomer)
    over = await newcomer.asks(kind="location", latitude=6.4541, longitude=3.3947)
    assert "Africa/Lagos" in over["text"]
    assert "That was all." in over["text"]
    moved = await newcomer.asks(kind="location")
    assert "Europe/Berlin" in moved["text"]
    assert "That was all." not in moved["text"]
    nowhere = await newcomer.asks(kind="location", latitude=999, longitude=0)
    assert labels(nowhere)
    assert (await row_of(bot))["timezone"] == "Europe/Berlin"
    assert "6.45" not in str(await row_of(bot))


async def test_settings_show_and_change_each(alex: Learner, bot: RunningBot) -> None:
    settings = await alex.asks("/settings")
    assert (await alex.presses(await alex.presses(settings, "Change goal"), "BI developer"))["text"]
    standing = await alex.presses(settings, "Change where you stand")
    assert (await alex.presses(standing, "I know much of it"))["text"]
    hours = await alex.presses(settings, "Change hours a week")
    assert (await alex.presses(hours, "20 hours or more"))["text"]
    zone = await alex.presses(settings, "Change time zone")
    assert "My settings" in labels(zone)
    confirmed = await alex.asks("tokio")
    assert "Asia/Tokyo" in confirmed["text"]
    shown = (await alex.presses(confirmed, "My settings"))["text"]
    assert "Goal: BI developer\n" in shown
    assert "Where you stand: you know much of it" in shown
    assert "Hours a week: 20 hours or more" in shown
    assert f"where it is {datetime.now(ZoneInfo('Asia/Tokyo')):%H:}" in shown
    assert await told(bot) == ("bi-developer", "much", 20, "Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("settings", "This is what I go by"),
        ("Show me my settings, please", "This is what I go by"),
        ("change my goal", GOAL),
        ("my time zone is wrong", ZONE),
        ("I want to change my hours", HOURS),
    ],
)
async def test_settings_are_reached_in_words(alex: Learner, text: str, begins: str) -> None:
    assert (await alex.asks(text))["text"].startswith(begins)


async def test_another_goal_counts_at_once(alex: Learner, library: Library) -> None:
    before = await alex.asks("/progress")
    assert before["caption"].startswith(next(iter(library.tracks.values())).title)
    await alex.reads()  # the skills one by one
    goals = await alex.asks("change my goal")
    await alex.presses(goals, library.tracks["bi-developer"].title)
    after = await alex.asks("/progress")
    assert after["caption"].startswith(library.tracks["bi-developer"].title)


@pytest.mark.parametrize(
    "data", ["set:goal:astronaut", "enrol:hours:41", "set:zone:Mars/Olympus", "set:standing:unknown"]
)
async def test_a_choice_that_is_gone_is_told_kindly_and_changes_nothing(
    alex: Learner, bot: RunningBot, data: str
) -> None:
    await alex.asks("/start")
    old = await bot.sends(alex.chat_id, "an old message", data)
    await alex.reads()
    assert "can't be chosen any more" in (await alex.presses(old, data))["text"]
    assert await told(bot) == (None, None, None, None)


async def test_privacy_says_what_is_stored_of_it(alex: Learner) -> None:
    said = (await alex.asks("/privacy"))["text"]
    assert all(word in said for word in ("goal", "where you stand", "hours a week", "time zone"))


async def test_a_restart_in_the_middle_changes_nothing(
    settings: Settings, client: SandboxClient, library: Library, retriever: Retriever, search: Search
) -> None:
    async def run(stop: asyncio.Event) -> None:
        database = await open_database(settings)
        ask = Ask(library, retriever, Wishes(library, retriever), search)
        await build_bot(settings, ask, database).run(stop)
        await database.close()

    newcomer = Learner(client, ALEX_ID, ALEX_ID)
    stop = asyncio.Event()
    running = asyncio.create_task(run(stop))
    await newcomer.asks(QUESTION)
    goal = await newcomer.reads()
    stop.set()
    await running
    stop = asyncio.Event()
    running = asyncio.create_task(run(stop))
    assert STANDING in (await newcomer.presses(goal, "Data scientist"))["text"]
    assert (await newcomer.asks(QUESTION))["text"]
    assert len(await newcomer.has_read(4)) == 4, "the goal is not asked again"
    stop.set()
    await running


async def test_what_is_set_is_told_to_who_asks_in_words(alex: Learner) -> None:
    settings = await alex.asks("/settings")
    for said in ("show my settings", "how many hours do i have set?", "what's my goal"):
        assert (await alex.asks(said))["text"] == settings["text"], said
