"""What the tutor's journeys share: the graphs of the pack's tracks, and a learner's record on theirs."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bot.guidance import record
from bot.guidance.record import Record
from bot.learning.graph import SkillGraph, graph_of
from bot.storage import learners
from bot.storage.database import Transaction
from knowledge.library import Library
from knowledge.schema import Note, NoteKind


@dataclass
class Tutor:
    """Knows the pack by tracks; `chance` draws items and shuffles options."""

    library: Library
    chance: Random
    _graphs: dict[str, SkillGraph] = field(default_factory=dict)

    async def record(self, connection: Transaction, telegram_id: int, now: datetime) -> Record | None:
        """Everything known of a learner; None of somebody who never wrote."""
        learner = await learners.find(connection, telegram_id)
        if learner is None:
            return None
        return await record.read(connection, learner, self.graph(self.track_id), now)

    @property
    def track_id(self) -> str:
        """The track everybody is on, until learners can choose: the pack's first."""
        return next(iter(self.library.tracks))

    def graph(self, track_id: str) -> SkillGraph:
        """The skills of a track."""
        if track_id not in self._graphs:
            self._graphs[track_id] = graph_of(self.library, track_id)
        return self._graphs[track_id]

    def note_of(self, skill_id: str, kind: NoteKind) -> Note | None:
        """The note that tells this side of a skill."""
        notes = self.library.notes.values()
        return next((note for note in notes if note.skill == skill_id and note.kind == kind), None)
