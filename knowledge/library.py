"""What does a pack hold, and where does it stand? The immutable Library; it reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.schema import (
    Exam,
    ExamQuestion,
    Fact,
    IntentPhrases,
    Item,
    Note,
    Pack,
    Resource,
    Skill,
    Source,
    Track,
)

KeyPath = tuple[str | int, ...]
_WEIGHTS = {"must": 1.0, "good": 0.5, "extra": 0.0}  # of a skill on a track that says nothing else; ours


@dataclass(frozen=True)
class Place:
    """Where the parts of one file stand: key path -> line, counted from 1.

    `part` is what stands there: the id of a note, an item as `skill/item`, or nothing of its own.
    """

    file: str
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    part: str = ""

    def line(self, *path: str | int) -> int:
        """The line of `path`, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def of(self, part: str, *path: str | int) -> "Place":
        """Where `part` stands, at `path`, with the places of its own parts."""
        depth = len(path)
        inside = {key[depth:]: line for key, line in self.lines.items() if key[:depth] == path}
        return Place(self.file, inside, part)


@dataclass(frozen=True)
class Library:
    """Everything one pack teaches. `items` are by skill; the first track is the default.

    `everyday` is what learners say whatever they learn; it comes with the bot.
    """

    pack: Pack
    skills: Mapping[str, Skill]
    tracks: Mapping[str, Track]
    resources: Mapping[str, Resource]
    notes: Mapping[str, Note]
    items: Mapping[str, tuple[Item, ...]]
    facts: Mapping[int, Fact]
    intents: tuple[IntentPhrases, ...]
    exam: Exam
    places: Mapping[str, Place]
    everyday: tuple[IntentPhrases, ...] = ()

    @property
    def phrases(self) -> tuple[IntentPhrases, ...]:
        """What learners say that is not a question: of this pack, and everywhere."""
        return self.intents + self.everyday

    def weight(self, skill_id: str, track_id: str) -> float:
        """What a skill weighs on a track, from 0 to 1."""
        skill = self.skills[skill_id]
        weights = self.tracks[track_id].weights if track_id in self.tracks else {}
        return weights.get(skill_id, _WEIGHTS[skill.need])

    def find_note(self, note_id: str) -> Note | None:
        return self.notes.get(note_id)

    def resources_of(self, note: Note) -> tuple[Resource, ...]:
        return tuple(self.resources[resource_id] for resource_id in note.resources)

    def sources_of(self, note: Note) -> tuple[Source, ...]:
        return tuple(self.pack.sources[source_id] for source_id in note.sources)

    @property
    def starters(self) -> tuple[Note, ...]:
        """Where a learner who does not know what to ask may begin."""
        return tuple(self.notes[note_id] for note_id in self.pack.starters)

    def related_to(self, note: Note) -> tuple[Note, ...]:
        return tuple(self.notes[note_id] for note_id in note.related)

    def notes_carrying(self, facts: tuple[int, ...]) -> frozenset[str]:
        """Ids of the notes that carry at least one of these facts."""
        return frozenset(note.id for note in self.notes.values() if set(facts) & set(note.facts))

    def notes_answering(self, question: ExamQuestion) -> frozenset[str]:
        """Ids of the notes that would be right to answer with."""
        return self.notes_carrying(question.facts) | {*question.notes}
