"""Was exactly this pack read before? Then what was read and found right comes from one file, in a moment."""

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pydantic
import yaml
from pydantic import ValidationError

from knowledge.library import Library
from knowledge.reader import read_pack
from knowledge.schema import (
    Exam,
    Fact,
    IntentPhrases,
    Item,
    Model,
    Note,
    Pack,
    Resource,
    Skill,
    Slug,
    Track,
    Whole,
)

KEPT = 4  # the newest files: packs are tried and taken back
_FILE = "pack-{}.json"
_HERE = Path(__file__).parent


class _Kept(Model):
    """A Library but for its places: a pack without a problem has nothing to point at."""

    pack: Pack
    skills: dict[Slug, Skill]
    tracks: dict[Slug, Track]
    resources: dict[Slug, Resource]
    notes: dict[str, Note]
    items: dict[str, tuple[Item, ...]]
    facts: dict[Whole, Fact]
    intents: tuple[IntentPhrases, ...]
    exam: Exam
    everyday: tuple[IntentPhrases, ...]


def read_kept_pack(folder: Path, shelf: Path) -> Library:
    """The pack in `folder`, by what is kept of it in `shelf` where nothing of it has changed since.

    Its Library tells no places.

    Raises:
        PackError: with every problem of the pack, as `read_pack` does.
    """
    file = shelf / _FILE.format(_key(folder))
    try:
        digest, _, content = file.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() == digest:
            return _library(_Kept.model_validate_json(content))
    except (OSError, ValidationError):
        pass
    library = read_pack(folder)
    _keep(library, file)
    return library


def _key(folder: Path) -> str:
    """Names every file of the pack and all that judges it: our rules, and pydantic's."""
    digest = hashlib.sha256(f"{pydantic.VERSION} {yaml.__version__}".encode())
    ours = [path for path in sorted(_HERE.iterdir()) if path.suffix in (".py", ".yaml")]
    for base, paths in ((_HERE, ours), (folder, sorted(folder.rglob("*")))):
        for path in paths:
            digest.update(json.dumps([path.relative_to(base).as_posix(), _content(path)]).encode())
    return digest.hexdigest()[:16]


def _content(path: Path) -> str:
    """The digest of a file; of what cannot be read, that it cannot."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return str(error.errno)


def _library(kept: _Kept) -> Library:
    return Library(**{name: getattr(kept, name) for name in _Kept.model_fields}, places={})


def _keep(library: Library, file: Path) -> None:
    """In one step; a start that cannot keep anything is only slower."""
    kept = _Kept.model_construct(**{name: getattr(library, name) for name in _Kept.model_fields})
    content = kept.model_dump_json().encode()
    draft = file.with_name(f".{os.getpid()}-{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        draft.replace(file)
        _forget_old(file.parent.glob(_FILE.format("*")))
    except OSError:
        with suppress(OSError):
            draft.unlink()


def _forget_old(files: Iterable[Path]) -> None:
    for old in sorted(files, key=lambda file: file.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
