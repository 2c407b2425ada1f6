"""Does a question ask for two things? Judged by its words. Pure."""

import re
from collections.abc import Sequence

FEWEST_WORDS = 3  # of a clause that can be a question of its own
MOST_COMPARED_WORDS = 5  # of a thing compared: more are a sentence
MOST_JOINED_WORDS = 12  # of a question that asks for two things with one verb; a longer one tells a story
LONGEST_THING = 3  # words of a thing joined by "and": "a confidence interval"
_QUESTION_WORD = (
    r"(?:how|what|whats|which|who|where|when|why|is|are|do|does|can|could|should|will|would|must|tell|"
    r"explain)"
)
_CLAUSE = re.compile(rf"(?:\?|[,;.]?\s+(?:and|also|plus|then))\s+(?={_QUESTION_WORD}\b)", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\b(?:between|compare|compared)\s+(.+?)\s+(?:and|or|with|to|vs\.?|versus)\s+(.+)", re.I
)
_VERSUS = re.compile(r"^(.+?)\s+(?:vs\.?|versus)\s+(.+)$", re.IGNORECASE)
_ASKS = re.compile(rf"(?:(?:so|ok|okay|hi|hello|and|but|well|please)\W+)?{_QUESTION_WORD}\b", re.IGNORECASE)
_TO_THE_BOT = re.compile(r"\b(?:you|your|yours|u|ur)\b", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_OF_ONESELF = re.compile(r"(?:i|i'?m|i'?ve|my|we|me)\b", re.IGNORECASE)
_EDGES = " ?.!,;:\"'()"

Ways = tuple[str, ...]  # in which one thing may be asked for; the others say little


def begins_as_question(text: str) -> bool:
    """Whether its first word asks: "what about germany"; a goal or a city does not begin so."""
    return _ASKS.match(text) is not None


def asks_of_the_world(text: str) -> bool:
    """Whether it asks what something is, and not how the bot is doing."""
    return begins_as_question(text) and not _TO_THE_BOT.search(text)


def clauses_of(question: str) -> tuple[str, str] | None:
    """The two questions that `question` is, each to be searched by itself; None where it is one."""
    clauses = [clause.strip(_EDGES) for clause in _CLAUSE.split(_plain(question))]
    asks_both = len(clauses) == 2 and all(
        map(_ASKS.match, clauses)
    )  # "I drive a cab and can read" asks nothing
    if asks_both and all(len(clause.split()) >= FEWEST_WORDS for clause in clauses):
        return clauses[0], clauses[1]
    return None


def things_in(question: str) -> tuple[Ways, Ways] | None:
    """Of two things that one question names, what each may be asked with; None where it names one, or more.

    "pay in India and the US" asks for "pay in India", and for "pay in the US", "pay the US" or "the US".
    """
    text = _plain(question)
    for compared in (_BETWEEN.search(text), _VERSUS.match(text)):
        if compared and all(len(side.split()) <= MOST_COMPARED_WORDS for side in compared.groups()):
            one, other = (f"what is {side.strip(_EDGES)}" for side in compared.groups())
            return (one,), (other,)
    sides = [side.split() for side in _AND.split(text)]
    is_story = _OF_ONESELF.match(text) or len(text.split()) > MOST_JOINED_WORDS
    if is_story or len(sides) != 2 or not all(sides):
        return None
    return _readings(*sides)


def _readings(before: Sequence[str], after: Sequence[str]) -> tuple[Ways, Ways]:
    """The first thing may end, and the second begin, up to LONGEST_THING words from the "and"."""
    lengths = range(1, LONGEST_THING + 1)
    firsts = (" ".join([*before, *after[length:]]) for length in lengths)
    seconds = (" ".join([*before[: max(0, len(before) - length)], *after]) for length in lengths)
    return tuple(dict.fromkeys(firsts)), tuple(dict.fromkeys(seconds))


def _plain(question: str) -> str:
    """With single spaces: a thousand of them are not searched for where to split."""
    return " ".join(question.split()).strip(_EDGES)
