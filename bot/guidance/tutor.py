"""What the tutor's journeys share: the graphs of the pack's tracks, and a learner's record on theirs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bot.guidance import record
from bot.guidance.readings import Readings
from bot.guidance.record import Record
from bot.learning.graph import SkillGraph, graph_of
from bot.learning.placement import FEWEST, States, states_of
from bot.storage import learners
from bot.storage.database import Transaction
from bot.storage.learners import Learner
from bot.storage.settled import SettledAttempts
from knowledge.library import Library
from knowledge.schema import Note, NoteKind

Difficulties = Mapping[tuple[str, str], float]  # of items (skill id, item id), in logits


@dataclass
class Tutor:
    """Knows the pack by tracks; `chance` draws items and shuffles options."""

    library: Library
    chance: Random
    settled: SettledAttempts = field(default_factory=SettledAttempts)
    readings: Readings = field(default_factory=Readings)
    difficulties: tuple[datetime, Difficulties] | None = None  # and when they were added up
    _graphs: dict[str, SkillGraph] = field(default_factory=dict)
    _states: dict[str, States] = field(default_factory=dict)

    async def record(self, connection: Transaction, telegram_id: int, now: datetime) -> Record | None:
        """Everything known of a learner; None of somebody who never wrote."""
        learner = await learners.find(connection, telegram_id)
        if learner is None:
            return None
        track_id = self.track_of(learner)
        return await record.read(
            connection,
            learner,
            self.graph(track_id),
            self.settled,
            self.readings,
            lambda: self.states(track_id),
            now,
        )

    def forget(self, learner_id: int) -> None:
        """The learner has had everything erased: nothing of it stays in memory."""
        self.settled.forget(learner_id)
        self.readings.forget(learner_id)

    def track_of(self, learner: Learner) -> str:
        """The track of a learner; of who chose none, or one the pack no longer has, its first."""
        chosen = learner.track_id or ""
        return chosen if chosen in self.library.tracks else self.usual_track

    @property
    def usual_track(self) -> str:
        """The pack's first track; nothing where it has none, and all its skills are one way."""
        return next(iter(self.library.tracks), "")

    def graph(self, track_id: str) -> SkillGraph:
        """The skills of a track."""
        if track_id not in self._graphs:
            self._graphs[track_id] = graph_of(self.library, track_id)
        return self._graphs[track_id]

    def can_place(self, track_id: str) -> bool:
        """Whether there are items enough to find out where a learner stands."""
        items = self.library.items
        return sum(len(items.get(skill_id, ())) for skill_id in self.graph(track_id).skills) >= FEWEST

    def track_title(self, of: Record | None) -> str:
        """What the learner's track is called."""
        track = self.library.tracks.get(self.track_of(of.learner) if of else self.usual_track)
        return track.title if track else self.library.pack.title

    async def states(self, track_id: str) -> States:
        """What learners may hold on a track; made at the first placement on it, which takes a moment."""
        if track_id not in self._states:
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(None, states_of, self.graph(track_id), Random(0))
            self._states[track_id] = made
        return self._states[track_id]

    def note_of(self, skill_id: str, kind: NoteKind) -> Note | None:
        """The note that tells this side of a skill."""
        notes = self.library.notes.values()
        return next((note for note in notes if note.skill == skill_id and note.kind == kind), None)
