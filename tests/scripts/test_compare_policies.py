"""Do simulated learners learn and forget as they claim to, and is it the bot's policy that teaches them?"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance.readings import Readings
from bot.guidance.record import PLACEMENT, QUIZ, Record
from bot.learning import placement
from bot.learning.evidence import DIFFICULTY_OF_LEVEL, Outcome
from bot.learning.graph import SkillGraph, graph_of
from bot.learning.placement import Standing, States, states_of
from bot.storage import wishes
from bot.storage.attempts import Attempt
from bot.storage.learners import Learner
from bot.storage.placements import Placement
from knowledge.library import Library
from knowledge.schema import Item
from scripts import compare_policies, policies
from scripts.our_policy import Ours
from scripts.policies import GROUPS, POLICIES, Course, course, sitting
from scripts.rivals import Question
from scripts.simulated import Kind
from scripts.studying import HELD_FROM, Memory, Student
from tests.conftest import TINY_PACK
from tests.scripts.conftest import run_script

DAYS = st.floats(0, 400)
LIVES = st.floats(1, 400)


@pytest.fixture(scope="module")
def graph(library: Library) -> SkillGraph:
    return graph_of(library, "ml-engineer")


@pytest.fixture(scope="module")
def states(graph: SkillGraph) -> States:
    return states_of(graph, Random(0))


def learnt(half_life: float = 30.0) -> Memory:
    return Memory(needed=10, half_life=half_life, worked=10, since=0)


def newcomer(graph: SkillGraph, items: Mapping[str, list[Item]], *held: str) -> Student:
    """Somebody who never slips and holds just this, from today."""
    memories = {each: Memory(10, 1e9, 10 if each in held else 0) for each in graph.skills}
    slips = {item.id: 0.0 for each in graph.skills for item in items[each]}
    return Student(graph, Kind.HONEST, Standing.UNKNOWN, memories, slips)


@given(LIVES, DAYS, DAYS)
def test_what_was_learnt_fades_by_halves(half_life: float, day: float, later: float) -> None:
    memory = learnt(half_life)
    assert memory.recall(0) == 1
    assert memory.recall(day + later) <= memory.recall(day)
    assert memory.recall(day + half_life) == pytest.approx(memory.recall(day) / 2)
    assert Memory(needed=10, half_life=half_life, worked=9.9).recall(0) == 0, "it was never learnt"


@given(LIVES, DAYS, DAYS)
def test_remembering_keeps_longer_the_later_it_comes(half_life: float, day: float, later: float) -> None:
    soon, late = learnt(half_life), learnt(half_life)
    soon.remember(day)
    late.remember(day + later)
    assert soon.recall(day) == 1
    assert half_life <= soon.half_life <= late.half_life


def test_study_works_best_on_what_it_rests(graph: SkillGraph, library: Library) -> None:
    items = {each: list(library.items[each]) for each in graph.skills}
    ready = newcomer(graph, items, "python", "prob-stats", "ml-intro", "linear-algebra", "data-wrangling")
    lost = newcomer(graph, items)
    for day in range(100):
        for who in (ready, lost):
            who.memories["ml-supervised"].needed = 1e9
            who.study("ml-supervised", 3, day, Random(day))
    assert ready.memories["ml-supervised"].worked > 250
    assert lost.memories["ml-supervised"].worked < 40


def test_an_answer_tells_what_is_held(graph: SkillGraph, library: Library) -> None:
    items = {each: list(library.items[each]) for each in graph.skills}
    who = newcomer(graph, items, "python")
    told = {
        skill_id: [who.answer(skill_id, items[skill_id][0], 1, Random(seed)) for seed in range(20)]
        for skill_id in ("python", "ab-testing")
    }
    assert {*told["python"]} == {Outcome.CORRECT}
    assert told["ab-testing"].count(Outcome.CORRECT) <= 3


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_faded_skill_comes_back_with_study(seed: int) -> None:
    memory, rng = learnt(), Random(seed)
    graph = SkillGraph({"a": frozenset()}, {"a": 1.0}, {"a": 10})
    who = Student(graph, Kind.HONEST, Standing.UNKNOWN, {"a": memory}, {})
    assert memory.recall(90) < HELD_FROM
    who.study("a", 60, 90, rng)
    assert memory.recall(90) == 1


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_teaches(
    name: str, graph: SkillGraph, states: States, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "HORIZON", 30)
    made = course(graph, library.items, states, GROUPS[0], name, "a test")
    assert 0 < made.answers <= 31 * policies.QUESTIONS
    assert 0 < made.hours <= 31 * policies.HOURS
    if name == "ours":
        assert (made.repeats, made.too_soon) == (0, 0)


class Written(Ours):
    """The bot's policy, with every attempt written down as the database would hold it."""

    def hear(self, question: Question, outcome: Outcome, day: int) -> None:
        skill_id, item = question
        purpose = QUIZ if self.is_placed else PLACEMENT
        chosen = item.key if outcome is Outcome.CORRECT else "unsure"
        row = Attempt(
            *(len(written(self)) + 1, 1, purpose, skill_id, item.id, (), DIFFICULTY_OF_LEVEL[item.level]),
            *(self.now, False, chosen, outcome, self.now, self.on),
        )
        written(self).append(row)
        super().hear(question, outcome, day)


def written(policy: Ours) -> list[Attempt]:
    rows: list[Attempt] = policy.__dict__.setdefault("rows", [])
    return rows


@pytest.mark.parametrize("seed", range(2))
def test_the_policy_is_the_bots(seed: int, graph: SkillGraph, states: States, library: Library) -> None:
    items = {each: list(library.items[each]) for each in graph.skills}
    who = newcomer(graph, items, "python", "swe-git-testing", "ml-intro")
    policy = Written(graph, library.items, states, Standing.SOME, Random(seed))
    for day in range(12):
        sitting(who, policy, day, Random(f"{seed} {day}"), Course())
    record = record_of(policy)
    assert record.chances == pytest.approx(policy.chances())
    assert record.mastered_once == policy.mastered_once()
    assert record.next_step() == policy.step(policy.chances())
    context = policy.context()
    assert record.held == pytest.approx(context.held)
    assert {*context.fringe} >= {*record.ready}


def record_of(policy: Ours) -> Record:
    """What the bot would read of this learner."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    told = {"id": 1, "telegram_id": 1, "joined_at": start, "standing": "some", "timezone": "UTC"}
    learner = Learner(**{each.name: None for each in fields(Learner)} | told)  # type: ignore[arg-type]
    chances = placement.posterior(policy.states, policy.said, policy.placed)
    placing = [each for each in written(policy) if each.purpose == PLACEMENT]
    return Record(
        learner,
        policy.graph,
        written(policy),
        policy.cards,
        {each: (wishes.STARTED, start) for each in policy.begun},
        Placement(1, "ml-engineer", start, policy.now),
        placing,
        placement.priors(chances),
        frozenset(each.id for each in placing),
        policy.now,
        Readings(),
    )


def test_the_tables_say_who_was_sooner() -> None:
    made = {"ours": 80, "random": 200, "fixed order": 150, "Leitner": 100}
    courses = {
        (name, group.name, "a seed"): [Course(days=made.get(name), recall=0.8)]
        for name in POLICIES
        for group in GROUPS
    }
    assert "| ours | 80 (80 to 80) | 100% | 0.800 |" in compare_policies.table(courses)
    assert "| ours | 80 | 80 |" in compare_policies.by_group(courses)
    assert f"| moving average | {policies.HORIZON} |" in compare_policies.by_group(courses), "never there"
    assert compare_policies.verdict(courses).endswith("by seed: 20%.")


def test_a_pack_without_a_track_is_told(tmp_path: Path) -> None:
    ended = run_script("compare_policies.py", folder=tmp_path, BOT_KNOWLEDGE_DIR=TINY_PACK)
    assert (ended.code, ended.out, len(ended.errors)) == (2, [], 1)
