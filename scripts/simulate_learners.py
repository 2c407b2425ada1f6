"""Let simulated learners use the tutor: how well does it place them?

simulate_learners.py                     the figures for the default track
simulate_learners.py --learners 400      of more learners in each row
simulate_learners.py --docs              also write the table into docs/tutor-placement.md
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from statistics import fmean

from bot.errors import NextRungError
from bot.learning.evidence import Outcome
from bot.learning.graph import SkillGraph, graph_of
from bot.learning.next_step import NextStep, choose
from bot.learning.placement import Standing, States, next_question, posterior, states_of
from bot.settings import read_settings
from knowledge.reader import read_pack
from scripts.generate_docs import PROJECT, between_markers
from scripts.simulated import Kind, Simulated, simulated, ways_to_draw

DOCS = PROJECT / "docs" / "tutor-placement.md"
COUNTS = (0, 8, 12, 15, 20)  # questions after which all is looked at
STEP_AFTER = 15  # questions
SEED = 20


@dataclass(frozen=True)
class Row:
    """A kind of learners, and whether they said where they stand."""

    way: str
    kind: Kind
    breaks: float  # share of skills that break the graph
    has_said: bool


@dataclass(frozen=True)
class Placed:
    """One placement: the share of skills classed right after each count of questions, and the first step."""

    right: Sequence[float]
    is_ready: bool
    is_new: bool


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="simulate_learners", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--learners", type=int, default=100, metavar="N", help="in each row")
    parser.add_argument("--docs", action="store_true", help="write the table into the docs, too")
    arguments = parser.parse_args()
    try:
        library = read_pack(read_settings().knowledge_dir)
    except (NextRungError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not library.tracks:
        print("This pack has no track, so there is nothing to place learners on.", file=sys.stderr)
        return 2
    graph = graph_of(library, next(iter(library.tracks)))
    cases = product(("grown", "by level", "uniform"), Kind, ((0.08, True), (0.08, False), (0.0, True)))
    rows = [Row(way, kind, *case) for way, kind, case in cases]
    with ProcessPoolExecutor() as pool:
        told = table(rows, list(pool.map(partial(place_all, graph, arguments.learners), rows)))
    print(told)
    if arguments.docs:
        DOCS.write_text(between_markers(DOCS, told), encoding="utf-8")
    return 0


# Part 1: placement


def place_all(graph: SkillGraph, learners: int, row: Row) -> list[Placed]:
    """The learners of one row."""
    states = states_of(graph, Random(SEED))
    draw = ways_to_draw(graph, states)[row.way]
    placed = []
    for number in range(learners):
        rng = Random(f"{SEED} {row.way} {row.kind} {row.breaks} {number}")
        learner = simulated(graph, draw, row.breaks, row.kind, rng)
        placed.append(place(graph, states, learner, learner.said if row.has_said else Standing.UNKNOWN, rng))
    return placed


def place(graph: SkillGraph, states: States, learner: Simulated, said: Standing, rng: Random) -> Placed:
    """Ask one learner, past the end of a placement where the figures want it."""
    answers: list[tuple[str, Outcome]] = []
    right, step = [], None
    for count in range(max(COUNTS) + 1):
        chances = posterior(states, said, answers)
        if count in COUNTS:
            right.append(fmean((chances[each] > 0.5) == (each in learner.held) for each in graph.skills))
        if count == STEP_AFTER:
            step = choose(graph, chances)
        skill_id = next_question(graph, chances, answers, fewest=max(COUNTS), most=max(COUNTS))
        if skill_id:
            answers.append((skill_id, learner.answer(skill_id, rng)))
    skill_id = step.skill_id if isinstance(step, NextStep) else ""
    is_ready = bool(skill_id) and graph.prerequisites[skill_id] <= learner.held
    return Placed(right, is_ready, is_ready and skill_id not in learner.held)


def table(rows: Sequence[Row], placed: Sequence[Sequence[Placed]]) -> str:
    """The figures as Markdown."""
    counts = " | ".join(f"right after {count}" for count in COUNTS)
    step = f"first step ready after {STEP_AFTER} | and new"
    lines = [
        f"| {len(placed[0])} learners a row | break the graph | said where they stand | {counts} | {step} |",
        "|---|---|---|" + "---|" * (len(COUNTS) + 2),
    ]
    for row, each in zip(rows, placed, strict=True):
        right = " | ".join(_mean(learner.right[number] for learner in each) for number in range(len(COUNTS)))
        step = f"{_mean(one.is_ready for one in each)} | {_mean(one.is_new for one in each)}"
        who = f"{row.way}, {row.kind} | {row.breaks:.0%} | {'yes' if row.has_said else 'skipped'}"
        lines.append(f"| {who} | {right} | {step} |")
    return "\n".join(lines)


def _mean(values: Iterable[float]) -> str:
    return f"{fmean(values):.3f}"


if __name__ == "__main__":
    sys.exit(main())
