"""What is wrong with a pack, and a pack as far as it could be read. It judges nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps

from knowledge.library import KeyPath, Library, Place
from knowledge.schema import Item, Links, Note


@dataclass(frozen=True, order=True)
class Problem:
    """One thing an author has to mend: in which `part` (a note or item), and by which `rule` it was found.

    `line`: 0 of what has no lines, such as a folder.

    `note`: the id of the note that is named there and does not exist.
    """

    file: str
    line: int
    what: str
    cure: str
    part: str = field(default="", compare=False)
    rule: str = field(default="", compare=False)
    note: str = field(default="", compare=False)

    def __str__(self) -> str:
        rule = f" [{self.rule}]" if self.rule else ""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.cure}{rule}"


class PackError(Exception):
    """The knowledge pack has problems; nothing was built from it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Draft:
    """A pack as far as it could be read; of its `broken` files nothing is known, so nothing is said.

    `links` are those of every note, also of one that is broken elsewhere.
    """

    library: Library
    broken: frozenset[str]
    links: Mapping[str, Links]

    def lacks(self, kind: str, reference: object) -> bool:
        """Whether `reference` to something of this kind surely does not exist."""
        library = self.library
        match kind:
            case "source":
                return reference not in library.pack.sources and "pack.yaml" not in self.broken
            case "fact":
                return reference not in library.facts and "facts.yaml" not in self.broken
            case "skill":
                return reference not in library.skills and "skills.yaml" not in self.broken
            case "resource":
                return reference not in library.resources and "resources.yaml" not in self.broken
            case _:
                return reference not in self.links and file_of(reference) not in self.broken

    @property
    def unread(self) -> frozenset[str]:
        """Files that hold notes nothing is known of."""
        known = {file_of(note_id) for note_id in self.links}
        return frozenset(file for file in self.broken - known if file.startswith("notes/"))

    def place_of(self, part: Note | Item, skill_id: str = "") -> Place:
        """Where a note stands, or an item of a skill."""
        return self.library.places[part.id if isinstance(part, Note) else f"{skill_id}/{part.id}"]

    def items(self) -> Iterator[tuple[str, Item]]:
        """Every item, with its skill."""
        for skill_id, items in self.library.items.items():
            for item in items:
                yield skill_id, item


Rule = Callable[[Draft], Iterator[Problem]]


def file_of(note_id: object) -> str:
    """Where in a pack a note stands."""
    return f"notes/{str(note_id).replace('.', '/')}.md"


def of_all_notes(rule: Rule) -> Rule:
    """A rule that can be judged only where every note is known; else it waits."""

    @wraps(rule)
    def once_all_are_known(draft: Draft) -> Iterator[Problem]:
        if not draft.unread:
            yield from rule(draft)

    return once_all_are_known


def name_of(rule: Callable[..., object]) -> str:
    """What a rule is called in a pack: its function's name with hyphens."""
    return rule.__name__.strip("_").replace("_", "-")


def run(rules: Iterable[Callable[..., Iterator[Problem]]], draft: Draft, *more: object) -> list[Problem]:
    """Everything these rules find in a pack, in no order; `more` is what they need besides."""
    return [replace(problem, rule=name_of(rule)) for rule in rules for problem in rule(draft, *more)]


def at(place: Place, path: KeyPath, what: str, cure: str, note: str = "") -> Problem:
    """A problem of the part at `path`."""
    return Problem(place.file, place.line(*path), what, cure, place.part, note=note)
