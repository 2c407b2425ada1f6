"""Which whole question is meant where a word is left to the question before it? Judged by words. Pure."""

import itertools
import re
from collections.abc import Iterator

from index.parts import begins_as_question
from index.places import PLACES
from index.stop_words import MORE_STOP_WORDS

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
    r"what (?:do you|do we) mean by|who is|who are|"
    r"how (?:do i|can i|should i|to) (?:learn|study|use|practi[sc]e)|"
    r"(?:do|should|must|can) i (?:really )?(?:need|learn|have|get|use|study|take|do|buy))"
    r"\s+(?:an?\s+|the\s+)?(?P<thing>[^?.!,;]+?)"
    r"(?:\s+(?:mean|in ml|in machine learning|simply|please|pls|exactly))?\s*[?.!]*",
    re.IGNORECASE,
)
# "And calculus?" puts calculus in the place of something.
_ANOTHER = re.compile(
    r"\W*(?:(?:ok|okay|and|or|but|so|then|what about|how about|whats? with)\b\W*)+(?:(?:an?|the|my)\s+)?"
    r"(?P<other>\w[^?.!,;]*?)(?:\s+(?:then|too|also|instead|now|please|pls))?\W*",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:in|at|for|with|without|on|from|as|if|when|by|to|of)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w+#'’.-]*[\w+#]")
_SAYS_LITTLE = MORE_STOP_WORDS | {"do", "get", "good", "know", "learn", "make", "need", "use", "want", "way"}
MOST_OF_ANOTHER = 3  # words; they take the place of as many
MOST_WAYS = 8  # in which another thing is put in the place of one: each takes a search
MOST_CHARACTERS = 200
MOST_OF_A_THING = 4  # words; more say something of the thing
_IT = re.compile(
    r"(?<!worth )(?<!time is )\b(it|this|that|them|they|those|these|(?<!which )one(?=\W*$))\b"
    r"(?! (?:is|was|are)\b)",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"\b(?:learn|study|become|get|find|build|train|master|practi[sc]e|read|course|degree)", re.I
)
_EXPLETIVE = re.compile(
    r"\W*(?:and |so |but )?how (?:long|much (?:time|money)?) ?(?:does|will|would|did|do) it (?:take|cost)\b",
    re.I,
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


def names_nothing(question: str, earlier: str) -> bool:
    """Whether its "it" stands for nothing that is done: "what is overfitting?", "how long does it take?"."""
    return _EXPLETIVE.match(question) is not None and _DOING.search(earlier) is None


def resolved(question: str, earlier: str) -> str | None:
    """`question` with what it leaves to `earlier`; None where no such gap shows.

    "and in Germany?" asks the earlier question of another place, and "how do I fix it?" after "what is
    overfitting?" asks how to fix overfitting.
    """
    if max(len(question), len(earlier)) > MOST_CHARACTERS:
        return None
    return _elsewhere(question, earlier) or _of_the_thing(question, earlier)


def named_in(question: str) -> str | None:
    """The thing that a follow-up names and nothing else: "calculus" of "and calculus?"."""
    named = _ANOTHER.fullmatch(" ".join(question[:MOST_CHARACTERS].split()))
    other = named["other"] if named else ""
    is_thing = 0 < len(other.split()) <= MOST_OF_ANOTHER
    return None if not is_thing or begins_as_question(other) or _PREPOSITION.match(other) else other


def with_another(question: str, earlier: str) -> tuple[str, ...]:
    """What `question` may ask where it only names something: `earlier`, with that in the place of each thing.

    "And calculus?" after "how do I learn statistics?" asks how to learn calculus. Which thing is meant shows
    when the wholes are searched: in a strange place a word finds little.
    """
    other = named_in(question)
    if other is None or max(len(question), len(earlier)) > MOST_CHARACTERS:
        return ()
    things = itertools.islice(_things(earlier, len(other.split())), MOST_WAYS)
    return tuple(f"{earlier[:begin]}{other}{earlier[end:]}" for begin, end in things)


def _things(text: str, length: int) -> Iterator[tuple[int, int]]:
    """Where so many words stand side by side that may name something."""
    words = list(_WORD.finditer(text))
    for first, last in zip(words, words[length - 1 :], strict=False):
        found = text[first.start() : last.end()].split()
        if len(found) == length and not any(word.lower() in _SAYS_LITTLE for word in found):
            yield first.start(), last.end()


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
