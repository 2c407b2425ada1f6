"""How likely is each intent for a text? A linear model of its meaning and its words. Pure."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# How long the vector of a text's terms is beside its embedding, of length 1. Of 0, 1 and 2 the last
# recognised most on the fitting part of our pack's exam.
TERMS_LENGTH = 2.0
_WORD = re.compile(r"[a-z']+|\d+|\?")


@dataclass(frozen=True)
class IntentModel:
    """Multinomial logistic regression over embeddings and terms.

    `weights` has the shape (len(names), dimension), `biases` (len(names),), and `term_weights`
    (len(terms), len(names)); `terms` says which row belongs to a term.
    """

    names: Sequence[str]
    weights: Floats
    biases: Floats
    terms: Mapping[str, int]
    term_weights: Floats

    def probabilities(self, text: str, embedding: Floats) -> dict[str, float]:
        """The probability of each intent for a text; they add up to 1."""
        rows = [self.terms[term] for term in terms_of(text) if term in self.terms]
        logits = self.weights @ embedding + self.biases
        if rows:
            logits = logits + self.term_weights[rows].sum(axis=0) * TERMS_LENGTH / len(rows) ** 0.5
        exps = np.exp(logits - logits.max())
        return dict(zip(self.names, map(float, exps / exps.sum()), strict=True))


def terms_of(text: str) -> list[str]:
    """The words of `text` and its pairs of neighbouring words, each once; a question mark is a word."""
    words = _WORD.findall(text.lower())
    return sorted({*words, *(f"{one} {next_}" for one, next_ in itertools.pairwise(words))})
