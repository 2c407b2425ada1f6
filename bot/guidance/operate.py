"""An operator wants to see how the bot does, and to set right what learners report or what failed."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.guidance import broadcast
from bot.guidance.results import PackAtWork, Reported, Status, Trouble, TroublePage, Troubles
from bot.storage import broadcasts, figures, inbox, outbox, reports
from bot.storage.database import Transaction
from index.retriever import Retriever
from knowledge.library import Library

PAGE = 4  # troubles of a page: two buttons each, and the text fits a phone
TroubleKind = Literal["items", "aside", "unsent"]
Box = Literal["aside", "unsent"]
Settling = Literal["retry", "drop"]


@dataclass(frozen=True)
class Operate:
    """Tells and mends; `library` and `retriever` are those at work."""

    library: Library
    retriever: Retriever

    async def status(
        self, connection: Transaction, bot_id: int, started_at: datetime, now: datetime, asked_by: int = 0
    ) -> Status:
        """Everything at a glance, but for the update that asks for it."""
        under_way = await broadcasts.under_way(connection, bot_id)
        return Status(
            await figures.read(connection, bot_id, now, asked_by),
            self.pack(),
            tuple([await broadcast.shown(connection, each, now) for each in under_way]),
            started_at,
            now,
        )

    def pack(self) -> PackAtWork:
        """What answers."""
        library = self.library
        items = sum(map(len, library.items.values()))
        index = str(self.retriever.vectors.manifest["name"])
        return PackAtWork(library.pack.title, len(library.skills), len(library.notes), items, index)

    async def troubles(self, connection: Transaction, bot_id: int, now: datetime) -> Troubles:
        """How much waits for an operator."""
        found = await figures.read(connection, bot_id, now)
        return Troubles(found.reported, found.set_aside, found.failed)

    async def page(
        self, connection: Transaction, bot_id: int, kind: TroubleKind, after: int, now: datetime
    ) -> TroublePage:
        """Some of them; behind the last one it is the first page again."""
        counts = await self.troubles(connection, bot_id, now)
        total = {"items": counts.reported, "aside": counts.set_aside, "unsent": counts.failed}[kind]
        after = after if after < total else 0
        found = await self._troubles(connection, bot_id, kind, after)
        return TroublePage(kind, found, after, total, now)

    async def settle(
        self, tx: Transaction, bot_id: int, kind: Box, act: Settling, row_id: int, now: datetime
    ) -> TroublePage:
        """Try a trouble again, or drop it; then what is left."""
        match kind, act:
            case "aside", "retry":
                is_done = await inbox.put_back(tx, bot_id, row_id, now)
            case "aside", "drop":
                is_done = await inbox.drop(tx, bot_id, row_id, now)
            case "unsent", "retry":
                is_done = await outbox.put_back(tx, bot_id, row_id, now)
            case _:
                is_done = await outbox.drop(tx, bot_id, row_id)
        page = await self.page(tx, bot_id, kind, 0, now)
        done: Literal["retried", "dropped"] = "retried" if act == "retry" else "dropped"
        return replace(page, settled=done if is_done else "gone")

    async def clear_item(self, tx: Transaction, bot_id: int, digest: str, now: datetime) -> TroublePage:
        """The item is fine as it is, or mended: its reports count no more, and it is asked again."""
        found = [one for one in await reports.reported(tx) if digest_of(one.skill_id, one.item_id) == digest]
        for one in found:
            await reports.clear(tx, one.skill_id, one.item_id)
        page = await self.page(tx, bot_id, "items", 0, now)
        return replace(page, settled="cleared" if found else "gone")

    async def _troubles(
        self, connection: Transaction, bot_id: int, kind: TroubleKind, after: int
    ) -> tuple[Trouble, ...]:
        match kind:
            case "items":
                found = await reports.reported(connection)
                return tuple(self._reported(one) for one in found[after : after + PAGE])
            case "aside":
                return tuple(await inbox.aside(connection, bot_id, PAGE, after))
            case "unsent":
                return tuple(await outbox.failed(connection, bot_id, PAGE, after))

    def _reported(self, report: reports.ReportedItem) -> Reported:
        items = self.library.items.get(report.skill_id, ())
        return Reported(report, next((item for item in items if item.id == report.item_id), None))


def digest_of(skill_id: str, item_id: str) -> str:
    """An item's name short enough for a button."""
    return hashlib.blake2s(f"{skill_id}/{item_id}".encode(), digest_size=8).hexdigest()
