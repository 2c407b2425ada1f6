"""A language made of the template: each message stands in brackets, and a pack is in another script.

So a text that is in Latin letters and in no brackets is one that somebody forgot to put into the catalogue.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from string import Formatter, ascii_lowercase, ascii_uppercase
from typing import Any

import polib

from bot.chat.views.catalogue import LOCALES
from bot.chat.views.rich import Rich
from knowledge.library import Library
from knowledge.schema import Model

LANGUAGE = "xx"
TEMPLATE = LOCALES / "template.pot"
# What learners read of a pack.
_READ = {"title", "subject", "covers", "examples", "author", "promise", "done_when", "goal", "body", "asks"}
_READ |= {"stem", "code", "hint", "text", "feedback"}
_SCRIPT = str.maketrans(
    ascii_lowercase + ascii_uppercase, "абвгдежзийклмнопрстуфхцчшщАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩ"
)
MESSAGE, _LATIN = re.compile(r"⟦[^⟦⟧]*⟧"), re.compile(r"[A-Za-z]+")


def write_language(folder: Path) -> None:
    """Put the catalogue of this language there."""
    found = polib.pofile(str(TEMPLATE))
    found.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    for entry in found:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: wrapped(entry.msgid), 1: wrapped(entry.msgid_plural)}
        else:
            entry.msgstr = wrapped(entry.msgid)
    found.save(str(folder / f"{LANGUAGE}.po"))


def wrapped(message: str) -> str:
    """In brackets, but for its placeholders: what is filled in has to speak for itself."""
    parts = Formatter().parse(message)
    return "".join(
        (f"⟦{text}⟧" if text else "") + (f"{{{name}}}" if name else "") for text, name, *_more in parts
    )


def latin(text: str) -> list[str]:
    """Its words in Latin letters, as no pack here has them."""
    return _LATIN.findall(text)


def without_code(text: Rich) -> str:
    """What is no code: that is copied, and means the same in every language."""
    plain = text.text
    for mark in text.marks:
        if mark.kind in ("code", "pre"):
            plain = plain[: mark.start] + " " * (mark.end - mark.start) + plain[mark.end :]
    return plain


def in_another_script(library: Library) -> Library:
    """The same pack, with everything that learners read written in other letters."""
    return replace(library, **{each.name: _written(getattr(library, each.name)) for each in fields(library)})


def _written(value: Any, is_read: bool = False) -> Any:
    if isinstance(value, str):
        return value.translate(_SCRIPT) if is_read else value
    if isinstance(value, Model):
        names = type(value).model_fields
        return value.model_copy(
            update={name: _written(getattr(value, name), name in _READ) for name in names}
        )
    if isinstance(value, Mapping):
        return {key: _written(each, is_read) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_written(each, is_read) for each in value)
    return value
