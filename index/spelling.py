"""What did a learner mean to type? Mends words that nobody knows towards English and the pack. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from zlib import adler32, crc32

import numpy as np
import numpy.typing as npt
from symspellpy import SymSpell, Verbosity

SHORTEST = 4  # letters; shorter words are too easily taken for one another
ONE_MISTAKE, TWO_MISTAKES = 1, 2  # edit distance (Damerau-Levenshtein) allowed below and from LONG on
LONG = 6  # letters
COMMON = 10_000  # words; a rarer one is hardly what a learner meant, unless the pack uses it
# One use in the pack weighs as much as so many in the word list: "learning" here, not "leaning". Our choice.
WEIGHT_OF_A_USE = 10_000_000
# Of a text's words so many must be known, or it is no sentence: "wqeuiop ml asdf gh". Our choice.
LEAST_KNOWN = 1 / 3
_WORD = re.compile(r"[A-Za-z]+")
_WHOLE_WORD = re.compile(r"\b[A-Za-z]+\b")  # "7f" holds none
_DOUBLED = re.compile(r"(.)\1+")
_ENGLISH = "frequency_dictionary_en_82_765.txt"  # comes with symspellpy: a word and its count a line


@dataclass(frozen=True)
class Dictionary:
    """What is known, and what of it may be meant.

    `counts` are the words to mend towards. SymSpell finds them by what remains of a word when letters are
    left out: row `n` of `keys`, in rising order, is the hash of such a rest, and the words with it are
    `words[starts[n]:starts[n + 1]]`, numbered as in `counts`. As arrays they are read in a moment.
    """

    known: frozenset[str]
    counts: Mapping[str, int]
    keys: npt.NDArray[np.uint64]
    starts: npt.NDArray[Any]
    words: npt.NDArray[Any]


class Spelling:
    """Knows English and the words of one pack. A word it knows stays as it is."""

    def __init__(
        self, texts: Iterable[str], known: Iterable[str] = (), dictionary: Dictionary | None = None
    ) -> None:
        """Mend towards the words of `texts` and leave those of `known` alone; or by their `dictionary`."""
        self.dictionary = dictionary or dictionary_of(texts, known)
        self._known = self.dictionary.known
        self._near = SymSpell(max_dictionary_edit_distance=TWO_MISTAKES)
        self._near._words = dict(self.dictionary.counts)
        self._near._deletes = _Rests(self.dictionary)
        self._near._max_length = max(map(len, self.dictionary.counts))

    def knows_any(self, text: str) -> bool:
        """Whether `text` holds a word of English or of the pack."""
        return any(word.lower() in self._known for word in _WORD.findall(text))

    def reads(self, text: str) -> bool:
        """Whether enough words of `text` are known that it may be a sentence."""
        words = _WHOLE_WORD.findall(text)
        known = sum(word.lower() in self._known for word in words)
        return known > 0 and known >= LEAST_KNOWN * len(words)

    def mend(self, text: str) -> str:
        """`text` with its unknown words replaced by the likeliest near word, where one is near."""
        return _WORD.sub(lambda found: self._mend_word(found.group()), text)

    def _mend_word(self, word: str) -> str:
        if len(word) < SHORTEST or word.lower() in self._known:
            return word
        distance = TWO_MISTAKES if len(word) >= LONG else ONE_MISTAKE
        near = self._near.lookup(word.lower(), Verbosity.CLOSEST, max_edit_distance=distance)
        terms = [each.term for each in near if len(each.term) >= SHORTEST]
        return min(terms, key=lambda term: _once(term) != _once(word.lower()), default=word)


def _once(word: str) -> str:
    """`word` without doubled letters, the commonest slip: "proces" is "process" and not "prices"."""
    return _DOUBLED.sub(r"\1", word)


class _Rests:
    """SymSpell's own table, from a rest to the words with it, read from a Dictionary's arrays."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._words = [*dictionary.counts]

    def __contains__(self, rest: str) -> bool:
        return bool(self[rest])

    def __getitem__(self, rest: str) -> Sequence[str]:
        keys, starts, key = self._dictionary.keys, self._dictionary.starts, _hash(rest)
        place = int(np.searchsorted(keys, np.uint64(key)))
        if place == len(keys) or int(keys[place]) != key:
            return ()
        return [self._words[number] for number in self._dictionary.words[starts[place] : starts[place + 1]]]


def dictionary_of(texts: Iterable[str], known: Iterable[str] = ()) -> Dictionary:
    """English, the words of `texts` to mend towards, and those of `known` to leave alone; takes a second."""
    english = [line.split(" ") for line in _lines_of(_ENGLISH)]
    right = {word.replace("'", "") for word, _ in english}  # learners write "dont"
    right.update(_words_of(known))
    near = SymSpell(max_dictionary_edit_distance=TWO_MISTAKES)
    for word, count in english[:COMMON]:
        near.create_dictionary_entry(word, int(count))
    for word in _words_of(texts):
        right.add(word)
        near.create_dictionary_entry(word, WEIGHT_OF_A_USE)
    return Dictionary(frozenset(right), near.words, *_as_arrays(near))


def _as_arrays(near: SymSpell) -> tuple[npt.NDArray[np.uint64], npt.NDArray[Any], npt.NDArray[Any]]:
    numbers = {word: number for number, word in enumerate(near.words)}
    keys = np.fromiter(map(_hash, near.deletes), dtype=np.uint64)
    order = np.argsort(keys, kind="stable")
    held = [*near.deletes.values()]
    lists = [held[place] for place in order.tolist()]
    return (
        keys[order],
        np.cumsum([0, *map(len, lists)], dtype=np.uint32),
        np.array([numbers[word] for words in lists for word in words], dtype=np.uint32),
    )


def _hash(rest: str) -> int:
    """Of 64 bits: hardly two rests of a language share one, and SymSpell compares what it finds once more."""
    letters = rest.encode()
    return crc32(letters) << 32 | adler32(letters)


def _lines_of(name: str) -> list[str]:
    return (files("symspellpy") / name).read_text(encoding="utf-8-sig").splitlines()


def _words_of(texts: Iterable[str]) -> Iterable[str]:
    return (word.lower() for text in texts for word in _WORD.findall(text))
