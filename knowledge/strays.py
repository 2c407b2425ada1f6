"""Which files of a pack's folder would be missed by nobody, because they have another name?"""

import os
from collections.abc import Iterator, Set
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

_MAIN_FILES = ("pack", "skills", "tracks", "resources", "facts", "intents", "questions")  # each a .yaml
_ENDINGS = {"notes": ".md", "items": ".yaml"}  # of the files of a folder
_MISTAKEN = (".md", ".markdown", ".txt", ".yaml", ".yml")  # endings of what an author may think is read
_CLOSE = 0.8  # of difflib's ratio: intent and intents, ressources and resources


def strays(folder: Path, read: Set[str]) -> Iterator[tuple[str, str]]:
    """Each file that was not `read`, and the missing file that it was probably meant to be, or nothing."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not (name in read or path.is_dir() or _is_for_people(name)):
            meant = _meant(PurePosixPath(name))
            yield name, "" if os.path.lexists(folder / meant) else meant


def _is_for_people(name: str) -> bool:
    """Whether a file says that it is not for us: hidden, an editor's copy, or like README.md and LICENSE."""
    path = PurePosixPath(name)
    is_hidden = any(part.startswith(".") for part in path.parts)
    return is_hidden or name.endswith("~") or (len(path.parts) == 1 and path.stem.isupper())


def _meant(path: PurePosixPath) -> str:
    if path.suffix.lower() not in _MISTAKEN:
        return ""
    if len(path.parts) > 1:
        ending = _ENDINGS.get(path.parts[0])
        return str(path.with_suffix(ending)) if ending else ""
    close = get_close_matches(path.stem.lower(), _MAIN_FILES, n=1, cutoff=_CLOSE)
    return f"{close[0]}.yaml" if close else ""
