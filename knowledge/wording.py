"""What does an author read about a field that the schema refuses? Pydantic's errors in plain words."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from knowledge.schema import PATTERNS

_LONGEST_SHOWN = 40  # characters of what the author wrote

# By kind of error: what is wrong, and what to do. Braces are filled from the error; {given} is the value.
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("is missing", "add it"),
    "extra_forbidden": ("is no field here", "remove it, or mend its spelling"),
    "string_type": (
        "must be text, not {given}",
        "write text, in quotation marks if it looks like something else",
    ),
    "string_too_long": ("has more than {max_length} characters", "shorten it"),
    "string_too_short": ("is empty", "fill it in"),
    "too_short": ("is too short a list", "name at least {min_length}"),
    "too_long": ("is too long a list", "name at most {max_length}"),
    "tuple_type": ("must be a list, not {given}", "write [one, two], or begin each entry with `- `"),
    "dict_type": ("must have fields, not {given}", "write lines like `name: ...` below it"),
    "model_type": ("must have fields, not {given}", "write lines like `name: ...` below it"),
    "int_type": ("must be a whole number, not {given}", "write one like 3"),
    "int_parsing": ("must be a whole number, not {given}", "write one like 3"),
    "float_type": ("must be a number, not {given}", "write one like 0.5"),
    "bool_type": ("must be true or false, not {given}", "choose one of them"),
    "literal_error": ("must be {expected}, not {given}", "choose one of them"),
    "greater_than_equal": ("must be {ge} or more, not {given}", "raise it"),
    "less_than_equal": ("must be {le} or less, not {given}", "lower it"),
}
_EMPTY = ("is empty", "fill it in")
_COMMA = (
    "is no field here",
    "put the text before it in quotation marks if a comma is part of it, or remove it",
)


def in_words(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return f"must be {PATTERNS[context['pattern']]}, not {_shown(given)}", "write it so"
    if kind == "value_error":  # of our own validators, which say both
        what, _, cure = error["msg"].removeprefix("Value error, ").partition("; ")
        return what, cure
    if given is None and kind != "missing":
        return _COMMA if kind == "extra_forbidden" else _EMPTY
    what, cure = _WORDS.get(kind, (error["msg"], "see docs/authoring.md"))
    filled = {**context, "given": _shown(given)}
    return what.format_map(filled), cure.format_map(filled)


def _shown(given: Any) -> str:
    """What the author wrote, cut to a length that a line can hold."""
    shown = {True: "yes or true", False: "no or false"}[given] if isinstance(given, bool) else repr(given)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
