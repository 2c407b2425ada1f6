"""Where are the fitted numbers of a pack kept? Beside its vectors; fits them where they are missing."""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.intents import QUESTION, Intent
from index.judgement import PLAIN, IntentModel, Judgement, Trust
from knowledge.library import Library

if TYPE_CHECKING:
    from index.retriever import Retriever

logger = logging.getLogger(__name__)

FORMAT = 1  # raise when signals or fits change their meaning: older numbers are then fitted anew
_FILE = "judgement.json"


def open_or_fit(retriever: "Retriever", library: Library, folder: Path) -> Judgement:
    """The numbers fitted for exactly this pack and these vectors."""
    file = folder / str(retriever.vectors.manifest["name"]) / _FILE
    key = _key(library)
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["key"] == key:
            return _read(stored)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    logger.info("fitting the confidence in answers on the exam of the pack")
    judgement = fit(retriever, library)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({"key": key, **_stored(judgement)}), encoding="utf-8")
    os.replace(draft, file)
    return judgement


def fit(retriever: "Retriever", library: Library) -> Judgement:
    """Fit everything on the phrases of the pack and on the fitting part of its exam."""
    from dataclasses import replace

    from index.fitting import Sat, fit_intents, fit_trust

    rows = retriever.vectors.rows
    vectors = retriever.vectors.vectors.reconstruct_n(0, len(rows))
    heard = library.exam.fitting.phrases
    said = [number for number, row in enumerate(rows) if isinstance(row, Intent) or _is_short(rows, number)]
    names = [row.name if isinstance(row := rows[number], Intent) else QUESTION.name for number in said]
    learnt = np.concatenate(
        [vectors[said], retriever.embedder.embed([phrase.say for phrase in heard])]
        if heard
        else [vectors[said]]
    )
    intents = fit_intents(learnt, [*names, *(phrase.intent for phrase in heard)])
    sitting = replace(retriever, judgement=Judgement(PLAIN.trust, intents))
    part = library.exam.fitting
    asked = [(q.ask, q.after, True) for q in part.answerable] + [
        (q.ask, q.after, False) for q in part.declined
    ]
    sat = [Sat(sitting.find(ask, after).signals, is_answerable) for ask, after, is_answerable in asked]
    return Judgement(fit_trust(sat) or PLAIN.trust, intents)


def _is_short(rows: Any, number: int) -> bool:
    """Whether a row is a title or an ask: of a passage, and not its last row, the body."""
    return number + 1 < len(rows) and rows[number + 1] == rows[number]


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
            "weights": model.weights.round(5).tolist(),
            "biases": model.biases.round(5).tolist(),
        },
    }


def _read(stored: Mapping[str, Any]) -> Judgement:
    told = stored["intents"]
    model = told and IntentModel(
        tuple(told["names"]),
        np.array(told["weights"], dtype=np.float32),
        np.array(told["biases"], dtype=np.float32),
    )
    return Judgement(Trust(**stored["trust"]), model)
