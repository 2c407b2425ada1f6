"""Does this text lean on the question before it? Judged by its words. Pure."""

import re

MAX_WORDS = 10  # a longer text says for itself what it is about
_OPENING = re.compile(r"(and|but|or|so|what about|how about)\b|why( not)?\W*$", re.IGNORECASE)
_POINTING = re.compile(r"\b(it|its|that|this|they|them|their|those|these|there|one|ones)\b", re.IGNORECASE)


def is_short(text: str) -> bool:
    """Whether `text` may leave something unsaid."""
    return len(text.split()) <= MAX_WORDS


def is_follow_up(text: str) -> bool:
    """Whether `text` is short and opens or points like the second half of a conversation."""
    return is_short(text) and bool(_OPENING.match(text.strip()) or _POINTING.search(text))
