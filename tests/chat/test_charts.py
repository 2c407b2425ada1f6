"""Is the skill map whole: nothing over anything else, no state told by colour alone, enough contrast?"""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from PIL import Image

from bot.chat.views.charts import skill_map
from bot.chat.views.map_layout import NEXT_STEP, SMALLEST_TEXT, WIDTH, layout
from bot.chat.views.map_parts import (
    GOLD,
    INK,
    PAPER,
    STRONG_WIRE,
    STYLES,
    WIRE,
    Colour,
    Frame,
    Layout,
    Point,
)
from bot.guidance.results import Progress, SkillProgress
from knowledge.library import Library
from tests.chat.ways import STATES, chain, skill, way, way_on, ways, wide

TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11, level AA
TALLEST_PHOTO = 2560  # pixels; Telegram makes a taller photo smaller
TALLEST_SENT = 10_000 - WIDTH  # pixels; sendPhoto refuses more for both sides together


def open_picture(progress: Progress) -> Image.Image:
    picture = Image.open(BytesIO(skill_map(progress)))
    picture.load()
    return picture


def luminance(colour: Colour) -> float:
    """WCAG 2.2, relative luminance."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def check(plan: Layout) -> None:
    """Nothing leaves the picture or its box, nothing lies on something else."""
    paper = Frame(0, 0, WIDTH, plan.height)
    for box in plan.boxes:
        assert paper.holds(box.frame)
        inside = [box.sign, *(text.frame for text in box.texts), *([box.bar] if box.bar else [])]
        assert all(box.frame.holds(part) for part in inside)
        assert not any(one.meets(other) for one, other in combinations(inside, 2))
    outside = [text.frame for text in (*plan.texts, *(entry.text for entry in plan.key))]
    apart = [*(box.frame for box in plan.boxes), *outside, *(entry.sample for entry in plan.key), plan.goal]
    assert all(paper.holds(frame) for frame in apart)
    assert not any(one.meets(other) for one, other in combinations(apart, 2))


def check_wires(plan: Layout) -> None:
    """Lines keep off boxes and texts; those of different skills cross, but don't run into each other."""
    frames = [*(box.frame for box in plan.boxes), *(text.frame for text in plan.texts)]
    runs = [(wire.lower, run) for wire in plan.wires for run in map(covered, pairwise(wire.points))]
    assert not any(run.meets(frame.grown(-1)) for _, run in runs for frame in frames)
    upright = [(lower, run) for lower, run in runs if run.right - run.left < run.bottom - run.top]
    level = [(lower, run) for lower, run in runs if run.right - run.left > run.bottom - run.top]
    for group in (upright, level):
        for (one, run), (other, another) in combinations(group, 2):
            assert one == other or not run.meets(another)


def covered(ends: tuple[Point, Point]) -> Frame:
    (x, y), (to_x, to_y) = ends
    return Frame(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)).grown(0.5)


@pytest.mark.parametrize("number", [1, 2, 3, 21, 30, 60])
def test_few_and_many_skills_make_a_picture_telegram_takes(number: int) -> None:
    progress = wide(number)
    picture = open_picture(progress)
    assert picture.format == "PNG"
    assert picture.size == (WIDTH, layout(progress).height)
    assert picture.height < TALLEST_SENT
    assert len(skill_map(progress)) < 2**20


def test_every_track_of_the_pack_is_shown_in_full_size(library: Library) -> None:
    for track_id in library.tracks:
        assert layout(way_on(library, track_id)).height <= TALLEST_PHOTO, track_id


def test_nothing_lies_on_anything_else_on_the_tracks_we_have(library: Library) -> None:
    for track_id in library.tracks:
        check(layout(way_on(library, track_id)))
        check_wires(layout(way_on(library, track_id)))


@pytest.mark.parametrize("progress", [chain(1), chain(5), wide(30), wide(60), wide(60, seed=1)])
def test_nothing_lies_on_anything_else_on_other_graphs(progress: Progress) -> None:
    check(layout(progress))
    check_wires(layout(progress))


@settings(deadline=None, max_examples=30)
@given(ways())
def test_nothing_lies_on_anything_else_whatever_the_graph_and_titles(progress: Progress) -> None:
    check(layout(progress))
    check_wires(layout(progress))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Éléments – “naïve” Bayes", 'Elements - "naive" Bayes'),
        ("Пчёлы", "s0"),
        ("Straße", "Strasse"),
    ],
)
def test_titles_are_shown_in_letters_the_font_has(title: str, shown: str) -> None:
    [box] = layout(way(skill("s0", "ready", title=title))).boxes
    assert box.texts[0].words == shown


def test_a_word_wider_than_its_box_is_broken_and_stays_whole() -> None:
    title = "Donaudampfschifffahrtsgesellschaftskapitaene"
    plan = layout(way(*(skill(f"s{number}", "ready", title=title) for number in range(3))))
    check(plan)
    lines = [text.words for text in plan.boxes[0].texts if text.words != "ready"]
    assert len(lines) > 1
    assert "".join(line.removesuffix("-") for line in lines) == title


def test_text_is_large_enough_for_a_phone() -> None:
    assert all(text.size >= SMALLEST_TEXT >= 26 for text in layout(chain(5)).all_texts)


def test_every_box_says_its_state_in_a_word_and_the_next_step_is_named() -> None:
    plan = layout(chain(10))
    for box in plan.boxes:
        words = [text.words for text in box.texts]
        assert box.skill.state in words
        assert (NEXT_STEP in words) == (box.band is not None) == (box.skill.skill_id == "s0")
        assert (box.bar is not None) == (box.skill.state == "learning")


@pytest.mark.parametrize("number", [1, 7])
def test_the_legend_names_and_counts_every_state(number: int) -> None:
    progress = chain(number)
    key = {entry.state: entry.text.words for entry in layout(progress).key}
    states = [one.state for one in progress.skills]
    assert key == {state: f"{state}: {states.count(state)}" for state in STATES} | {None: NEXT_STEP}


def test_signs_differ_also_without_colour() -> None:
    """The samples of the legend in black and white: no two are nearly alike."""
    plan = layout(chain(1))
    picture = open_picture(chain(1)).convert("L")
    signs = []
    for entry in plan.key:
        frame = entry.sample.grown(-10)
        sample = picture.crop((int(frame.left), int(frame.top), int(frame.right), int(frame.bottom)))
        signs.append(sample.point(lambda value: 255 * (value > 128)).resize((22, 15)))
    for one, other in combinations(signs, 2):
        pairs = zip(one.tobytes(), other.tobytes(), strict=True)
        turned = sum((first > 128) != (second > 128) for first, second in pairs) / (22 * 15)
        assert 0.04 < turned < 0.96, "also not one the negative of another"


def test_texts_have_the_contrast_of_level_aa() -> None:
    pairs = {(text.ink, text.ground) for text in layout(chain(5)).all_texts}
    assert {(style.ink, style.fill) for style in STYLES.values()} <= pairs
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < TEXT_CONTRAST} == {}


def test_edges_lines_and_bars_have_the_contrast_of_level_aa() -> None:
    pairs = {(WIRE, PAPER), (STRONG_WIRE, PAPER), (INK, GOLD), (STYLES["mastered"].fill, PAPER)}
    pairs |= {(style.edge, PAPER) for style in STYLES.values()}
    pairs |= {(STYLES["learning"].edge, STYLES["learning"].fill), (WIRE, STYLES["learning"].fill)}
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < SHAPE_CONTRAST} == {}


def test_the_colours_that_are_measured_are_those_one_sees() -> None:
    progress = chain(5)
    picture = open_picture(progress).convert("RGB")
    for box in layout(progress).boxes:
        at = (round(box.frame.right - 8), round((box.sign.top + box.sign.bottom) / 2 - 12))
        meant = STYLES[box.skill.state].fill
        seen = picture.getpixel(at)
        assert isinstance(seen, tuple)
        assert all(abs(int(meant[1 + 2 * i : 3 + 2 * i], 16) - seen[i]) <= 2 for i in range(3)), meant


def test_the_bar_is_where_the_range_is() -> None:
    def blue(low: float, high: float) -> list[int]:
        progress = way(SkillProgress("s0", "Bees", "learning", low, high, ()))
        [bar] = [box.bar for box in layout(progress).boxes if box.bar]
        row = round((bar.top + bar.bottom) / 2) - 5
        red = open_picture(progress).convert("RGB").getchannel("R").crop((0, row, WIDTH, row + 1)).tobytes()
        return [x for x in range(round(bar.left), round(bar.right)) if red[x] < 128]

    narrow, broad, late = blue(0.4, 0.5), blue(0.1, 0.9), blue(0.9, 1.0)
    assert len(narrow) < len(broad)
    assert min(broad) < min(narrow) < min(late)
    assert blue(0.5, 0.5), "never invisible"


def test_only_lines_to_and_from_the_next_step_are_strong() -> None:
    wires = layout(replace(chain(4), next_skill_id="s1")).wires
    assert len(wires) == 3
    assert {(wire.lower, wire.upper) for wire in wires if wire.is_strong} == {("s0", "s1"), ("s1", "s2")}


def test_the_same_progress_makes_the_same_bytes() -> None:
    assert skill_map(wide(21)) == skill_map(wide(21))
    assert skill_map(wide(21)) != skill_map(wide(21, seed=1))


def test_pillow_is_loaded_only_when_something_is_drawn() -> None:
    code = "import sys, bot.chat.views.charts; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
