"""Does the linter find each kind of fault, where it is, and leave a good pack alone?"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from index.embedder import Embedder
from index.likeness import MEANING_RULES, lint_likeness
from knowledge import checks
from knowledge.lint import BY_MEANING, RULES, lint
from knowledge.problems import Problem, name_of
from knowledge.reader import read_draft
from tests.conftest import BREAD_PACK

Edit = Callable[[Path], object]


def found_in(pack: Path, embedder: Embedder | None = None) -> list[Problem]:
    """What an author is told about a pack; only with an embedder what needs one."""
    draft, problems = read_draft(pack)
    return sorted({*problems, *lint(draft), *(lint_likeness(draft, embedder) if embedder else ())})


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
    "key-is-in-no-favourite-place": (bank(options=key_always_first), "items:1", "places among 3 options"),
    "items-do-not-answer-one-another": (
        swap(STARTER, "Dark water stands on", "Wild yeast in the starter bubbles and dark water stands on"),
        f"{STARTER}:7",
        "stands in the stem of 'dark-water'",
    ),
    "waivers-name-rules": (
        item("hint", "x\n  waive: {stem-is-funny: Because}"),
        f"{STARTER}:12",
        "there is no rule 'stem-is-funny'",
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
    assert set(FAULTS) == {name_of(rule) for rule in (*RULES, *MEANING_RULES)}


def test_the_rules_by_meaning_are_known_by_name() -> None:
    assert {name_of(rule) for rule in MEANING_RULES} == BY_MEANING


def test_every_rule_says_in_one_sentence_what_it_asks() -> None:
    for rule in (*RULES, *MEANING_RULES, *checks.RULES):
        assert re.fullmatch(r"[A-Z].*\.", (rule.__doc__ or "").strip()), name_of(rule)


def test_the_worked_example_has_no_problem(embedder: Embedder) -> None:
    """The real pack has none either: tests/scripts/test_check_knowledge.py, as its check takes a minute."""
    assert list(map(str, found_in(BREAD_PACK, embedder))) == []


def test_a_rule_can_be_waived_with_a_reason(bread: Path) -> None:
    item("stem", "Sourdough rises.")(bread)
    item("hint", "x\n  waive: {stem-is-a-question: It shows how a waiver reads}")(bread)
    assert found_in(bread) == []


def test_many_faults_are_all_told_at_once(bread: Path) -> None:
    """Also the finer ones, though the pack cannot be used with the coarse ones."""
    item("stem", "Sourdough rises.")(bread)
    item("note", "oven.gone")(bread)
    swap("skills.yaml", "need: good", "need: surely")(bread)
    swap(NOTE, "Go back", "It costs $5. Go back")(bread)
    told = "\n".join(map(str, found_in(bread)))
    for part in ("asks nothing", "'oven.gone' does not exist", "oven.need", "'$5' has no year"):
        assert part in told
