"""Work beside the main line: as long as a block, and not a moment longer, or to its own end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

_errands: set[asyncio.Task[object]] = set()  # asyncio alone would not keep them from being collected


def errand(work: Coroutine[Any, Any, object]) -> None:
    """Let `work` run to its end, which nobody waits for; its errors are its own matter."""
    task = asyncio.create_task(work)
    _errands.add(task)
    task.add_done_callback(_errands.discard)


@contextlib.asynccontextmanager
async def background(work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Run `work` while the block lasts, then cancel it."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])  # not `await task`: whether it or we were cancelled would be one to us
        if not task.cancelled():
            task.result()


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> None:
    """Run `work` to its end, or until `stop` is set."""
    tasks = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
