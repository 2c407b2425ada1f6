"""Is the pack we ship whole: every fact carried, every note within reach, nothing copied?"""

import re

from knowledge.library import Library

FACTS = range(1, 137)  # the rows of the two sources' coverage table
COPIED = 6  # words in a row; "data scientist or ML engineer" is 5 and nobody's own
FIGURE = re.compile(r"\$\d|\d ?%|\d percent")
YEAR = re.compile(r"\b(19|20)\d\d\b")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of COPIED words in a text."""
    found = words(text)
    return {tuple(found[at : at + COPIED]) for at in range(len(found) - COPIED + 1)}


def test_the_pack_has_no_problems_and_carries_all_136_facts(library: Library) -> None:
    assert set(library.facts) == set(FACTS)
    assert {number for note in library.notes.values() for number in note.facts} == set(FACTS)


def test_every_note_is_within_reach_of_the_starters(library: Library) -> None:
    reached: set[str] = set()
    next_ones = {note.id for note in library.starters}
    while next_ones:
        reached |= next_ones
        next_ones = {near for note_id in next_ones for near in library.notes[note_id].related} - reached
    assert set(library.notes) - reached == set()


def test_every_note_leads_on_and_can_be_asked_for_in_several_ways(library: Library) -> None:
    assert [note.id for note in library.notes.values() if len(note.related) < 2 or len(note.asks) < 3] == []


def test_asks_are_in_learners_words_and_not_copied_from_the_facts(library: Library) -> None:
    stated = {run for fact in library.facts.values() for run in runs(fact.states)}
    asked = {ask: runs(ask) for note in library.notes.values() for ask in note.asks}
    assert [ask for ask, said in asked.items() if said & stated] == []


def test_a_note_cites_the_source_of_every_fact_it_carries(library: Library) -> None:
    for note in library.notes.values():
        assert {library.facts[number].source for number in note.facts} <= set(note.sources), note.id


def test_a_note_with_a_figure_names_a_year(library: Library) -> None:
    notes = library.notes.values()
    assert [note.id for note in notes if FIGURE.search(note.body) and not YEAR.search(note.body)] == []


def test_a_note_can_be_read_on_a_phone_in_a_minute(library: Library) -> None:
    assert [note.id for note in library.notes.values() if not 40 <= len(words(note.body)) <= 200] == []


def test_the_exam_asks_for_every_fact_and_never_in_a_notes_own_words(library: Library) -> None:
    assert {question.facts[0] for question in library.exam.answerable} == set(FACTS)
    exam = {tuple(words(question.ask)) for question in library.exam.answerable}
    notes = {tuple(words(said)) for note in library.notes.values() for said in (note.title, *note.asks)}
    assert exam & notes == set()
