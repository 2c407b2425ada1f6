"""An operator has something to say to all learners: each gets it once, whatever happens in between."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.guidance.results import BroadcastGone, Broadcasting, BroadcastRehearsed, BroadcastShown
from bot.storage import broadcasts, figures
from bot.storage.broadcasts import DRAFT, WRITING, Broadcast
from bot.storage.database import Transaction

BATCH = 100  # rows of the outbox written in one transaction; some 10 ms on SQLite
GOOD_FOR = timedelta(days=1)  # a draft; a button pressed by chance much later shall not write to thousands


async def draft(
    tx: Transaction, bot_id: int, operator_id: int, payload: Mapping[str, Any], now: datetime
) -> BroadcastShown:
    """Keep it, and tell who would get it."""
    broadcast_id = await broadcasts.draft(tx, bot_id, operator_id, payload, now)
    made = await broadcasts.find(tx, bot_id, broadcast_id)
    assert made is not None
    return await shown(tx, made, now)


async def show(connection: Transaction, bot_id: int, broadcast_id: int, now: datetime) -> Broadcasting:
    """How far it is."""
    found = await broadcasts.find(connection, bot_id, broadcast_id)
    return await shown(connection, found, now) if found else BroadcastGone()


async def confirm(tx: Transaction, bot_id: int, broadcast_id: int, now: datetime) -> Broadcasting:
    """Send it; a second tap changes nothing, and a draft of long ago stays one."""
    found = await broadcasts.find(tx, bot_id, broadcast_id)
    if found and not _is_stale(found, now):
        await broadcasts.confirm(tx, broadcast_id, now)
    return await show(tx, bot_id, broadcast_id, now)


async def cancel(tx: Transaction, bot_id: int, broadcast_id: int, now: datetime) -> Broadcasting:
    """Nobody else gets it."""
    if await broadcasts.find(tx, bot_id, broadcast_id):
        await broadcasts.cancel(tx, broadcast_id, now)
    return await show(tx, bot_id, broadcast_id, now)


async def rehearse(connection: Transaction, bot_id: int, broadcast_id: int, now: datetime) -> Broadcasting:
    """Everything but the sending: walk through all recipients, batch by batch as it would be done."""
    found = await broadcasts.find(connection, bot_id, broadcast_id)
    if found is None:
        return BroadcastGone()
    told, reached, batches = await shown(connection, found, now), 0, 0
    if found.state != DRAFT:
        return told
    cursor = replace(found, last_learner_id=0, confirmed_at=found.confirmed_at or now)
    while batch := await broadcasts.next_recipients(connection, cursor, BATCH):
        cursor = replace(cursor, last_learner_id=batch[-1].id)
        reached, batches = reached + len(batch), batches + 1
    return BroadcastRehearsed(replace(told, recipients=reached), batches)


async def write_batch(tx: Transaction, bot_id: int, broadcast: Broadcast, now: datetime) -> bool:
    """The rows of the next learners; False once there is nobody left to write for."""
    to = await broadcasts.next_recipients(tx, broadcast, BATCH)
    if not to:
        await broadcasts.all_written(tx, broadcast)
        return False
    await broadcasts.write(tx, bot_id, broadcast, to, now)
    return True


async def end(tx: Transaction, broadcast: Broadcast, now: datetime) -> BroadcastShown | None:
    """What came of it, once every row was dealt with; None before, and where it was told already."""
    if (await broadcasts.sendings(tx, broadcast.id)).waiting or not await broadcasts.end(tx, broadcast, now):
        return None
    return await shown(tx, replace(broadcast, state=broadcasts.DONE), now)


async def shown(connection: Transaction, broadcast: Broadcast, now: datetime) -> BroadcastShown:
    """How far it is; for whom no row is written yet, waits as well."""
    found = await figures.audience(connection)
    lying = await broadcasts.sendings(connection, broadcast.id)
    to_come = 0
    if broadcast.state in (DRAFT, WRITING):
        moment = replace(broadcast, confirmed_at=broadcast.confirmed_at or now)
        to_come = await broadcasts.count_recipients(connection, moment)
    return BroadcastShown(
        broadcast.id,
        broadcast.state,
        broadcast.written + to_come,
        found.blocked + found.stopped + found.in_groups_alone,
        lying.waiting + to_come,
        lying.failed,
        broadcast.withdrawn,
        _is_stale(broadcast, now),
    )


def _is_stale(broadcast: Broadcast, now: datetime) -> bool:
    return broadcast.state == DRAFT and now - broadcast.made_at > GOOD_FOR
