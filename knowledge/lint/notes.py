"""Is this note a pleasure to get on a phone? Rules over notes."""

import re
from collections.abc import Callable, Iterator
from functools import wraps

from knowledge.library import KeyPath
from knowledge.problems import Draft, Problem, Rule, at, name_of
from knowledge.schema import Note

Complaint = tuple[KeyPath, str, str]
NoteRule = Callable[[Note], Iterator[Complaint]]

FEWEST_WORDS, MOST_WORDS = 40, 200  # our choice: read in a minute
FEWEST_ASKS, FEWEST_RELATED = 3, 2
MAX_GRADE = 12.0  # years of school, by the Coleman-Liau index without the title's words; our choice
LONGEST_SENTENCE = 35  # words

_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"https?://|\]\(|\bwww\.")
_MONEY = re.compile(r"[$€£] ?\d|\b\d[\d,.]* (million|billion|dollars|euros)\b")
_SHARE = re.compile(r"\d ?%|\d percent")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


def of_notes(rule: NoteRule) -> Rule:
    """The rule for every note of a pack, but those that waive it."""

    @wraps(rule)
    def over_the_notes(draft: Draft) -> Iterator[Problem]:
        for note in draft.library.notes.values():
            if name_of(rule) not in note.waive:
                for path, what, cure in rule(note):
                    yield at(draft.place_of(note), path, what, cure)

    return over_the_notes


def prose(note: Note) -> str:
    """The body without code."""
    return _FENCED.sub("", note.body)


@of_notes
def notes_are_neither_scraps_nor_essays(note: Note) -> Iterator[Complaint]:
    """A note has 40 to 200 words."""
    count = len(re.findall(r"\w+", note.body))
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        yield ("body",), f"body has {count} words", f"aim at {FEWEST_WORDS} to {MOST_WORDS}"


@of_notes
def notes_are_easy_to_read(note: Note) -> Iterator[Complaint]:
    """A note reads at the level of a school-leaver at most (Coleman-Liau), without endless sentences."""
    sentences = [part for part in _SENTENCE.split(prose(note)) if re.search(r"\w", part)]
    for sentence in sentences:
        if len(sentence.split()) > LONGEST_SENTENCE:
            yield ("body",), f"a sentence has {len(sentence.split())} words: {sentence[:40]!r}...", "split it"
    if (grade := coleman_liau(prose(note), known=note.title)) > MAX_GRADE:
        what = f"reads like school year {grade:.1f}"
        yield ("body",), what, "use shorter words and sentences"


def coleman_liau(text: str, known: str = "") -> float:
    """School years needed to read `text` (Coleman & Liau 1975): by letters a word and words a sentence.

    Words of `known` count like words of average length: a note has to name its subject, however long.
    """
    words = re.findall(r"\w+", text.lower())
    rest = [word for word in words if word not in re.findall(r"\w+", known.lower())]
    sentences = [part for part in _SENTENCE.split(text) if re.search(r"\w", part)]
    letters = sum(map(len, rest)) / max(len(rest), 1)
    return 5.88 * letters - 29.6 * len(sentences) / max(len(words), 1) - 15.8


@of_notes
def figures_carry_a_year(note: Note) -> Iterator[Complaint]:
    """Money, and shares outside of the lessons of a skill, age: the text names their year."""
    ages = _MONEY.search(note.body) or (note.skill is None and _SHARE.search(note.body))
    if ages and not _YEAR.search(note.body):
        yield ("body",), f"the figure {ages.group()!r} has no year", "say of which year and from whom it is"


@of_notes
def links_stand_in_resources(note: Note) -> Iterator[Complaint]:
    """A link stands in resources.yaml with the day it was checked, not in a body."""
    if found := _LINK.search(prose(note)):
        line = note.body[: found.start()].count("\n")
        yield ("body",), f"holds a link in line {line + 1} of its body", "name it in resources.yaml"


@of_notes
def notes_can_be_found(note: Note) -> Iterator[Complaint]:
    """A note has at least three asks in learners' words."""
    if len(note.asks) < FEWEST_ASKS:
        what = f"has {len(note.asks)} asks"
        yield ("asks",), what, f"write at least {FEWEST_ASKS}, each in other words"


@of_notes
def notes_lead_on(note: Note) -> Iterator[Complaint]:
    """A note names at least two related notes."""
    if len(note.related) < FEWEST_RELATED:
        yield ("related",), f"has {len(note.related)} related notes", f"name at least {FEWEST_RELATED}"


def notes_are_within_reach(draft: Draft) -> Iterator[Problem]:
    """No note is an orphan: buttons lead to each, from the starters or the notes of tracks and skills."""
    library = draft.library
    if not draft.has_every_note:
        return
    roots = {*library.pack.starters, *(track.note for track in library.tracks.values())}
    roots |= {note.id for note in library.notes.values() if note.kind in ("purpose", "learning", "practice")}
    reached: set[str] = set()
    while roots:
        reached |= roots
        found = [library.notes[note_id] for note_id in roots if note_id in library.notes]
        roots = {near for note in found for near in note.related} - reached
    for note in library.notes.values():
        if note.id not in reached:
            yield at(draft.place_of(note), (), "no button leads here", "name it in another note's `related`")


def notes_cite_their_facts(draft: Draft) -> Iterator[Problem]:
    """A note cites the source of every fact it carries."""
    for note in draft.library.notes.values():
        for n, number in enumerate(note.facts):
            fact = draft.library.facts.get(number)
            if fact and fact.source not in note.sources:
                what = f"fact {number} is of {fact.source!r}, which the note does not cite"
                yield at(draft.place_of(note), ("facts", n), what, "add it to `sources`")


RULES: tuple[Rule, ...] = (
    notes_are_neither_scraps_nor_essays,
    notes_are_easy_to_read,
    figures_carry_a_year,
    links_stand_in_resources,
    notes_can_be_found,
    notes_lead_on,
    notes_are_within_reach,
    notes_cite_their_facts,
)
