"""A learner gets one question a day at their own hour, and always has a say in it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.chat.lately import A_DOUBLE_TAP
from bot.learning.reviews import WEIGHTS_VERSION
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from bot.storage import tables
from tests.journeys.conftest import DAY, MORNING, Days, Json, Learner, RunningBot, labels, until


@pytest.fixture
def bot(days: Days, sandbox: SandboxServer) -> RunningBot:
    return RunningBot(days.database, sandbox)


async def answers(alex: Learner, asked: Json, option: int = 0) -> Json:
    await alex.client.votes(asked, option, learner=alex.telegram_id)
    return await alex.reads()


async def is_quiet(alex: Learner, count: int) -> bool:
    """Whether the bot has sent no more messages than those."""
    return len(await alex.client.replies(alex.chat_id)) == count


async def test_set_in_words_it_comes_every_day_as_a_poll_and_an_answer_teaches(
    alex: Learner, days: Days
) -> None:
    told = await alex.asks("send me a question every day at 8")
    assert told["text"].startswith("One question every day at 08:00. The next one comes today at 08:00.")
    assert "I go by UTC, where it is 07:00 now" in told["text"]
    for day in range(2):
        await days.pass_to(day, "07:59")
        await days.pass_to(day, "08:00")
        asked = await alex.reads()
        assert asked["poll"]["type"] == "quiz"
        assert asked["poll"]["description"].startswith("Your question of the day.")
        assert labels(asked)[-3:] == ["Later", "Skip today", "Stop these"]
        feedback = await answers(alex, asked)
        assert "I'd now expect" in feedback["text"]
    await days.pass_to(1, "23:59")
    assert await is_quiet(alex, 5)
    assert [row["state"] for row in await days.rows(tables.prompts)] == ["answered", "answered"]
    assert {row["purpose"] for row in await days.rows(tables.attempts)} == {"daily"}
    assert {row["weights_version"] for row in await days.rows(tables.attempts)} == {WEIGHTS_VERSION}


async def test_a_time_in_passing_is_asked_back_and_conditions_are_told(alex: Learner, days: Days) -> None:
    asked = await alex.asks("I go to bed at 11pm")
    assert asked["text"] == "Shall I ask you one question every day at 23:00?"
    assert not [row for row in await days.rows(tables.learners) if row["daily_time"]]
    told = await alex.presses(asked, "Yes, every day at 23:00")
    assert told["text"].startswith("One question every day at 23:00.")
    assert "every day or every other day" in (await alex.asks("ask me only on weekends"))["text"]
    assert "every day or every other day" in (await alex.asks("dont write me at weekend"))["text"]
    limited = await alex.asks("/daily 8am and 8pm")
    assert limited["text"].startswith("I can ask at one hour only, every day or every other day. Shall I")
    assert [str(row["daily_time"]) for row in await days.rows(tables.learners)] == ["23:00:00"]


async def test_every_other_day_is_set_in_words(alex: Learner, days: Days) -> None:
    told = await alex.asks("every second day at 8")
    assert told["text"].startswith("One question every other day at 08:00. The next one comes today")
    for day in range(4):
        await days.pass_to(day, "08:00")
    assert [row["local_on"].day for row in await days.rows(tables.prompts)] == [2, 4]
    assert (await alex.has_read(3))[0]["text"] == told["text"]
    again = await alex.asks("/daily every day at 9")
    assert again["text"].startswith("One question every day at 09:00.")
    fewer = await alex.asks("/daily every other day")
    assert fewer["text"].startswith("One question every other day at 09:00.")
    more = await alex.asks("change it to every day")
    assert more["text"].startswith("One question every day at 09:00.")


@pytest.mark.parametrize(
    ("said", "reply", "hour"),
    [
        ("yes", "One question every other day at 07:00.", "07:00:00"),
        ("no", "All right, I leave it as it is.", None),
    ],
)
async def test_what_is_asked_back_is_answered_in_words(
    alex: Learner, days: Days, said: str, reply: str, hour: str | None
) -> None:
    asked = await alex.asks("/daily every other day at 7 but not on mondays")
    assert asked["text"].endswith("Shall I ask you one question every other day at 07:00?")
    assert (await alex.asks(said))["text"].startswith(reply)
    [row] = await days.rows(tables.learners)
    assert (str(row["daily_time"]) if row["daily_time"] else None) == hour
    assert not (await alex.asks("yes"))["text"].startswith("One question"), "it is settled"


async def test_tomorrow_is_skipped_in_words_once_todays_has_come(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    assert (await alex.asks("skip tomorrow"))["text"].startswith("Today's question comes first, at 08:00.")
    await days.pass_to(0, "08:00")
    await alex.reads()
    skipped = await alex.asks("no question tomorrow please")
    assert "The next one comes on Wednesday" in skipped["text"]
    assert "Wednesday" in (await alex.asks("skip tomorrow"))["text"], "a second time changes nothing"
    for day in (1, 2):
        await days.pass_to(day, "08:00")
        assert len(await days.rows(tables.prompts)) == day


async def test_until_a_day_of_the_week_it_pauses_and_does_not_end(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    assert "Thursday, 5 March" in (await alex.asks("no more questions until thursday"))["text"]


async def test_who_is_asked_whether_to_go_on_may_say_so(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    for day in range(4):
        await days.pass_to(day, "08:00")
    assert "Shall I go on asking every day?" in (await alex.has_read(5))[-1]["text"]
    await days.pass_to(4, "09:00")
    assert (await alex.asks("go on"))["text"].startswith("One question every day at 08:00.")


async def test_the_weekly_summary_is_wanted_or_not_in_words(alex: Learner, days: Days) -> None:
    for text, is_weekly in (("turn on the weekly summary", True), ("no weekly summary please", False)):
        await alex.asks(text)
        assert [bool(row["next_summary_at"]) for row in await days.rows(tables.learners)] == [is_weekly]


async def test_after_three_days_without_an_answer_it_asks_once_and_then_rests(
    alex: Learner, days: Days
) -> None:
    await alex.asks("/daily 8am")
    for day in range(3):
        await days.pass_to(day, "08:00")
        assert (await alex.reads())["poll"]
    await days.pass_to(3, "08:00")
    doubt = await alex.reads()
    assert "Shall I go on asking every day?" in doubt["text"]
    await days.pass_to(4, "08:00")
    await days.pass_to(40, "08:00")
    assert await is_quiet(alex, 5)
    assert "rests until you say so" in (await alex.asks("/daily"))["text"]
    fewer = await alex.presses(doubt, "Every other day")
    assert fewer["text"].startswith("One question every other day at 08:00.")
    asked_on = []
    for day in range(41, 46):
        await days.pass_to(day, "08:00")
        asked_on.append(len([row for row in await days.rows(tables.prompts) if row["attempt_id"]]))
    assert asked_on == [4, 4, 5, 5, 6]


async def test_an_answer_ends_the_ignoring_be_it_to_another_question(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    for day in range(6):
        await days.pass_to(day, "08:00")
        asked = await alex.reads()
        assert asked["poll"], "three in a row without an answer never came together"
        if day == 1:
            await answers(alex, asked)
        if day == 3:
            await answers(alex, await alex.asks("/quiz"))


@pytest.mark.parametrize(("back_at", "is_sent"), [("09:00", True), ("11:00", False)])
async def test_down_over_the_hour_it_is_sent_if_not_too_late_and_never_twice(
    alex: Learner, days: Days, back_at: str, is_sent: bool
) -> None:
    await alex.asks("/daily 8am")
    await days.pass_to(0, "08:00")
    await answers(alex, await alex.reads())
    await days.pass_to(3, back_at)  # for days nobody looked
    assert len(await days.rows(tables.prompts)) == 1 + is_sent
    await days.pass_to(4, "08:00")
    assert len(await days.rows(tables.prompts)) == 2 + is_sent


async def test_what_waits_in_line_until_its_hour_is_gone_is_not_sent(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    await alex.client.faults("429", "sendPoll", times=1, retry_after=9_000)
    days.clock.now = MORNING + timedelta(hours=1)
    days.bot.tick.wake()

    async def is_refused() -> bool:
        return any(row["error"] for row in await days.rows(tables.outbox))

    await until(is_refused, "the poll to be refused")
    await days.pass_to(0, "11:00")
    assert [row["state"] for row in await days.rows(tables.prompts)] == ["skipped"]
    assert await is_quiet(alex, 1)
    await days.pass_to(1, "08:00")
    assert (await alex.reads())["poll"]


async def test_later_takes_the_question_away_and_brings_the_same_one_again(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    await days.pass_to(0, "08:00")
    asked = await alex.reads()
    told = await alex.presses(asked, "Later")
    assert told["text"] == "All right, I'll ask again at 11:00."

    async def is_gone() -> bool:
        messages = await alex.client.replies(alex.chat_id)
        return asked["message_id"] not in {each["message_id"] for each in messages}

    await until(is_gone, "the question to go")
    await days.pass_to(0, "11:00")
    again = await alex.reads()
    assert again["poll"]["question"] == asked["poll"]["question"]
    assert again["poll"]["id"] != asked["poll"]["id"]
    assert "I'd now expect" in (await answers(alex, again))["text"]
    assert "had its day" in (await alex.presses(again, "Later"))["text"]
    assert len(await days.rows(tables.attempts)) == 1
    [prompt] = await days.rows(tables.prompts)
    assert prompt["state"] == "answered"
    await days.pass_to(1, "08:00")
    assert (await alex.reads())["poll"]


async def test_what_was_put_off_may_come_at_once_or_not_at_all(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    await days.pass_to(0, "08:00")
    told = await alex.presses(await alex.reads(), "Later")
    assert (await alex.presses(told, "Ask me now after all"))["poll"]
    days.clock.now += A_DOUBLE_TAP
    assert "had its day" in (await alex.presses(told, "Ask me now after all"))["text"]
    await days.pass_to(0, "12:00")
    await days.pass_to(1, "08:00")
    told = await alex.presses(await alex.reads(), "Later")
    skipped = await alex.presses(told, "Skip today")
    assert skipped["text"] == "Skipped. The next one comes tomorrow at 08:00."
    await days.pass_to(1, "12:00")
    assert len(await days.rows(tables.prompts)) == 2
    assert [row["state"] for row in await days.rows(tables.prompts)] == ["ignored", "skipped"]


async def test_skip_and_late_in_the_evening_later_too_leave_it_for_the_day(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 21:30")
    for day, button in enumerate(["Skip today", "Later", "Skip today", "Later"]):
        await days.pass_to(day, "21:30")
        asked = await alex.reads()
        told = await alex.presses(asked, button)
        assert told["text"].endswith("The next one comes tomorrow at 21:30.")
        days.clock.now += A_DOUBLE_TAP
        assert "had its day" in (await alex.presses(asked, button))["text"]
    assert {row["state"] for row in await days.rows(tables.prompts)} == {"skipped"}
    await days.pass_to(4, "21:30")
    assert (await alex.reads())["poll"], "whoever skips does not ignore"


async def test_today_is_skipped_in_words_before_it_came_and_after(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    for _ in range(2):
        assert "tomorrow at 08:00" in (await alex.asks("skip today"))["text"]
    await days.pass_to(0, "12:00")
    await days.pass_to(1, "08:00")
    assert (await alex.reads())["poll"]
    assert (await alex.asks("skip today"))["text"].startswith("Skipped.")
    assert {row["state"] for row in await days.rows(tables.prompts)} == {"skipped"}


async def test_a_pause_in_words_lasts_as_long_as_it_was_said_to(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    assert "Monday" in (await alex.asks("pause for a week"))["text"]
    for day in range(7):
        await days.pass_to(day, "12:00")
    assert await days.rows(tables.prompts) == []
    await days.pass_to(7, "08:00")
    assert (await alex.reads())["poll"]


async def test_what_is_no_time_of_day_changes_nothing_and_is_said_so(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    told = await alex.asks("/daily 25:00")
    assert told["text"].startswith("I couldn't make out a time of day in that.")
    assert "every day at 08:00" in told["text"]


@pytest.mark.parametrize("words", ["/daily off", "stop the daily questions", "button"])
async def test_it_is_stopped_in_words_or_by_a_button(alex: Learner, days: Days, words: str) -> None:
    await alex.asks("/daily 8am")
    await days.pass_to(0, "08:00")
    asked = await alex.reads()
    told = await (alex.presses(asked, "Stop these") if words == "button" else alex.asks(words))
    assert told["text"].startswith("There will be no daily question.")
    assert (await alex.presses(asked, "Later"))["text"].endswith("No daily question is set.")
    await days.pass_to(3, "08:00")
    assert len(await days.rows(tables.prompts)) == 1
    menu = await alex.presses(told, "Set a time")
    assert "07:00" in labels(menu)
    assert "today at 12:00" in (await alex.presses(menu, "12:00"))["text"]


async def test_who_shuts_the_bot_out_is_left_alone_and_goes_on_when_back(
    alex: Learner, days: Days, client: SandboxClient
) -> None:
    await alex.asks("/daily 8am")
    await client.call("POST", "block", {"chat_id": alex.chat_id})

    async def is_known() -> bool:
        return all(row["blocked_at"] for row in await days.rows(tables.learners))

    await until(is_known, "the bot to know")
    days.clock.now = MORNING + timedelta(hours=1)
    await days.bot.tick.serve()
    assert await days.rows(tables.prompts) == []
    await client.call("POST", "unblock", {"chat_id": alex.chat_id})
    days.clock.now = MORNING + 5 * DAY
    await alex.asks("/daily")
    await days.pass_to(5, "08:00")
    assert (await alex.reads())["poll"]


async def test_a_week_with_answers_is_told_on_sunday_to_who_wants_it(alex: Learner, days: Days) -> None:
    told = await alex.presses(await alex.asks("/daily"), "A weekly summary")
    assert told["text"].startswith(
        "On Sundays at 18:00 I'll tell you what your week has changed, from 8 March on."
    )
    await answers(alex, await alex.asks("/quiz"))
    await days.pass_to(6, "18:00")
    summary = await alex.reads()
    assert summary["text"].startswith("Your week\n• 1 answer\n")
    assert "No weekly summary" in labels(await alex.asks("/daily"))
    await days.pass_to(13, "18:00")
    assert await is_quiet(alex, 6), "a silent week is not held up to anybody"
    await answers(alex, await alex.asks("/quiz"))
    assert (await alex.presses(summary, "No weekly summary"))["text"] == "There will be no weekly summary."
    await days.pass_to(20, "18:00")
    assert await is_quiet(alex, 9)


async def test_by_their_own_clock_where_it_is_known(alex: Learner, days: Days) -> None:
    await alex.asks("/daily")
    async with days.database.transaction() as tx:
        await tx.execute(update(tables.learners).values(timezone="Asia/Kathmandu"))
    told = await alex.asks("ping me at half past seven in the evening")
    assert "at 19:30. The next one comes today at 19:30." in told["text"]
    assert "I go by your clock (Asia/Kathmandu), where it is 12:45 now." in told["text"]
    await days.pass_to(0, "13:44")
    await days.pass_to(0, "13:45")
    assert (await alex.reads())["poll"]


async def test_the_zone_is_told_by_a_button_and_a_city(alex: Learner, days: Days) -> None:
    told = await alex.asks("/daily 20:00")
    await alex.presses(told, "Tell me your time zone")
    await alex.asks("Kathmandu")
    plan = await alex.asks("/daily")
    assert "today at 20:00" in plan["text"]
    assert "Tell me your time zone" not in labels(plan)
    await days.pass_to(0, "14:14")
    await days.pass_to(0, "14:15")
    assert (await alex.reads())["poll"]


async def test_stop_ends_all_of_it_and_the_export_tells_the_hour(alex: Learner, days: Days) -> None:
    await alex.asks("/daily 8am")
    assert "document" in await alex.asks("/export")
    assert (await alex.asks("/stop"))["text"].startswith("Done: no more daily questions.")
    assert (await alex.asks("/stop"))["text"].startswith("All quiet already.")
    await days.pass_to(3, "08:00")
    assert await days.rows(tables.prompts) == []


async def test_in_a_group_nobody_learns_when_somebody_learns(
    alex: Learner, sam: Learner, client: SandboxClient
) -> None:
    group = await client.add_group("Study", [alex.telegram_id, sam.telegram_id])
    for said in ("8am", "8am and 8pm"):
        told = await alex.in_group(group).asks(f"/daily@next_rung_bot {said}")
        assert "in our private chat" in told["text"]
