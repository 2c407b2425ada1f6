"""Do the words say everything the picture says?"""

import re
from dataclasses import replace

import pytest
from hypothesis import given

from bot.chat.gate import utf16_units
from bot.chat.views.progress import MAX_CAPTION_UNITS, caption, progress_text, rest
from bot.guidance.results import Progress, SkillProgress
from knowledge.library import Library
from tests.chat.ways import STATES, chain, skill, way, way_on, ways, wide


def groups(text: str) -> dict[str, list[str]]:
    """The lines under each state's heading."""
    found: dict[str, list[str]] = {}
    for paragraph in text.split("\n\n"):
        if head := re.match(r"(Mastered|Fading|Learning|Ready|Locked) \((\d+)\)", paragraph):
            lines = paragraph.splitlines()[1:]
            assert len(lines) == int(head[2])
            found[head[1].lower()] = lines
    return found


def test_every_skill_is_named_under_its_state(library: Library) -> None:
    for track_id in library.tracks:
        progress = way_on(library, track_id)
        told = groups(progress_text(progress).text)
        assert [*told] == [*STATES]
        for one in progress.skills:
            assert [line for line in told[one.state] if line.startswith(f"• {one.title}")], one.title
        assert sum(map(len, told.values())) == len(progress.skills)


@given(ways())
def test_caption_and_rest_say_all_and_the_caption_fits(progress: Progress) -> None:
    whole, first, second = progress_text(progress), caption(progress), rest(progress)
    assert utf16_units(first.text) <= MAX_CAPTION_UNITS
    if second is None:
        assert first == whole
    else:
        assert utf16_units(whole.text) > MAX_CAPTION_UNITS
        assert whole.text.endswith(second.text)
        assert first.text.startswith(whole.text.removesuffix(second.text))


def test_a_small_track_is_told_in_the_caption_and_a_large_one_in_two_parts() -> None:
    assert rest(chain(3)) is None
    large = wide(28)
    assert rest(large) is not None
    for state in STATES:
        number = sum(one.state == state for one in large.skills)
        assert f"{number} {state}" in caption(large).text, "the caption alone counts every state"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.6, 0.8, "about 60 to 80 % sure"),
        (0.612, 0.789, "about 60 to 80 % sure"),
        (0.61, 0.62, "about 60 % sure"),
        (0.0, 1.0, "about 0 to 100 % sure"),
    ],
)
def test_mastery_is_told_as_a_range(low: float, high: float, told: str) -> None:
    text = progress_text(way(SkillProgress("hive", "Hives", "learning", low, high, ()))).text
    assert f"• Hives: {told}" in text.splitlines()


def test_a_locked_skill_names_what_opens_it_and_not_what_is_held() -> None:
    progress = way(
        skill("a", "mastered", title="Bees"),
        skill("b", "fading", title="Hives"),
        replace(skill("c", "learning", title="Frames, old and new"), low=0.2, high=0.4),
        skill("d", "ready", title="Smoke"),
        replace(skill("f", "learning", title="Wax"), low=0.4, high=0.8),
        skill("e", "locked", "a", "b", "c", "d", "f", title="Honey"),
    )
    assert "• Honey: after Frames, old and new; Smoke" in progress_text(progress).text.splitlines()


def test_the_next_step_is_named_with_its_state() -> None:
    assert "Your next step: The skill s0 (mastered)." in progress_text(chain(3)).text
    assert "next step" not in progress_text(way(skill("a", "ready"))).text


def test_a_finished_track_is_praised() -> None:
    assert "every skill of this track" in progress_text(way(skill("a", "mastered"))).text
    assert "every skill of this track" not in progress_text(way(skill("a", "fading"))).text


@pytest.mark.parametrize(
    ("answers", "new", "told"),
    [
        (0, (), "This week: no answers yet. One is enough to get going."),
        (1, (), "This week: 1 answer. Every one of them counts."),
        (9, ("a", "b"), "This week: 9 answers. Newly mastered: Bees; Hives."),
        (9, ("left-the-pack",), "This week: 9 answers. Every one of them counts."),
    ],
)
def test_the_week(answers: int, new: tuple[str, ...], told: str) -> None:
    skills = skill("a", "mastered", title="Bees"), skill("b", "mastered", title="Hives")
    progress = replace(way(*skills), answers_this_week=answers, mastered_this_week=new)
    assert told in progress_text(progress).text.splitlines()


@pytest.mark.parametrize(
    ("days", "freezes", "told"),
    [
        (0, 2, "Streak: none right now, and that is fine. Any answer starts a new one."),
        (1, 1, "Streak: 1 day. 1 spare day left: missing a day won't break it."),
        (12, 2, "Streak: 12 days. 2 spare days left: missing a day won't break it."),
        (12, 0, "Streak: 12 days. No spare day left just now."),
    ],
)
def test_the_streak(days: int, freezes: int, told: str) -> None:
    progress = replace(chain(2), streak_days=days, freezes_left=freezes)
    assert told in progress_text(progress).text.splitlines()


def test_the_share_of_the_way_is_told() -> None:
    assert "1 of 3 skills mastered, 40 % of the way." in progress_text(chain(3)).text
