"""Reads a pack's files into a Library, or tells everything that is wrong with them at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.checks import PackError, Problem, check
from knowledge.library import KeyPath, Library, Place
from knowledge.schema import Exam, Fact, IntentPhrases, Note, Pack

T = TypeVar("T")
_NO_FACTS: dict[int, Fact] = {}


def read_pack(folder: Path) -> Library:
    """Read and check a whole pack.

    Raises:
        PackError: with every problem found, each with its file, line and what to do.
    """
    reader = _Reader(folder)
    library = reader.read()
    problems = reader.problems + (check(library) if library else [])
    if problems or library is None:
        raise PackError(problems)
    return library


class _Reader:
    """Reads file after file and collects what is wrong with each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.places: dict[str, Place] = {}

    def read(self) -> Library | None:
        pack = self._read_yaml("pack.yaml", Pack)
        facts = self._read_yaml("facts.yaml", dict[int, Fact], default=_NO_FACTS)
        intents = self._read_yaml("intents.yaml", tuple[IntentPhrases, ...], default=())
        exam = self._read_yaml("questions.yaml", Exam, default=Exam())
        notes = {note.id: note for note in self._read_notes()}
        if pack is None or facts is None or intents is None or exam is None or self.problems:
            return None
        return Library(pack, notes, facts, intents, exam, self.places)

    def _read_notes(self) -> Iterator[Note]:
        for path in sorted((self.folder / "notes").rglob("*.md")):
            name = path.relative_to(self.folder).as_posix()
            note_id = name.removeprefix("notes/").removesuffix(".md").replace("/", ".")
            note = self._read_note(name, note_id)
            if note:
                yield note

    def _read_note(self, name: str, note_id: str) -> Note | None:
        text = self._read_text(name)
        if text is None:
            return None
        parts = text.split("---\n", 2)
        if len(parts) < 3 or parts[0].strip():
            self._complain(
                name, 1, "has no front matter", "begin the file with a block between two lines `---`"
            )
            return None
        data = self._parse(name, parts[1], first_line=2)
        if not isinstance(data, dict):
            return None
        body_line = 3 + parts[1].count("\n")
        lines = {**self.places[name].lines, ("body",): body_line, ("id",): 1}
        self.places[name] = self.places[note_id] = Place(name, lines)
        return self._validate(name, {"id": note_id, "body": parts[2], **data}, Note)

    def _read_yaml(self, name: str, kind: type[T] | Any, default: T | None = None) -> T | None:
        if default is not None and not (self.folder / name).exists():
            self.places[name] = Place(name)
            return default
        text = self._read_text(name)
        data = None if text is None else self._parse(name, text)
        return None if data is None else self._validate(name, data, kind)

    def _read_text(self, name: str) -> str | None:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            self._complain(name, 1, f"is not UTF-8 text (byte {error.start})", "save it as UTF-8")
        except OSError as error:
            self._complain(name, 1, f"cannot be read: {error.strerror}", "restore the file")
        return None

    def _parse(self, name: str, text: str, first_line: int = 1) -> Any:
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            data = loader.construct_document(node) if node else None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            self._complain(
                name, first_line + line, f"is not YAML: {error.problem}", "mend the line or the one above"
            )
            return None
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            self._complain(name, first_line, f"is not YAML: {error}", "mend the file")
            return None
        finally:
            loader.dispose()
        self.places[name] = Place(name, dict(self._locate(name, node, first_line)) if node else {})
        if data is None:
            self._complain(
                name, first_line, "is empty", "fill it in, or delete the file if the pack needs none"
            )
        return data

    def _locate(
        self, name: str, node: yaml.Node, first_line: int, path: KeyPath = ()
    ) -> Iterator[tuple[KeyPath, int]]:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                line = first_line + key.start_mark.line
                if key.value in seen:
                    self._complain(name, line, f"has the key {key.value!r} twice", "keep one of the two")
                seen.add(key.value)
                part = int(key.value) if key.tag.endswith(":int") and key.value.isdecimal() else key.value
                yield (*path, part), line
                yield from self._locate(name, value, first_line, (*path, part))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                yield (*path, number), first_line + value.start_mark.line
                yield from self._locate(name, value, first_line, (*path, number))

    def _validate(self, name: str, data: Any, kind: type[T] | Any) -> T | None:
        try:
            valid: T = TypeAdapter(kind).validate_python(data)
        except ValidationError as error:
            for problem in error.errors():
                where = ".".join(str(part) for part in problem["loc"]) or "the file"
                line = self.places[name].line(*problem["loc"])
                self._complain(name, line, f"{where}: {problem['msg']}", _cure(problem["type"]))
            return None
        return valid

    def _complain(self, name: str, line: int, what: str, cure: str) -> None:
        self.problems.append(Problem(name, line, what, cure))


def _cure(kind: str) -> str:
    """What to do about one kind of pydantic error; the schema's own words cover the rest."""
    cures = {
        "missing": "add the field",
        "extra_forbidden": "remove the field, or mend its spelling",
        "string_too_long": "shorten it",
        "string_pattern_mismatch": "use lower-case words joined by hyphens (an id: folder.name)",
        "string_type": "write text, in quotation marks if it looks like a number",
    }
    return cures.get(kind, "see docs/authoring.md")
