"""Does the sandbox's clock go on as it is told, with a stop where something is due, and never back?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.client import SandboxClient, SandboxError
from bot.sandbox.clock import MOST_STOPS, SandboxClock
from bot.sandbox.server import SandboxServer
from tests.sandbox.conftest import RawBot

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


async def test_time_stops_where_something_is_due() -> None:
    clock, stops = SandboxClock(), list[datetime]()
    first = now() + 5 * HOUR

    async def catch_up() -> datetime:
        stops.append(clock())
        return first + sum(at >= first for at in stops) * DAY

    clock.follow(catch_up)
    await clock.move_on(3 * DAY)
    due = [first, first + DAY, first + 2 * DAY]
    assert [abs(at - each) < timedelta(minutes=1) for at, each in zip(stops[1:-1], due, strict=True)] == [
        True
    ] * 3
    assert abs(clock() - now() - 3 * DAY) < timedelta(minutes=1)


async def test_what_cannot_be_done_does_not_hold_up_time() -> None:
    clock, stops = SandboxClock(), list[datetime]()

    async def catch_up() -> datetime:
        stops.append(clock())
        return clock() - HOUR

    clock.follow(catch_up)
    await clock.move_on(7 * DAY)
    assert clock.ahead == 7 * DAY
    assert len(stops) == MOST_STOPS + 1


async def test_how_far_it_is_ahead_is_kept(tmp_path: Path) -> None:
    async def catch_up() -> None:
        return None

    clock = SandboxClock(tmp_path / "clock")
    clock.follow(catch_up)
    await clock.move_on(DAY)
    assert SandboxClock(tmp_path / "clock").ahead == DAY


@pytest.mark.parametrize("found", ["", "-60", "soon", "9" * 30])
def test_what_is_no_time_to_be_ahead_is_none(tmp_path: Path, found: str) -> None:
    (tmp_path / "clock").write_text(found)
    assert SandboxClock(tmp_path / "clock").ahead == timedelta(0)


async def test_the_clock_of_a_sandbox_alone_is_not_moved(learner: SandboxClient, bot: RawBot) -> None:
    await bot.does("getUpdates")
    assert (await learner.state())["time"]["can_move"] is False
    with pytest.raises(SandboxError, match="no bot lives by this sandbox's clock"):
        await learner.call("POST", "clock", {"seconds": 3600})


@pytest.mark.parametrize("seconds", [0, -3600, 32 * 24 * 3600, "soon", None])
async def test_time_does_not_go_back(learner: SandboxClient, seconds: object) -> None:
    with pytest.raises(SandboxError, match="seconds must be"):
        await learner.call("POST", "clock", {"seconds": seconds})


async def test_messages_and_polls_live_by_the_moved_clock(
    sandbox: SandboxServer, learner: SandboxClient, bot: RawBot
) -> None:
    async def catch_up() -> None:
        return None

    sandbox.world.clock.follow(catch_up)
    await bot.does("getUpdates")
    options = [{"text": "a"}, {"text": "b"}]
    poll = {"question": "?", "options": options, "is_anonymous": False, "open_period": 600}
    sent = await bot.does("sendPoll", chat_id=1001, **poll)
    assert not sent["poll"]["is_closed"]
    told = await learner.call("POST", "clock", {"seconds": 3600})
    assert (told["ahead"], told["messages"]) == (3600, 0)
    assert (await learner.state())["messages"][-1]["poll"]["is_closed"]
    said = await learner.says("later")
    assert 3590 <= said["date"] - sent["date"] <= 3660
