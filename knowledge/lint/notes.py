"""Is this note a pleasure to get on a phone? Rules over notes."""

import re
from collections.abc import Callable, Iterator
from functools import wraps

from knowledge.library import KeyPath
from knowledge.problems import Draft, Problem, Rule, at, of_all_notes
from knowledge.schema import Note

Complaint = tuple[KeyPath, str, str]
NoteRule = Callable[[Note], Iterator[Complaint]]

FEWEST_WORDS, MOST_WORDS = 40, 200  # our choice: read in a minute
FEWEST_ASKS, FEWEST_RELATED = 3, 2
MAX_GRADE = 12.0  # years of school, by the Coleman-Liau index without the title's words; our choice
LONGEST_SENTENCE = 35  # words
LEADING = ("purpose", "learning", "practice")  # kinds of notes that a skill's own buttons open
NEAR = 3  # sentences before and after a figure in which its year may stand

_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"https?://|\]\(|\bwww\.")
_MONEY = re.compile(r"[$€£] ?\d(?:[\d,.]*\d)?|\b\d[\d,.]* ((million|billion) )?(dollars|euros)\b|\b\d+k\b")
_SHARE = re.compile(r"\d ?%|\d percent|\b\d[\d,.]* (million|billion)\b")
_COUNTED = re.compile(  # words of a survey: the lessons of a skill hold shares that do not age: "95% sure"
    r"\b(surveys?|surveyed|polls?|respondents)\b"
    r"|\bof (?:\w+ )?(people|developers|engineers|data scientists|learners|students|employers|firms)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")

OPENING, BEGINNING = 2, 4  # sentences that answer "what is X?"; words of a later one that may begin with X
LONGEST_TERM = 3  # words; more are a learner's own sentence, not the name of a thing
SAME_WORD = 6  # letters by which "stationary" is "stationarity"
SHORT_FORM = 3  # letters at most of what stands for the first letters of words
_WHAT_IS = re.compile(
    r"(?:what(?:'s|s| is| are)|explain|define) (?:an? )?(?P<asked>.+)"
    r"|(?P<told>.+) (?:meaning|explained|for dummies)"
)
_NO_NAME = re.compile(r"(?:the|this|that|these|those|my|your|its?|not|like|to|in|so|new|different|better)\b")
_ADDED = re.compile(r",.*| (?:in|for|of|to|on|with|or|and|vs|used|doing|explained|simply|again)(?: .*)?$")
_BRACKETS = re.compile(r"\([^)]*\)")
_FULL_STOP = re.compile(r"(?<=[.!?])\s+|\n+")


def of_notes(rule: NoteRule) -> Rule:
    """The rule for every note of a pack."""

    @wraps(rule)
    def over_the_notes(draft: Draft) -> Iterator[Problem]:
        for note in draft.library.notes.values():
            for path, what, cure in rule(note):
                yield at(draft.place_of(note), path, what, cure)

    return over_the_notes


def prose(note: Note) -> str:
    """The body without code."""
    return _FENCED.sub("", note.body)


def _line_of(part: str, note: Note) -> KeyPath:
    """The line of the body in which `part` stands first."""
    return ("body", note.body.partition(part)[0].count("\n"))


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
            yield (
                _line_of(sentence, note),
                f"a sentence has {len(sentence.split())} words: {sentence[:40]!r}...",
                "split it",
            )
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
    """Money and shares of people age, and shares outside of lessons: the text near them names the year."""
    sentences = [part for part in _SENTENCE.split(note.body) if part.strip()]
    for number, sentence in enumerate(sentences):
        near = " ".join(sentences[max(number - NEAR, 0) : number + NEAR + 1])
        if (found := _ages(sentence, note)) and not _YEAR.search(near):
            what = f"the figure {found.group()!r} has no year"
            yield _line_of(sentence, note), what, "say next to it of which year and from whom it is"


def _ages(sentence: str, note: Note) -> re.Match[str] | None:
    """The first figure of `sentence` that will be another one some years from now."""
    is_counted = note.skill is None or _COUNTED.search(sentence)
    return _MONEY.search(sentence) or (_SHARE.search(sentence) if is_counted else None)


@of_notes
def links_stand_in_resources(note: Note) -> Iterator[Complaint]:
    """A link stands in resources.yaml with the day it was checked, not in a body."""
    if found := _LINK.search(prose(note)):
        yield _line_of(found.group(), note), "holds a link", "name it in resources.yaml"


@of_notes
def notes_can_be_found(note: Note) -> Iterator[Complaint]:
    """A note has at least three asks in learners' words."""
    if len(note.asks) < FEWEST_ASKS:
        what = f"has {len(note.asks)} asks"
        yield ("asks",), what, f"write at least {FEWEST_ASKS}, each in other words"


@of_notes
def what_is_asked_is_told(note: Note) -> Iterator[Complaint]:
    """A note asked "what is X?" says it in its first two sentences, or begins a later one with X."""
    sentences = [part for part in _FULL_STOP.split(prose(note)) if re.search(r"\w", part)]
    beginnings = [" ".join(_words(part)[:BEGINNING]) for part in _SENTENCE.split(prose(note))]
    told = " ".join([*sentences[:OPENING], *beginnings])
    for number, ask in enumerate(note.asks):
        term = _term(ask)
        if term and not any(_is_told(word, told) for word in term):
            what = f"is asked what {' '.join(term)!r} is, and hardly says it"
            cure = "say it in the first two sentences, or leave the ask to another note"
            yield ("asks", number), what, cure


def _term(ask: str) -> list[str]:
    """The words of X, if this ask is a plain "what is X?"."""
    found = _WHAT_IS.fullmatch(ask.lower().strip(" ?!."))
    named = (found["asked"] or found["told"]) if found else ""
    words = [] if _NO_NAME.match(named) else _words(_ADDED.sub("", named))
    return words if len(words) <= LONGEST_TERM else []


def _is_told(word: str, text: str) -> bool:
    """Whether `text` has the word, in any spelling or in two parts, or spells out what it is short for."""
    stem, words = _stem(word), _words(text)
    initials = "".join(each[0] for each in _words(_BRACKETS.sub("", text)))
    return stem in map(_stem, words) or (
        len(stem) > 1 and stem in ("".join(words) if len(stem) > SHORT_FORM else initials)
    )


def _stem(word: str) -> str:
    return word.replace("z", "s").removesuffix("s")[:SAME_WORD]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


@of_notes
def notes_lead_on(note: Note) -> Iterator[Complaint]:
    """A note names at least two related notes."""
    if len(note.related) < FEWEST_RELATED:
        yield ("related",), f"has {len(note.related)} related notes", f"name at least {FEWEST_RELATED}"


@of_all_notes
def notes_are_within_reach(draft: Draft) -> Iterator[Problem]:
    """No note is an orphan: buttons lead to each, from the starters or the notes of tracks and skills."""
    library = draft.library
    if {"pack.yaml", "tracks.yaml"} & draft.broken:
        return
    roots = {*library.pack.starters, *(track.note for track in library.tracks.values())}
    roots |= {note_id for note_id, links in draft.links.items() if links.kind in LEADING}
    reached: set[str] = set()
    while roots:
        reached |= roots
        found = [draft.links[note_id] for note_id in roots if note_id in draft.links]
        roots = {near for links in found for near in links.related} - reached
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
    what_is_asked_is_told,
    notes_lead_on,
    notes_are_within_reach,
    notes_cite_their_facts,
)
