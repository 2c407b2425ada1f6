"""What did a learner mean to type? Mends words that nobody knows towards words of the pack. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

SHORTEST = 4  # letters; shorter words are too easily taken for one another
ONE_MISTAKE, TWO_MISTAKES = 1, 2  # edit distance (Damerau-Levenshtein) allowed below and from LONG on
LONG = 6  # letters
_WORD = re.compile(r"[A-Za-z]+")
_ENGLISH = "frequency_dictionary_en_82_765.txt"  # comes with symspellpy: a word and its count a line


class Spelling:
    """Knows English and the words of one pack. Right English stays as it is, also where the pack lacks it."""

    def __init__(self, texts: Iterable[str]) -> None:
        own = Counter(word.lower() for text in texts for word in _WORD.findall(text))
        english = (files("symspellpy") / _ENGLISH).read_text(encoding="utf-8-sig")
        self._known = own.keys() | {line.partition(" ")[0] for line in english.splitlines()}
        self._own = SymSpell(max_dictionary_edit_distance=TWO_MISTAKES)
        for word, count in own.items():
            self._own.create_dictionary_entry(word, count)

    def mend(self, text: str) -> str:
        """`text` with its unknown words replaced by the nearest word of the pack, where one is near."""
        return _WORD.sub(lambda found: self._mend_word(found.group()), text)

    def _mend_word(self, word: str) -> str:
        if len(word) < SHORTEST or word.lower() in self._known:
            return word
        distance = TWO_MISTAKES if len(word) >= LONG else ONE_MISTAKE
        near = self._own.lookup(word.lower(), Verbosity.CLOSEST, max_edit_distance=distance)
        return near[0].term if near else word
