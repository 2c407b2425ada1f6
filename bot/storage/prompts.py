"""Which learners get a daily prompt now, and which did they get? At most one on each local date."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, delete, func, or_, select, update

from bot.storage import outbox, tables
from bot.storage.database import Transaction, insert_new
from bot.storage.outbox import BULK
from bot.storage.tables import learners, prompts

# What became of a prompt. A PLANNED one is promised, its item still to be chosen; DOUBT is the question
# whether to go on; OPEN becomes IGNORED when the next is due.
PLANNED, OPEN, LATER, ANSWERED = "planned", "open", "later", "answered"
SKIPPED, IGNORED, DOUBT = "skipped", "ignored", "doubt"


@dataclass(frozen=True)
class Prompt:
    """The prompt of one local date, which was due at `due_at`; its item is the attempt's."""

    id: int
    learner_id: int
    local_on: date
    state: str
    attempt_id: int | None
    due_at: datetime


@dataclass(frozen=True)
class DueLearner:
    """Whose time has come, with their latest prompt, and by what zone and hour it comes."""

    latest: Prompt | None
    id: int
    next_prompt_at: datetime
    timezone: str | None
    daily_time: time | None
    daily_every: int


@dataclass(frozen=True)
class Claim:
    """What a due learner gets: a prompt after this one, and now a new one on a date, or their latest again.

    `latest_becomes` is the state of the latest, where it changes; what comes now was due at `due_at`.
    """

    due: DueLearner
    following: datetime | None
    due_at: datetime | None = None
    new_on: date | None = None
    latest_becomes: str | None = None


_COLUMNS = [prompts.c[each.name] for each in fields(Prompt)]
_OTHER = prompts.alias("other")
_Row = dict[str, Any]
_REACHABLE = learners.c.blocked_at.is_(None)


async def due(tx: Transaction, now: datetime, limit: int) -> Sequence[DueLearner]:
    """Learners whose prompt is due, longest waiting first, to be claimed in the same transaction.

    Nobody who has shut the bot out, and nobody whom another process is about to claim.
    """
    columns = [learners.c[each.name] for each in fields(DueLearner)[1:]]
    dates = select(func.max(_OTHER.c.local_on)).where(_OTHER.c.learner_id == learners.c.id)
    is_latest = (prompts.c.learner_id == learners.c.id) & (prompts.c.local_on == dates.scalar_subquery())
    rows = await tx.execute(
        select(*_COLUMNS, *columns)
        .select_from(learners.outerjoin(prompts, is_latest))
        .where(learners.c.next_prompt_at <= now, _REACHABLE)
        .order_by(learners.c.next_prompt_at, learners.c.id)
        .limit(limit)
        .with_for_update(of=learners, skip_locked=True, key_share=True)
    )
    return [_due_learner(row) for row in rows]


def _due_learner(row: Sequence[Any]) -> DueLearner:
    """A row has the columns of the latest prompt first, empty where there was none."""
    latest = row[: len(_COLUMNS)]
    return DueLearner(Prompt(*latest) if latest[0] else None, *row[len(_COLUMNS) :])


async def next_time(connection: Transaction) -> datetime | None:
    """When the next prompt of anybody is due."""
    found: datetime | None = await connection.scalar(
        select(func.min(learners.c.next_prompt_at)).where(_REACHABLE)
    )
    return found


async def claim(tx: Transaction, claims: Sequence[Claim]) -> None:
    """Move the next prompts of these learners on, and write down what they get now."""
    moved, new, changed = list[_Row](), list[_Row](), list[_Row]()
    for each in claims:
        latest, becomes = each.due.latest, each.latest_becomes
        is_ignored = int(becomes == IGNORED)
        moved.append({"learner": each.due.id, "next_prompt_at": each.following, "ignored": is_ignored})
        if each.new_on:
            named = {"learner_id": each.due.id, "local_on": each.new_on}
            new.append({**named, "state": PLANNED, "due_at": each.due_at})
        if latest and becomes:
            due_at = each.due_at if becomes == PLANNED else latest.due_at
            changed.append({"prompt": latest.id, "before": latest.state, "state": becomes, "due_at": due_at})
    counted = learners.c.prompts_ignored + bindparam("ignored")
    here = learners.c.id == bindparam("learner")
    if moved:
        await tx.execute(update(learners).where(here).values(prompts_ignored=counted), moved)
    if new:
        await tx.execute(insert_new(tx, prompts), new)
    if changed:
        unchanged = (prompts.c.id == bindparam("prompt"), prompts.c.state == bindparam("before"))
        await tx.execute(update(prompts).where(*unchanged), changed)


async def planned(connection: Transaction, limit: int) -> Sequence[tuple[int, Prompt]]:
    """Prompts whose item is still to be chosen, longest due first, each after its learner's telegram_id."""
    rows = await connection.execute(
        select(learners.c.telegram_id, *_COLUMNS)
        .join(learners, learners.c.id == prompts.c.learner_id)
        .where(prompts.c.state == PLANNED, _REACHABLE)
        .order_by(prompts.c.due_at, prompts.c.id)
        .limit(limit)
    )
    return [(row[0], Prompt(*row[1:])) for row in rows]


async def plan_again(tx: Transaction, prompt: Prompt, at: datetime) -> None:
    """A prompt that is still planned cannot be made now: its learner is due again then."""
    planned = (prompts.c.id == prompt.id, prompts.c.state == PLANNED)
    if prompt.attempt_id:
        set_back = await tx.execute(update(prompts).where(*planned).values(state=LATER))
    else:
        set_back = await tx.execute(delete(prompts).where(*planned))
    if set_back.rowcount:
        here = (learners.c.id == prompt.learner_id, learners.c.daily_time.is_not(None))
        await tx.execute(update(learners).where(*here).values(next_prompt_at=at))


async def rest(tx: Transaction, learner_id: int, ignored: int) -> bool:
    """No more prompts for a learner who ignored at least so many; False where they reacted meanwhile."""
    here = (learners.c.id == learner_id, learners.c.prompts_ignored >= ignored)
    return bool((await tx.execute(update(learners).where(*here).values(next_prompt_at=None))).rowcount)


async def skip_planned_before(tx: Transaction, due_at: datetime) -> None:
    """What was due before then is too late by all rules."""
    late = (prompts.c.state == PLANNED, prompts.c.due_at < due_at)
    await tx.execute(update(prompts).where(*late).values(state=SKIPPED))


async def open_new(tx: Transaction, learner_id: int, local_on: date, state: str, now: datetime) -> int | None:
    """The id of the prompt of that date; None where that date has had one."""
    values = {"learner_id": learner_id, "local_on": local_on, "state": state, "due_at": now}
    made = await tx.execute(insert_new(tx, prompts).values(values).returning(prompts.c.id))
    found: int | None = made.scalar_one_or_none()
    return found


async def carries(tx: Transaction, prompt_id: int, attempt_id: int) -> None:
    """The item of a prompt."""
    await tx.execute(update(prompts).where(prompts.c.id == prompt_id).values(attempt_id=attempt_id))


async def find(connection: Transaction, prompt_id: int, learner_id: int) -> Prompt | None:
    """A prompt of this very learner."""
    return await _last(connection, prompts.c.id == prompt_id, learner_id)


async def latest(connection: Transaction, learner_id: int, before: date | None = None) -> Prompt | None:
    """The learner's last prompt, or the last one before that date."""
    where = prompts.c.local_on < before if before else prompts.c.id.is_not(None)
    return await _last(connection, where, learner_id)


async def move(tx: Transaction, prompt_id: int, before: str, after: str) -> bool:
    """Change what became of a prompt; False where it was not `before`, as at a second press."""
    here = (prompts.c.id == prompt_id, prompts.c.state == before)
    moved = await tx.execute(update(prompts).where(*here).values(state=after))
    return bool(moved.rowcount)


async def skip_unsent(tx: Transaction, attempt_id: int) -> None:
    """The prompt with this item waited too long to be sent."""
    here = (prompts.c.attempt_id == attempt_id, prompts.c.state == OPEN)
    await tx.execute(update(prompts).where(*here).values(state=SKIPPED))


async def withdraw(tx: Transaction, telegram_id: int) -> None:
    """What is planned will not come, nor what waits to be sent."""
    mine = prompts.c.learner_id == _id_of(telegram_id)
    await tx.execute(update(prompts).where(mine, prompts.c.state == PLANNED).values(state=SKIPPED))
    if await outbox.take_back_prompt(tx, telegram_id):
        await tx.execute(update(prompts).where(mine, prompts.c.state == OPEN).values(state=SKIPPED))


async def answered(tx: Transaction, learner_id: int, attempt_id: int) -> None:
    """The learner has answered an item: nobody who answers ignores, be it a prompt's or another.

    The learner first, as for all who change both (`learners.hold`).
    """
    await tx.execute(update(learners).where(learners.c.id == learner_id).values(prompts_ignored=0))
    await tx.execute(update(prompts).where(prompts.c.attempt_id == attempt_id).values(state=ANSWERED))


async def stop(tx: Transaction, telegram_id: int) -> bool:
    """Nothing comes unasked any more, not even what waits to be sent; False where nothing would have come."""
    await withdraw(tx, telegram_id)
    box = tables.outbox
    await tx.execute(delete(box).where(box.c.chat_id == telegram_id, box.c.lane == BULK))
    would = or_(learners.c.daily_time.is_not(None), learners.c.next_summary_at.is_not(None))
    nothing = {"daily_time": None, "next_prompt_at": None, "next_summary_at": None}
    stopped = await tx.execute(
        update(learners)
        .where(learners.c.telegram_id == telegram_id, would)
        .values(**nothing, daily_every=1, prompts_ignored=0)
    )
    return bool(stopped.rowcount)


def _id_of(telegram_id: int) -> ScalarSelect[int]:
    return select(learners.c.id).where(learners.c.telegram_id == telegram_id).scalar_subquery()


async def _last(connection: Transaction, where: ColumnElement[bool], learner_id: int) -> Prompt | None:
    rows = await connection.execute(
        select(*_COLUMNS)
        .where(where, prompts.c.learner_id == learner_id)
        .order_by(prompts.c.local_on.desc())
        .limit(1)
    )
    row = rows.one_or_none()
    return Prompt(*row) if row else None
