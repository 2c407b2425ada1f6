"""Is a history read on from where it was left the same as reading all of it?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.guidance.readings import Readings
from bot.learning import mastery
from bot.learning.evidence import Outcome, Response
from bot.storage.learners import Learner

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SKILLS = ("python", "sql", "git")
ALEX = Learner(1, 1, None, START, *[None] * 8, daily_every=1, next_prompt_at=None, prompts_ignored=0,
               next_summary_at=None)  # fmt: skip

outcomes = st.tuples(st.sampled_from(SKILLS), st.sampled_from(list(Outcome)), st.integers(0, 200))


@given(st.lists(outcomes, max_size=40), st.lists(st.integers(0, 60), min_size=1, max_size=6), st.data())
def test_a_reading_kept_is_a_reading_made_anew(
    told: list[tuple[str, Outcome, int]], looks: list[int], data: st.DataObject
) -> None:
    """Looked at again and again while answers come, also late ones to old items, and priors change."""
    history = [
        Response(
            skill_id, f"item-{number}", 0.0, outcome, at := START + timedelta(minutes=minutes), at.date()
        )
        for number, (skill_id, outcome, minutes) in enumerate(told)
    ]
    readings = Readings()
    for look in sorted(looks):
        now = START + timedelta(minutes=4 * look)
        seen = [each for each in history if each.answered_at <= now]
        priors = dict.fromkeys(SKILLS, data.draw(st.sampled_from((-1.0, 0.5))))
        found = readings.standing(ALEX, seen, priors, now)
        anew = mastery.standing(seen, priors)
        assert found.ability == anew.ability
        assert [found.mastery(each) for each in SKILLS] == [anew.mastery(each) for each in SKILLS]
