"""In which words does the bot speak? In the English of the code, or in those of one translated catalogue.

The views hold English messages: `_("...")`, or `many(...)` where a number decides, and `N_("...")` for what
is written down once and translated where it is used. docs/translating.md tells how a language is added.
"""

import re
from collections.abc import Iterator
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from bot.errors import SettingsError

if TYPE_CHECKING:
    from polib import POFile

ENGLISH = "en"
LOCALES = Path(__file__).resolve().parent.parent / "locales"
NUMBER = "number"  # how messages with a plural call the number that decides
_PLURALS = re.compile(r"\s*nplurals=(?P<number>[1-9])\s*;\s*plural=[^;]+;?\s*")

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

    found = polib.pofile(str(path), encoding="utf-8")
    if wrong := list(faults(found)):
        raise ValueError(wrong[0] if len(wrong) == 1 else f"{wrong[0]} (and {len(wrong) - 1} more)")
    found.metadata["Content-Type"] = "text/plain; charset=UTF-8"
    return GNUTranslations(BytesIO(found.to_binary()))


def faults(found: "POFile") -> Iterator[str]:
    """What would break a reply: no rule for plurals, one of their forms left out, a placeholder too many."""
    rule = _PLURALS.fullmatch(found.metadata.get("Plural-Forms", ""))
    if rule is None:
        yield "its header has no Plural-Forms"
    for entry in found:
        forms = [form for form in entry.msgstr_plural.values() if form]
        if entry.obsolete or entry.fuzzy or not (entry.msgstr or forms):
            continue
        if entry.msgid_plural and rule and len(forms) != int(rule["number"]):
            yield f"line {entry.linenum}: {entry.msgid!r} needs {rule['number']} forms"
        message, may_lack = (entry.msgid_plural, {NUMBER}) if entry.msgid_plural else (entry.msgid, set())
        for translation in forms or [entry.msgstr]:
            if not _fits(placeholders(message), placeholders(translation), may_lack):
                yield f"line {entry.linenum}: {translation!r} has not the placeholders of {message!r}"


def _fits(meant: set[str] | None, found: set[str] | None, may_lack: set[str]) -> bool:
    return meant is not None and found is not None and found <= meant <= found | may_lack


def placeholders(text: str) -> set[str] | None:
    """The names in braces; None where the braces are no placeholders."""
    try:
        return {name for _text, name, *_rest in Formatter().parse(text) if name is not None}
    except ValueError:
        return None
