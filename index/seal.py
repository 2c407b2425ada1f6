"""Is a file what it was when it was sealed? One that nobody touched since is not read again to tell."""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path


def digest_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def is_whole(file: Path, digest: str) -> bool:
    """Whether `file` has this SHA-256; a size, time and inode at which it once had spare the reading.

    Raises:
        OSError: when it cannot be read.
    """
    seen = [digest, *_marks(file)]
    note = file.with_name(f".{file.name}.seen")
    try:
        if json.loads(note.read_text(encoding="utf-8")) == seen:
            return True
    except (OSError, ValueError):
        pass
    if digest_of(file) != digest:
        return False
    _write(note, json.dumps(seen))
    return True


def _marks(file: Path) -> list[int]:
    told = file.stat()
    return [told.st_size, told.st_mtime_ns, told.st_ino]


def _write(note: Path, words: str) -> None:
    """In one step; where nothing can be written, the next opening reads the file again."""
    draft = note.with_name(f"{note.name}.{os.getpid()}")
    try:
        draft.write_text(words, encoding="utf-8")
        draft.replace(note)
    except OSError:
        with suppress(OSError):
            draft.unlink()
