"""Does this text lean on the question before it? Judged by its words. Pure."""

import re

MAX_WORDS = 10  # a longer text says for itself what it is about
_NODS = r"(?:(?:ok|okay|oh|ah|hm+|well|yes|yeah|yep|thanks|thx)\b\W*)*"  # said before the question itself
_OPENING = re.compile(_NODS + r"(?:(?:and|but|or|so|what about|how about)\b|why(?: not)?\W*$)", re.IGNORECASE)
_POINTING = re.compile(r"\b(it|its|that|this|they|them|their|those|these|there|one|ones)\b", re.IGNORECASE)
# One of several things that were just told: "the second step", "the latter".
_WHICH = r"the (?:second|third|fourth|fifth|last|other|former|latter)"
_PART = r"(?:one|step|part|point|kind|type|way)s?"
_COUNTING = re.compile(rf"\b{_WHICH}(?: {_PART}\b|\W*$)", re.IGNORECASE)
_WHY = r"why(?: (?:not|so|though|exactly|is (?:it|that|this)(?: so)?))?|how (?:so|come)"
# What to do about it: a note on a trouble mostly tells that, too.
_REMEDY = (
    r"(?:how (?:to|do i|do you|do we|can i|can we|could i|should i) "
    r"(?:fix|solve|avoid|prevent|stop|handle|repair|get rid of|deal with) (?:it|this|that|them)|"
    r"(?:any )?(?:fix|solution|remedy)|what (?:can|should|do|must|could) (?:i|we|you) do "
    r"(?:about|against) (?:it|this|that))"
)
_ALONE = r"(?:which|how(?: (?:much|many))?|what (?:kinds?|sorts?))(?: (?:ones?|of (?:it|them)|exactly|then))*"
_BARE = re.compile(
    rf"{_NODS}(?:(?:and|but|so|what about|how about)\W+)*"
    rf"(?:{_WHY}|{_WHICH}(?: {_PART})?|{_ALONE}|{_REMEDY})\W*",
    re.IGNORECASE,
)


def is_short(text: str) -> bool:
    """Whether `text` may leave something unsaid."""
    return len(text.split()) <= MAX_WORDS


def is_follow_up(text: str) -> bool:
    """Whether `text` is short and opens, points or counts like the second half of a conversation."""
    said = text.strip()
    leans = _OPENING.match(said) or _POINTING.search(said) or _COUNTING.search(said)
    return is_short(text) and bool(leans)


def is_bare(text: str) -> bool:
    """Whether `text` asks for the reason, a part or a remedy of what was said before, and names nothing.

    So do "which?" and "how much?" by themselves.
    """
    return _BARE.fullmatch(text.strip()) is not None
