"""Learners' ways, made up for the tests of how they look and read."""

from random import Random

from hypothesis import strategies as st

from bot.guidance.results import Progress, SkillProgress, SkillState
from bot.learning.graph import graph_of
from knowledge.library import Library

STATES: tuple[SkillState, ...] = ("mastered", "fading", "learning", "ready", "locked")


def way(*skills: SkillProgress, next_skill_id: str | None = None, share: float = 0.4) -> Progress:
    return Progress("Bee keeper", skills, next_skill_id, 5, 2, (), 12, share)


def skill(skill_id: str, state: SkillState, *needs: str, title: str = "") -> SkillProgress:
    return SkillProgress(skill_id, title or f"The skill {skill_id}", state, 0.42, 0.68, needs)


def chain(length: int) -> Progress:
    """Skills each on the one before, in every state in turn."""
    return way(
        *(
            skill(f"s{number}", STATES[number % 5], *([f"s{number - 1}"] if number else []))
            for number in range(length)
        ),
        next_skill_id="s0",
    )


def way_on(library: Library, track_id: str) -> Progress:
    """A track of a pack, its states dealt out in turn; the last skill is next."""
    graph = graph_of(library, track_id)
    skills = [
        skill(skill_id, STATES[number % 5], *sorted(needs), title=library.skills[skill_id].title)
        for number, (skill_id, needs) in enumerate(graph.prerequisites.items())
    ]
    return way(*skills, next_skill_id=skills[-1].skill_id)


def wide(number: int, seed: int = 0) -> Progress:
    """Many skills with long titles, each on up to three of the fourteen before it."""
    rng = Random(seed)
    skills = []
    for one in range(number):
        below = [f"s{other}" for other in range(max(0, one - 14), one)]
        needs = rng.sample(below, min(len(below), rng.randrange(4)))
        title = " ".join(rng.choices(["Gradient", "boosting", "and", "interpretability", "of", "ML"], k=4))
        skills.append(skill(f"s{one}", rng.choice(STATES), *needs, title=title[:44]))
    return way(*skills, next_skill_id=f"s{number // 2}")


@st.composite
def ways(draw: st.DrawFn) -> Progress:
    """Any graph of up to twelve skills, in any states."""
    skills = []
    for number in range(draw(st.integers(1, 12))):
        needs = draw(st.sets(st.sampled_from([f"s{one}" for one in range(number)]))) if number else set()
        title = draw(st.text(min_size=1, max_size=44).filter(str.strip))
        state = draw(st.sampled_from(STATES))
        low, high = sorted(draw(st.tuples(st.floats(0, 1), st.floats(0, 1))))
        skills.append(SkillProgress(f"s{number}", title, state, low, high, tuple(sorted(needs))))
    following = draw(st.none() | st.sampled_from([one.skill_id for one in skills]))
    return way(*skills, next_skill_id=following, share=draw(st.floats(0, 1)))
