"""Which whole question is meant where a word is left to the question before it? Judged by words. Pure."""

import re

from index.places import PLACES

# A place named alone, "and in Germany?", asks the question before of that place.
_ALONE = re.compile(
    rf"\W*(?:(?:ok|okay|and|or|but|so|then|what about|how about|what if|whats? with|in|for|from|to|if i live|"
    r"i am|im|i live|is it the same)\b\W*)*"
    rf"\b(?P<place>{PLACES})\W*(?:then|too|also|instead|now|please|pls)?\W*",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"\b(?:{PLACES}|(?<=\bin )us)\b", re.IGNORECASE)
# "What is overfitting?" names one thing; so does a question of that thing alone.
_NAMING = re.compile(
    r"\W*(?:(?:ok|okay|hi|hello|hey|so|and|please|pls|can you|could you)\b\W*)*"
    r"(?:what(?:'?s| is| are| r| does)|whats|define|describe|explain(?: to me| me)?|tell me about|meaning of|"
    r"what (?:do you|do we) mean by|who is|who are)\s+(?:an?\s+|the\s+)?(?P<thing>[^?.!,;]+?)"
    r"(?:\s+(?:mean|in ml|in machine learning|simply|please|pls|exactly))?\s*[?.!]*",
    re.IGNORECASE,
)
MOST_CHARACTERS = 200
MOST_OF_A_THING = 4  # words; more say something of the thing
_IT = re.compile(
    r"(?<!worth )(?<!time is )\b(it|this|that|them|they|those|these|(?<!which )one(?=\W*$))\b"
    r"(?! (?:is|was|are)\b)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\W*(?:(?:ok|okay|and|but|so|then|hm+|yes|well|thanks)\b\W*)*"
    r"(?:how|what|when|where|which|who|why|is|are|do|does|can|could|should|must|will|would)\b",
    re.IGNORECASE,
)
_REMEDY = re.compile(
    r"\W*(?:(?:ok|okay|and|but|so|then|hm+|yes|well|thanks|any|what is the|whats the|the)\b\W*)*"
    r"(?:how (?:to|do i|do you|do we|can i|can we|can you|could i) (?:fix|solve|avoid|prevent|stop|cure)|fix|"
    r"solutions?|remedy|cure|how to)\W*",
    re.IGNORECASE,
)


def resolved(question: str, earlier: str) -> str | None:
    """`question` with what it leaves to `earlier`; None where no such gap shows.

    "and in Germany?" asks the earlier question of another place, and "how do I fix it?" after "what is
    overfitting?" asks how to fix overfitting.
    """
    if max(len(question), len(earlier)) > MOST_CHARACTERS:
        return None
    return _elsewhere(question, earlier) or _of_the_thing(question, earlier)


def _elsewhere(question: str, earlier: str) -> str | None:
    alone = _ALONE.fullmatch(question)
    if not alone:
        return None
    place = alone["place"]
    moved, count = _PLACE.subn(lambda _found: place, earlier, count=1)
    return moved if count else f"{earlier.rstrip(' ?.!')} in {place}?"


def _of_the_thing(question: str, earlier: str) -> str | None:
    named = _NAMING.fullmatch(earlier)
    thing = named["thing"] if named else earlier.strip(" ?.!")
    if len(thing.split()) > (MOST_OF_A_THING if named else 2) or _IT.search(thing):
        return None
    if _REMEDY.fullmatch(question):
        return f"how to fix {thing}"
    if len(_IT.findall(question)) != 1 or not _ASKING.match(question):
        return None
    return _IT.sub(lambda _found: thing, question)
