"""Which cities bear a name? Answers from the file that `gazetteer` made of GeoNames' cities."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from symspellpy.editdistance import DistanceAlgorithm, EditDistance

FORMAT = 1  # raise when the file's content changes its meaning: it is then made anew
FILE = f"atlas-{FORMAT}.npz"
KNOWN_ABROAD = 100_000  # people; larger cities have names in many languages
# Slips of the pen are forgiven in names of cities from `KNOWN_ABROAD` on; the first letter is nearly always
# right (Yannakoudakis and Fawthrop 1983). One edit below `LONG` letters, two from there on; ours.
SHORTEST_WITH_SLIP, LONG = 5, 8
SHORTEST_REGION = 4  # letters; shorter ones are codes, of which only a few are written alone ("uk")
_NO_LETTERS = re.compile(
    r"[\s!-/:-@\[-`{-~\u00a0-\u00bf\u02b0-\u02ff\u2000-\u206f\u3000-\u3003\u30fb\uff1d]+"
)
_MARKS = re.compile("[\u0300-\u036f]")
_UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})


class City(NamedTuple):
    """A city; `state` is one of the United States, and empty elsewhere."""

    name: str
    country: str
    state: str
    population: int
    zone: str


class Atlas:
    """All cities by name: 8 bytes of a digest for each of their names, so that 250,000 names take 3 MB.

    Raises:
        OSError, ValueError, KeyError, BadZipFile: when the file is not in `folder`, or cannot be read.
    """

    def __init__(self, folder: Path, is_word: Callable[[str], bool]) -> None:
        """`is_word` tells English words: what reads like one is a name only of a famous city."""
        with (folder / FILE).open("rb") as content, np.load(content) as file:
            self._place, self._zone, self._population = file["place"], file["zone"], file["population"]
            self._keys, self._numbers, self._is_always = file["keys"], file["cities"], file["is_always"]
            told = json.loads(file["told"].tobytes())
        self._names: list[str] = told["names"]
        self._places: list[tuple[str, str]] = [(country, state) for country, state in told["places"]]
        self._zones: list[str] = told["zones"]
        self._countries, self._states = told["countries"], told["states"]
        self._regions: dict[str, list[tuple[str, str]]] = {
            name: [(country, state) for country, state in meant] for name, meant in told["regions"].items()
        }
        self._short = frozenset(told["short"])
        self._is_word = is_word
        self._spelt = self._by_first_letter()
        self._distance = EditDistance(DistanceAlgorithm.DAMERAU_OSA)

    def named(self, name: str) -> list[City]:
        """The cities that bear this name, folded or not, in whatever language."""
        folded = fold(name)
        first, last = (int(np.searchsorted(self._keys, key_of(folded), side)) for side in ("left", "right"))
        found = self._numbers[first:last]
        if self._is_word(folded):
            found = found[self._is_always[first:last]]
        return self._cities(found)

    def nearly_named(self, name: str) -> list[City]:
        """The cities whose name this may be with a slip of the pen; the nearest name only."""
        folded = fold(name)
        if len(folded) < SHORTEST_WITH_SLIP:
            return []
        limit = 1 if len(folded) < LONG else 2
        near = [
            (self._distance.compare(folded, spelt, limit), number)
            for spelt, number in self._spelt.get(folded[0], ())
            if abs(len(spelt) - len(folded)) <= limit
        ]
        nearest = min((edits for edits, _ in near if edits > 0), default=0)
        return self._cities(number for edits, number in near if edits == nearest > 0)

    def region(self, name: str) -> list[City]:
        """The cities of a country, or of one of the United States, by its name; codes alone are too short."""
        folded = fold(name)
        if len(folded) < SHORTEST_REGION and folded not in self._short:
            return []
        regions = self._regions.get(folded, ())
        wanted = [number for number, place in enumerate(self._places) if _lies_in(place, regions)]
        return self._cities(np.flatnonzero(np.isin(self._place, wanted)))

    def is_in(self, city: City, region: str) -> bool:
        """Whether the city lies in the country or state of that name or code."""
        return _lies_in((city.country, city.state), self._regions.get(fold(region), ()))

    def label(self, city: City) -> str:
        """The city with its country, or within the United States its state."""
        where = self._states.get(city.state) or self._countries.get(city.country, city.country)
        return f"{city.name}, {where}"

    def zones(self) -> frozenset[str]:
        """Every zone that a city lies in."""
        return frozenset(self._zones)

    def _cities(self, numbers: Iterable[int]) -> list[City]:
        return [self._city(int(number)) for number in numbers]

    def _city(self, number: int) -> City:
        country, state = self._places[self._place[number]]
        population, zone = int(self._population[number]), self._zones[self._zone[number]]
        return City(self._names[number], country, state, population, zone)

    def _by_first_letter(self) -> dict[str, list[tuple[str, int]]]:
        spelt: dict[str, list[tuple[str, int]]] = {}
        for number in map(int, np.flatnonzero(self._population >= KNOWN_ABROAD)):
            folded = fold(self._names[number])
            spelt.setdefault(folded[:1], []).append((folded, number))
        return spelt


def fold(name: str) -> str:
    """A name without case, accents and punctuation."""
    folded = name.casefold()
    if not folded.isascii():
        folded = _MARKS.sub("", unicodedata.normalize("NFKD", folded)).translate(_UNDIVIDED)
    return _NO_LETTERS.sub(" ", folded).strip()


def key_of(folded: str) -> int:
    """What a folded name is looked up by: 64 bits of its digest."""
    return int.from_bytes(
        blake2b(folded.encode(errors="surrogatepass"), digest_size=8).digest(), "big", signed=True
    )


def _lies_in(place: tuple[str, str], regions: Collection[tuple[str, str]]) -> bool:
    return (place[0], "") in regions or place in regions
