"""A learner makes a plan: at their pace, for their calendar, and anew after an absence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from bot.sandbox.client import SandboxClient
from bot.storage import tables
from knowledge.library import Library
from tests.journeys.conftest import Json, Learner, RunningBot, labels


async def hours_told(bot: RunningBot) -> list[int | None]:
    async with bot.database.reading() as connection:
        return list(await connection.scalars(select(tables.learners.c.hours_a_week)))


async def tell(bot: RunningBot, **values: Any) -> None:
    """What a learner has said of themselves elsewhere."""
    async with bot.database.transaction() as tx:
        await tx.execute(update(tables.learners).values(values))


async def file_of(message: Mapping[str, Any], learner: Learner, bot: RunningBot) -> bytes:
    """What the learner has on the phone after a tap on the document."""
    state = await learner.client.state(learner.chat_id)
    [url] = [
        one["document"]["url"] for one in state["messages"] if one["message_id"] == message["message_id"]
    ]
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(bot.sandbox.address + url)).content


def first_skill(plan: Json) -> str:
    """The first skill of a plan."""
    line: str = next(line for line in plan["text"].splitlines() if line.startswith("• "))
    return line.removeprefix("• ").rpartition(": ")[0]


async def test_the_plan_begins_with_the_next_step_and_assumes_what_was_not_told(
    alex: Learner, library: Library, bot: RunningBot
) -> None:
    step = await alex.asks("/next")
    plan = await alex.presses(step, "My plan")
    assert plan["text"].startswith(f"Your plan: {next(iter(library.tracks.values())).title}")
    assert "I assume 5 hours a week" in plan["text"]
    assert step["text"].startswith(f"Your next step: {first_skill(plan)}\n")
    assert await hours_told(bot) == [None]
    assert (await alex.presses(plan, "What's next for me?"))["text"] == step["text"]


async def test_another_pace_is_kept_and_makes_another_plan(alex: Learner, bot: RunningBot) -> None:
    slow = await alex.asks("/plan")
    quick = await alex.presses(slow, "20 hours a week")
    assert "With 20 hours a week" in quick["text"]
    assert "20 hours a week" not in labels(quick)
    assert await hours_told(bot) == [20]
    assert (await alex.asks("/plan"))["text"] == quick["text"]
    assert (await alex.presses_again(slow, "20 hours a week"))["text"] == quick["text"], (
        "a second tap is fine"
    )


async def test_the_plan_for_the_calendar_is_whole_and_in_the_learners_zone(
    alex: Learner, bot: RunningBot
) -> None:
    plan = await alex.asks("/plan")
    await tell(bot, timezone="Pacific/Kiritimati")  # 14 hours ahead: most of the day it is tomorrow there
    told = await alex.presses(plan, "As a calendar file")
    assert told["document"]["file_name"] == "next-rung-plan.ics"
    assert told["document"]["mime_type"] == "text/calendar"
    events = Calendar.from_ical(await file_of(told, alex, bot)).events
    assert f"Your plan for {len(events)} weeks" in told["caption"]
    assert type(events[0].start) is date, "no hour is known, so it is all day"
    again = await alex.presses(told, "My plan in words")
    assert f"From {events[0].start.day} {events[0].start:%B}\n" in again["text"]


@pytest.mark.parametrize("fault", ["404", "500"])
async def test_where_files_are_unknown_the_plan_comes_in_words(
    alex: Learner, client: SandboxClient, fault: str
) -> None:
    plan = await alex.asks("/plan")
    await client.faults(fault, "sendDocument")
    told = await alex.presses(plan, "As a calendar file")
    assert told["text"].endswith(plan["text"])
    assert "What's next for me?" in labels(told)


async def test_a_plan_is_nobody_elses_business(
    alex: Learner, sam: Learner, client: SandboxClient, bot: RunningBot
) -> None:
    await alex.asks("/start")
    group = await client.add_group("Study circle", [alex.telegram_id, sam.telegram_id])
    there = alex.in_group(group)
    assert "private chat" in (await there.asks("/plan@next_rung_bot"))["text"]
    old = await bot.sends(group, "an old message", "plan", "plan:calendar", "export")
    await there.reads()
    for button in labels(old):
        assert "private chat" in (await there.presses(old, button))["text"]
