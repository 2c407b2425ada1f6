"""One writer at a time: in order, the urgent first, and nobody who gives up takes the place with them."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.storage.writers import WritersQueue

PATIENCE = 30  # seconds


async def test_the_urgent_go_before_those_who_wait_and_each_group_keeps_its_order() -> None:
    queue, order = WritersQueue(), list[str]()

    async def write(name: str) -> None:
        async with queue.place(name.isupper()):
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*map(write, "abcABdC"))
    assert "".join(order) == "aABCbcd"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12)), min_size=1, max_size=12))
async def test_never_two_at_once_and_whoever_is_broken_off_holds_up_nobody(
    writers: list[tuple[bool, int]],
) -> None:
    queue, inside, most = WritersQueue(), 0, 0

    async def write(is_urgent: bool) -> None:
        nonlocal inside, most
        async with queue.place(is_urgent):
            inside += 1
            most = max(most, inside)
            try:
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            finally:
                inside -= 1

    async def write_or_give_up(is_urgent: bool, moments: int) -> None:
        task = asyncio.create_task(write(is_urgent))
        for _ in range(moments):
            await asyncio.sleep(0)
        if moments % 2:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(write_or_give_up(*one) for one in writers))
        await write(False)
    assert most == 1
