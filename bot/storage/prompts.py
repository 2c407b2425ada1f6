"""Which learners get a daily prompt now, and which did they get? At most one on each local date."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from bot.storage.database import Transaction, insert_new
from bot.storage.outbox import BULK
from bot.storage.tables import learners, outbox, prompts

# What became of a prompt. DOUBT is the question whether to go on; OPEN becomes IGNORED when the next is due.
OPEN, LATER, ANSWERED, SKIPPED, IGNORED, DOUBT = "open", "later", "answered", "skipped", "ignored", "doubt"


@dataclass(frozen=True)
class Prompt:
    """The prompt of one local date; its item is the attempt's."""

    id: int
    learner_id: int
    local_on: date
    state: str
    attempt_id: int | None


@dataclass(frozen=True)
class DueLearner:
    """Whose time has come. `next_prompt_at` is what a claim has to find unchanged."""

    id: int
    telegram_id: int
    next_prompt_at: datetime


_COLUMNS = [prompts.c[each.name] for each in fields(Prompt)]


async def due(connection: Transaction, now: datetime, limit: int) -> Sequence[DueLearner]:
    """Learners whose prompt is due, longest waiting first; nobody who has shut the bot out."""
    columns = [learners.c[each.name] for each in fields(DueLearner)]
    rows = await connection.execute(
        select(*columns)
        .where(learners.c.next_prompt_at <= now, learners.c.blocked_at.is_(None))
        .order_by(learners.c.next_prompt_at, learners.c.id)
        .limit(limit)
    )
    return [DueLearner(*row) for row in rows]


async def next_time(connection: Transaction) -> datetime | None:
    """When the next prompt of anybody is due."""
    reachable = learners.c.blocked_at.is_(None)
    found: datetime | None = await connection.scalar(
        select(func.min(learners.c.next_prompt_at)).where(reachable)
    )
    return found


async def claim(tx: Transaction, learner_id: int, found: datetime, following: datetime | None) -> bool:
    """Take a due prompt by moving the learner's next one; False if somebody else did, or the learner.

    Of two processes one finds the value changed, or waits for the other and finds it changed then.
    """
    here = (learners.c.id == learner_id, learners.c.next_prompt_at == found, learners.c.blocked_at.is_(None))
    claimed = await tx.execute(update(learners).where(*here).values(next_prompt_at=following))
    return bool(claimed.rowcount)


async def open_new(tx: Transaction, learner_id: int, local_on: date, state: str, now: datetime) -> int | None:
    """The id of the prompt of that date; None where that date has had one."""
    values = {"learner_id": learner_id, "local_on": local_on, "state": state, "sent_at": now}
    made = await tx.execute(insert_new(tx, prompts).values(values).returning(prompts.c.id))
    found: int | None = made.scalar_one_or_none()
    return found


async def carries(tx: Transaction, prompt_id: int, attempt_id: int) -> None:
    """The item of a prompt."""
    await tx.execute(update(prompts).where(prompts.c.id == prompt_id).values(attempt_id=attempt_id))


async def find(connection: Transaction, prompt_id: int, learner_id: int) -> Prompt | None:
    """A prompt of this very learner."""
    return await _last(connection, prompts.c.id == prompt_id, learner_id)


async def latest(connection: Transaction, learner_id: int) -> Prompt | None:
    """The learner's last prompt."""
    return await _last(connection, prompts.c.id.is_not(None), learner_id)


async def move(tx: Transaction, prompt_id: int, before: str, after: str) -> bool:
    """Change what became of a prompt; False where it was not `before`, as at a second press."""
    here = (prompts.c.id == prompt_id, prompts.c.state == before)
    moved = await tx.execute(update(prompts).where(*here).values(state=after))
    return bool(moved.rowcount)


async def lapse(tx: Transaction, learner_id: int) -> int:
    """What is still open was ignored; returns how many were so, one after the other."""
    here = (prompts.c.learner_id == learner_id, prompts.c.state == OPEN)
    lapsed = await tx.execute(update(prompts).where(*here).values(state=IGNORED))
    row = learners.c.id == learner_id
    ignored = learners.c.prompts_ignored + min(lapsed.rowcount, 1)
    counted = update(learners).where(row).values(prompts_ignored=ignored)
    return int((await tx.execute(counted.returning(learners.c.prompts_ignored))).scalar_one())


async def answered(tx: Transaction, learner_id: int, attempt_id: int) -> None:
    """The learner has answered an item: nobody who answers ignores, be it a prompt's or another."""
    await tx.execute(update(prompts).where(prompts.c.attempt_id == attempt_id).values(state=ANSWERED))
    ignoring = (learners.c.id == learner_id, learners.c.prompts_ignored > 0)
    await tx.execute(update(learners).where(*ignoring).values(prompts_ignored=0))


async def stop(tx: Transaction, telegram_id: int) -> bool:
    """Nothing comes unasked any more, not even what waits to be sent; False where nothing would have come."""
    await tx.execute(delete(outbox).where(outbox.c.chat_id == telegram_id, outbox.c.lane == BULK))
    would = or_(learners.c.daily_time.is_not(None), learners.c.next_summary_at.is_not(None))
    nothing = {"daily_time": None, "next_prompt_at": None, "next_summary_at": None}
    stopped = await tx.execute(
        update(learners)
        .where(learners.c.telegram_id == telegram_id, would)
        .values(**nothing, daily_every=1, prompts_ignored=0)
    )
    return bool(stopped.rowcount)


async def _last(connection: Transaction, where: ColumnElement[bool], learner_id: int) -> Prompt | None:
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(where, prompts.c.learner_id == learner_id)
        .order_by(prompts.c.local_on.desc())
        .limit(1)
    )
    row = rows.one_or_none()
    return Prompt(*row) if row else None
