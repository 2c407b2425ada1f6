"""In which words does the bot speak? In the English of the code, or in those of one translated catalogue.

The views hold English messages: `_("...")`, or `many(...)` where a number decides, and `N_("...")` for what
is written down once and translated where it is used. docs/translating.md tells how a language is added.
"""

import re
from collections.abc import Iterator, Set
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from bot.errors import SettingsError

if TYPE_CHECKING:
    from polib import POEntry, POFile

ENGLISH = "en"
LOCALES = Path(__file__).resolve().parent.parent / "locales"
NUMBER = "number"  # how messages with a plural call the number that decides
_PLURALS = re.compile(r"\s*nplurals=(?P<number>[1-9])\s*;\s*plural=[^;]+;?\s*")

_LINE = re.compile(r'\s*(?:#.*|(?:[a-z_]+(?:\[\d\])?\s*)?"(?:[^"\\]|\\.)*"\s*)?')

_spoken = NullTranslations()


def _(message: str) -> str:
    """`message` in the language spoken."""
    return _spoken.gettext(message)


def many(one: str, more: str, number: int, **named: object) -> str:
    """What fits `number`, by the language's own rule, filled in with it and with all that is named."""
    return _spoken.ngettext(one, more, number).format(number=number, **named)


def N_(message: str) -> str:
    """`message` as it is; marks it for the catalogue, to be translated by `_` where it is used."""
    return message


def speak(language: str) -> None:
    """From now on every view speaks `language`; called once, by `bot/app.py`.

    Raises:
        SettingsError: there is no such catalogue, or it cannot be used.
    """
    global _spoken
    _spoken = read(language)


def languages() -> list[str]:
    """English, and every language that there is a catalogue of."""
    return [ENGLISH, *sorted(path.stem for path in LOCALES.glob("*.po"))]


def read(language: str) -> NullTranslations:
    """The catalogue of `language`; what it leaves untranslated stays English.

    Raises:
        SettingsError: there is no such catalogue, or it cannot be used.
    """
    if language not in languages():
        raise SettingsError(f"BOT_LANGUAGE is {language!r}, but there is only {', '.join(languages())}")
    if language == ENGLISH:
        return NullTranslations()
    try:
        return _compiled(LOCALES / f"{language}.po")
    except (OSError, ValueError) as error:  # also what is no UTF-8, and plural forms that are none
        reason = " ".join(str(error).split())
        raise SettingsError(
            f"BOT_LANGUAGE is {language!r}, but bot/chat/locales/{language}.po is damaged: {reason}"
        ) from error


def _compiled(path: Path) -> GNUTranslations:
    import polib  # a bot that speaks English needs none

    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not _LINE.fullmatch(line):  # polib takes a text without its last quotation mark, and cuts it
            raise ValueError(f"line {number} is neither a comment nor one text in quotation marks")
    found = polib.pofile(str(path), encoding="utf-8")
    if wrong := list(faults(found)):
        raise ValueError(wrong[0] if len(wrong) == 1 else f"{wrong[0]} (and {len(wrong) - 1} more)")
    found.metadata["Content-Type"] = "text/plain; charset=UTF-8"
    return GNUTranslations(BytesIO(found.to_binary()))


def faults(found: "POFile") -> Iterator[str]:
    """What would break a reply: no rule for plurals, one of their forms left out, a placeholder too many."""
    rule = _PLURALS.fullmatch(found.metadata.get("Plural-Forms", ""))
    if rule is None:
        yield "its header has no Plural-Forms; `make catalogue` writes them"
        return
    for entry in found:
        if not (entry.obsolete or entry.fuzzy):
            wrong = _plural_faults(entry, int(rule["number"])) if entry.msgid_plural else _faults(entry)
            yield from (f"line {entry.linenum}: {each}" for each in wrong)


def _plural_faults(entry: "POEntry", needed: int) -> Iterator[str]:
    """Either all forms or none; one that is for a single number may say "one" instead of it."""
    forms = [form for form in entry.msgstr_plural.values() if form]
    if forms and len(forms) != needed:
        yield f"{entry.msgid!r} needs {needed} forms"
    meant = placeholders(entry.msgid_plural)
    yield from (_misfit(entry.msgid_plural, form) for form in forms if not _fits(form, meant, {NUMBER}))


def _faults(entry: "POEntry") -> Iterator[str]:
    if entry.msgstr and not _fits(entry.msgstr, placeholders(entry.msgid), frozenset()):
        yield _misfit(entry.msgid, entry.msgstr)


def _misfit(message: str, translation: str) -> str:
    return f"{translation!r} has not the placeholders of {message!r}"


def _fits(translation: str, meant: Set[str] | None, may_lack: Set[str]) -> bool:
    found = placeholders(translation)
    return meant is not None and found is not None and found <= meant <= found | may_lack


def placeholders(text: str) -> Set[str] | None:
    """The names in braces; None where there is more in them, or braces that are no pair."""
    try:
        parts = [(name, spec, conversion) for _text, name, spec, conversion in Formatter().parse(text)]
    except ValueError:
        return None
    has_more = any(spec or conversion for _name, spec, conversion in parts)
    return None if has_more else {name for name, *_more in parts if name is not None}
