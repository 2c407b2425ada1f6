"""Which messages does the bot have? Writes their template, and brings each translation up to date with it."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.chat.views.catalogue import LOCALES

TEMPLATE = "template.pot"
CHAT = LOCALES.parent
KEYWORDS = {"_": None, "N_": None, "many": (1, 2)}
NOTE = "Translators:"  # how a comment begins that translators shall read
HEAD = "# The messages of Next Rung. docs/translating.md tells what to do with them."
_EMPTY = (  # lines of a header that say nothing, or something else at every run
    *(b'"POT-Creation-Date:', b'"PO-Revision-Date: YEAR', b'"Generated-By:', b'"Project-Id-Version:'),
    *(b'"Report-Msgid-Bugs-To:', b'"Last-Translator: FULL NAME', b'"Language-Team:'),
)


def main() -> int:
    """Write what has changed; exit code 2 for a translation that cannot be read."""
    template = messages()
    _write(LOCALES / TEMPLATE, template)
    for path in sorted(LOCALES.glob("*.po")):
        try:
            _write(path, merged(path, template))
        except (PoFileError, ValueError) as error:
            print(f"{path.name} cannot be read: {error}", file=sys.stderr)
            return 2
        print(f"{path.name}: {_standing(path)}")
    return 0


def messages() -> Catalog:
    """Every message of the code."""
    catalogue = Catalog(header_comment=HEAD, charset="utf-8", fuzzy=False)
    for file, line, message, comments in _found():
        catalogue.add(message, None, [(f"bot/chat/{file}", line)], auto_comments=comments)
    return catalogue


def _found() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str]]]:
    found = extract_from_dir(CHAT, [("**.py", "python")], {}, KEYWORDS, [NOTE], strip_comment_tags=True)
    for file, line, message, comments, _context in found:
        yield file, line, message, comments


def merged(path: Path, template: Catalog) -> Catalog:
    """The translation at `path` with the messages of `template`.

    What was translated stays; a message that was only reworded keeps its translation, marked as fuzzy, which
    is not shown until somebody has looked at it. What is gone ends as a comment.
    """
    with path.open("rb") as file:
        translation = read_po(file, locale=path.stem, abort_invalid=True)
    translation.update(template)
    return translation


def _write(path: Path, catalogue: Catalog) -> None:
    """Without lines and dates, so that only what was changed is changed."""
    file = BytesIO()
    write_po(file, catalogue, width=100, include_lineno=False)
    lines = [line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(_EMPTY)]
    path.write_bytes(b"".join(lines))


def _standing(path: Path) -> str:
    found = [entry for entry in polib.pofile(str(path), encoding="utf-8") if not entry.obsolete]
    done, fuzzy = (sum(each) for each in zip(*((one.translated(), one.fuzzy) for one in found), strict=True))
    return f"{done} of {len(found)} messages translated, {fuzzy} to look at"


if __name__ == "__main__":
    sys.exit(main())
