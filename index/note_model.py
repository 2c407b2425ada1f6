"""How likely is each note to be what a question asks for? A linear model of meaning and words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.lexical import Column, stems_of

Floats = npt.NDArray[Any]

# How long a question's embedding and the vector of its stems are to the model. Longer ones learn in fewer
# steps; these two placed the most right notes first on the fitting part of our pack's exam.
EMBEDDING_LENGTH = 10.0
STEMS_LENGTH = 5.0


@dataclass(frozen=True)
class NoteModel:
    """Multinomial logistic regression over embeddings and stems, taught with the wordings of the notes.

    `weights` has the shape (passages, dimension), `biases` (passages,), and `stem_weights`
    (stems, passages), of half precision; `stems` says which row belongs to a stem.
    """

    weights: Floats
    biases: Floats
    stems: Mapping[str, int]
    stem_weights: Floats

    def log_odds(self, query: str, embedding: Floats) -> Column:
        """Of each passage against the likeliest, for a query and its embedding; 0 for that one, else less.

        Shape (passages,), in their order in the index.
        """
        logits = self.weights @ (EMBEDDING_LENGTH * embedding) + self.biases
        rows = [self.stems[stem] for stem in stems_of(query) if stem in self.stems]
        if rows:
            sums = self.stem_weights[rows].sum(axis=0, dtype=np.float32)
            logits = logits + sums * (STEMS_LENGTH / len(rows) ** 0.5)
        odds: Column = (logits - logits.max()).astype(np.float64)
        return odds
