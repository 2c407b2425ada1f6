"""Which skills lead to a goal, and which must be held before which? A track of a pack, as a graph. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from knowledge.library import Library


@dataclass(frozen=True)
class SkillGraph:
    """The skills of one track with all they rest on, prerequisites before what needs them.

    `weights` are in (0, 1] for what the goal asks for and 0 for what only something else rests on;
    `hours` is what one skill takes a part-time learner.
    """

    prerequisites: Mapping[str, frozenset[str]]
    weights: Mapping[str, float]
    hours: Mapping[str, int]

    @property
    def skills(self) -> tuple[str, ...]:
        """All skills, in an order in which they can be learnt."""
        return tuple(self.prerequisites)

    @cached_property
    def foundations(self) -> Mapping[str, frozenset[str]]:
        """For each skill everything it rests on, directly or not."""
        found: dict[str, frozenset[str]] = {}
        for skill_id, direct in self.prerequisites.items():
            found[skill_id] = direct.union(*(found[each] for each in direct))
        return found

    def outer_fringe(self, held: Collection[str]) -> tuple[str, ...]:
        """The skills one is ready to learn: not held, but all they need is (Doignon and Falmagne 1985)."""
        return tuple(
            skill_id
            for skill_id, needed in self.prerequisites.items()
            if skill_id not in held and needed <= set(held)
        )


def graph_of(library: Library, track_id: str) -> SkillGraph:
    """The graph of one track: every skill that weighs something on it, and what those rest on."""
    wanted = {skill_id for skill_id in library.skills if library.weight(skill_id, track_id) > 0}
    waiting = list(wanted)
    while waiting:
        new = set(library.skills[waiting.pop()].prerequisites) - wanted
        wanted |= new
        waiting += new
    ordered: dict[str, frozenset[str]] = {}
    while len(ordered) < len(wanted):
        ordered |= {
            skill_id: frozenset(skill.prerequisites)
            for skill_id, skill in library.skills.items()
            if skill_id in wanted and skill_id not in ordered and ordered.keys() >= set(skill.prerequisites)
        }
    return SkillGraph(
        ordered,
        {skill_id: library.weight(skill_id, track_id) for skill_id in ordered},
        {skill_id: library.skills[skill_id].hours for skill_id in ordered},
    )
