"""Does a question ask for two things? Judged by its words. Pure."""

import re

FEWEST_WORDS = 3  # of a clause that can be a question of its own
MOST_COMPARED_WORDS = 5  # of a thing compared: more are a sentence
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
_EDGES = " ?.!,;:\"'()"


def begins_as_question(text: str) -> bool:
    """Whether its first word asks: "what about germany"; a goal or a city does not begin so."""
    return _ASKS.match(text) is not None


def asks_of_the_world(text: str) -> bool:
    """Whether it asks what something is, and not how the bot is doing."""
    return begins_as_question(text) and not _TO_THE_BOT.search(text)


def parts_of(question: str) -> tuple[str, ...]:
    """The two things `question` asks for, each to be searched by itself; empty where it asks for one."""
    text = question.strip(_EDGES)
    for compared in (_BETWEEN.search(text), _VERSUS.match(text)):
        if compared and all(len(side.split()) <= MOST_COMPARED_WORDS for side in compared.groups()):
            return tuple(f"what is {side.strip(_EDGES)}" for side in compared.groups())
    clauses = [clause.strip(_EDGES) for clause in _CLAUSE.split(text)]
    asks_both = len(clauses) == 2 and all(
        map(_ASKS.match, clauses)
    )  # "I drive a cab and can read" asks nothing
    if asks_both and all(len(clause.split()) >= FEWEST_WORDS for clause in clauses):
        return tuple(clauses)
    return ()
