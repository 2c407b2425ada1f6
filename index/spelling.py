"""What did a learner mean to type? Mends words that nobody knows towards English and the pack. Pure."""

import re
from collections.abc import Iterable
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

SHORTEST = 4  # letters; shorter words are too easily taken for one another
ONE_MISTAKE, TWO_MISTAKES = 1, 2  # edit distance (Damerau-Levenshtein) allowed below and from LONG on
LONG = 6  # letters
COMMON = 10_000  # words; a rarer one is hardly what a learner meant, unless the pack uses it
# One use in the pack weighs as much as so many in the word list: "learning" here, not "leaning". Our choice.
WEIGHT_OF_A_USE = 10_000_000
_WORD = re.compile(r"[A-Za-z]+")
_ENGLISH = "frequency_dictionary_en_82_765.txt"  # comes with symspellpy: a word and its count a line


class Spelling:
    """Knows English and the words of one pack. A word it knows stays as it is."""

    def __init__(self, texts: Iterable[str], known: Iterable[str] = ()) -> None:
        """Mend towards the words of `texts`, and leave those of `known` alone."""
        english = [line.split(" ") for line in _lines_of(_ENGLISH)]
        self._known = {word.replace("'", "") for word, _ in english}  # learners write "dont"
        self._known.update(_words_of(known))
        self._near = SymSpell(max_dictionary_edit_distance=TWO_MISTAKES)
        for word, count in english[:COMMON]:
            self._near.create_dictionary_entry(word, int(count))
        for word in _words_of(texts):
            self._known.add(word)
            self._near.create_dictionary_entry(word, WEIGHT_OF_A_USE)

    def knows_any(self, text: str) -> bool:
        """Whether `text` holds a word of English or of the pack."""
        return any(word.lower() in self._known for word in _WORD.findall(text))

    def mend(self, text: str) -> str:
        """`text` with its unknown words replaced by the likeliest near word, where one is near."""
        return _WORD.sub(lambda found: self._mend_word(found.group()), text)

    def _mend_word(self, word: str) -> str:
        if len(word) < SHORTEST or word.lower() in self._known:
            return word
        distance = TWO_MISTAKES if len(word) >= LONG else ONE_MISTAKE
        near = self._near.lookup(word.lower(), Verbosity.CLOSEST, max_edit_distance=distance)
        return near[0].term if near and len(near[0].term) >= SHORTEST else word


def _lines_of(name: str) -> list[str]:
    return (files("symspellpy") / name).read_text(encoding="utf-8-sig").splitlines()


def _words_of(texts: Iterable[str]) -> Iterable[str]:
    return (word.lower() for text in texts for word in _WORD.findall(text))
