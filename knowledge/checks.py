"""Do the parts of a pack fit together? Rules across files; what one file may hold is in schema.py."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge.library import Library

MAX_BODY_CHARACTERS = 1_000  # one phone screen; our choice
MAX_NOTE_ID_BYTES = 48  # a button carries it with a verb, in Telegram's 64 bytes of callback_data
_HTML_OR_HEADING = re.compile(r"^#{1,6} |<[a-zA-Z/!]|^\|", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing an author has to mend."""

    file: str
    line: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.cure}"


class PackError(Exception):
    """The knowledge pack has problems; nothing was built from it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Draft:
    """A pack as far as it could be read; of its `broken` files nothing is known, so nothing is said."""

    library: Library
    broken: frozenset[str]

    def lacks(self, name: str, reference: object) -> bool:
        """Whether `reference`, from a note's field of this name, surely does not exist."""
        match name:
            case "sources":
                return reference not in self.library.pack.sources and "pack.yaml" not in self.broken
            case "facts":
                return reference not in self.library.facts and "facts.yaml" not in self.broken
            case _:
                file = f"notes/{str(reference).replace('.', '/')}.md"
                return reference not in self.library.notes and file not in self.broken

    @property
    def has_every_note(self) -> bool:
        return not any(file.startswith("notes/") for file in self.broken)


def check(library: Library, broken: frozenset[str] = frozenset()) -> list[Problem]:
    """Every problem across the pack, in no order; `broken` files have problems of their own, told already."""
    return [problem for rule in _RULES for problem in rule(Draft(library, broken))]


def _references_exist(draft: Draft) -> Iterator[Problem]:
    library = draft.library
    for note in library.notes.values():
        place = library.places[note.id]
        for name in ("sources", "facts", "related"):
            for number, reference in enumerate(getattr(note, name)):
                if draft.lacks(name, reference):
                    line = place.line(name, number)
                    yield Problem(
                        place.file,
                        line,
                        f"{name}: {reference!r} does not exist",
                        "mend the name or remove it",
                    )
    pack_place = library.places["pack.yaml"]
    for number, note_id in enumerate(library.pack.starters):
        if draft.lacks("starters", note_id):
            line = pack_place.line("starters", number)
            yield Problem(pack_place.file, line, f"starters: {note_id!r} does not exist", "mend the name")


def _no_note_is_its_own_relative(draft: Draft) -> Iterator[Problem]:
    library = draft.library
    for note in library.notes.values():
        if note.id in note.related:
            place = library.places[note.id]
            yield Problem(place.file, place.line("related"), "is related to itself", "remove its own id")


def _notes_fit_a_phone(draft: Draft) -> Iterator[Problem]:
    library = draft.library
    for note in library.notes.values():
        place = library.places[note.id]
        if len(note.body) > MAX_BODY_CHARACTERS:
            excess = len(note.body) - MAX_BODY_CHARACTERS
            yield Problem(
                place.file,
                place.line("body"),
                f"body is {excess} characters too long",
                "shorten it, or make two notes",
            )
        if match := _HTML_OR_HEADING.search(note.body):
            line = place.line("body") + note.body[: match.start()].count("\n")
            yield Problem(
                place.file, line, "holds a heading, a table or HTML", "use paragraphs and `- ` lists"
            )
        if len(note.id) > MAX_NOTE_ID_BYTES:
            yield Problem(
                place.file, 1, f"id {note.id!r} is over {MAX_NOTE_ID_BYTES} characters", "rename the file"
            )


def _wordings_are_unique(draft: Draft) -> Iterator[Problem]:
    library = draft.library
    seen: dict[str, str] = {}
    for note in library.notes.values():
        place = library.places[note.id]
        paths = [(("title",), note.title), *((("asks", n), ask) for n, ask in enumerate(note.asks))]
        for path, wording in paths:
            key = _words(wording)
            if key in seen:
                yield Problem(
                    place.file,
                    place.line(*path),
                    f"{wording!r} stands in {seen[key]} already",
                    "word one of them otherwise",
                )
            seen.setdefault(key, place.file)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _facts_are_carried(draft: Draft) -> Iterator[Problem]:
    library = draft.library
    carried = {number for note in library.notes.values() for number in note.facts}
    place = library.places["facts.yaml"]
    for number, fact in library.facts.items():
        if number not in carried and draft.has_every_note:
            yield Problem(
                place.file, place.line(number), f"fact {number} is in no note", "name it in a note's `facts`"
            )
        if draft.lacks("sources", fact.source):
            yield Problem(
                place.file, place.line(number), f"source {fact.source!r} does not exist", "mend the name"
            )


def _exam_is_answerable(draft: Draft) -> Iterator[Problem]:
    library = draft.library
    place = library.places["questions.yaml"]
    asks = {_words(ask) for note in library.notes.values() for ask in note.asks}
    for number, question in enumerate(library.exam.answerable):
        line = place.line("answerable", number)
        if any(draft.lacks("facts", fact) for fact in question.facts):
            yield Problem(
                place.file, line, f"facts {list(question.facts)}: not all exist", "mend the numbers"
            )
        if _words(question.ask) in asks:
            yield Problem(
                place.file,
                line,
                f"{question.ask!r} is also a note's ask",
                "word the exam apart from the notes",
            )


def _has_notes(draft: Draft) -> Iterator[Problem]:
    if not draft.library.notes and draft.has_every_note:
        yield Problem("notes", 1, "there is no note", "write one; docs/authoring.md shows how")


_RULES: tuple[Callable[[Draft], Iterator[Problem]], ...] = (
    _has_notes,
    _references_exist,
    _no_note_is_its_own_relative,
    _notes_fit_a_phone,
    _wordings_are_unique,
    _facts_are_carried,
    _exam_is_answerable,
)
