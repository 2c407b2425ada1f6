"""How to wait for one thing but no longer than for another? One helper; it knows nothing of Telegram."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar, cast

T = TypeVar("T")


async def first_of(wanted: Awaitable[T], *others: Awaitable[Any], timeout: float | None = None) -> T | None:
    """The result of `wanted`, or None when another or the clock came first; the rest is cancelled."""
    tasks: list[asyncio.Future[Any]] = [asyncio.ensure_future(one) for one in (wanted, *others)]
    try:
        await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        return cast(T, tasks[0].result()) if tasks[0].done() else None
    finally:
        for task in tasks:
            task.cancel()
