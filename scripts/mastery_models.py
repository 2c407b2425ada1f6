"""How well can answers be foreseen? Ours and its rivals, each fitted on some learners and run over others."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bot.learning.mastery import ASSISTMENTS, SUREST, Weights, ability_step, log_odds
from scripts.answers import Answers, Floats
from scripts.bkt import fit_bkt

Forecast = Callable[[Answers], Floats]
Truths = NDArray[np.bool_]

FEW = 3  # earlier answers on the skill; up to there a skill's answers tell what to believe before any
MEAN_PRIOR = 10.0  # answers at the mean of all skills that are added to a skill's own
AVERAGE_PRIOR, AVERAGE_DECAY = (
    2.0,
    0.85,
)  # of the moving average: answers at the skill's mean; kept per answer
ABILITY_WEIGHT = 0.5  # of the Elo rating over all skills beside that of the skill
ELO_STEPS = tuple(product((0.6, 1.2, 1.8), (0.02, 0.05, 0.1)))  # tried: first step, and how it slows down
SHARES = (0.17, 0.2, 0.23, 0.26, 0.3)  # tried
ABILITY_STEPS = tuple(product((0.6, 0.8, 1.0), (0.1, 0.2, 0.4, 0.8), (0.02, 0.04)))  # tried


def fit_all(train: Answers) -> tuple[dict[str, Forecast], Weights]:
    """Every model by its name, ours first; and the weights of ours."""
    means, priors = fit_means(train), fit_means(train.of(train.earlier <= FEW))
    weights = fit_ours(train, priors)
    models: dict[str, Forecast] = {
        "ours": lambda answers: ours(answers, priors, weights),
        "performance factors": fit_pfa(train, means),
        "Elo, skill and global ability": fit_elo(train, means, ABILITY_WEIGHT),
        "Elo, skill alone": fit_elo(train, means, 0.0),
        "BKT": fit_bkt(train),
        "moving average": moving_average(means),
        "skill mean": means,
        "constant": lambda answers: np.full_like(answers.right, means.mean),
    }
    return models, weights


def sigmoid(logits: Floats) -> Floats:
    """The chance of each logit."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30.0, 30.0))))


def logit(chances: Floats) -> Floats:
    """The log-odds of each chance."""
    return np.asarray(np.log(chances / (1 - chances)))


def log_loss(right: Floats, chance: Floats) -> float:
    """Mean surprise in nats; no chance counts as surer than one in a thousand."""
    held = np.clip(chance, 0.001, 0.999)
    return float(-np.mean(np.where(right > 0, np.log(held), np.log(1 - held))))


def fit_logistic(features: Floats, right: Floats, offset: Floats | float = 0.0) -> Floats:
    """The weights of a logistic model, by Newton's method; `offset` is added to its logits."""
    weights = np.zeros(features.shape[1])
    for _ in range(12):
        chance = sigmoid(features @ weights + offset)
        curve = features.T @ (features * (chance * (1 - chance))[:, None]) + 1e-6 * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, features.T @ (right - chance))
    return weights


@dataclass(frozen=True)
class SkillMeans:
    """How often each skill is got right, shrunk to the mean of all; an unknown skill has that mean."""

    mean: float
    of_skill: dict[int, float]

    def __call__(self, answers: Answers) -> Floats:
        known, place = np.unique(answers.skill, return_inverse=True)
        return np.array([self.of_skill.get(skill, self.mean) for skill in known.tolist()])[place]


def fit_means(train: Answers) -> SkillMeans:
    """Count them."""
    mean = float(train.right.mean())
    skills, place = np.unique(train.skill, return_inverse=True)
    right, all_ = np.bincount(place, train.right), np.bincount(place)
    shrunk = (right + MEAN_PRIOR * mean) / (all_ + MEAN_PRIOR)
    return SkillMeans(mean, dict(zip(skills.tolist(), shrunk.tolist(), strict=True)))


def moving_average(means: SkillMeans) -> Forecast:
    """The latest answers on the skill, shrunk to its mean."""

    def forecast(answers: Answers) -> Floats:
        right = answers.pairs.decayed(answers.right, AVERAGE_DECAY)
        every = answers.pairs.decayed(np.ones_like(answers.right), AVERAGE_DECAY)
        return np.asarray((AVERAGE_PRIOR * means(answers) + right) / (AVERAGE_PRIOR + every))

    return forecast


def fit_pfa(train: Answers, means: SkillMeans) -> Forecast:
    """Performance factors: right and wrong answers on the skill and over all skills, counted (logarithms)."""

    def features(answers: Answers) -> Floats:
        columns = [np.ones_like(answers.right), logit(means(answers))]
        for group, what in product((answers.pairs, answers.learners), (answers.right, 1 - answers.right)):
            columns.append(np.log1p(group.decayed(what, 1.0)))
        return np.stack(columns, axis=1)

    weights = fit_logistic(features(train), train.right)
    return lambda answers: sigmoid(features(answers) @ weights)


def elo(answers: Answers, means: SkillMeans, first: float, slowing: float, ability: float) -> Floats:
    """A rating for each learner and skill, and with `ability` as its weight one over all skills."""
    believed = logit(means(answers))
    of_pair, of_learner = np.zeros(answers.pairs.size), np.zeros(answers.learners.size)
    chance = np.empty_like(believed)
    for number, rows in enumerate(answers.learners.turns):
        pair, learner = answers.pairs.of[rows], answers.learner[rows]
        chance[rows] = sigmoid(believed[rows] + of_pair[pair] + ability * of_learner[learner])
        surprise = answers.right[rows] - chance[rows]
        of_pair[pair] += first / (1 + slowing * answers.earlier[rows]) * surprise
        of_learner[learner] += first / (1 + slowing * number) * surprise
    return chance


def fit_elo(train: Answers, means: SkillMeans, ability: float) -> Forecast:
    """Choose its steps."""

    def loss(steps: tuple[float, float]) -> float:
        return log_loss(train.right, elo(train, means, *steps, ability))

    first, slowing = min(ELO_STEPS, key=loss)
    return lambda answers: elo(answers, means, first, slowing, ability)


def ours(answers: Answers, priors: SkillMeans, weights: Weights) -> Floats:
    """What `bot.learning.mastery.predict` says, for all at once; each skill has one prior for all."""
    believed = _believed(answers, priors, weights)
    level = believed + weights.later + weights.trust * _evidence(answers, believed, weights.share)
    return sigmoid(np.where(answers.earlier == 0, believed + weights.first, level))


def _believed(answers: Answers, priors: SkillMeans, weights: Weights) -> Floats:
    """Log-odds before any answer on the skill, with the learner's ability."""
    prior = logit(priors(answers))
    ability, found = np.zeros(answers.learners.size), np.empty_like(prior)
    for number, rows in enumerate(answers.learners.turns):
        learner = answers.learner[rows]
        found[rows] = prior[rows] + ability[learner]
        surprise = answers.right[rows] - sigmoid(found[rows])
        ability[learner] += ability_step(number, weights) * surprise
    return np.clip(found, -log_odds(SUREST), log_odds(SUREST))


def _evidence(answers: Answers, believed: Floats, share: float) -> Floats:
    """How far the average over the answers on the skill is from what was believed, in logits."""
    right = share * answers.pairs.decayed(answers.right, 1 - share)
    average = (1 - share) ** answers.earlier * sigmoid(believed) + right
    return logit(np.clip(average, 1 - SUREST, SUREST)) - believed


def fit_ours(train: Answers, priors: SkillMeans) -> Weights:
    """The steps of ability by the first answers on a skill, the share of an answer by those after them."""
    is_first = train.earlier == 0
    tried = [_with_ability(train, priors, steps, is_first) for steps in ABILITY_STEPS]
    _, weights = min(tried, key=lambda each: each[0])
    believed = _believed(train, priors, weights)
    _, weights = min(
        (_with_share(train, believed, replace(weights, share=share), ~is_first) for share in SHARES),
        key=lambda each: each[0],
    )
    return replace(weights, spread=_spread(train, believed, weights))


def _with_ability(
    train: Answers, priors: SkillMeans, steps: tuple[float, float, float], chosen: Truths
) -> tuple[float, Weights]:
    """With these steps: the log loss over the chosen answers, and the weights."""
    first_step, slowing, least = steps
    weights = replace(ASSISTMENTS, ability_step=first_step, ability_slowing=slowing, ability_least=least)
    believed, right = _believed(train, priors, weights)[chosen], train.right[chosen]
    [first] = fit_logistic(np.ones((len(right), 1)), right, believed)
    return log_loss(right, sigmoid(believed + first)), replace(weights, first=float(first))


def _with_share(train: Answers, believed: Floats, weights: Weights, chosen: Truths) -> tuple[float, Weights]:
    """With this share: the log loss over the chosen answers, and the weights."""
    evidence = _evidence(train, believed, weights.share)[chosen]
    right, offset = train.right[chosen], believed[chosen]
    features = np.stack([np.ones_like(evidence), evidence], axis=1)
    later, trust = fit_logistic(features, right, offset)
    loss = log_loss(right, sigmoid(offset + features @ np.array([later, trust])))
    return loss, replace(weights, later=float(later), trust=min(max(float(trust), 0.0), 1.0))


def _spread(train: Answers, believed: Floats, weights: Weights) -> float:
    """How far learners' levels on a skill lie from what is believed (standard deviation, logits).

    By moments: what the first and the second answer on a skill have in common beyond the belief is the
    variance of the true chance, which is that of the level times (p * (1 - p)) squared.
    """
    firsts, seconds = train.pairs.turns[:2]
    first = firsts[np.argsort(train.pairs.of[firsts])][train.pairs.of[seconds]]
    one, other = sigmoid(believed[first] + weights.first), sigmoid(believed[seconds] + weights.later)
    common = float(np.mean((train.right[first] - one) * (train.right[seconds] - other)))
    slope = float(np.mean(one * (1 - one) * other * (1 - other)))
    return math.sqrt(max(common, 1e-6) / slope)
