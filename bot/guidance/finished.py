"""In which words does a learner say that a skill is behind them? Pure.

"ok finished statistics, now what?" says so; "what comes after statistics?" and "I haven't finished it" don't.
"""

import re

# What follows a question word or a stop is another thought: "done with python, should I do SQL now?"
_BREAK = re.compile(
    r"[,;:.?!\n]+|\b(?:but|what|what's|whats|which|where|how|should|shall|can|could|next|now|then)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:finished|done|completed?|through with|been through|have (?:just )?learn(?:ed|t)|"
    r"learn(?:ed|t)|passed|mastered|covered|"
    r"i (?:already |now )?know|already know|know already|i've got|i have got)\b",
    re.IGNORECASE,
)
# Not done, not yet, perhaps some day, or a question.
_UNSURE = re.compile(
    r"n't\b|\b(?:not|never|nothing|hardly|barely|almost|nearly|half|dont|havent|didnt|isnt|"
    r"if|when|once|after|until|till|before|unless|want|wanna|need|will|would|to be|about to|going to|"
    r"(?:do|did|have|am|are|is) i)\b",
    re.IGNORECASE,
)


def claims(text: str) -> list[str]:
    """The parts of `text` that say that something is finished; what it is, they name."""
    parts = [part.strip() for part in _BREAK.split(text.replace("’", "'"))]
    return [part for part in parts if _CLAIM.search(part) and not _UNSURE.search(part)]
