"""Which skills does a learner hold already? Exact Bayes over the states that prerequisites allow. Pure.

A state is a set of skills together with whatever they rest on. Such sets are few (47,268 of 268 million on
the default track), so all are weighed (Doignon and Falmagne 1985; ALEKS places learners so). People break the
graph, so a skill may differ from its state. What was asked stands in the list of answers and nowhere else.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bot.learning.evidence import Outcome
from bot.learning.graph import SkillGraph
from bot.learning.next_step import NextStep, choose

Answers = Sequence[tuple[str, Outcome]]  # skill and outcome of each question, oldest first
Matrix = NDArray[np.float64]
Few = NDArray[np.float32]  # four bytes a number: states are many, and seven digits are plenty

EXACT = 200_000  # states; measured: 123,548 take 14 MB and 5 ms a question. Beyond it a sample stands for all
SAMPLED = 20_000  # states of such a sample: after 15 answers at most 0.06 off the exact chances (8 tracks)
BLOCK = 4096  # states multiplied at once: for more, BLAS starts threads that wait 20 ms on a busy machine
BREAKS = 0.08  # of skills are held or missing against what the graph says; ours
# Skills one depth further up are held less often even by who holds all they need; logits, ours.
STEEPNESS = 1.0
# The ends of how far learners may have come, in logits under the first and over the last depth: they hold
# from 7 % of the default track to 93 %. Ours.
LEAST_REACH, MOST_REACH = -1.0, 1.0
FEWEST, MOST = 8, 15  # questions
BROAD = 12  # questions to the whole graph; the rest makes sure of the first next step
DOUBT = (0.2, 0.8)  # a chance inside is worth another question
# The outermost starts of mastery: placement is quick, and quizzes must be able to mend it. The low end is
# that of a skill of which nothing is told: from 0.04 it took 15 right answers in a row to be mastered.
CLIP = (0.27, 0.96)

# How likely each outcome is for two habits: who says "I don't know" honestly, and who guesses of four options
# (0.25). A slip is 0.1. Which habit a learner has shows in the answers. Ours, after BKT's usual 0.1 and 0.25.
_IF_HELD = {Outcome.CORRECT: (0.90, 0.90), Outcome.INCORRECT: (0.06, 0.09), Outcome.UNSURE: (0.04, 0.01)}
_IF_NOT = {Outcome.CORRECT: (0.05, 0.25), Outcome.INCORRECT: (0.15, 0.73), Outcome.UNSURE: (0.80, 0.02)}


class Standing(StrEnum):
    """What learners say of themselves at the start."""

    NEW = "new"
    SOME = "some"
    MUCH = "much"
    UNKNOWN = "unknown"


# How much each reach, from holding 7 % of the default track to 93 %, is worth believing; who says where they
# stand is a class off about one time in five. Ours.
_REACHES = {
    Standing.NEW: (8, 8, 7, 4, 2, 1, 1, 1),
    Standing.SOME: (1, 2, 4, 8, 8, 4, 2, 1),
    Standing.MUCH: (1, 1, 1, 2, 4, 7, 8, 8),
    Standing.UNKNOWN: (1, 1, 1, 1, 1, 1, 1, 1),
}


@dataclass(frozen=True, eq=False)
class States:
    """The states of one graph, all or a sample: `held` has a row for each skill, a column for each state.

    `priors` are what each state is worth before the first question.
    """

    skills: tuple[str, ...]
    held: Few
    priors: Mapping[Standing, Few]
    is_exact: bool


def states_of(graph: SkillGraph, rng: Random, limit: int = EXACT, sampled: int = SAMPLED) -> States:
    """All states, or beyond `limit` about `sampled` of them; takes 20 to 500 ms, so keep what it returns."""
    needs = _needs(graph)
    chances = _chances(needs)
    held = _all_states(needs, limit)
    if held is None:
        return _sample(graph.skills, needs, chances, rng, sampled)
    likely = np.stack([_likelihood(held, needs, reach) for reach in chances])
    priors = {standing: _share(np.array(worth) @ likely) for standing, worth in _REACHES.items()}
    return States(graph.skills, held.astype(np.float32), MappingProxyType(priors), is_exact=True)


def posterior(states: States, standing: Standing, answers: Answers) -> Mapping[str, float]:
    """The chance that each skill is held; an asked skill's own answers count beyond what its state says."""
    return dict(zip(states.skills, map(float, _marginals(states, standing, answers)), strict=True))


def next_question(
    graph: SkillGraph,
    chances: Mapping[str, float],
    answers: Answers,
    fewest: int = FEWEST,
    most: int = MOST,
    askable: Collection[str] | None = None,
) -> str | None:
    """The skill to ask about, when its posterior `chances` follow from `answers`; None when enough was asked.

    At first it is the one in greatest doubt, later the one in greatest doubt around the next step. Where some
    skills have no item to ask, `askable` are those that do; in doubt about others, asking on is of no use.
    """
    possible = [each for each in graph.skills if askable is None or each in askable]
    is_sure = not any(is_doubtful(chances[each]) for each in possible)
    if len(answers) >= most or (len(answers) >= fewest and is_sure):
        return None
    resting = {answers[-1][0]} if len(answers) > 1 and answers[-1][0] == answers[-2][0] else set()
    near = _around_next_step(graph, chances) if len(answers) >= BROAD else set()
    choice = [each for each in possible if each not in resting]
    choice = [each for each in choice if each in near] or choice
    return min(choice, key=lambda each: abs(chances[each] - 0.5), default=None)


def priors(marginals: Mapping[str, float]) -> Mapping[str, float]:
    """Where mastery starts: each chance as log-odds, clipped."""
    clipped = {skill_id: min(max(chance, CLIP[0]), CLIP[1]) for skill_id, chance in marginals.items()}
    return {skill_id: math.log(chance / (1 - chance)) for skill_id, chance in clipped.items()}


def is_doubtful(chance: float) -> bool:
    """Whether another question about a skill held with this chance is worth asking."""
    return DOUBT[0] <= chance <= DOUBT[1]


def _around_next_step(graph: SkillGraph, chances: Mapping[str, float]) -> set[str]:
    """What is in doubt of the step that would come next and what it needs."""
    step = choose(graph, chances)
    near = {step.skill_id} | graph.prerequisites[step.skill_id] if isinstance(step, NextStep) else set()
    return {each for each in near if is_doubtful(chances[each])}


def _marginals(states: States, standing: Standing, answers: Answers) -> Matrix:
    """A row for each habit until the last line, which weighs the habits."""
    if_held, if_not, scale = _answer_likelihoods(states.skills, answers)
    inside = (1 - BREAKS) * if_held + BREAKS * if_not  # of a skill that the state holds
    outside = BREAKS * if_held + (1 - BREAKS) * if_not
    logs = _for_states(np.log(inside / outside).astype(np.float32), states)
    tops = logs.max(axis=1, keepdims=True)
    weights = states.priors[standing] * np.exp(logs - tops)
    totals = weights.sum(axis=1, keepdims=True)
    in_state = np.minimum(_for_skills(weights, states) / totals, 1.0)  # rounding
    held = in_state * (1 - BREAKS) * if_held / inside + (1 - in_state) * BREAKS * if_held / outside
    habits = scale + tops[:, 0] + np.log(totals[:, 0]) + np.log(outside).sum(axis=1)
    return np.asarray(np.minimum(_share(np.exp(habits - habits.max())) @ held, 1.0), dtype=np.float64)


def _for_states(of_skills: Few, states: States) -> Few:
    parts = [of_skills @ states.held[:, block] for block in _blocks(states)]
    return np.concatenate(parts, axis=1)


def _for_skills(of_states: Few, states: States) -> Few:
    parts = [of_states[:, block] @ states.held[:, block].T for block in _blocks(states)]
    return np.asarray(np.stack(parts).sum(axis=0), dtype=np.float32)


def _blocks(states: States) -> list[slice]:
    return [slice(first, first + BLOCK) for first in range(0, states.held.shape[1], BLOCK)]


def _answer_likelihoods(skills: Sequence[str], answers: Answers) -> tuple[Matrix, Matrix, Matrix]:
    """By habit and skill, of all answers on it: if it is held, if not; and by habit the log of the scale.

    The greater of each pair is scaled to 1, so that no number of answers is too many.
    """
    logs = np.zeros((2, len(_IF_HELD[Outcome.CORRECT]), len(skills)))
    place = {skill_id: number for number, skill_id in enumerate(skills)}
    for skill_id, outcome in answers:
        logs[:, :, place[skill_id]] += np.log([_IF_HELD[outcome], _IF_NOT[outcome]])
    tops = logs.max(axis=0)
    if_held, if_not = np.exp(logs - tops)
    return if_held, if_not, tops.sum(axis=1)


def _needs(graph: SkillGraph) -> list[list[int]]:
    """For each skill the numbers of its direct prerequisites."""
    place = {skill_id: number for number, skill_id in enumerate(graph.skills)}
    return [sorted(place[each] for each in graph.prerequisites[skill_id]) for skill_id in graph.skills]


def _chances(needs: Sequence[Sequence[int]]) -> Matrix:
    """By reach and skill: the chance to hold a skill if all it needs is held."""
    depths = [0] * len(needs)
    for number, needed in enumerate(needs):
        depths[number] = max((depths[each] + 1 for each in needed), default=0)
    steps = STEEPNESS * np.array(depths)
    reaches = np.linspace(LEAST_REACH, steps.max() + MOST_REACH, len(_REACHES[Standing.UNKNOWN]))
    return np.asarray(1 / (1 + np.exp(steps - reaches[:, None])), dtype=np.float64)


def _all_states(needs: Sequence[Sequence[int]], limit: int) -> NDArray[np.bool_] | None:
    """Every state, a row for each skill; None where there are more than `limit`."""
    held = np.zeros((len(needs), 1), dtype=np.bool_)
    for number, needed in enumerate(needs):
        added = held[:, held[needed].all(axis=0)]
        added[number] = True
        held = np.hstack([held, added])
        if held.shape[1] > limit:
            return None
    return held


def _likelihood(held: NDArray[np.bool_], needs: Sequence[Sequence[int]], chances: Matrix) -> Few:
    """Of each state, for one reach: skill by skill, each held or not once all it needs is held."""
    likely = np.ones(held.shape[1])
    for number, needed in enumerate(needs):
        chance = np.where(held[number], chances[number], 1 - chances[number])
        likely *= np.where(held[needed].all(axis=0), chance, 1.0)
    return likely.astype(np.float32)


def _sample(
    skills: tuple[str, ...], needs: Sequence[Sequence[int]], chances: Matrix, rng: Random, count: int
) -> States:
    """States drawn from the prior, the same number for each reach: a walk up the graph draws exactly."""
    each = -(-count // len(chances))
    columns = np.repeat(chances.T, each, axis=1)
    lucky = np.random.default_rng(rng.getrandbits(64)).random(columns.shape) < columns
    held = np.zeros(columns.shape, dtype=np.bool_)
    for number, needed in enumerate(needs):
        held[number] = lucky[number] & held[needed].all(axis=0)
    worths = {standing: np.repeat(np.array(worth, float), each) for standing, worth in _REACHES.items()}
    by_standing = {standing: _share(worth) for standing, worth in worths.items()}
    return States(skills, held.astype(np.float32), MappingProxyType(by_standing), is_exact=False)


def _share(worth: Matrix) -> Few:
    return np.asarray(worth / worth.sum(), dtype=np.float32)
