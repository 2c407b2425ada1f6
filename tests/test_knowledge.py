"""Is the pack we ship whole, and nothing in it copied? How good it is, the linter says."""

import re
from graphlib import TopologicalSorter

from knowledge.library import Library

FACTS = range(1, 137)  # the rows of the two sources' coverage table
COPIED = 6  # words in a row; "data scientist or ML engineer" is 5 and nobody's own


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of COPIED words in a text."""
    found = words(text)
    return {tuple(found[at : at + COPIED]) for at in range(len(found) - COPIED + 1)}


def test_the_pack_has_no_problems_and_carries_all_136_facts(library: Library) -> None:
    assert set(library.facts) == set(FACTS)
    assert {number for note in library.notes.values() for number in note.facts} == set(FACTS)


def test_asks_are_in_learners_words_and_not_copied_from_the_facts(library: Library) -> None:
    stated = {run for fact in library.facts.values() for run in runs(fact.states)}
    asked = {ask: runs(ask) for note in library.notes.values() for ask in note.asks}
    assert [ask for ask, said in asked.items() if said & stated] == []


def test_the_exam_asks_for_every_fact_and_never_in_a_notes_own_words(library: Library) -> None:
    assert {fact for question in library.exam.answerable for fact in question.facts} == set(FACTS)
    exam = {tuple(words(question.ask)) for question in library.exam.answerable}
    notes = {tuple(words(said)) for note in library.notes.values() for said in (note.title, *note.asks)}
    assert exam & notes == set()


def test_the_graph_places_a_learner_in_milliseconds(library: Library) -> None:
    """Exact placement runs over the feasible states of a track; their number must stay small."""
    for track_id in library.tracks:
        taught = [skill_id for skill_id in library.skills if library.weight(skill_id, track_id)]
        assert len(feasible_states(library, taught)) <= 200_000, track_id


def feasible_states(library: Library, taught: list[str]) -> set[frozenset[str]]:
    """Every set of skills that holds the prerequisites of each of them."""
    states = {frozenset[str]()}
    for skill_id in TopologicalSorter({s: library.skills[s].prerequisites for s in taught}).static_order():
        if skill_id in taught:
            needed = {s for s in library.skills[skill_id].prerequisites if s in taught}
            states |= {state | {skill_id} for state in states if needed <= state}
    return states


def test_every_career_the_sources_name_has_its_track(library: Library) -> None:
    careers = {"ml-engineer", "data-scientist", "nlp-scientist", "bi-developer", "hcml-developer"}
    assert set(library.tracks) == careers | {"ai-engineer", "ml-researcher", "data-mining"}
    assert next(iter(library.tracks)) == "ml-engineer"
