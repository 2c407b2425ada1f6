"""Who are the learners of a simulation? Their truth is made otherwise than the bot's model of them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from bot.learning.evidence import Outcome
from bot.learning.graph import SkillGraph
from bot.learning.placement import Standing, States

MISJUDGE = 0.2  # of learners say "some" where "new" or "much" would be true, or the other way round
STANDINGS = (Standing.NEW, Standing.SOME, Standing.MUCH)  # who holds less than a third, two thirds, more
SPREAD = 0.05  # to either side: how far each skill's chance of a right answer differs, as items do
FLAT_HOURS = 60.0  # of study over which a skill goes from rare to common around a learner's level


class Kind(StrEnum):
    """How a learner answers what is not held."""

    HONEST = "honest"  # mostly says "I don't know", and sometimes also where the skill is held
    GUESSING = "guessing"  # takes one of four options, never says "I don't know"


# Chances of right and of "I don't know" where the skill is held, then where it is not; the rest is wrong.
_ANSWERS = {Kind.HONEST: ((0.90, 0.04), (0.05, 0.80)), Kind.GUESSING: ((0.90, 0.0), (0.25, 0.0))}


@dataclass(frozen=True)
class Simulated:
    """A learner with a truth. `own` is what each skill adds to the kind's chance of a right answer."""

    held: frozenset[str]
    said: Standing
    kind: Kind
    own: Mapping[str, float]

    def answer(self, skill_id: str, rng: Random) -> Outcome:
        right, unsure = _ANSWERS[self.kind][0 if skill_id in self.held else 1]
        luck = rng.random()
        if luck < unsure:
            return Outcome.UNSURE
        return Outcome.CORRECT if luck < unsure + right + self.own[skill_id] else Outcome.INCORRECT

    def is_ready_for(self, skill_id: str, graph: SkillGraph) -> bool:
        """Whether the skill is new to this learner, and all it directly needs is held."""
        return skill_id in graph.outer_fringe(self.held)


Draw = Callable[[Random], frozenset[str]]


def ways_to_draw(graph: SkillGraph, states: States) -> Mapping[str, Draw]:
    """Ways to a state that obeys the graph, by name."""
    return {
        "grown": lambda rng: grown(graph, rng),
        "uniform": lambda rng: uniform(states, rng),
        "by level": lambda rng: by_level(graph, rng),
    }


def grown(graph: SkillGraph, rng: Random) -> frozenset[str]:
    """Of a random size, each next skill a random one of the outer fringe."""
    held: set[str] = set()
    for _ in range(rng.randint(0, len(graph.skills))):
        held.add(rng.choice(graph.outer_fringe(held)))
    return frozenset(held)


def uniform(states: States, rng: Random) -> frozenset[str]:
    """Any state as likely as any other."""
    column = states.held[:, rng.randrange(states.held.shape[1])]
    return frozenset(skill_id for skill_id, is_held in zip(states.skills, column, strict=True) if is_held)


def by_level(graph: SkillGraph, rng: Random) -> frozenset[str]:
    """Up to a level, with holes: skills above it are rarer the longer it takes to get to them, in hours."""
    reach = {
        each: graph.hours[each] + sum(graph.hours[needed] for needed in graph.foundations[each])
        for each in graph.skills
    }
    level = rng.uniform(0, max(reach.values()))
    held: set[str] = set()
    for each in graph.skills:
        chance = 1 / (1 + math.exp((reach[each] - level) / FLAT_HOURS))
        if graph.prerequisites[each] <= held and rng.random() < chance:
            held.add(each)
    return frozenset(held)


def broken(held: frozenset[str], graph: SkillGraph, share: float, rng: Random) -> frozenset[str]:
    """With this share of all skills turned round: held without what they need, or missing from below."""
    return held ^ {each for each in graph.skills if rng.random() < share}


def simulated(graph: SkillGraph, draw: Draw, breaks: float, kind: Kind, rng: Random) -> Simulated:
    """A learner."""
    held = draw(rng)
    true = min(len(STANDINGS) * len(held) // len(graph.skills), len(STANDINGS) - 1)
    said = true if rng.random() >= MISJUDGE else min(max(true + rng.choice((-1, 1)), 0), len(STANDINGS) - 1)
    own = {each: rng.uniform(-SPREAD, SPREAD) for each in graph.skills}
    return Simulated(broken(held, graph, breaks, rng), STANDINGS[said], kind, own)
