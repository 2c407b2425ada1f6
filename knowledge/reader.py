"""Reads a pack's files into a Library, or tells everything that is wrong with them at once."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.checks import check
from knowledge.everyday import EVERYDAY_LANGUAGE, everyday_phrases
from knowledge.library import KeyPath, Library, Place
from knowledge.problems import Draft, PackError, Problem
from knowledge.schema import (
    Exam,
    Fact,
    IntentPhrases,
    Item,
    Links,
    Note,
    Pack,
    Resource,
    Skill,
    Slug,
    Track,
    Whole,
)
from knowledge.strays import strays
from knowledge.wording import in_words

K = TypeVar("K")
T = TypeVar("T")
_QUOTE = 'put text that holds ": " in quotation marks'
_NO_PACK = Pack.model_construct(title="", subject="", language="", licence="", authors=(), sources={})
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def read_pack(folder: Path) -> Library:
    """Read and check a whole pack.

    Raises:
        PackError: with every problem found, each with its file, line and what to do.
    """
    draft, problems = read_draft(folder)
    if problems:
        raise PackError(problems)
    return draft.library


def read_draft(folder: Path) -> tuple[Draft, list[Problem]]:
    """A pack as far as it can be read, and everything that keeps it from being used."""
    reader = _Reader(folder)
    library = reader.read()
    broken = frozenset({problem.file for problem in reader.problems} | reader.misnamed)
    draft = Draft(library, broken, reader.links)
    if not folder.is_dir():
        lost = Problem(str(folder), 0, "there is no such folder", "put the pack there, or say where it is")
        return draft, [lost]
    return draft, reader.problems + check(draft)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML of plain values; a day that is none is told with its line."""

    def construct_day(self, node: yaml.ScalarNode) -> date | datetime:
        try:
            day: date | datetime = self.construct_yaml_timestamp(node)
        except ValueError as error:
            what = f"{node.value} is no day: {error}"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from error
        return day


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


class _Reader:
    """Reads file after file and collects what is wrong with each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.places: dict[str, Place] = {}
        self.links: dict[str, Links] = {}
        self.misnamed: set[str] = set()  # files that are there, but by another name
        self._read: set[str] = set()
        self._doubled: defaultdict[str, set[KeyPath]] = defaultdict(set)

    def read(self) -> Library:
        """The pack as far as it can be read; it is whole only where there are no problems."""
        pack = self._read_yaml("pack.yaml", Pack) or _NO_PACK
        skills = self._read_entries("skills.yaml", dict[Slug, Skill])
        library = Library(
            pack=pack,
            skills=skills,
            everyday=everyday_phrases(skills) if pack.language == EVERYDAY_LANGUAGE else (),
            tracks=self._read_entries("tracks.yaml", dict[Slug, Track]),
            resources=self._read_entries("resources.yaml", dict[Slug, Resource]),
            notes={note.id: note for note in self._read_notes()},
            items=dict(self._read_items()),
            facts=self._read_entries("facts.yaml", dict[Whole, Fact]),
            intents=self._read_yaml("intents.yaml", tuple[IntentPhrases, ...], is_optional=True) or (),
            exam=self._read_yaml("questions.yaml", Exam, is_optional=True) or Exam(),
            places=self.places,
        )
        self._tell_what_was_not_read()
        return library

    def _tell_what_was_not_read(self) -> None:
        """A file with another name: what stands in it is missing."""
        for name, meant in strays(self.folder, self._read):
            self.misnamed |= {meant} - {""}
            cure = f"rename it to {meant}, or move it out of the pack" if meant else "move it out of the pack"
            self._complain(name, 1, "is no file of a pack, and is not read", cure)

    def _read_items(self) -> Iterator[tuple[str, tuple[Item, ...]]]:
        """The items of each skill: one file for each, named after it."""
        for path in sorted((self.folder / "items").glob("*.yaml")):
            name = f"items/{path.name}"
            items: dict[str, Item] = {}
            for number, item in self._read_list(name, Item):
                part = f"{path.stem}/{item.id}"
                place = self.places[name].of(part, number)
                if item.id in items:
                    what = f"id {item.id!r} stands in line {self.places[part].line('id')} already"
                    self._complain(name, place.line("id"), what, "give each item its own id")
                    continue
                items[item.id], self.places[part] = item, place
            yield path.stem, tuple(items.values())

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
        front = _FRONT_MATTER.match(text)
        if not front:
            self._complain(
                name, 1, "has no front matter", "begin the file with a block between two lines `---`"
            )
            return None
        data = self._parse(name, front[1], first_line=2)
        if not isinstance(data, dict):
            if data is not None:
                self._complain(name, 2, "has front matter without fields", "write lines like `title: ...`")
            return None
        for field in {"id", "body"} & data.keys():
            line = self.places[name].line(field)
            self._complain(
                name, line, f"{field}: is no field", "remove it: the path is the id, the rest the body"
            )
        body = text[front.end() :].lstrip()
        body_line = 1 + text.count("\n", 0, len(text) - len(body))
        body = body.rstrip()
        body_lines: dict[KeyPath, int] = {("body", n): body_line + n for n in range(body.count("\n") + 1)}
        lines = {**self.places[name].lines, **body_lines, ("body",): body_line, ("id",): 1}
        self.places[name] = self.places[note_id] = Place(name, lines, note_id)
        data = {**data, "id": note_id, "body": body}
        note = self._validate(name, data, Note) or _but_for_strays(data)
        if links := note or _links(data):
            self.links[note_id] = links
        return note

    def _read_yaml(self, name: str, kind: type[T] | Any, is_optional: bool = False) -> T | None:
        data = self._load(name, is_optional)
        return None if data is None else self._validate(name, data, kind)

    def _read_entries(self, name: str, kind: type[dict[K, T]]) -> dict[K, T]:
        """A file of entries by id, each judged for itself; one that is broken is left out."""
        data = self._load(name, is_optional=True)
        if data is not None and not isinstance(data, dict):
            self._complain(name, 1, "holds no entries by id", "write each as `id:` with its fields below")
            data = None
        entries: dict[K, T] = {}
        for entry_id, entry in (data or {}).items():
            if not self._is_doubled(name, entry_id):
                entries |= self._validate(name, {entry_id: entry}, kind) or {}
        return entries

    def _read_list(self, name: str, kind: type[T]) -> Iterator[tuple[int, T]]:
        """The valid entries of a list, each with its number."""
        data = self._load(name)
        if data is not None and not isinstance(data, list):
            self._complain(name, 1, "holds no list", "begin each entry with `- `")
            return
        for number, entry in enumerate(data or ()):
            if self._is_doubled(name, number):
                continue
            if (valid := self._validate(name, entry, kind, number)) is not None:
                yield number, valid

    def _is_doubled(self, name: str, entry: object) -> bool:
        """Whether a key of this entry was told to be there twice: who knows which of the two is meant?"""
        return any(path[0] == entry for path in self._doubled[name])

    def _load(self, name: str, is_optional: bool = False) -> Any:
        self.places[name] = Place(name)
        if is_optional and not os.path.lexists(self.folder / name):
            return None
        text = self._read_text(name)
        return None if text is None else self._parse(name, text)

    def _read_text(self, name: str) -> str | None:
        self._read.add(name)
        try:
            raw = (self.folder / name).read_bytes()
            text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = 1 + error.object.count(b"\n", 0, error.start)
            self._complain(name, line, f"is not UTF-8 text (byte {error.start})", "save it as UTF-8")
            return None
        except OSError as error:
            self._complain(name, 1, f"cannot be read: {error.strerror}", "restore the file")
            return None
        hidden = [(at, sign) for at, sign in enumerate(text) if not sign.isprintable() and _is_hidden(sign)]
        for at, sign in hidden:
            what = f"holds the invisible character U+{ord(sign):04X}"
            self._complain(name, 1 + text.count("\n", 0, at), what, "delete it, or type the word anew")
        return None if hidden else text

    def _parse(self, name: str, text: str, first_line: int = 1) -> Any:
        try:
            node, data = _compose(text)
            self.places[name] = Place(name, dict(self._locate(name, node, first_line)) if node else {})
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            line, what = _trouble(error, text)
            cure = _QUOTE if "mapping values" in what else "mend the line or the one above"
            self._complain(name, first_line + line, f"is not YAML: {what}", cure)
            return None
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
                part = int(key.value) if key.tag.endswith(":int") and key.value.isdecimal() else key.value
                if key.value in seen:
                    self._complain(name, line, f"has the key {key.value!r} twice", "keep one of the two")
                    self._doubled[name].add((*path, part))
                seen.add(key.value)
                yield (*path, part), line
                yield from self._locate(name, value, first_line, (*path, part))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                yield (*path, number), first_line + value.start_mark.line
                yield from self._locate(name, value, first_line, (*path, number))

    def _validate(self, name: str, data: Any, kind: type[T] | Any, *path: str | int) -> T | None:
        try:
            valid: T = TypeAdapter(kind).validate_python(data)
        except ValidationError as error:
            for problem in error.errors():
                inside = (*path, *(part for part in problem["loc"] if part != "[key]"))
                named = (_id_of(data), *inside[1:]) if path else inside
                where = ".".join(map(str, named)) or "the file"
                what, cure = in_words(problem)
                if inside == ("id",):
                    cure = "rename the file: its path is the id"
                self._complain(name, self.places[name].line(*inside), f"{where}: {what}", cure)
            return None
        return valid

    def _complain(self, name: str, line: int, what: str, cure: str) -> None:
        self.problems.append(Problem(name, line, what, cure))


def _compose(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None
    finally:
        loader.dispose()


def _trouble(error: Exception, text: str) -> tuple[int, str]:
    """The line in `text`, counted from 0, where it stops being YAML, and why."""
    if isinstance(error, yaml.reader.ReaderError):
        return text.count("\n", 0, error.position), f"holds the character U+{error.character:04X}"
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        is_unclosed = "quoted scalar" in (error.context or "")  # then the problem's mark is the file's end
        mark = error.context_mark if is_unclosed and error.context_mark else error.problem_mark
        return mark.line, str(error.problem)
    return 0, str(error).partition("\n")[0]


def _but_for_strays(data: dict[str, Any]) -> Note | None:
    """A note whose only trouble is a field that is none: what else it says can be checked."""
    try:
        return Note.model_validate({field: data[field] for field in Note.model_fields if field in data})
    except ValidationError:
        return None


def _links(data: dict[str, Any]) -> Links | None:
    """What a broken note is to others, unless just this is broken."""
    try:
        return Links.model_validate({field: data[field] for field in Links.model_fields if field in data})
    except ValidationError:
        return None


def _id_of(entry: object) -> str:
    """What an author calls an entry of a list."""
    named = entry.get("id") if isinstance(entry, dict) else None
    return named if isinstance(named, str) else "an entry"


def _is_hidden(sign: str) -> bool:
    """Whether nobody sees `sign`: it controls, or shapes others (but for the joiners some scripts need)."""
    return unicodedata.category(sign) in ("Cc", "Cf") and sign not in "\n\t\u200c\u200d"
