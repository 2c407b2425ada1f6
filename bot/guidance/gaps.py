"""An operator wants to know what the pack lacks: what was asked in vain, by matter, and a note to fill."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.guidance.results import Gap, GapGone, Gaps, NoteWanted
from bot.storage import questions
from bot.storage.database import Transaction
from bot.storage.questions import InVain
from index.answer import Reason
from index.grouping import grouped
from index.retriever import Retriever
from knowledge.checks import unpunctuated
from knowledge.library import Library

DAYS = 30
MOST = 500  # different wordings looked at, the newest: a second of work on one core
PAGE = 5
EXAMPLES = 8  # wordings of a matter; a note has about a dozen
RELATED = 3
# Where no note would help: what nobody can read, and what is in another language, which is only counted.
UNREADABLE: Reason = "unreadable"
OTHER_LANGUAGE: Reason = "other_language"


@dataclass(frozen=True)
class FindGaps:
    """Groups what was asked in vain by what it means, as `scripts/unanswered.py` does.

    `asked` is what `read` gave: the thinking needs no database.
    """

    library: Library
    retriever: Retriever

    async def read(self, connection: Transaction, now: datetime) -> list[InVain]:
        """What there is to group."""
        found = await questions.in_vain(connection, now - timedelta(days=DAYS))
        return [each for each in found if each.outcome != UNREADABLE]

    async def show(self, asked: Sequence[InVain], after: int = 0) -> Gaps:
        """A page of the matters, largest first; behind the last one it is the first page again."""
        foreign = sum(each.outcome == OTHER_LANGUAGE for each in asked)
        gaps = await asyncio.to_thread(self._gaps, asked)
        after = after if after < len(gaps) else 0
        return Gaps(tuple(gaps[after : after + PAGE]), after, len(gaps), len(asked) - foreign, foreign, DAYS)

    async def write_note(self, asked: Sequence[InVain], question_id: int) -> NoteWanted | GapGone:
        """What a note about this question's matter would hold."""
        return await asyncio.to_thread(self._note, asked, question_id)

    async def of_matter(self, asked: Sequence[InVain], question_id: int) -> list[InVain]:
        """Every question about the same matter as this one; none where it is not among those asked."""
        return await asyncio.to_thread(self._group_of, asked, question_id)

    def _gaps(self, asked: Sequence[InVain]) -> list[Gap]:
        return [_gap(group) for group in self._groups(asked)]

    def _groups(self, asked: Sequence[InVain]) -> list[list[InVain]]:
        """By matter: what a pack takes for one wording is grouped once."""
        same: dict[str, list[InVain]] = {}
        for each in asked:
            if each.outcome != OTHER_LANGUAGE:
                same.setdefault(_wording(each), []).append(each)
        wordings = [wording for wording in same if wording][:MOST]
        found = grouped(wordings, self.retriever.embedder) if wordings else []
        groups = [[each for wording in group for each in same[wording]] for group in found]
        return sorted(groups, key=lambda group: -len(group))

    def _group_of(self, asked: Sequence[InVain], question_id: int) -> list[InVain]:
        is_theirs = (group for group in self._groups(asked) if question_id in {one.row_id for one in group})
        return next(is_theirs, [])

    def _note(self, asked: Sequence[InVain], question_id: int) -> NoteWanted | GapGone:
        group = self._group_of(asked, question_id)
        if not group:
            return GapGone()
        gap = _gap(group)
        hits = self.retriever.find(gap.examples[0]).hits
        notes = [self.library.find_note(hit.passage_id) for hit in hits]
        return NoteWanted(gap, tuple(note for note in notes if note)[:RELATED])


def _wording(question: InVain) -> str:
    """What tells it from others; who wrote only signs is told apart by these."""
    return unpunctuated(question.text) or question.text.strip()


def _gap(group: Sequence[InVain]) -> Gap:
    wordings = {_wording(each): " ".join(each.text.split()) for each in group}
    reasons = Counter(each.outcome for each in group)
    return Gap(
        group[0].row_id,
        len(group),
        tuple(wordings.values())[:EXAMPLES],
        tuple(reason for reason, _ in reasons.most_common()),
    )
