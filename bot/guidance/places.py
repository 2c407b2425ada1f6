"""Where is a learner, as far as clocks go? By a city, a zone's name or an offset in words, or by coordinates.

It keeps nothing of what it is told; a zone is all that comes out.
"""

import logging
import re
import threading
import zipfile
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from bot.guidance.atlas import FILE, Atlas, City, fold
from index.times import time_of_day

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 60  # of a place; longer texts are something else
MAX_OFFERED = 4  # places to choose from, when several bear a name
# A namesake with so many times fewer people is not meant (London, Ontario has 21 times fewer than London),
# nor is one of the same size that only bears the name in another language; our choice.
DWARFED = 20
DWARFED_IN_A_COUNTRY = 10  # and so many times fewer than the country's largest city

_SHORT_FORMS = {
    "nyc": "New York City, USA",
    "ny": "New York City, USA",
    "la": "Los Angeles, USA",
    "sf": "San Francisco, USA",
    "dc": "Washington, DC",
}
# Where no whole hour separates clocks from UTC: a zone with that offset, one without summer time if there is.
_BROKEN_HOURS = {
    (-9, 30): "Pacific/Marquesas",
    (-3, 30): "America/St_Johns",
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (8, 45): "Australia/Eucla",
    (9, 30): "Australia/Darwin",
    (10, 30): "Australia/Lord_Howe",
    (12, 45): "Pacific/Chatham",
}
# Where clocks change, and many live: their zones, to choose from after an offset was tapped.
_WITH_SUMMER_TIME = (
    *("America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Halifax"),
    *("America/Santiago", "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Paris", "Europe/Athens"),
    *("Africa/Cairo", "Asia/Jerusalem", "Asia/Beirut", "Australia/Sydney", "Pacific/Auckland"),
)
# What people call their clock: of several with one name the one by which most live.
_ABBREVIATED = {
    **dict.fromkeys(("pst", "pdt"), "America/Los_Angeles"),
    **dict.fromkeys(("mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("est", "edt"), "America/New_York"),
    **{"bst": "Europe/London", "wet": "Europe/Lisbon"},
    **dict.fromkeys(("cet", "cest", "mez", "mesz"), "Europe/Berlin"),
    **dict.fromkeys(("eet", "eest"), "Europe/Athens"),
    **{"wat": "Africa/Lagos", "cat": "Africa/Maputo", "eat": "Africa/Nairobi", "sast": "Africa/Johannesburg"},
    **{"trt": "Europe/Istanbul", "msk": "Europe/Moscow", "gst": "Asia/Dubai", "pkt": "Asia/Karachi"},
    **{"ist": "Asia/Kolkata", "npt": "Asia/Kathmandu", "wib": "Asia/Jakarta", "ict": "Asia/Bangkok"},
    **{"sgt": "Asia/Singapore", "pht": "Asia/Manila", "hkt": "Asia/Hong_Kong", "jst": "Asia/Tokyo"},
    **{
        "kst": "Asia/Seoul",
        "aest": "Australia/Sydney",
        "aedt": "Australia/Sydney",
        "brt": "America/Sao_Paulo",
    },
}
_EASTERNMOST, _WESTERNMOST = 14, -12  # hours
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\u2212\u2013-])\s*(\d{1,2})(?:[:.](\d{2}|5))?(?:\s*(?:utc|gmt))?")
_CLOCK = re.compile(
    r"(?:it is|it's|it’s|its)?\s*(\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?)"
    r"(?:\s+(?:here|now|for me|with me))*",
    re.IGNORECASE,
)
_HALF_A_DAY = timedelta(hours=12)
_QUARTER = timedelta(minutes=15)  # no clock differs from UTC by anything finer
_BEFORE = re.compile(
    r"(?:(?:i|we) (?:live|stay) (?:in|near)|(?:i am|i'm|im|i’m) (?:in|from|near)|from|in|near"
    r"|my (?:city|town|place|country|time ?zone) is)\s+",
    re.IGNORECASE,
)
_SAID_UNASKED = re.compile(
    r"(?:i live in|(?:i am|i'm|im) from|i moved to|i have moved to|i've moved to|my city is"
    r"|(?:my )?time ?zone(?: is|:)?)\s+(.+)"
    r"|(?:i am in |i'm in |im in )?((?:utc|gmt)\s*[+-]\s*\d{1,2}(?:[:.]\d{2})?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """A name a learner knows, and the IANA name of its time zone."""

    name: str
    zone: str


@dataclass(frozen=True)
class Places:
    """Opens its atlas of cities, in `folder`, when it is asked for one; it takes 10 MB.

    `is_word` tells English words; `sayings` are what learners say and don't mean a place by ("nice").
    """

    folder: Path
    is_word: Callable[[str], bool]
    sayings: Collection[str] = ()

    def find(self, text: str) -> tuple[Place, ...]:
        """The place that `text` names and nothing else; the largest few where several bear the name."""
        said = _bare(text)
        if not said or len(said) > MAX_CHARACTERS or fold(said) in self.sayings:
            return ()
        zone = zone_of_words(said) or ("/" in said and zone_named(said))
        if zone:
            return (place_of(zone),)
        found = self._cities(_SHORT_FORMS.get(fold(said), said))
        return found or tuple(map(place_of, filter(None, [zone_named(said)])))

    @staticmethod
    def at(latitude: float, longitude: float) -> str | None:
        """The zone of a spot on the globe, also at sea."""
        from tzfpy import get_tz  # 20 MB, which most learners never need

        found = get_tz(longitude, latitude)
        return found if is_zone(found) else None

    def _cities(self, said: str) -> tuple[Place, ...]:
        atlas = self._atlas()
        if atlas is None:
            return ()
        meant = (
            _split_by_region(said, atlas)
            or _meant(atlas.named(said), said, _of_a_country(said, atlas))
            or _meant(self._misspelt(said, atlas), said)
        )
        return _offered(meant, atlas)

    def _atlas(self) -> Atlas | None:
        with _opening:  # two learners may name the first city at once
            try:
                return _opened(self.folder, self.is_word)
            except (OSError, ValueError, KeyError, zipfile.BadZipFile):
                return None

    def _misspelt(self, said: str, atlas: Atlas) -> list[City]:
        """Words that are English all through are no slips."""
        return [] if all(map(self.is_word, fold(said).split())) else atlas.nearly_named(said)


def prepare_atlas(folder: Path) -> None:
    """Make the atlas where there is none yet; a bot that cannot knows no city, only zones."""
    if zipfile.is_zipfile(folder / FILE):
        return
    try:
        from bot.guidance.gazetteer import gather

        logger.info("reading the cities of the world; this takes some seconds, once")
        gather(folder)
    except ModuleNotFoundError as error:
        logger.warning(
            "learners' cities are not known: making %s needs the package %s; run `make index`, "
            "or copy the index folder from where it was built",
            *(FILE, error.name),
        )
    except OSError as error:
        logger.warning("learners' cities are not known: %s cannot be made (%s)", FILE, error)


def settled_in(text: str) -> str | None:
    """What a learner says they live in, unasked; it may be no place."""
    found = _SAID_UNASKED.fullmatch(text.strip().rstrip(".!"))
    return found[1] or found[2] if found else None


_opening = threading.Lock()
_opened = lru_cache(maxsize=1)(Atlas)


def is_zone(name: str) -> bool:
    """Whether it is the name of a time zone that people live by."""
    return name in _zones().values()


def zone_named(said: str) -> str | None:
    """A zone by its IANA name, in any case."""
    return _zones().get(said.casefold().replace(" ", "_"))


def zone_of_words(said: str) -> str | None:
    """A zone by its short name, or its distance from UTC: "IST", "UTC+5:30", "gmt-3" or "+2"."""
    if short := _ABBREVIATED.get(said.casefold()):
        return short
    found = _OFFSET.fullmatch(said.casefold())
    if found is None:
        return None
    part = found[3] or "0"
    minutes = 30 if part == "5" else int(part)  # "+5.5" is five hours and a half
    sign = 1 if found[1] == "+" else -1
    return zone_of_offset(sign * timedelta(hours=int(found[2]), minutes=minutes))


def zone_of_clock(said: str, now: datetime) -> str | None:
    """A zone in which it is now as late as is said, to some minutes: "it is 14:05 here", "3 pm"."""
    found = _CLOCK.fullmatch(" ".join(said.split()).strip(" .!"))
    clock = time_of_day(found[1]) if found else None
    if clock is None:
        return None
    here = timedelta(hours=clock.hour, minutes=clock.minute)
    offset = here - timedelta(hours=now.hour, minutes=now.minute)
    offset = _QUARTER * round(offset / _QUARTER)
    return zone_of_offset((offset + _HALF_A_DAY) % (2 * _HALF_A_DAY) - _HALF_A_DAY)


def zone_of_offset(offset: timedelta) -> str | None:
    """A zone that lies so far east of UTC; none where nobody lives by such a clock."""
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    signed = -hours if offset < timedelta(0) else hours
    if minutes:
        return _BROKEN_HOURS.get((signed, minutes))
    if not _WESTERNMOST <= signed <= _EASTERNMOST:
        return None
    return f"Etc/GMT{-signed:+d}" if signed else "UTC"  # POSIX counts west of Greenwich as plus


def alike(zone: str | None, now: datetime) -> tuple[Place, ...]:
    """Where it is as late as in this zone now and clocks change, if all we know of it is the hour."""
    if zone is None or not (zone == "UTC" or zone.startswith("Etc/")):
        return ()
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    same = (each for each in _WITH_SUMMER_TIME if now.astimezone(ZoneInfo(each)).utcoffset() == offset)
    return tuple(Place(told(each).rpartition("/")[2], each) for each in same)[:MAX_OFFERED]


def told(zone: str) -> str:
    """A zone as a learner reads it."""
    if zone.startswith("Etc/GMT"):
        west = int(zone.removeprefix("Etc/GMT") or 0)
        return f"UTC{-west:+d}" if west else "UTC"
    return zone.replace("_", " ")


OFFERED = tuple(
    zone
    for minutes in (-480, -420, -360, -300, -240, -180, 0, 60, 120, 180, 240, 300, 330, 420, 480, 540)
    if (zone := zone_of_offset(timedelta(minutes=minutes)))
)
"""Zones to choose by the time it is now, from west to east: where most people live."""


@cache
def _zones() -> dict[str, str]:
    """The names of all zones, by what they are in small letters; not the ones that only programs use."""
    return {name.casefold(): name for name in available_timezones() if name not in ("Factory", "localtime")}


def _bare(text: str) -> str:
    said = " ".join(text.split()).strip(" .!,;")
    return _BEFORE.sub("", said, count=1) if _BEFORE.match(said) else said


def _split_by_region(said: str, atlas: Atlas) -> list[City]:
    """A city, then what tells it from its namesakes: "Portland, Oregon", "san jose costa rica"."""
    words = re.split(r"[\s,]+", said)
    for end in range(len(words) - 1, 0, -1):
        name, region = " ".join(words[:end]), " ".join(words[end:])
        found = [city for city in atlas.named(name) if atlas.is_in(city, region)]
        if found:
            return _meant(found, name)
    return []


def _of_a_country(said: str, atlas: Atlas) -> list[City]:
    """The largest city of each zone in the country or state of this name."""
    largest: dict[str, City] = {}
    for city in sorted(atlas.region(said), key=lambda city: city.population):
        largest[city.zone] = city
    most = max((city.population for city in largest.values()), default=0)
    return [city for city in largest.values() if city.population * DWARFED_IN_A_COUNTRY >= most]


def _meant(named: Iterable[City], said: str, region: Iterable[City] = ()) -> list[City]:
    """Those of the namesakes that are large enough to be meant, the largest first."""
    weights = {city: _weight(city, said) for city in named} | {city: city.population for city in region}
    most = max(weights.values(), default=0)
    large = [city for city, weight in weights.items() if weight * DWARFED >= most]
    return sorted(large, key=lambda city: -weights[city])


def _weight(city: City, said: str) -> float:
    """How many people mean this city by the name: far fewer where it is not the name it goes by."""
    return city.population if fold(city.name) == fold(said) else city.population / DWARFED


def _offered(meant: Sequence[City], atlas: Atlas) -> tuple[Place, ...]:
    """One place where all share a clock, else the largest few."""
    shares_clock = len({city.zone for city in meant}) == 1
    labels: dict[str, str] = {}
    for city in meant[:1] if shares_clock else meant:
        labels.setdefault(atlas.label(city), city.zone)
    return tuple(Place(label, zone) for label, zone in labels.items())[:MAX_OFFERED]


def place_of(zone: str) -> Place:
    """A zone as the place of somebody who lives by it."""
    return Place(told(zone), zone)
