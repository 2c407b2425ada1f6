"""In which words does a learner say that a skill is behind them? Pure.

"ok finished statistics, now what?" says so; "what comes after statistics?" and "I haven't finished it" don't.
"""

import re

import Stemmer

from knowledge.schema import Skill

_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[a-z0-9+#&/-]+")
# What follows a question word or a stop is another thought: "done with python, should I do SQL now?"
_BREAK = re.compile(
    r"[,;:.?!\n]+|\b(?:but|what|what's|whats|which|where|how|should|shall|can|could|next|now|then)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"✅|\b(?:finished|done|completed?|through with|(?:got|gone|been) through|behind me|learn(?:ed|t)|passed|"
    r"mastered|covered|read (?:everything|all) (?:about|on)|already know|"
    r"i (?:think i |already |now )*know)\b",
    re.IGNORECASE,
)
# Not done, not yet, perhaps some day, or a question.
_UNSURE = re.compile(
    r"n't\b|\b(?:not|never|nothing|hardly|barely|almost|nearly|half|bit|little|some|dont|havent|didnt|isnt|"
    r"if|when|once|after|until|till|before|unless|want|wanna|need|will|would|to be|about to|going to|"
    r"(?:do|did|have|am|are|is) i)\b",
    re.IGNORECASE,
)


def claims(text: str) -> list[str]:
    """The parts of `text` that say that something is finished; what it is, they name."""
    parts = [part.strip() for part in _BREAK.split(text.replace("’", "'"))]
    return [part for part in parts if _CLAIM.search(part) and not _UNSURE.search(part)]


def is_named(skill: Skill, skill_id: str, said: str) -> bool:
    """Whether these words hold a name of the skill: to be near in meaning, as homework is, is no claim."""
    words = _stems(said)
    return any(words >= _stems(name) for name in (skill_id.replace("-", " "), skill.title, *skill.names))


def _stems(text: str) -> set[str]:
    return {*_STEMMER.stemWords(_WORD.findall(text.lower()))}
