"""Does the linter find each kind of fault, where it is, and leave a good pack alone?"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from index.embedder import Embedder, RememberingEmbedder
from index.likeness import MEANING_RULES, lint_likeness
from knowledge import checks
from knowledge.lint import RULES, heed_waivers, lint, waivers_are_needed
from knowledge.lint.graph import DATED_RULES
from knowledge.problems import Problem, name_of
from knowledge.reader import read_draft
from tests.conftest import BREAD_PACK

Edit = Callable[[Path], object]
TODAY = date(2026, 11, 23)
BY_MEANING = {name_of(rule) for rule in MEANING_RULES}


@pytest.fixture(scope="module")
def embedder(twin: Embedder) -> Embedder:
    """The real model; the packs here are small, so nothing need be remembered, or waited for."""
    return RememberingEmbedder(twin)


def found_in(pack: Path, embedder: Embedder | None = None) -> list[Problem]:
    """What an author is told about a pack; only with an embedder what needs one."""
    draft, problems = read_draft(pack)
    by_meaning = lint_likeness(draft, embedder) if embedder else []
    return sorted({*problems, *heed_waivers(draft, [*lint(draft, TODAY), *by_meaning])})


def swap(file: str, old: str, new: str) -> Edit:
    def edit(pack: Path) -> None:
        text = (pack / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"the bread pack has changed: {old!r} in {file}"
        (pack / file).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def item(field: str, new: str) -> Edit:
    """Set one line of the first item of the starter: `  stem: What...`, `    a: {...}`."""

    def edit(pack: Path) -> None:
        file = pack / "items/starter.yaml"
        pattern = re.compile(rf"^( +){field}: .*$", re.MULTILINE)
        file.write_text(pattern.sub(rf"\g<1>{field}: {new}", file.read_text(), count=1))

    return edit


def without_line(file: Path, words: str) -> None:
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if words not in line))


def also(*edits: Edit) -> Edit:
    def edit(pack: Path) -> None:
        for one in edits:
            one(pack)

    return edit


def bank(**changes: object) -> Edit:
    """Forty items of one skill that differ in their words only; `changes` are made to each."""

    def edit(pack: Path) -> None:
        file = pack / "items/oven.yaml"
        model = yaml.safe_load(file.read_text())[0]
        many = []
        for n in range(40):
            one = {**model, "id": f"use-{n}", "level": n % 3 + 1, "thinking": ("recall", "apply")[n % 2]}
            one["options"] = {letter: dict(option) for letter, option in model["options"].items()}
            one["key"] = "abc"[n % 3]
            for option in one["options"].values():
                option.setdefault("misconception", "A belief")
            one["options"][one["key"]].pop("misconception")
            for name, change in changes.items():
                one[name] = change(one) if callable(change) else change
            many.append(one)
        file.write_text(yaml.safe_dump(many, sort_keys=False))

    return edit


def key_always_first(one: dict) -> dict:  # type: ignore[type-arg]
    """The key's option in the first place."""
    options = one["options"]
    return {one["key"]: options[one["key"]], **options}


def key_always_longest(one: dict) -> dict:  # type: ignore[type-arg]
    key = one["options"][one["key"]]
    return {
        **one["options"],
        one["key"]: {**key, "text": "The skin stays soft for long, and so it stretches"},
    }


NOTE = "notes/dough/mistakes.md"
STARTER = "items/starter.yaml"
LONG_WORDS = "Fundamentally, industrialisation characterises contemporary fermentation methodologies. " * 5

PATH = "notes/path/overview.md"
ABSOLUTES, LENGTHS = "no-absolutes-in-distractors-alone", "options-are-alike-in-length"
FEEDBACK = "feedback-is-its-own"
ALL_RULES = (*RULES, *DATED_RULES, waivers_are_needed, *MEANING_RULES)

# Rule -> what an author did, the file (and line) that is named, and words that must be told.
FAULTS: dict[str, tuple[Edit, str, str]] = {
    # items
    "stem-is-a-question": (item("stem", "Sourdough rises."), f"{STARTER}:4", "asks nothing"),
    "stem-is-positive": (
        item("stem", "Which of these does not raise a loaf?"),
        f"{STARTER}:4",
        "a negative ('not')",
    ),
    "lengths-fit-a-poll": (item("hint", "x\n  code: " + "y" * 1_025), f"{STARTER}:12", "has 1025 characters"),
    "three-or-four-options": (
        lambda pack: without_line(pack / "items/dough.yaml", "Warm up the bowl"),
        "items/dough.yaml:15",
        "2 options",
    ),
    "options-stand-alone": (
        item("c", "{text: All of the above, misconception: More is right, feedback: No.}"),
        f"{STARTER}:8",
        "speaks of other options",
    ),
    "options-differ": (
        item("c", '{text: "wild yeast, in the STARTER", misconception: x y, feedback: No.}'),
        f"{STARTER}:8",
        "part of option b",
    ),
    "options-share-no-beginning": (
        also(
            item("a", "{text: It comes from baking powder, misconception: x y, feedback: No.}"),
            item("b", "{text: It comes from wild yeast, feedback: Right.}"),
            item("c", "{text: It comes from the air, misconception: x y, feedback: Not so.}"),
        ),
        f"{STARTER}:5",
        "begins with 'it comes from'",
    ),
    "options-are-alike-in-length": (
        also(
            item("a", "{text: Air, misconception: x y, feedback: No.}"),
            item("c", "{text: Baking powder out of a bag of flour, misconception: x y, feedback: Not so.}"),
        ),
        f"{STARTER}:5",
        "3 to 35 characters",
    ),
    "no-absolutes-in-distractors-alone": (
        item("a", "{text: It is always baking powder, misconception: x y, feedback: No.}"),
        f"{STARTER}:6",
        "say 'always'",
    ),
    "no-vagueness-in-the-key-alone": (
        item("b", "{text: Usually wild yeast, feedback: Right.}"),
        f"{STARTER}:7",
        "the key alone says 'usually'",
    ),
    "no-clue-word": (
        item("stem", "Which starter raises a sourdough loaf?"),
        f"{STARTER}:7",
        "share 'starte'",
    ),
    "grammar-fits-every-option": (
        item("stem", "A loaf is raised by an ___"),
        f"{STARTER}:6",
        "'an' does not fit 'Baking powder",
    ),
    "distractors-name-a-misconception": (
        item("a", "{text: Baking powder in the flour, feedback: No.}"),
        f"{STARTER}:6",
        "names no misconception",
    ),
    "feedback-is-its-own": (
        item("a", "{text: Baking powder in the flour, misconception: x y, feedback: Option B is right.}"),
        f"{STARTER}:6",
        "by its letter",
    ),
    "numbers-are-in-order": (
        also(
            item("a", "{text: 30 grams, misconception: x y, feedback: No.}"),
            item("b", "{text: 10 grams, feedback: Right.}"),
            item("c", "{text: 20 grams, misconception: x y, feedback: Not so.}"),
        ),
        f"{STARTER}:5",
        "out of order",
    ),
    "text-is-plain": (item("stem", "What raises a `sourdough` loaf?"), f"{STARTER}:4", "the markup '`'"),
    "figures-have-a-year": (
        item("stem", "What raises a loaf that costs $5,000?"),
        f"{STARTER}:4",
        "a figure has no year",
    ),
    # the bank
    "skills-have-enough-items": (
        lambda pack: (pack / "items/oven.yaml").unlink(),
        "items/oven.yaml:1",
        "'oven' has 0 items",
    ),
    "items-are-spread-over-levels": (bank(level=1), "items/oven.yaml:1", "0 of 40 items are of level 2"),
    "items-ask-for-thought": (bank(thinking="recall"), "items/oven.yaml:1", "0 of 40 items ask to apply"),
    "key-is-not-mostly-the-longest": (bank(options=key_always_longest), "items/oven.yaml:1", "the longest"),
    "key-is-in-no-favourite-place": (
        bank(options=key_always_first),
        "items/oven.yaml:1",
        "places among 3 options",
    ),
    "items-do-not-answer-one-another": (
        swap(STARTER, "Dark water stands on", "Wild yeast in the starter bubbles and dark water stands on"),
        f"{STARTER}:7",
        "stands in the stem of 'dark-water'",
    ),
    "waivers-are-needed": (
        item("hint", "x\n  waive: {stem-is-funny: It has a joke in it}"),
        f"{STARTER}:12",
        "no rule 'stem-is-funny' finds anything here",
    ),
    "waivers-have-a-reason": (
        item("hint", "x\n  waive: {stem-is-funny: Because}"),
        f"{STARTER}:12",
        "'Because' is no reason",
    ),
    # intents
    "phrases-mean-one-thing": (
        swap("intents.yaml", "[quiz me]", "[forgot the salt what now]"),
        "intents.yaml:7",
        "is also an ask of dough.mistakes",
    ),
    # skills
    "skills-have-every-kind-of-note": (
        swap("notes/oven/mistakes.md", "skill: oven\nkind: mistakes\n", ""),
        "skills.yaml:18",
        "no note of the kind 'mistakes'",
    ),
    "skills-have-resources": (
        swap("notes/oven/learning.md", "[flour-club, bread-video]", "[flour-club]"),
        "skills.yaml:18",
        "names 1 resources",
    ),
    "skills-count-on-a-track": (
        also(swap("skills.yaml", "need: good", "need: extra"), swap("tracks.yaml", "oven: 1, ", "")),
        "skills.yaml:18",
        "weighs nothing",
    ),
    "names-of-skills-are-unique": (
        swap("skills.yaml", "[baking, crust, steam]", "[baking, Kneading]"),
        "skills.yaml:18",
        "'kneading' also names 'dough'",
    ),
    "resources-are-used": (
        swap(
            "resources.yaml",
            "flour-club:",
            "new: {title: T, author: A, kind: site, address: https://x.io/, checked: not yet}\nflour-club:",
        ),
        "resources.yaml:1",
        "no note names the resource 'new'",
    ),
    "resources-differ": (
        swap("resources.yaml", "https://bread.example/fold", "https://flour.example/club/"),
        "resources.yaml:2",
        "has the address of 'flour-club'",
    ),
    "resources-were-seen-lately": (
        swap("resources.yaml", "checked: 2026-11-22", "checked: 2026-11-24"),
        "resources.yaml:1",
        "'flour-club' was checked on 2026-11-24, a day to come",
    ),
    "sources-are-used": (
        swap("pack.yaml", "sources:\n", "sources:\n  diary: {title: A diary, kind: book, year: 2020}\n"),
        "pack.yaml:11",
        "no note cites the source 'diary'",
    ),
    # notes
    "notes-are-neither-scraps-nor-essays": (
        lambda pack: (pack / NOTE).write_text((pack / NOTE).read_text().partition("Too much")[0] + "Much.\n"),
        f"{NOTE}:12",
        "body has 1 words",
    ),
    "notes-are-easy-to-read": (
        swap(NOTE, "Too much water too early", LONG_WORDS),
        f"{NOTE}:12",
        "reads like school year",
    ),
    "figures-carry-a-year": (swap(NOTE, "Go back", "It costs $5. Go back"), f"{NOTE}:12", "'$5' has no year"),
    "links-stand-in-resources": (
        swap(NOTE, "Go back", "See https://dough.example/ and go back"),
        f"{NOTE}:12",
        "holds a link",
    ),
    "notes-can-be-found": (swap(NOTE, "  - forgot the salt, what now\n", ""), f"{NOTE}:3", "has 2 asks"),
    "what-is-asked-is-told": (
        swap(NOTE, "  - forgot the salt, what now", "  - what is an autolyse"),
        f"{NOTE}:6",
        "is asked what 'autolyse' is",
    ),
    "notes-lead-on": (
        swap(NOTE, "[dough.learning, dough.practice]", "[dough.learning]"),
        f"{NOTE}:10",
        "has 1 related",
    ),
    "notes-are-within-reach": (
        also(
            swap("notes/dough/learning.md", "dough.mistakes", "dough.purpose"),
            swap("notes/dough/practice.md", "dough.mistakes", "dough.learning"),
        ),
        f"{NOTE}:1",
        "no button leads here",
    ),
    "notes-cite-their-facts": (
        also(
            lambda pack: (pack / "facts.yaml").write_text(
                "1: {source: flour-guide-2019, section: x, states: y}\n"
            ),
            swap(NOTE, "skill: dough", "facts: [1]\nskill: dough"),
        ),
        f"{NOTE}:7",
        "which the note does not cite",
    ),
    # likeness
    "stems-differ": (
        swap(
            "items/oven.yaml",
            "Why does a loaf need steam at the beginning?",
            "What raises a loaf of sourdough?",
        ),
        f"{STARTER}:4",
        "asks almost the same as oven/use-of-steam",
    ),
    "options-mean-different-things": (
        item("c", "{text: Natural wild yeast from the starter, misconception: x y, feedback: No.}"),
        f"{STARTER}:8",
        "says the same as",
    ),
    "notes-differ": (
        lambda pack: (pack / "notes/dough/again.md").write_text(
            (pack / NOTE)
            .read_text()
            .replace("title: Common mistakes", "title: Usual faults")
            .replace("asks:\n", "asks:\n  - x y\n  - y z\n  - z x\n")
            .replace(
                "  - dough sticks everywhere\n  - my dough runs flat\n  - forgot the salt, what now\n", ""
            )
            .replace("kind: mistakes", "kind: concept")
        ),
        f"{NOTE}:12",
        "tells almost the same as dough.again",
    ),
    "asks-fit-their-notes": (
        swap(NOTE, "  - forgot the salt, what now", "  - the crust is too pale"),
        f"{NOTE}:6",
        "is nearer to oven.mistakes",
    ),
    "facts-show-first": (
        also(
            lambda pack: (pack / "facts.yaml").write_text(
                "1: {source: kitchen-2026, section: x, states: Bakers in Vienna weigh their salt twice}\n"
            ),
            swap(NOTE, "skill: dough", "facts: [1]\nskill: dough"),
            swap(NOTE, "learn to fold first.", f"learn to fold first. {'Feel the dough each time. ' * 24}"),
            lambda pack: (pack / NOTE).write_text(
                (pack / NOTE).read_text() + "\nBakers in Vienna weigh their salt twice.\n"
            ),
        ),
        f"{NOTE}:7",
        "fact 1 is cut",
    ),
    "notes-support-the-keys": (
        also(
            item("note", "oven.mistakes"),
            item("stem", "Which animals are mammals?"),
            item("b", "{text: Whales and dolphins in the sea, feedback: Right.}"),
        ),
        f"{STARTER}:10",
        "hardly speaks of it",
    ),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_planted_fault_is_found_where_it_is(bread: Path, embedder: Embedder, rule: str) -> None:
    plant, where, told = FAULTS[rule]
    plant(bread)
    told_all = found_in(bread, embedder if rule in BY_MEANING else None)
    found = [problem for problem in told_all if problem.rule == rule]
    assert found, list(map(str, told_all))
    assert any(str(problem).startswith(f"{where}:") and told in problem.what for problem in found), found
    assert all(problem.cure for problem in found)


def test_every_rule_has_its_planted_fault() -> None:
    assert set(FAULTS) == {name_of(rule) for rule in ALL_RULES}


# Field of the first item, what the author wrote, and the rule that must find it; "" where none may.
WORDINGS = [
    ("stem", "Which of these points would a careful baker not raise?", "stem-is-positive"),
    ("stem", "All of these are good reasons to bake, except one. Which?", "stem-is-positive"),
    ("stem", "Which of the three is false about syrup?", "stem-is-positive"),
    ("stem", "Which of these three syrups should you not feed?", "stem-is-positive"),
    ("stem", "Which of these loaves is wrong?", "stem-is-positive"),
    ("stem", "What is wrong with this loaf?", ""),
    ("stem", "Why does the loaf not rise?", ""),
    ("stem", "What happens to a loaf when its owner does not feed it?", ""),
    ("stem", "When should a loaf not be fed?", "stem-is-positive"),
    ("stem", "When a loaf does not rise, one should ___", ""),
    ("stem", "Which of these does NOT raise a loaf?", ""),
    ("c", "{text: All three of these, misconception: x y, feedback: No.}", "options-stand-alone"),
    ("c", "{text: None of those, misconception: x y, feedback: No.}", "options-stand-alone"),
    ("c", "{text: The first two, misconception: x y, feedback: No.}", "options-stand-alone"),
    ("c", "{text: Neither of the others, misconception: x y, feedback: No.}", "options-stand-alone"),
    ("c", "{text: Each of them alone would do, misconception: x y, feedback: No.}", ""),
    ("a", "{text: Powder that the oven uses up completely, misconception: x y, feedback: No.}", ABSOLUTES),
    ("c", "{text: Hot air in every oven, misconception: x y, feedback: No.}", ""),
    ("a", "{text: Baking powder, misconception: x y, feedback: Answer d is right.}", FEEDBACK),
    ("a", "{text: Baking powder, misconception: x y, feedback: Answer D is right.}", FEEDBACK),
    ("a", '{text: Baking powder, misconception: x y, feedback: "No, B is right."}', FEEDBACK),
    ("a", '{text: Baking powder, misconception: x y, feedback: "Wrong, see (b)."}', FEEDBACK),
    ("a", "{text: Baking powder, misconception: x y, feedback: The answer a is wrong.}", FEEDBACK),
    ("a", "{text: Baking powder, misconception: x y, feedback: It is an answer a child would give.}", ""),
    ("a", "{text: Baking powder, misconception: x y, feedback: Vitamin B is lost in f(a) degrees.}", ""),
    ("a", "{text: The powder of baker B, misconception: x y, feedback: Baker B is right too often.}", ""),
    ("hint", "x" * 201, "lengths-fit-a-poll"),
    (
        "b",
        "{text: Wild yeast that lives in the starter and makes gas for days, feedback: Yes.}",
        LENGTHS,
    ),
    ("b", "{text: Wild yeast in the starter that makes the gas, feedback: Yes.}", LENGTHS),
    ("b", "{text: The wild yeast that lives in a starter, feedback: Yes.}", ""),
]


@pytest.mark.parametrize(("field", "wrote", "rule"), WORDINGS)
def test_one_fault_has_many_wordings_and_honest_ones_are_left_alone(
    bread: Path, field: str, wrote: str, rule: str
) -> None:
    item(field, wrote)(bread)
    assert {problem.rule for problem in found_in(bread)} == {rule} - {""}


# Words added to the end of a note of a skill, or of the path, and whether their figure ages.
FIGURES = [
    (NOTE, "In surveys 73% of bakers love salt.", True),
    (NOTE, "A baker may earn 140k a year.", True),
    (NOTE, "Of young people 73% love salt.", True),
    (NOTE, "The dough holds 73% water.", False),
    (NOTE, "A starter holds 8 billion cells.", False),
    (NOTE, "Bakers spent 8 billion dollars on it.", True),
    (PATH, "Bakers ate 8 million loaves.", True),
    (NOTE, "In a survey of 2019 it was 73% of bakers. They love salt. In surveys 74% loved it.", False),
    (PATH, "The town held a fair in 2019. Salt came. It sold. It went. It came again. It cost $5.", True),
    (PATH, "It is 73% of all.", True),
    (PATH, "It was 73% of all in 2019.", False),
]


@pytest.mark.parametrize(("file", "wrote", "ages"), FIGURES)
def test_a_figure_that_ages_has_its_year_near_it(bread: Path, file: str, wrote: str, ages: bool) -> None:
    lines = (bread / file).read_text().count("\n")
    (bread / file).write_text(f"{(bread / file).read_text()}\n{wrote}\n")
    told = [f"{file}:{lines + 2}"] if ages else []
    assert [f"{problem.file}:{problem.line}" for problem in found_in(bread)] == told


# What stands in options a and b, and whether they say the same.
OPTIONS = [
    ("The error disappears without a trace", "The error vanishes and leaves no trace", True),
    ("Three parts of sugar to two of water", "One part of sugar to three of water", False),
    ("One image and three containers", "Three images and one container", False),
    ("It brings tomorrow's value to today's row", "It brings yesterday's value to today's row", False),
]


@pytest.mark.parametrize(("one", "other", "is_same"), OPTIONS)
def test_options_that_say_the_same_are_told_from_opposites(
    bread: Path, embedder: Embedder, one: str, other: str, is_same: bool
) -> None:
    item("a", f"{{text: {one}, misconception: x y, feedback: No.}}")(bread)
    item("b", f"{{text: {other}, feedback: Right.}}")(bread)
    rules = {problem.rule for problem in found_in(bread, embedder)}
    assert ("options-mean-different-things" in rules) == is_same


def test_a_stem_that_asks_the_same_in_other_words_is_found(bread: Path, embedder: Embedder) -> None:
    asked = "A shop program must find the price of a product by its name, thousands of times a day. Which"
    item("stem", f"{asked} structure fits best?")(bread)
    again = "Prices must be found by name a thousand times a day in a shop program."
    swap(
        "items/oven.yaml",
        "Why does a loaf need steam at the beginning?",
        f"{again} Which structure suits best?",
    )(bread)
    assert "stems-differ" in {problem.rule for problem in found_in(bread, embedder)}


def test_an_item_that_cites_another_note_of_its_skill_is_told_of_the_better_one(
    bread: Path, embedder: Embedder
) -> None:
    item("note", "starter.practice")(bread)
    (problem,) = found_in(bread, embedder)
    assert problem.what == "note 'starter.practice' hardly speaks of it; 'starter.purpose' may"


def test_the_second_of_two_equal_phrases_is_told(bread: Path) -> None:
    swap("intents.yaml", "[quiz me]", "[quiz me, Hello!]")(bread)
    assert [str(problem) for problem in found_in(bread)] == [
        "intents.yaml:7: 'Hello!' stands twice in the file; leave it to one intent [phrases-mean-one-thing]"
    ]


@pytest.mark.parametrize(("checked", "problems"), [("2023-11-22", 1), ("2023-11-25", 0), ("not yet", 0)])
def test_a_look_at_a_resource_ages(bread: Path, checked: str, problems: int) -> None:
    swap("resources.yaml", "checked: 2026-11-22", f"checked: {checked}")(bread)
    assert len(found_in(bread)) == problems


def test_every_rule_says_in_one_sentence_what_it_asks() -> None:
    for rule in (*ALL_RULES, *checks.RULES):
        assert re.fullmatch(r"[A-Z].*\.", (rule.__doc__ or "").strip()), name_of(rule)


def test_the_worked_example_has_no_problem(embedder: Embedder) -> None:
    """The real pack has none either: tests/scripts/test_check_knowledge.py, as its check takes a minute."""
    assert list(map(str, found_in(BREAD_PACK, embedder))) == []


def test_a_rule_can_be_waived_with_a_reason(bread: Path) -> None:
    item("stem", "Sourdough rises.")(bread)
    item("hint", "x\n  waive: {stem-is-a-question: It shows how a waiver reads}")(bread)
    assert found_in(bread) == []


@pytest.mark.parametrize(
    "wrote",
    [
        "{skills-have-enough-items: We have too few here}",  # speaks of a skill, not of an item
        "{stem-is-a-question: It asks for something after all}",  # is not broken
        "{item-ids-are-unique: There is only this one}",  # no rule for those who write well
    ],
)
def test_a_waiver_that_waives_nothing_is_told(bread: Path, wrote: str) -> None:
    item("hint", f"x\n  waive: {wrote}")(bread)
    assert {problem.rule for problem in found_in(bread)} == {"waivers-are-needed"}


def test_a_rule_over_all_notes_is_waived_in_one_of_them(bread: Path) -> None:
    FAULTS["notes-are-within-reach"][0](bread)
    swap(NOTE, "skill: dough", "waive: {notes-are-within-reach: It is found by asking}\nskill: dough")(bread)
    assert found_in(bread) == []


def test_a_problem_names_the_rule_and_the_part_that_may_waive_it(bread: Path) -> None:
    item("stem", "Sourdough rises.")(bread)
    (problem,) = found_in(bread)
    assert problem.part == "starter/role-of-the-starter"
    assert str(problem).endswith(" [stem-is-a-question]")


def test_a_note_broken_in_its_title_still_counts_for_its_skill_facts_and_resources(bread: Path) -> None:
    swap("notes/oven/learning.md", "title: ", f"title: {'W' * 44}")(bread)
    swap(NOTE, "kind: mistakes", "kind: concept")(bread)
    text = (bread / "resources.yaml").read_text()
    (bread / "resources.yaml").write_text(f"{text}new: {text.partition(': ')[2].splitlines()[0]}\n")
    rules = {problem.rule for problem in found_in(bread)} - {""}
    assert rules == {"skills-have-every-kind-of-note", "resources-are-used", "resources-differ"}


@pytest.mark.parametrize("fault", [("kind: learning", "kind: lerning"), ("---\ntitle", "title")])
def test_rules_over_all_notes_wait_while_a_note_is_unknown(bread: Path, fault: tuple[str, str]) -> None:
    swap("notes/oven/learning.md", *fault)(bread)
    assert {problem.file for problem in found_in(bread)} == {"notes/oven/learning.md"}
    assert read_draft(bread)[0].unread == {"notes/oven/learning.md"}


def test_a_broken_pack_file_does_not_ask_for_more_items(bread: Path) -> None:
    swap("pack.yaml", "language: en", "language: en-GB")(bread)
    assert {problem.file for problem in found_in(bread)} == {"pack.yaml"}


def test_many_faults_are_all_told_at_once(bread: Path) -> None:
    """Also the finer ones, though the pack cannot be used with the coarse ones."""
    item("stem", "Sourdough rises.")(bread)
    item("note", "oven.gone")(bread)
    swap("skills.yaml", "need: good", "need: surely")(bread)
    swap(NOTE, "Go back", "It costs $5. Go back")(bread)
    told = "\n".join(map(str, found_in(bread)))
    for part in ("asks nothing", "'oven.gone' does not exist", "oven.need", "'$5' has no year"):
        assert part in told
