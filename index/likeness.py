"""Which texts of a pack are too alike, or too far apart? Lint rules that need a model of language."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from index.embedder import Embedder, Embeddings, RememberingEmbedder
from index.excerpt import excerpt
from index.lexical import NOTHING_SHARED, LexicalIndex
from index.passages import Passage, plain_text
from knowledge.problems import Draft, Problem, at, run
from knowledge.schema import Item, Note

# Cosines of all-MiniLM-L6-v2, chosen by reading the pairs of our own pack near them.
SAME_STEM = 0.85
SAME_OPTION = 0.895
SAME_NOTE = 0.90
# An ask this near to another note's title, ask or body, and by so much less near to the rest of its own note,
# fetches the other. On our 645 notes that named 36 of 10,405 asks, all but four of them doubled or misplaced.
SAME_ASK = 0.88
NEARER_BY = 0.3
NOTES_AT_ONCE = 16  # compared with all at once: some 50 MB for our 2,448 notes
# Of what a note says of a fact, by rarity of words, this part must stand in what a phone shows first, in one
# of the notes that carry it. Of our 136 facts three were below it, and all three were cut off.
SHOWN_FIRST = 0.5
# What a note must share with an item that cites it: at least so much (of at most 2), and of what the note
# that shares most with the item at least this part. No item of our bank is below either.
LEAST_SUPPORT = 0.4
SUPPORT_OF_BEST = 0.6

# Three plain words or more; the model takes numbers and code for one another.
_PROSE = re.compile(r"[A-Za-z,'’-]+(?: [A-Za-z,'’-]+){2,}\.?")
_CONTRAST = re.compile(  # words by which options may differ alone; the model takes each for its opposite
    r"(one|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand|million|half|quarter|double"
    r"|once|twice|first|second|third|fourth|last|time|more|fewer|less|higher|lower|longer|shorter|larger"
    r"|smaller|above|below|before|after|tomorrow'|yesterday')s?"
)

MeaningRule = Callable[[Draft, Embedder], Iterator[Problem]]


def lint_likeness(draft: Draft, embedder: Embedder) -> list[Problem]:
    """Every problem these rules find in a pack as far as it could be read, in no order."""
    return run(MEANING_RULES, draft, RememberingEmbedder(embedder))


def stems_differ(draft: Draft, embedder: Embedder) -> Iterator[Problem]:
    """No two items of the bank ask the same."""
    items = [*draft.items()]
    for one, other, cosine in _pairs([_shown(item) for _, item in items], SAME_STEM, embedder):
        skill_id, item = items[other]
        what = f"asks almost the same as {'/'.join((items[one][0], items[one][1].id))} (cosine {cosine:.2f})"
        yield at(draft.place_of(item, skill_id), ("stem",), what, "ask for something else, or remove one")


def options_mean_different_things(draft: Draft, embedder: Embedder) -> Iterator[Problem]:
    """No two options of an item say the same in other words."""
    embedder.embed([option.text for _, item in draft.items() for option in item.options.values()])  # at once
    for skill_id, item in draft.items():
        texts = [option.text for option in item.options.values()]
        if not all(map(_PROSE.fullmatch, texts)):
            continue
        for one, other, cosine in _pairs(texts, SAME_OPTION, embedder):
            if _sense(texts[one]) == _sense(texts[other]):
                continue  # "one image, three containers": numbers or order make the sense
            letter = list(item.options)[other]
            what = f"{texts[other]!r} says the same as {texts[one]!r} (cosine {cosine:.2f})"
            place = draft.place_of(item, skill_id)
            yield at(place, ("options", letter, "text"), what, "say something else, or remove it")


def notes_differ(draft: Draft, embedder: Embedder) -> Iterator[Problem]:
    """No two notes tell the same."""
    notes = [*draft.library.notes.values()]
    for one, other, cosine in _pairs([_read(note) for note in notes], SAME_NOTE, embedder):
        what = f"tells almost the same as {notes[one].id} (cosine {cosine:.2f})"
        cure = "make one note of them, or tell them apart"
        yield at(draft.place_of(notes[other]), ("body",), what, cure)


def asks_fit_their_notes(draft: Draft, embedder: Embedder) -> Iterator[Problem]:
    """No ask says what another note says, or is asked, unless the rest of its own note is nearly as close."""
    notes = [*draft.library.notes.values()]
    wordings = [[*note.asks, note.title, _read(note)] for note in notes]
    vectors = embedder.embed([text for texts in wordings for text in texts])
    ends = np.cumsum([len(texts) for texts in wordings])
    for note, (own, compared) in zip(notes, _compared(vectors, [*map(len, wordings)]), strict=True):
        cosines = compared[: len(note.asks)]
        np.fill_diagonal(cosines[:, own], -1)  # no ask is compared with itself
        rest = cosines[:, own].max(axis=1, initial=-1)
        cosines[:, own] = -1
        for number, row in enumerate(cosines):
            if row.max() >= max(SAME_ASK, rest[number] + NEARER_BY):
                other = notes[int(np.searchsorted(ends, row.argmax(), side="right"))].id
                what = f"{note.asks[number]!r} is nearer to {other} (cosine {row.max():.2f})"
                yield at(draft.place_of(note), ("asks", number), what, "leave it to that note, or say more")


def _compared(vectors: Embeddings, lengths: Sequence[int]) -> Iterator[tuple[slice, Embeddings]]:
    """Of each note where its vectors stand, and their cosines with all; in blocks, as that is quicker."""
    ends = [*itertools.accumulate(lengths)]
    owns = [slice(end - length, end) for end, length in zip(ends, lengths, strict=True)]
    for first in range(0, len(owns), NOTES_AT_ONCE):
        block = owns[first : first + NOTES_AT_ONCE]
        start = block[0].start
        cosines = vectors[start : block[-1].stop] @ vectors.T
        yield from ((own, cosines[own.start - start : own.stop - start]) for own in block)


def facts_show_first(draft: Draft, embedder: Embedder) -> Iterator[Problem]:
    """Every fact shows in what comes first on a phone of one of the notes that carry it."""
    notes = [note for note in draft.library.notes.values() if note.facts]
    whole = [Passage(note.id, (plain_text(note.body),)) for note in notes]
    first = [Passage(f"first of {note.id}", (plain_text(excerpt(note.body, "")),)) for note in notes]
    lexical = LexicalIndex([*whole, *first]) if notes else None
    for number, fact in draft.library.facts.items():
        shared = lexical.shared_words(fact.states) if lexical else {}
        carried = [note for note in notes if number in note.facts and note.id in shared]
        shown = [
            shared.get(f"first of {note.id}", NOTHING_SHARED).coverage / shared[note.id].coverage
            for note in carried
        ]
        if shown and max(shown) < SHOWN_FIRST:
            what = f"fact {number} is cut from what comes first: {fact.states!r}"
            place = draft.place_of(carried[0])
            yield at(place, ("facts", carried[0].facts.index(number)), what, "say it earlier, or shorten")


def notes_support_the_keys(draft: Draft, embedder: Embedder) -> Iterator[Problem]:
    """The note an item cites is about what the item asks and its key says, nearly as much as any note."""
    notes = draft.library.notes
    cited = [
        (skill, item) for skill, item in draft.items() if item.note in notes and item.key in item.options
    ]
    rows = _support([item for _, item in cited], [*notes.values()], embedder)
    for (skill_id, item), row in zip(cited, rows, strict=True):
        support = dict(zip(notes, row, strict=True))
        best = max(support, key=support.__getitem__)
        if support[item.note] < max(LEAST_SUPPORT, SUPPORT_OF_BEST * support[best]):
            what = f"note {item.note!r} hardly speaks of it; {best!r} may"
            yield at(draft.place_of(item, skill_id), ("note",), what, "cite the note that states the key")


def _support(items: Sequence[Item], notes: Sequence[Note], embedder: Embedder) -> Iterator[list[float]]:
    """What each note shares with each item: their cosine, and the share of the item's words it holds.

    On our bank (461 items, 590 notes) the two limits find 83 % of citations of a random other note of the
    same skill, and 98.7 % of those of a note of another skill, without a false alarm. A wrong key they
    hardly find: right and wrong options are about the same matter.
    """
    if not items:
        return
    lexical = LexicalIndex([Passage(note.id, (_read(note),)) for note in notes])
    told = [_told(item) for item in items]
    cosines = embedder.embed(told) @ embedder.embed([_read(note) for note in notes]).T
    for text, row in zip(told, cosines, strict=True):
        shared = lexical.shared_words(text)
        covered = [shared.get(note.id, NOTHING_SHARED).coverage for note in notes]
        yield [float(cosine) + share for cosine, share in zip(row, covered, strict=True)]


def _told(item: Item) -> str:
    """What a learner knows after the item: the question, its answer, and why."""
    key = item.options[item.key]
    return f"{item.stem} {key.text} {key.feedback.removeprefix('Right: ')}"


def _sense(text: str) -> list[str]:
    """The words of a text in no order, without numbers, opposites and the s of plurals."""
    words = text.lower().rstrip(".").split()
    return sorted(word.rstrip("s") for word in words if not _CONTRAST.fullmatch(word.strip(",")))


def _pairs(texts: Sequence[str], limit: float, embedder: Embedder) -> Iterator[tuple[int, int, float]]:
    """Positions of any two texts at least this alike, the earlier first."""
    if len(texts) < 2:
        return
    vectors = embedder.embed(texts)
    cosines = np.triu(vectors @ vectors.T, k=1)
    for one, other in np.argwhere(cosines >= limit):
        yield int(one), int(other), float(cosines[one, other])


def _shown(item: Item) -> str:
    return f"{item.stem} {item.code or ''}"


def _read(note: Note) -> str:
    return f"{note.title}. {plain_text(note.body)}"


MEANING_RULES: tuple[MeaningRule, ...] = (
    stems_differ,
    options_mean_different_things,
    notes_differ,
    asks_fit_their_notes,
    facts_show_first,
    notes_support_the_keys,
)
