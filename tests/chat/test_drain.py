"""The drain: keys side by side, the rows of one key one after the other, and nobody held up by another."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.drain import Drain

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PATIENCE = 30  # seconds: the machine may be busy


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Row:
    """Something to be done for `key`."""

    number: int
    key: int
    not_before: datetime = LONG_AGO


@dataclass
class Box:
    """A box of rows as the database keeps them, in memory; it writes down how it was worked off."""

    rows: list[Row] = field(default_factory=list)
    limit: int = 8
    began: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    at_work: set[int] = field(default_factory=set)
    most_at_work: int = 0
    overlaps: int = 0
    fails: dict[int, int] = field(default_factory=dict)
    held: dict[int, asyncio.Event] = field(default_factory=dict)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def drain(self) -> Drain[Row]:
        return Drain("box", self._due, self._next_time, lambda row: row.key, self._work, utc_now, self.limit)

    def put(self, *rows: Row) -> None:
        self.rows += rows

    def hold(self, number: int) -> asyncio.Event:
        """Work on this row lasts until the event is set."""
        return self.held.setdefault(number, asyncio.Event())

    async def until_done(self, *numbers: int) -> None:
        await self._until(lambda: set(numbers) <= set(self.done))

    async def until_begun(self, *numbers: int) -> None:
        await self._until(lambda: set(numbers) <= set(self.began))

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(is_so)

    def _oldest(self, busy: Collection[int]) -> list[Row]:
        first: dict[int, Row] = {}
        for row in self.rows:
            first.setdefault(row.key, row)
        return [row for row in first.values() if row.key not in busy]

    async def _due(self, busy: Collection[int], limit: int) -> list[Row]:
        return [row for row in self._oldest(busy) if row.not_before <= utc_now()][:limit]

    async def _next_time(self, busy: Collection[int]) -> datetime | None:
        return min((row.not_before for row in self._oldest(busy)), default=None)

    async def _work(self, row: Row) -> None:
        self.overlaps += row.key in self.at_work
        self.at_work.add(row.key)
        self.most_at_work = max(self.most_at_work, len(self.at_work))
        await self._note(self.began, row)
        try:
            if row.number in self.held:
                await self.held[row.number].wait()
            if self.fails.get(row.number, 0):
                self.fails[row.number] -= 1
                raise ValueError(f"row {row.number} is difficult")
            self.rows.remove(row)
        finally:
            self.at_work.discard(row.key)
        await self._note(self.done, row)

    async def _note(self, where: list[int], row: Row) -> None:
        async with self.changed:
            where.append(row.number)
            self.changed.notify_all()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 5), min_size=1, max_size=40), st.integers(1, 4))
async def test_every_row_is_done_once_and_those_of_a_key_in_order(keys: list[int], limit: int) -> None:
    box = Box([Row(number, key) for number, key in enumerate(keys)], limit)
    async with box.drain().running():
        await box.until_done(*range(len(keys)))
    assert sorted(box.done) == [*range(len(keys))]
    assert box.most_at_work <= limit
    assert box.overlaps == 0, "two rows of one key were worked on at once"
    order = defaultdict(list)
    for number in box.done:
        order[keys[number]].append(number)
    assert all(numbers == sorted(numbers) for numbers in order.values())


async def test_a_slow_key_holds_nobody_else_up() -> None:
    box = Box([Row(1, key=1), Row(2, key=1), Row(3, key=2), Row(4, key=2)])
    slow = box.hold(1)
    async with box.drain().running():
        await box.until_done(3, 4)
        assert 2 not in box.began, "a learner's second row waits for the first one"
        slow.set()
        await box.until_done(1, 2)
    assert box.overlaps == 0


async def test_a_key_with_much_to_do_does_not_starve_one_with_little() -> None:
    box = Box([*(Row(number, key=1) for number in range(100)), Row(100, key=2)], limit=2)
    async with box.drain().running():
        await box.until_done(*range(101))
    assert box.done.index(100) < 5


async def test_no_more_than_the_limit_are_at_work_and_a_free_place_is_taken_at_once() -> None:
    box = Box([Row(number, key=number) for number in range(6)], limit=3)
    events = [box.hold(number) for number in range(6)]
    async with box.drain().running():
        await box.until_begun(0, 1, 2)
        assert box.began == [0, 1, 2]
        events[1].set()
        await box.until_begun(3)
        assert len(box.at_work) == 3
        for event in events:
            event.set()
        await box.until_done(*range(6))
    assert box.most_at_work == 3


async def test_rows_that_hang_stop_nothing_where_several_places_are_filled_at_once() -> None:
    box = Box([Row(number, key=number) for number in range(6)], limit=4)
    hanging = [box.hold(number) for number in range(3)]
    drain = box.drain()
    drain.batch = 2
    async with drain.running():
        await box.until_done(3, 4, 5)
        for event in hanging:
            event.set()
        await box.until_done(*range(6))
    assert box.most_at_work == 4


async def test_a_new_row_is_begun_as_soon_as_the_drain_is_woken() -> None:
    box = Box()
    drain = box.drain()
    async with drain.running():
        for number in range(5):
            box.put(Row(number, key=1))
            drain.wake()
            await box.until_done(number)


async def test_a_row_whose_time_has_not_come_waits_without_being_asked_for() -> None:
    later = utc_now() + timedelta(seconds=0.3)
    box = Box([Row(1, 1, not_before=later), Row(2, 1), Row(3, 2)])
    async with box.drain().running():
        await box.until_done(3)
        assert box.began == [3]
        await box.until_done(1, 2)
    assert utc_now() >= later
    assert box.done == [3, 1, 2]


async def test_a_row_that_fails_is_tried_again_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    box = Box([Row(1, key=1), Row(2, key=1), Row(3, key=2)], fails={1: 1})
    async with box.drain().running():
        await box.until_done(1, 2, 3)
    assert box.done == [3, 1, 2]
    assert "row 1 is difficult" in caplog.text


async def test_a_box_that_cannot_be_read_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    box = Box([Row(1, key=1)])
    drain = box.drain()
    readable, unreadable = drain.due, iter([ConnectionError("the database is away")])

    async def due(busy: Collection[int], limit: int) -> list[Row]:
        for trouble in unreadable:
            raise trouble
        return [*await readable(busy, limit)]

    drain.due = due
    async with drain.running():
        await box.until_done(1)
    assert "the database is away" in caplog.text


async def test_what_is_under_way_at_the_end_is_finished_and_nothing_new_is_begun() -> None:
    box = Box([Row(1, key=1), Row(2, key=1)])
    slow = box.hold(1)
    async with box.drain().running():
        await box.until_begun(1)
        asyncio.get_running_loop().call_later(0.05, slow.set)
    assert box.done == [1]
    assert [row.number for row in box.rows] == [2]


async def test_what_takes_too_long_at_the_end_is_broken_off_and_stays_in_the_box() -> None:
    box = Box([Row(1, key=1), Row(2, key=2)])
    box.hold(1)
    async with asyncio.timeout(PATIENCE):
        async with box.drain().running():
            await box.until_done(2)
            await box.until_begun(1)
    assert box.done == [2]
    assert [row.number for row in box.rows] == [1]
    assert not box.at_work


@pytest.mark.parametrize("moments", range(6))
async def test_a_drain_that_is_woken_and_ended_almost_at_once_ends(moments: int) -> None:
    """Between Python 3.9 and 3.11 `asyncio.wait_for` loses a cancellation that comes at the wrong moment."""

    async def run_and_end() -> None:
        drain = Box([Row(1, key=1, not_before=utc_now() + timedelta(hours=1))]).drain()
        async with drain.running():
            for _ in range(10):
                await asyncio.sleep(0)  # by now it waits for the hour to pass
            drain.wake()
            for _ in range(moments):
                await asyncio.sleep(0)

    ended, _ = await asyncio.wait([asyncio.create_task(run_and_end())], timeout=PATIENCE)
    assert ended
