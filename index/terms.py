"""Of which term does a question want to know what it is, or how it works? Judged by its words. Pure."""

import re

MOST_WORDS = 4  # of a term: "bias variance trade-off", "mixture of experts"
MOST_CHARACTERS = 200  # of a question that asks for no more than a term
MOST_BARE_WORDS = 2  # of one without a word around it: more are half a sentence
_WORD = re.compile(r"[\w+#](?:[\w+#./'’-]*[\w+#])?")
# Around a term; of those that ask for it one at least must stand there.
_ASKING = frozenset(
    """what what's whats wat meant define explain explained mean means meaning definition""".split()  # noqa: SIM905
)
_BEFORE = _ASKING | frozenset(
    """so ok okay hi hello hey and but please pls plz well now can could you u do does did is are r was a an
    the this that exactly actually even to me tell about of by it really""".split()  # noqa: SIM905
)
_BEHIND = _ASKING | frozenset(
    """is are exactly actually even to me please pls plz simply briefly shortly really again in simple plain
    easy words terms english then anyway""".split()  # noqa: SIM905
)
# What stands in no term: "what should I build next" asks for none.
_NEVER_IN = frozenset(
    """should would will must may might have has had i we they he she my our your their if when where which
    who how why do does did not there""".split()  # noqa: SIM905
)
# What may follow such a question without asking for something else.
_FRAME = re.compile(
    r"[\s,]+(?:and (?:why|how|when|where|what)\b.*"
    r"|(?:in|for|by|with|using) (?:machine learning|deep learning|data science|ml|ai|short|detail|brief|"
    r"a nutshell|beginners?|dummies|kids|(?:an? )?(?:\w+ )?examples?|(?:simple|plain|easy|layman'?s?)\b.*)"
    r"|(?:like|as if) i\b.*)[\s?.!]*$",
    re.IGNORECASE,
)
_WORKING = re.compile(
    r"(?:(?:so|ok|okay|and|but)\W+)*how (?:exactly |actually )?(?:does|do) (?:an? |the )?(?P<term>.+?)"
    r"(?: (?:really|actually|exactly))? works?\W*",
    re.IGNORECASE,
)


def term_explained_in(question: str) -> str | None:
    """The term of `term_in`, and in "how does X work?" or "explain X with an example", too."""
    asked = _FRAME.sub("", " ".join(question[:MOST_CHARACTERS].split()))
    working = _WORKING.fullmatch(asked)
    return term_in(f"what is {working['term']}" if working else asked)


def term_in(question: str) -> str | None:
    """The term in "what is X?", "explain X to me", "X meaning" or a bare "X"; None of any other question."""
    words = [found.group().lower().replace("’", "'") for found in _WORD.finditer(question)]
    start, end = 0, len(words)
    while start < end and words[start] in _BEFORE:
        start += 1
    while end > start and words[end - 1] in _BEHIND:
        end -= 1
    asks = not _ASKING.isdisjoint((*words[:start], *words[end:]))
    is_bare = end - start == len(words) <= MOST_BARE_WORDS
    is_term = 0 < end - start <= MOST_WORDS and _NEVER_IN.isdisjoint(words[start:end])
    return " ".join(words[start:end]) if (asks or is_bare) and is_term else None
