"""Which texts of a pack are too alike, or too far apart? Lint rules that need a model of language."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder, RememberingEmbedder
from index.passages import plain_text
from knowledge.problems import Draft, Problem, at, name_of
from knowledge.schema import Item, Note

# Cosines of all-MiniLM-L6-v2, chosen by reading the pairs of our own pack near them.
SAME_STEM = 0.92
SAME_OPTION = 0.92
SAME_NOTE = 0.90
UNSUPPORTED = 0.15  # between a stem with its key, and the note it cites

Embedding = npt.NDArray[np.float32]

# Three plain words or more; the model takes numbers and code for one another.
_PROSE = re.compile(r"[A-Za-z,'’-]+(?: [A-Za-z,'’-]+){2,}\.?")

MeaningRule = Callable[[Draft, "RememberingEmbedder"], Iterator[Problem]]


def lint_likeness(draft: Draft, embedder: Embedder) -> list[Problem]:
    """Every problem these rules find in a pack as far as it could be read, in no order."""
    remembering = RememberingEmbedder(embedder)
    return [
        replace(problem, rule=name_of(rule)) for rule in MEANING_RULES for problem in rule(draft, remembering)
    ]


def stems_differ(draft: Draft, embedder: RememberingEmbedder) -> Iterator[Problem]:
    """No two items of the bank ask the same."""
    items = [(skill_id, item) for skill_id, item in draft.items() if "stems-differ" not in item.waive]
    for one, other, cosine in _pairs([_shown(item) for _, item in items], SAME_STEM, embedder):
        skill_id, item = items[other]
        what = f"asks almost the same as {'/'.join((items[one][0], items[one][1].id))} (cosine {cosine:.2f})"
        yield at(draft.place_of(item, skill_id), ("stem",), what, "ask for something else, or remove one")


def options_mean_different_things(draft: Draft, embedder: RememberingEmbedder) -> Iterator[Problem]:
    """No two options of an item say the same in other words."""
    embedder.embed([option.text for _, item in draft.items() for option in item.options.values()])  # at once
    for skill_id, item in draft.items():
        texts = [option.text for option in item.options.values()]
        if "options-mean-different-things" in item.waive or not all(map(_PROSE.fullmatch, texts)):
            continue
        for one, other, cosine in _pairs(texts, SAME_OPTION, embedder):
            if sorted(texts[one].lower().split()) == sorted(texts[other].lower().split()):
                continue  # "one image, three containers": the order makes the sense, and the model misses it
            letter = list(item.options)[other]
            what = f"{texts[other]!r} says the same as {texts[one]!r} (cosine {cosine:.2f})"
            place = draft.place_of(item, skill_id)
            yield at(place, ("options", letter, "text"), what, "say something else, or remove it")


def notes_differ(draft: Draft, embedder: RememberingEmbedder) -> Iterator[Problem]:
    """No two notes tell the same."""
    notes = [note for note in draft.library.notes.values() if "notes-differ" not in note.waive]
    for one, other, cosine in _pairs([_read(note) for note in notes], SAME_NOTE, embedder):
        what = f"tells almost the same as {notes[one].id} (cosine {cosine:.2f})"
        cure = "make one note of them, or tell them apart"
        yield at(draft.place_of(notes[other]), ("body",), what, cure)


def notes_support_the_keys(draft: Draft, embedder: RememberingEmbedder) -> Iterator[Problem]:
    """The note an item cites is about what the item asks and its key says."""
    notes = draft.library.notes
    items = [
        (skill_id, item)
        for skill_id, item in draft.items()
        if item.note in notes and item.key in item.options and "notes-support-the-keys" not in item.waive
    ]
    if not items:
        return
    said = embedder.embed([f"{item.stem} {item.options[item.key].text}" for _, item in items])
    told = embedder.embed([_read(notes[item.note]) for _, item in items])
    for (skill_id, item), cosine in zip(items, np.sum(said * told, axis=1), strict=True):
        if cosine < UNSUPPORTED:
            what = f"note {item.note!r} hardly speaks of it (cosine {cosine:.2f})"
            yield at(draft.place_of(item, skill_id), ("note",), what, "cite the note that states the key")


def _pairs(
    texts: Sequence[str], limit: float, embedder: RememberingEmbedder
) -> Iterator[tuple[int, int, float]]:
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
    notes_support_the_keys,
)
