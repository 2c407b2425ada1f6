"""Which numbers make a pack's answers good and trustworthy? Fits them on its wordings and its own exam.

Needs scikit-learn, and for a model of the notes PyTorch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.intent_model import TERMS_LENGTH, IntentModel, terms_of
from index.judgement import SIGNALS, Signals, Trust
from index.lexical import stems_of
from index.note_model import EMBEDDING_LENGTH, STEMS_LENGTH, NoteModel

Floats = npt.NDArray[np.float32]

WRONGLY_DECLINED = 0.03  # of the questions that can be answered: the share we accept to decline
FOLDS = 10  # of the cross-validation that chooses the threshold
INTENT_STRENGTH = 3.0  # inverse of the L2 regularisation; chosen on the fitting part of our pack's exam
FEWEST_QUESTIONS = 100  # of each kind, to fit on; fewer say too little
FEWEST_PHRASES = 10  # of each intent
FEWEST_USES = 2  # of a term, to be weighed
FEWEST_NOTES = 100  # to tell apart by a model; among fewer the nearest wording is seldom the wrong one
MOST_LABELLED = 100_000_000  # wordings times notes, by which the fit takes longer: 40 s for a third
# The model of the notes learns within a minute; more passes, or less dropped, rank no better.
PASSES, BATCHES, LEARNING_RATE = 12, 60, 3e-3
DROPPED = 0.3  # of what is known of a wording, at random, so that no single word decides
FIRST_WEIGHTS = 0.016  # of stems, at most: as of one layer over a wording's embedding and some 3,500 stems
SMOOTHING = 0.05  # of the labels (Szegedy et al. 2016): a wording could stand with another note, too


@dataclass(frozen=True)
class Sat:
    """One question of the exam: the signals of its best passage, and whether it can be answered at all."""

    signals: Signals
    is_answerable: bool


def fit_intents(texts: Sequence[str], embeddings: Floats, names: Sequence[str]) -> IntentModel | None:
    """A classifier of phrases, from their embeddings (n, dimension) and intents; None from too few.

    A rare intent weighs more than a common one, by the root of its rarity: between what a plain fit
    overlooks and what a balanced one imagines (measured on the fitting part of our pack's exam).
    """
    from scipy.sparse import csr_array, hstack
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import normalize

    counts = {name: names.count(name) for name in set(names)}
    if len(counts) < 2 or min(counts.values()) < FEWEST_PHRASES:
        return None
    terms = CountVectorizer(analyzer=terms_of, binary=True, min_df=FEWEST_USES)
    said = hstack([csr_array(embeddings), TERMS_LENGTH * normalize(terms.fit_transform(texts))])
    rarities = {name: (len(names) / count) ** 0.5 for name, count in counts.items()}
    model = LogisticRegression(C=INTENT_STRENGTH, class_weight=rarities, max_iter=2000).fit(
        said.tocsr(), names
    )
    rows, biases = model.coef_, model.intercept_
    if len(counts) == 2:  # scikit-learn then keeps one row, of the second class
        rows, biases = np.vstack([-rows, rows]), np.append(-biases, biases)
    dimension = embeddings.shape[1]
    return IntentModel(
        names=tuple(model.classes_),
        weights=rows[:, :dimension].astype(np.float32),
        biases=biases.astype(np.float32),
        terms={term: int(row) for term, row in terms.vocabulary_.items()},
        term_weights=rows[:, dimension:].T.astype(np.float32),
    )


def fit_notes(texts: Sequence[str], embeddings: Floats, places: Sequence[int]) -> NoteModel | None:
    """A classifier of wordings, from their embeddings (n, dimension) and the places of their notes.

    None where the notes are few, or too many to fit in minutes.
    """
    notes = max(places, default=-1) + 1
    if notes < FEWEST_NOTES or notes * len(texts) > MOST_LABELLED:
        return None
    import torch
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize
    from torch.nn.functional import dropout

    counted = CountVectorizer(analyzer=stems_of, binary=True, min_df=FEWEST_USES)
    stems = (STEMS_LENGTH * normalize(counted.fit_transform(texts))).tocsr().astype(np.float32)
    meant, labels = EMBEDDING_LENGTH * torch.from_numpy(embeddings), torch.tensor(places)
    with torch.random.fork_rng(), torch.enable_grad():
        torch.manual_seed(0)
        linear = torch.nn.Linear(meant.shape[1], notes)
        bag = torch.nn.EmbeddingBag(stems.shape[1], notes, mode="sum")  # of the few stems a wording has
        torch.nn.init.uniform_(bag.weight, -FIRST_WEIGHTS, FIRST_WEIGHTS)
        loss_of = torch.nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
        optimiser = torch.optim.AdamW([*linear.parameters(), *bag.parameters()], LEARNING_RATE, fused=True)
        pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, PASSES * BATCHES)
        for _ in range(PASSES):
            for batch in torch.tensor_split(torch.randperm(len(texts)), BATCHES):
                held = stems[batch.numpy()]
                words, ends = torch.from_numpy(held.indices), torch.from_numpy(held.indptr[:-1])
                told = bag(words, ends, dropout(torch.from_numpy(held.data), DROPPED))
                loss = loss_of(linear(dropout(meant[batch], DROPPED)) + told, labels[batch])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                pace.step()
        trained = (linear.weight, linear.bias, bag.weight)
        weights, biases, stem_weights = (each.detach().numpy() for each in trained)
    return NoteModel(
        weights=weights,
        biases=biases,
        stems={stem: int(row) for stem, row in counted.vocabulary_.items()},
        stem_weights=stem_weights.astype(np.float16),
    )


def fit_trust(sat: Sequence[Sat]) -> Trust | None:
    """A logistic model of which best passages answer; None from too few questions.

    Its threshold declines WRONGLY_DECLINED of the answerable questions, each judged by a model that was
    fitted without it (cross-validation), so that the share holds for questions nobody has seen.
    """
    answerable = np.array([each.is_answerable for each in sat], dtype=bool)
    if min(answerable.sum(), (~answerable).sum()) < FEWEST_QUESTIONS:
        return None
    values = np.array([[getattr(each.signals, name) for name in SIGNALS] for each in sat])
    blind = cross_validated(values, answerable)
    fitted = _logistic(values, answerable)
    return Trust(
        weights=dict(zip(SIGNALS, map(float, fitted.coef_[0]), strict=True)),
        bias=float(fitted.intercept_[0]),
        threshold=float(np.quantile(blind[answerable], WRONGLY_DECLINED)),
    )


def cross_validated(values: Floats, answerable: npt.NDArray[np.bool_]) -> Floats:
    """For each question the confidence of a model that was fitted on the other folds."""
    from sklearn.model_selection import StratifiedKFold

    blind = np.empty(len(values), dtype=np.float32)
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(values, answerable):
        blind[unseen] = _logistic(values[seen], answerable[seen]).predict_proba(values[unseen])[:, 1]
    return blind


def _logistic(values: Floats, answerable: npt.NDArray[np.bool_]):  # type: ignore[no-untyped-def]
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000).fit(values, answerable)
