"""What is wrong with a pack, and a pack as far as it could be read. It judges nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from knowledge.library import KeyPath, Library, Place
from knowledge.schema import Item, Note


@dataclass(frozen=True, order=True)
class Problem:
    """One thing an author has to mend; `rule` is the name of what found it, if a rule did."""

    file: str
    line: int
    what: str
    cure: str
    rule: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.cure}"


class PackError(Exception):
    """The knowledge pack has problems; nothing was built from it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Draft:
    """A pack as far as it could be read; of its `broken` files nothing is known, so nothing is said."""

    library: Library
    broken: frozenset[str] = frozenset()

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
                file = f"notes/{str(reference).replace('.', '/')}.md"
                return reference not in library.notes and file not in self.broken

    @property
    def has_every_note(self) -> bool:
        return not any(file.startswith("notes/") for file in self.broken)

    def place_of(self, part: Note | Item, skill_id: str = "") -> Place:
        """Where a note stands, or an item of a skill."""
        return self.library.places[part.id if isinstance(part, Note) else f"{skill_id}/{part.id}"]

    def items(self) -> Iterator[tuple[str, Item]]:
        """Every item, with its skill."""
        for skill_id, items in self.library.items.items():
            for item in items:
                yield skill_id, item


Rule = Callable[[Draft], Iterator[Problem]]


def name_of(rule: Callable[..., object]) -> str:
    """What a rule is called in a pack: its function's name with hyphens."""
    return rule.__name__.strip("_").replace("_", "-")


def run(rules: Iterable[Rule], draft: Draft) -> list[Problem]:
    """Everything these rules find, in no order."""
    return [replace(problem, rule=name_of(rule)) for rule in rules for problem in rule(draft)]


def at(place: Place, path: KeyPath, what: str, cure: str) -> Problem:
    """A problem of the part at `path`."""
    return Problem(place.file, place.line(*path), what, cure)
