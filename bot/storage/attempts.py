"""What was a learner asked, and what did they answer? One row an item shown, with at most one response."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import ColumnElement, and_, case, func, insert, or_, select, update

from bot.learning.evidence import Outcome, Response
from bot.storage.database import Transaction
from bot.storage.tables import attempts, learners


@dataclass(frozen=True)
class NewAttempt:
    """An item about to be shown: its options as they will stand, its difficulty in logits at that time."""

    purpose: str
    skill_id: str
    item_id: str
    options: Sequence[str]
    difficulty: float


@dataclass(frozen=True)
class Attempt:
    """An item shown to a learner; `outcome` and what follows are None until they answer."""

    id: int
    learner_id: int
    purpose: str
    skill_id: str
    item_id: str
    options: Sequence[str]
    difficulty: float
    shown_at: datetime
    had_hint: bool
    chosen: str | None
    outcome: str | None
    answered_at: datetime | None
    answered_on: date | None

    @cached_property
    def response(self) -> Response:
        """The answer, where there is one; made once, as long histories are read often."""
        assert self.outcome
        assert self.answered_at
        assert self.answered_on
        return Response(
            self.skill_id,
            self.item_id,
            self.difficulty,
            _OUTCOMES[self.outcome],
            self.answered_at,
            self.answered_on,
            self.had_hint,
        )


_OUTCOMES = {each.value: each for each in Outcome}  # a look-up, for the same reason
_COLUMNS = [attempts.c[each.name] for each in fields(Attempt)]


async def show(tx: Transaction, learner_id: int, new: NewAttempt, now: datetime) -> int:
    """Write down that an item is shown; returns the attempt's id."""
    values = {**vars(new), "options": list(new.options), "learner_id": learner_id, "shown_at": now}
    made = await tx.execute(insert(attempts).values(**values, had_hint=False).returning(attempts.c.id))
    return int(made.scalar_one())


async def find(connection: Transaction, attempt_id: int, telegram_id: int) -> Attempt | None:
    """An attempt of this very learner."""
    return await _one(connection, attempts.c.id == attempt_id, telegram_id)


async def find_by_poll(connection: Transaction, poll_id: str, telegram_id: int) -> Attempt | None:
    """The attempt of this very learner that was sent as this poll."""
    return await _one(connection, attempts.c.poll_id == poll_id, telegram_id)


async def find_only_open(connection: Transaction, since: datetime, telegram_id: int) -> Attempt | None:
    """The learner's one open attempt since then; None where there are two, as nobody could tell which."""
    is_open = and_(attempts.c.outcome.is_(None), attempts.c.shown_at >= since)
    return await _one(connection, is_open, telegram_id)


async def find_latest(connection: Transaction, telegram_id: int) -> Attempt | None:
    """What the learner answered last, or was shown since."""
    happened = func.coalesce(attempts.c.answered_at, attempts.c.shown_at)
    found = await connection.execute(
        select(*_COLUMNS)
        .join(learners, learners.c.id == attempts.c.learner_id)
        .where(learners.c.telegram_id == telegram_id)
        .order_by(happened.desc(), attempts.c.id.desc())
        .limit(1)
    )
    row = found.first()
    return Attempt(*row) if row else None


async def sent_as(tx: Transaction, attempt_id: int, poll_id: str) -> None:
    """The item went out as this poll: votes name nothing else."""
    await tx.execute(update(attempts).where(attempts.c.id == attempt_id).values(poll_id=poll_id))


async def reviewed(tx: Transaction, attempt_id: int, weights_version: str) -> None:
    """The response was the day's review of its skill, counted with these weights: so it can be replayed."""
    here = attempts.c.id == attempt_id
    await tx.execute(update(attempts).where(here).values(weights_version=weights_version))


async def respond(
    tx: Transaction, attempt_id: int, chosen: str, outcome: str, now: datetime, today: date
) -> bool:
    """Write the response where there is none yet; False where there is one, as after a double tap."""
    values = {"chosen": chosen, "outcome": outcome, "answered_at": now, "answered_on": today}
    is_open = (attempts.c.id == attempt_id, attempts.c.outcome.is_(None))
    done = await tx.execute(update(attempts).where(*is_open).values(values))
    return bool(done.rowcount)


async def take_hint(tx: Transaction, attempt_id: int) -> None:
    """The learner has read the hint; an answer already given was given without it."""
    is_open = (attempts.c.id == attempt_id, attempts.c.outcome.is_(None))
    await tx.execute(update(attempts).where(*is_open).values(had_hint=True))


async def of_learner(
    connection: Transaction, learner_id: int, since: datetime | None = None
) -> list[Attempt]:
    """Everything the learner was shown, or what is open or was answered since then; oldest first."""
    here = [attempts.c.learner_id == learner_id]
    if since is not None:
        here.append(or_(attempts.c.answered_at.is_(None), attempts.c.answered_at >= since))
    rows = await connection.execute(select(*_COLUMNS).where(*here).order_by(attempts.c.id))
    return [Attempt(*row) for row in rows]


async def answered(connection: Transaction) -> int:
    """How many items were answered, by anybody."""
    return int(await connection.scalar(select(func.count(attempts.c.outcome))) or 0)


async def records(connection: Transaction, enough: int) -> Mapping[tuple[str, str], tuple[int, int]]:
    """How many were right and how many answered, of each item (skill id, item id) with `enough` answers."""
    answered = func.count(attempts.c.outcome)
    right = func.sum(case((attempts.c.outcome == Outcome.CORRECT, 1), else_=0))
    rows = await connection.execute(
        select(attempts.c.skill_id, attempts.c.item_id, right, answered)
        .where(attempts.c.outcome.is_not(None))
        .group_by(attempts.c.skill_id, attempts.c.item_id)
        .having(answered >= enough)
    )
    return {(skill_id, item_id): (int(won), int(count)) for skill_id, item_id, won, count in rows}


async def _one(connection: Transaction, where: ColumnElement[bool], telegram_id: int) -> Attempt | None:
    found = await connection.execute(
        select(*_COLUMNS)
        .join(learners, learners.c.id == attempts.c.learner_id)
        .where(where, learners.c.telegram_id == telegram_id)
    )
    rows = found.all()
    return Attempt(*rows[0]) if len(rows) == 1 else None
