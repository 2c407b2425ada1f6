"""How does everything move from SQLite to PostgreSQL? In one transaction, counted, into an empty place."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Table, func, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import DatabaseUnavailable
from bot.storage.database import Database, Transaction
from bot.storage.tables import attempts, learners, metadata, questions

ROWS_AT_ONCE = 1_000  # in memory; some megabytes

Counts = dict[str, int]  # rows by table
_NEWEST = (learners.c.joined_at, questions.c.asked_at, attempts.c.shown_at, attempts.c.answered_at)


@dataclass(frozen=True)
class Move:
    """From a SQLite database to one on PostgreSQL, both of this version's tables."""

    source: Database
    target: Database

    async def count(self) -> Counts:
        """What there is to move."""
        async with self.source.reading() as connection:
            return await _counts(connection)

    async def was_made(self) -> bool:
        """Whether the target holds every learner of the source already.

        Raises:
            DatabaseUnavailable: it holds something else, which nothing shall be mixed with, or the source was
                used after it was moved.
        """
        async with self.source.reading() as source, self.target.reading() as target:
            if not any((await _counts(target)).values()):
                return False
            theirs, ours = [
                set(await each.scalars(select(learners.c.telegram_id))) for each in (target, source)
            ]
            if ours <= theirs and ours:
                await _check_nothing_is_new(source, target)
                return True
        raise DatabaseUnavailable(
            "the target holds other data already; nothing was moved: name an empty database"
        )

    async def make(self, on_rows: Callable[[int], object]) -> Counts:
        """Move everything, or nothing; `on_rows` hears of each batch. Nobody writes to the source meanwhile.

        Raises:
            DatabaseUnavailable: telling why not; then the target is as it was.
        """
        try:
            return await self._make(on_rows)
        except SQLAlchemyError as error:
            reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
            raise DatabaseUnavailable(f"it cannot be moved, so nothing was: {reason}") from error

    async def _make(self, on_rows: Callable[[int], object]) -> Counts:
        async with self.source.transaction() as source, self.target.transaction() as target:
            for table in metadata.sorted_tables:
                await _copy(source, target, table, on_rows)
                await _count_on(target, table)
            before, after = await _counts(source), await _counts(target)
            if before != after:
                raise DatabaseUnavailable(f"the counts differ, so nothing was moved: {before} but {after}")
        return after


async def _check_nothing_is_new(source: Transaction, target: Transaction) -> None:
    """The newest of what learners do, which is only ever added, must be in the target as it is here."""
    for column in _NEWEST:
        key = column.table.c.id
        newest = select(key, column).where(column.is_not(None)).order_by(column.desc(), key.desc()).limit(1)
        for row_id, at in await source.execute(newest):
            if await target.scalar(select(key).where(key == row_id, column == at)) is None:
                raise DatabaseUnavailable(
                    f"the source was used after it was moved ({column.table.name} of {at:%Y-%m-%d %H:%M} UTC "
                    "are not in the target); nothing was moved: name an empty database to move it anew"
                )


async def _copy(
    source: Transaction, target: Transaction, table: Table, on_rows: Callable[[int], object]
) -> None:
    rows = await source.stream(select(table).order_by(*table.primary_key))
    async for batch in rows.mappings().partitions(ROWS_AT_ONCE):
        await target.execute(insert(table), [dict(row) for row in batch])
        on_rows(len(batch))


async def _count_on(target: Transaction, table: Table) -> None:
    """Rows to come get ids after those that were moved."""
    key = table.c.get("id")
    if key is not None:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        last = select(func.max(key)).scalar_subquery()
        await target.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))


async def _counts(connection: Transaction) -> Counts:
    counts = {}
    for table in metadata.sorted_tables:
        counts[table.name] = int(await connection.scalar(select(func.count()).select_from(table)) or 0)
    return counts
