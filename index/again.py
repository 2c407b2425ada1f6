"""Does this text ask for the answer before once more, in other words? Judged by its words. Pure."""

import re
from collections.abc import Sequence

from index.ellipsis import resolved
from index.follow_up import is_bare

_WORD = re.compile(r"[a-z0-9']+")
# Said around the wish. A text with any other word names a matter: "explain gradient descent simply" does.
_AROUND = frozenset(
    """
    10 12 5 6 7 8 a about again ah am an and another answer any anything as at baby basic basics be
    beginner beginners better bit bro but by can cant child child's complicated could could've couldn't
    damn dear detail details did didn't didnt difficult do does don't dont down dude dummies dummy easy
    eh english even every everyday everything exact exactly explaining explanation's fast few five for
    from fully get gimme give got grade grader grandma had hard have hello here hey hi hm hmm honestly
    how huh i i'm if im in into is it it's its just kid know language language's let level life like
    little lol long low made make mate maybe me mean means meant mind more much my need new no nope not
    nothing now of oh ok okay old on one only or other part path per person please pls plz point put
    quick quickly quite read real reallife really said same say seem seems sentence sentences shall she show
    sir small so some someone something sorry step steps still stuff talk tell text than thank thanks
    that the then there thing things think this through time times to too two u understandable
    unfortunately until up us use using very wait want was way well were what what's whats when which
    why will with word words world would write y yeah year years yes yet yo you your yr
    """.split()  # noqa: SIM905
)
_ASKING = re.compile(
    r"\b(explain|explan\w+|again|repeat\w*|rephrase\w*|reword\w*|simpl\w+|easier|easily|plain|plainer|"
    r"plainly|short|shorter|shortly|briefly|brief|summar\w+|tldr|tl;?dr|tl dr|eli5|examples?|exampel|exemple|"
    r"for instance|illustrat\w+|analog\w+|metaphor|unclear|confus\w+|dumb|elaborate|clarify|"
    r"sum (?:it|this|that) up|break (?:it|this|that) down|(?:easy|other|different|normal) (?:words|english|"
    r"language|terms|way)|make (?:it|this|that) (?:more )?(?:easy|clear|clearer|short)|lost me|you lost|"
    r"(?:do not|don'?t|didn'?t|did not|still not|cannot|can'?t|not) (?:really |fully |quite |even )?"
    r"(?:get|got|understand|understood|understnad|clear|follow)|"
    r"not clear|more details?|in (?:more )?detail|step by step|one sentence|"
    r"too (?:hard|difficult|complicated|complex|long|much)|"
    r"what (?:do|does|did) (?:you|u|it|this|that) mean)\b"
)
_ASKING_WORD = re.compile(
    r"explain\w*|explan\w+|again|repeat\w*|rephrase\w*|reword\w*|simpl\w+|easier|easily|plain\w*|short\w*|"
    r"brief\w*|summar\w+|tldr|tl|dr|eli5|examples?|exampel|exemple|instance|illustrat\w+|analog\w+|metaphor|"
    r"clear\w*|unclear|confus\w+|dumb|elaborate|clarify|sum|break|different|normal|terms|lost|understand|"
    r"understood|understnad|follow|complex|cannot|can't"
)
# "is it simple?" and "how short is it?" ask about the matter, and "thanks for the explanation" asks nothing.
_NO_WISH = re.compile(
    r"(?:is|are|was) (?:it|this|that)\b|how (?:short|simple|long|clear)\b|(?=.*\bthank).*\bfor\b"
)
# "For a beginner, please", with no matter: the same, for someone who knows less. "And for a beginner?" may
# ask for a beginner's pay, so it is none, and "I am a beginner" may open a conversation.
_FOR_WHOM = re.compile(
    r"\W*(?:(?:ok|okay|hm+|but|now|please|pls|plz|can you|could you|again|say|tell|explain|put|give|write|it|"
    r"this|that|me)\b\W*)*"
    r"(?:(?:for|to|like|as if (?:to|for)) (?:(?:an?|my|the|absolute|complete|total|real|5|five|10|ten|year|"
    r"years|old)[ -])*(?:beginners?|newbies?|noobs?|dumm(?:y|ies)|idiots?|starters?|novices?|lay(?:man|men|"
    r"person|people)|child|children|kids?|grand(?:ma|pa|mother|father)|mum|mom|non[ -]?technical "
    r"(?:person|people)|someone new|school ?(?:child|kid|boy|girl)|teenagers?)|"
    r"in (?:a )?lay(?:man|men|person)(?:'?s'?)? (?:terms|words|language)|"
    r"(?:without|no) (?:the )?(?:jargon|technical (?:words|terms)))"
    r"(?:\W+(?:please|pls|plz|thanks|thx|again|too|sir|bro))*\W*"
)
_SHORTER = re.compile(
    r"\b(short\w*|brief\w*|summar\w+|tldr|tl;?dr|tl dr|one sentence|sum|too (?:long|much))\b"
)
# Of these alone a text is made that only nods, or asks for more.
_NODDING = frozenset(
    """ah alright all and another any anything carry continue else fine go going good got great hm hmm i keep
    it let's me more nice now oh ok okay on one please pls read right see show so sure tell thanks that the
    then this to u want what with yeah yep yes you""".split()  # noqa: SIM905
)
MOST_WORDS, MOST_CHARACTERS = 14, 150


def asks_again(text: str) -> bool:
    """Whether `text` asks for the same in other words, or with an example, and names no matter itself."""
    if len(text) > MOST_CHARACTERS:
        return False
    said = _plain(text)
    if _FOR_WHOM.fullmatch(said):
        return True
    words = _WORD.findall(said)
    if not 0 < len(words) <= MOST_WORDS or _NO_WISH.match(said) or not _ASKING.search(said):
        return False
    return all(word in _AROUND or _ASKING_WORD.fullmatch(word) for word in words)


def asks_shorter(text: str) -> bool:
    """Whether the same is wanted in fewer words."""
    return _SHORTER.search(_plain(text)) is not None


def matter_of(earlier: Sequence[str]) -> str | None:
    """What was talked of last: the last of these questions, oldest first, that names its matter.

    One that leaves out what the question before it names gets it from there; "yes" and "why?" name none.
    """
    matter: str | None = None
    for text in earlier:
        if not (asks_again(text) or is_bare(text) or _NODDING.issuperset(_WORD.findall(_plain(text)))):
            matter = (resolved(text, matter) if matter else None) or text
    return matter


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())
