"""Which parts of a text did nobody write to be read? Judged by its characters. Pure."""

import re
import unicodedata

MANY_TIMES = 20  # the same again, so that it is no word and no smile any more; our choice
_RUN = re.compile(rf"(\S{{1,4}}?)\1{{{MANY_TIMES - 1},}}")
# Of what is copied from a page. Not every <word>: "List<String>" and "a <b" mean something.
_NAMES = (
    "a|b|big|body|br|center|code|div|em|font|form|h[1-6]|head|hr|html|i|iframe|img|input|li|link|mark|meta|ol|p|pre|"
    "s|script|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul"
)
_SILENT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*=[^<>]*)?\s*/?>", re.IGNORECASE)
# What only says how something is meant, where something else is said: "overfitting 😅", "overfitting lol".
_FACES = re.compile(
    r"(?<!\S)(?:[:;=]['-]?[()DPpOo3*/\\|]+|<3+|x+d+|\^_*\^|¯\\?_\(ツ\)_/?¯|lo+l|lmao|rofl|(?:ha){2,}h?|(?:he){2,}h?)(?!\S)",
    re.IGNORECASE,
)
_PICTURES = ("So", "Sk", "Cf")  # categories of Unicode: emoji, their tones of skin, what joins them
_VARIANT = "\ufe0f"  # after a sign that shall look like an emoji
FEWEST_LETTERS = 4  # left, for a face beside them to say nothing; "lol ok" is small talk as a whole
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n")
_SAID_OVER = re.compile(r"\b(\w+)(?:\W+\1\b){2,}", re.IGNORECASE)


def is_noise(text: str) -> bool:
    """Whether `text` holds the same few characters over and over, like a key held down."""
    return _RUN.search(text) is not None


def is_other_script(text: str) -> bool:
    """Whether most of its letters are not Latin: Cyrillic, Arabic, Devanagari, Chinese ..."""
    letters = [sign for sign in text if sign.isalpha()]
    others = [sign for sign in letters if not unicodedata.name(sign, "").startswith("LATIN")]
    return len(others) > len(letters) / 2


def without_noise(text: str) -> str:
    """`text` without the tags of a web page and its scripts, and without faces beside words.

    A word said over and over is said once, and so is a sentence.
    """
    read = _TAG.sub(" ", _SILENT.sub(" ", text)) if "<" in text else text
    sentences = _BETWEEN_SENTENCES.split(read)
    if len(once := dict.fromkeys(sentences)) < len(sentences):
        read = " ".join(once)
    return _SAID_OVER.sub(r"\1", _without_faces(read))


def _without_faces(text: str) -> str:
    signs = _FACES.sub(" ", text)
    kept = (" " if sign == _VARIANT or unicodedata.category(sign) in _PICTURES else sign for sign in signs)
    said = "".join(kept)
    return said.strip() if said != text and sum(map(str.isalnum, said)) >= FEWEST_LETTERS else text
