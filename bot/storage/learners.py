"""Who are the learners? Their rows."""

import re
from dataclasses import dataclass, fields
from datetime import datetime, time

from sqlalchemy import select, update

from bot.storage.database import Transaction, insert_new
from bot.storage.tables import learners

LANGUAGE_TAG = re.compile(r"[A-Za-z0-9-]{1,35}")  # RFC 5646, 4.4.1: 35 characters hold every sensible one


@dataclass(frozen=True)
class Learner:
    """Somebody who wrote to the bot, and what they said of themselves; None is what they did not say.

    `enrolment` is the question of the enrolment that was put last, and `awaits` what their next message may
    answer, asked at `awaits_since`. A daily prompt comes at `daily_time` on their clock every `daily_every`
    days; who has a time but no `next_prompt_at` is left in peace until they say so. A weekly summary comes at
    `next_summary_at`, if they want one.
    """

    id: int
    telegram_id: int
    language: str | None
    joined_at: datetime
    track_id: str | None
    standing: str | None
    hours_a_week: int | None
    timezone: str | None
    enrolment: str | None
    awaits: str | None
    awaits_since: datetime | None
    daily_time: time | None
    daily_every: int
    next_prompt_at: datetime | None
    prompts_ignored: int
    next_summary_at: datetime | None


async def find(connection: Transaction, telegram_id: int) -> Learner | None:
    """The learner, unless they never wrote."""
    columns = [learners.c[each.name] for each in fields(Learner)]
    found = await connection.execute(select(*columns).where(learners.c.telegram_id == telegram_id))
    row = found.one_or_none()
    return Learner(*row) if row else None


async def enrol(
    tx: Transaction, telegram_id: int, language: str | None, now: datetime, *, is_private: bool = True
) -> int:
    """The learner's id; the row is made at the first meeting, and a learner who is back is not blocked.

    Who was met in groups alone cannot be written to.
    """
    here = learners.c.telegram_id == telegram_id
    columns = learners.c["id", "blocked_at", "has_private_chat"]
    found = (await tx.execute(select(*columns).where(here))).one_or_none()
    if found is None:
        values = {"telegram_id": telegram_id, "language": _tag(language), "joined_at": now}
        values["has_private_chat"] = is_private
        await tx.execute(insert_new(tx, learners).values(values))
        return int((await tx.execute(select(learners.c.id).where(here))).scalar_one())
    if is_private and (found.blocked_at is not None or not found.has_private_chat):
        await tx.execute(update(learners).where(here).values(blocked_at=None, has_private_chat=True))
    return int(found.id)


async def hold(tx: Transaction, telegram_id: int) -> None:
    """Nobody else changes this learner until the end of `tx`.

    Whoever will change a learner and a prompt holds the learner first, as the claims do: two who begin at
    different ends would wait for each other (SQLite has one writer at a time, so there is nothing to do).
    """
    here = learners.c.telegram_id == telegram_id
    await tx.execute(select(learners.c.id).where(here).with_for_update(key_share=True))


async def change(tx: Transaction, learner_id: int, **values: str | int | datetime | time | None) -> None:
    """Write what a learner says of themselves; names are those of `Learner`."""
    await tx.execute(update(learners).where(learners.c.id == learner_id).values(**values))


async def mark_blocked(tx: Transaction, telegram_id: int, now: datetime) -> None:
    """Remember that this learner has shut the bot out: nothing is sent until they come back."""
    here = learners.c.telegram_id == telegram_id
    await tx.execute(update(learners).where(here).values(blocked_at=now))


async def stop(tx: Transaction, telegram_id: int, now: datetime) -> None:
    """Remember that this learner wants nothing they did not just ask for, no broadcast either."""
    here = (learners.c.telegram_id == telegram_id, learners.c.stopped_at.is_(None))
    await tx.execute(update(learners).where(*here).values(stopped_at=now))


def _tag(language: object) -> str | None:
    """A language as its column holds it; a server may send anything, and nobody is turned away for that."""
    return language if isinstance(language, str) and LANGUAGE_TAG.fullmatch(language) else None
