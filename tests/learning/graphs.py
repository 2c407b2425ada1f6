"""Small graphs for the rules of placement and of the next step."""

from hypothesis import strategies as st

from bot.learning.graph import SkillGraph


@st.composite
def graphs(draw: st.DrawFn, most: int = 7) -> SkillGraph:
    """Any small graph; a skill may need any of those before it."""
    names = [f"s{number}" for number in range(draw(st.integers(1, most)))]
    needs = {
        name: frozenset(draw(st.sets(st.sampled_from(names[:number]), max_size=3)) if number else ())
        for number, name in enumerate(names)
    }
    weights = {name: draw(st.sampled_from([0.0, 0.2, 0.5, 1.0])) for name in names}
    return SkillGraph(needs, weights, {name: draw(st.integers(1, 100)) for name in names})
