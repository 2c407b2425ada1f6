"""Which rows are a learner's? Walks every table, so that a new one is neither kept back nor left behind."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, select

from bot.storage.database import Transaction
from bot.storage.tables import IS_JSON, inbox, learners, metadata

Row = Mapping[str, Any]

TELEGRAM_IDS = ("telegram_id", "chat_id", "learner_key")  # a private chat has the id of its learner
ROWS_AT_ONCE = 50  # read between two moments in which the event loop may turn to others; 1 to 4 ms
# Parts of an update that show what somebody else wrote: none of the learner's data.
OF_OTHERS = frozenset({"reply_to_message", "external_reply", "quote", "pinned_message"})


async def everything(connection: Transaction, telegram_id: int) -> dict[str, list[Row]]:
    """All that is stored about a learner, by table."""
    return {
        table.name: [row async for row in _rows_of(connection, table, telegram_id)]
        for table in metadata.tables.values()
    }


async def forget(tx: Transaction, telegram_id: int) -> None:
    """Erase everything stored about a learner, but for updates still to be handled: they came later."""
    for table in reversed(metadata.sorted_tables):
        here = whose(table, telegram_id)
        where = here & inbox.c.done_at.is_not(None) if table is inbox else here
        await tx.execute(delete(table).where(where))


def whose(table: Table, telegram_id: int) -> ColumnElement[bool]:
    """Tells the rows of this learner; there is no table without anybody's."""
    if "learner_id" in table.c:
        theirs = select(learners.c.id).where(learners.c.telegram_id == telegram_id)
        return table.c.learner_id.in_(theirs)
    [name] = [name for name in TELEGRAM_IDS if name in table.c]
    return table.c[name] == telegram_id


def columns_told(table: Table) -> list[Column[Any]]:
    """All columns but the one that says whose a row is, where that is only our number for the learner."""
    return [column for column in table.c if column.name != "learner_id"]


async def _rows_of(connection: Transaction, table: Table, telegram_id: int) -> AsyncIterator[Row]:
    columns = columns_told(table)
    wanted = select(*columns).where(whose(table, telegram_id)).order_by(*table.primary_key)
    async with connection.stream(wanted) as found:
        async for part in found.partitions(ROWS_AT_ONCE):
            for row in part:
                yield {column.name: _told(column, row[number]) for number, column in enumerate(columns)}


def _told(column: Column[Any], value: Any) -> Any:
    if column.name in ("payload", "fallback"):
        return _own_part(value)
    return json.loads(value) if column.info.get(IS_JSON) else value


def _own_part(value: Any) -> Any:
    """An update or message without the words of others; of a file it carries only how long it is."""
    match value:
        case dict():
            return {name: _own_field(name, one) for name, one in value.items() if name not in OF_OTHERS}
        case list():
            return [_own_part(one) for one in value]
    return value


def _own_field(name: str, value: Any) -> Any:
    if name in ("photo", "content") and isinstance(value, str):
        return f"{len(value)} characters, in base64"
    return _own_part(value)
