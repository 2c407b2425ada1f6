"""Can everything in a pack be found, and does every part know where it stands?"""

from pathlib import Path

import pytest

from knowledge.library import Library, Place
from knowledge.reader import read_pack
from tests.conftest import REAL_PACK, TINY_PACK

PLACE = Place("notes/pay/salary.md", {("asks",): 3, ("asks", 1): 5, ("sources",): 6})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("asks", 1), 5),
        (("asks", 0), 3),  # unknown: the list around it
        (("asks", 1, "deeper"), 5),
        (("sources", 7), 6),
        (("title",), 1),  # nothing around it but the file
        ((), 1),
    ],
)
def test_a_place_gives_the_line_of_the_nearest_part(path: tuple[str | int, ...], line: int) -> None:
    assert PLACE.line(*path) == line


@pytest.mark.parametrize("folder", [TINY_PACK, REAL_PACK])
def test_every_part_of_a_pack_stands_on_the_line_it_says(folder: Path) -> None:
    library = read_pack(folder)
    for note in library.notes.values():
        place = library.places[note.id]
        lines = ["", *(folder / place.file).read_text(encoding="utf-8").splitlines()]
        assert lines[place.line("body")] == note.body.splitlines()[0]
        for field in ("title", "asks", "sources", "year", "facts", "related"):
            assert lines[place.line(field)].startswith(f"{field}:") or (field,) not in place.lines
        for field in ("asks", "sources", "facts", "related"):
            for number, value in enumerate(getattr(note, field)):
                assert str(value) in lines[place.line(field, number)].replace('\\"', '"')
    facts = library.places["facts.yaml"]
    lines = ["", *(folder / facts.file).read_text(encoding="utf-8").splitlines()]
    assert [lines[facts.line(number)].partition(":")[0] for number in library.facts] == [
        str(number) for number in library.facts
    ]


def test_a_note_is_found_by_its_id(tiny: Library) -> None:
    note = tiny.find_note("pay.salary")
    assert note is not None
    assert note.title == "What does an ML engineer earn?"
    assert tiny.find_note("pay.nothing") is None


def test_a_note_names_its_sources_and_relatives_in_the_authors_order(tiny: Library) -> None:
    python = tiny.notes["skills.python"]
    assert [source.title for source in tiny.sources_of(python)] == [
        "A handbook for beginners",
        "The guild of engineers",
    ]
    assert [note.id for note in tiny.related_to(python)] == ["path.overview", "start.first-project"]


def test_a_pack_offers_its_starters_in_order(tiny: Library) -> None:
    assert [note.id for note in tiny.starters] == ["path.overview", "pay.salary"]


@pytest.mark.parametrize(
    ("facts", "notes"),
    [
        ((4,), {"pay.salary"}),
        ((1, 2, 99), {"path.overview", "skills.maths"}),
        ((99,), set()),
        ((), set()),
    ],
)
def test_the_notes_that_carry_a_fact_are_known(
    tiny: Library, facts: tuple[int, ...], notes: set[str]
) -> None:
    assert tiny.notes_carrying(facts) == notes


def test_a_notes_id_is_its_path_and_its_body_is_what_follows_the_front_matter(tiny: Library) -> None:
    assert {note.id for note in tiny.notes.values()} == set(tiny.notes)
    assert tiny.notes["pay.salary"].body == "About $125,000 a year in the USA, by figures of 2020."
