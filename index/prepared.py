"""What of a pack need not be worked out at each start? Passages, their words, spelling: kept in one file."""

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from index.lexical import Postings, postings_of
from index.passages import Passage, passages_of
from index.spelling import Dictionary, dictionary_of
from knowledge.library import Library

logger = logging.getLogger(__name__)

KEPT = 4  # the newest files: packs are tried and taken back
_FILE = "prepared-{}.npz"
_MADE_BY = ("lexical", "passages", "prepared", "spelling", "stop_words")  # our modules
_MADE_WITH = ("markdown-it-py", "PyStemmer", "symspellpy")  # packages; bm25s may be missing where it is read
_TEXTS = ("passages", "stems", "known", "counts")  # entries in JSON; the others are arrays


@dataclass(frozen=True)
class Prepared:
    """What the search over a pack is made of, beside its vectors."""

    passages: tuple[Passage, ...]
    postings: Postings
    dictionary: Dictionary


def open_or_prepare(library: Library, folder: Path) -> Prepared:
    """What was prepared of exactly this content by exactly this program; else it is made."""
    file = folder / _FILE.format(_key(library))
    try:
        with file.open("rb") as content, np.load(content, allow_pickle=False) as held:
            return _read({name: held[name] for name in held})
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        prepared = prepare(library)
        _keep(prepared, file)
        return prepared


def prepare(library: Library) -> Prepared:
    """Read the notes' Markdown, count their words, and learn to spell; takes some seconds."""
    notes = library.notes.values()
    passages = passages_of(notes)
    phrases = (phrase for intent in library.phrases for phrase in intent.phrases)
    dictionary = dictionary_of(
        texts=[f"{note.title} {note.body}" for note in notes],
        known=[*(ask for note in notes for ask in note.asks), *phrases],
    )
    return Prepared(passages, postings_of(passages), dictionary)


def _key(library: Library) -> str:
    made_of = [
        [(note.id, note.title, note.asks, note.body) for note in library.notes.values()],
        [intent.phrases for intent in library.phrases],
        [version(package) for package in _MADE_WITH],
    ]
    digest = hashlib.sha256(json.dumps(made_of).encode())
    for module in _MADE_BY:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()[:16]


def _read(held: Mapping[str, Any]) -> Prepared:
    told = {name: json.loads(held[name].tobytes()) for name in _TEXTS}
    return Prepared(
        tuple(Passage(name, tuple(wordings)) for name, wordings in told["passages"]),
        Postings(told["stems"], held["starts"], held["holders"], held["scores"]),
        Dictionary(
            frozenset(told["known"]), told["counts"], held["rests"], held["rest_starts"], held["rest_words"]
        ),
    )


def _keep(prepared: Prepared, file: Path) -> None:
    """In one step; a start that cannot keep anything is only slower."""
    postings, dictionary = prepared.postings, prepared.dictionary
    told: dict[str, Any] = {
        "passages": [astuple(passage) for passage in prepared.passages],
        "stems": postings.stems,
        "known": sorted(dictionary.known),
        "counts": dictionary.counts,
    }
    arrays: dict[str, Any] = {
        **{name: np.frombuffer(json.dumps(value).encode(), dtype=np.uint8) for name, value in told.items()},
        **{"starts": postings.starts, "holders": postings.holders, "scores": postings.scores},
        **{"rests": dictionary.keys, "rest_starts": dictionary.starts, "rest_words": dictionary.words},
    }
    draft = file.with_name(f".{os.getpid()}-{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as out:
            np.savez(out, **arrays)
        draft.replace(file)
        _forget_old(file.parent.glob(_FILE.format("*")))
    except OSError as error:
        logger.warning("what was prepared for the search cannot be kept: %s", error)
    finally:
        with suppress(OSError):
            draft.unlink()


def _forget_old(files: Iterable[Path]) -> None:
    for old in sorted(files, key=lambda file: file.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
