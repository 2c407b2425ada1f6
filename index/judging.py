"""Where are the fitted numbers of a pack kept? Beside its vectors; fits them where they are missing."""

import hashlib
import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.embedder import MANY, Embeddings, RememberingEmbedder, is_a_part
from index.fitting import Sat, fit_intents, fit_trust
from index.intent_model import Floats, IntentModel
from index.intents import QUESTION, Intent
from index.judgement import PLAIN, Judgement, Trust
from index.kept import remembered
from index.passages import passages_of
from index.retriever import Retriever
from index.vectors import ForeseenIndex, VectorIndex, wordings_of
from knowledge.library import Library
from knowledge.schema import ExamPart

logger = logging.getLogger(__name__)

FORMAT = 8  # raise when signals or fits change their meaning: older numbers are then fitted anew
_FILE = "judgement.json"
MOST_FORESEEN = 50_000_000  # cosines compared at once: 200 MB

Asked = tuple[str, str | None, bool]  # a question, what it leans on, and whether it can be answered


def open_or_fit(retriever: Retriever, library: Library, folder: Path) -> Judgement:
    """The numbers fitted for exactly this pack and these vectors."""
    file = folder / str(retriever.vectors.manifest["name"]) / _FILE
    key = _key(library)
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["key"] == key:
            return _read(stored)
        reason = "they were fitted on other content"
    except FileNotFoundError:
        reason = "there are none for this pack yet"
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{_FILE} cannot be read: {error!r}"
    from threadpoolctl import threadpool_limits

    logger.info("fitting the numbers that answers are trusted by (%s); this may take some minutes", reason)
    # On two cores BLAS takes longer to share out such small sums than to do them.
    with remembered(retriever.embedder, folder) as embedder, threadpool_limits(1):
        judgement = fit(replace(retriever, embedder=embedder), library)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({"key": key, **_stored(judgement)}), encoding="utf-8")
    os.replace(draft, file)
    return judgement


def fit(retriever: Retriever, library: Library) -> Judgement:
    """Fit everything on the phrases of the pack and on the fitting part of its exam."""
    part = library.exam.fitting
    embedder = RememberingEmbedder(retriever.embedder)
    embedder.embed([phrase.say for phrase in part.phrases])  # all at once is faster
    asked = _asked(part)
    queries = embedder.embed([retriever.spelling.mend(ask) for ask in _asked_alone_and_together(asked)])
    judgement = Judgement(PLAIN.trust, _intents(retriever.vectors, library, embedder))
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
    named = [
        (number, row.name if isinstance(row, Intent) else QUESTION.name)
        for number, row in enumerate(index.rows)
        if isinstance(row, Intent)
        or (row,) == index.rows[number + 1 : number + 2]  # no body: nobody types it
    ]
    heard = library.exam.fitting.phrases
    return fit_intents(
        [*(texts[number] for number, _ in named), *(phrase.say for phrase in heard)],
        np.concatenate(
            [index.vectors[[number for number, _ in named]], embedder.embed([phrase.say for phrase in heard])]
        ),
        [*(name for _, name in named), *(phrase.intent for phrase in heard)],
    )


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


def _stored(judgement: Judgement) -> dict[str, Any]:
    model = judgement.intents
    return {
        "trust": asdict(judgement.trust),
        "intents": model
        and {
            "names": list(model.names),
            "weights": _packed(model.weights),
            "biases": _packed(model.biases),
            "terms": dict(model.terms),
            "term_weights": _packed(model.term_weights),
        },
    }


def _read(stored: Mapping[str, Any]) -> Judgement:
    told = stored["intents"]
    model = told and IntentModel(
        tuple(told["names"]),
        _unpacked(told["weights"], len(told["names"])),
        _unpacked(told["biases"]),
        told["terms"],
        _unpacked(told["term_weights"], len(told["terms"])),
    )
    return Judgement(Trust(**stored["trust"]), model)


def _packed(numbers: Floats) -> str:
    """As base64: a hundred thousand numbers in JSON take longer to read than all else of a start."""
    return b64encode(numbers.astype("<f4").tobytes()).decode()


def _unpacked(packed: str, rows: int | None = None) -> Floats:
    numbers = np.frombuffer(b64decode(packed), dtype="<f4")
    return numbers if rows is None else numbers.reshape(rows, -1)
