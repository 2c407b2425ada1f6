"""Where are the fitted numbers of a pack kept? Beside its vectors; fits them where they are missing."""

import hashlib
import itertools
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from index.embedder import MANY, Embeddings, RememberingEmbedder, is_a_part
from index.fitting import Sat, fit_intents, fit_notes, fit_trust
from index.intent_model import IntentModel
from index.intents import QUESTION, Intent
from index.judgement import PLAIN, Judgement, Trust
from index.kept import remembered
from index.note_model import NoteModel
from index.passages import passages_of
from index.retriever import Retriever
from index.vectors import ForeseenIndex, VectorIndex, wordings_of
from knowledge.library import Library
from knowledge.schema import ExamPart

logger = logging.getLogger(__name__)

FORMAT = 19  # raise when signals or fits change their meaning: older numbers are then fitted anew
_FILE = "judgement.npz"
MOST_FORESEEN = 50_000_000  # cosines compared at once: 200 MB

Asked = tuple[str, str | None, bool]  # a question, what it leans on, and whether it can be answered


def open_or_fit(retriever: Retriever, library: Library, folder: Path) -> Judgement:
    """The numbers fitted for exactly this pack and these vectors."""
    file = folder / str(retriever.vectors.manifest["name"]) / _FILE
    key = _key(library)
    try:
        if kept := _read(file, key):
            return kept
        reason = "they were fitted on other content"
    except FileNotFoundError:
        reason = "there are none for this pack yet"
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        reason = f"{_FILE} cannot be read: {error!r}"
    from threadpoolctl import threadpool_limits

    logger.info("fitting the numbers that answers are trusted by (%s); this may take some minutes", reason)
    # On two cores BLAS takes longer to share out such small sums than to do them.
    with remembered(retriever.embedder, folder) as embedder, threadpool_limits(1):
        judgement = fit(replace(retriever, embedder=embedder), library)
    _keep(judgement, key, file)
    return judgement


def fit(retriever: Retriever, library: Library) -> Judgement:
    """Fit everything on the phrases of the pack and on the fitting part of its exam."""
    part = library.exam.fitting
    embedder = RememberingEmbedder(retriever.embedder)
    embedder.embed([phrase.say for phrase in part.phrases])  # all at once is faster
    asked = _asked(part)
    queries = embedder.embed([retriever.spelling.mend(ask) for ask in _asked_alone_and_together(asked)])
    judgement = Judgement(
        PLAIN.trust, _intents(retriever.vectors, library, embedder), _notes(retriever.vectors, library)
    )
    foreseeing = _foreseeing(retriever.vectors, queries)
    sitting = replace(retriever, embedder=embedder, judgement=judgement, vectors=foreseeing)
    sat = _sit(sitting, [each for each in asked if each[1] is None])
    judgement = replace(judgement, trust=fit_trust(sat) or PLAIN.trust)
    sitting = replace(sitting, judgement=judgement)  # a follow-up leans where it is not trusted alone
    sat += _sit(sitting, [each for each in asked if each[1] is not None])
    return replace(judgement, trust=fit_trust(sat) or PLAIN.trust)


def _foreseeing(index: VectorIndex, queries: Embeddings) -> VectorIndex:
    """The index, with as many queries compared beforehand as fit; a graph is quicker without."""
    if index.graph:
        return index
    foreseen = queries[: MOST_FORESEEN // len(index.rows)]
    return ForeseenIndex(index.rows, index.vectors, index.manifest, index.in_8_bits, queries=foreseen)


def _intents(index: VectorIndex, library: Library, embedder: RememberingEmbedder) -> IntentModel | None:
    """From all phrases, with the titles and asks of the notes as questions; None without an exam.

    A pack of a few notes has too few questions to learn from: all else would be taken for small talk.
    """
    if not library.exam.fitting.phrases:
        return None
    texts = wordings_of(passages_of(library.notes.values()), library.phrases)
    rows = _typed(index)
    typed = [index.rows[row] for row in rows]
    wanted = [one.name if isinstance(one, Intent) else QUESTION.name for one in typed]
    heard = library.exam.fitting.phrases
    return fit_intents(
        [*(texts[row] for row in rows), *(phrase.say for phrase in heard)],
        np.concatenate([index.vectors[rows], embedder.embed([phrase.say for phrase in heard])]),
        [*wanted, *(phrase.intent for phrase in heard)],
    )


def _notes(index: VectorIndex, library: Library) -> NoteModel | None:
    """From the titles and asks of the notes."""
    texts = wordings_of(passages_of(library.notes.values()), library.phrases)
    places = {name: place for place, name in enumerate(index.passages)}
    rows = [row for row in _typed(index) if index.rows[row] in places]
    return fit_notes(
        [texts[row] for row in rows], index.vectors[rows], [places[str(index.rows[row])] for row in rows]
    )


def _typed(index: VectorIndex) -> list[int]:
    """The rows that somebody may type: all but the bodies, of which each is the last of its passage."""
    both = itertools.zip_longest(index.rows, index.rows[1:])
    return [row for row, (one, following) in enumerate(both) if isinstance(one, Intent) or one == following]


def _sit(retriever: Retriever, asked: Sequence[Asked]) -> list[Sat]:
    sat = []
    for done, (ask, after, is_answerable) in enumerate(asked, 1):
        sat.append(Sat(retriever.find(ask, after).signals, is_answerable))
        if len(asked) >= MANY and is_a_part(done, len(asked)):
            logger.info("sat %d of %d questions", done, len(asked))
    return sat


def _asked(part: ExamPart) -> list[Asked]:
    answerable = [(question.ask, question.after, True) for question in part.answerable]
    return answerable + [(question.ask, question.after, False) for question in part.declined]


def _asked_alone_and_together(asked: Sequence[Asked]) -> list[str]:
    """Every text that a sitting searches for: each question, what it leans on, and both in one."""
    leaning = [(ask, after) for ask, after, _ in asked if after]
    texts = [ask for ask, _, _ in asked]
    return [*texts, *(after for _, after in leaning), *(f"{after} {ask}" for ask, after in leaning)]


def _key(library: Library) -> str:
    content = [FORMAT, library.exam.fitting.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _keep(judgement: Judgement, key: str, file: Path) -> None:
    """What is numbers and names in JSON, the arrays as they are; written in one step."""
    told: dict[str, Any] = {"key": key, "trust": asdict(judgement.trust)}
    arrays: dict[str, Any] = {}
    if intents := judgement.intents:
        told["intents"] = {"names": list(intents.names), "terms": dict(intents.terms)}
        named = {"weights": intents.weights, "biases": intents.biases, "term_weights": intents.term_weights}
        arrays |= {f"intents.{name}": array for name, array in named.items()}
    if notes := judgement.notes:
        told["notes"] = {"stems": dict(notes.stems)}
        named = {"weights": notes.weights, "biases": notes.biases, "stem_weights": notes.stem_weights}
        arrays |= {f"notes.{name}": array for name, array in named.items()}
    draft = file.with_name(f".{os.getpid()}-{file.name}")
    try:
        with draft.open("wb") as out:
            np.savez(out, told=json.dumps(told), **arrays)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _read(file: Path, key: str) -> Judgement | None:
    """What was kept, unless it was fitted on other content."""
    with file.open("rb") as content, np.load(content, allow_pickle=False) as held:
        told = json.loads(str(held["told"]))
        if told["key"] != key:
            return None
        arrays: dict[str, dict[str, Any]] = {"intents": {}, "notes": {}}
        for name in held:
            model, _, array = name.partition(".")
            if array:
                arrays[model][array] = held[name]
    intents, notes = told.get("intents"), told.get("notes")
    return Judgement(
        Trust(**told["trust"]),
        intents and IntentModel(**intents, **arrays["intents"]),
        notes and NoteModel(**notes, **arrays["notes"]),
    )
