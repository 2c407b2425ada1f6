"""How long does it take to choose a question? Medians for a new learner, and for one with many attempts."""

import argparse
import math
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from bot.errors import NextRungError
from bot.learning.evidence import DIFFICULTY_OF_LEVEL, Outcome, Response
from bot.learning.graph import SkillGraph, graph_of
from bot.learning.plan import learning_order
from bot.learning.quiz import Context, Pool, Shown, choose_item
from bot.learning.reviews import cards_of
from knowledge.library import Library
from knowledge.reader import read_pack
from knowledge.schema import Item

PACK = Path(__file__).resolve().parent.parent / "knowledge" / "packs" / "ml_engineer"
START = datetime(2026, 1, 1, 19, tzinfo=UTC)
A_DAY = 5  # attempts
RIGHT = 0.8  # share of the attempts


def main() -> int:
    """Print milliseconds at the median and their ratio; exit code 2 if the pack cannot be read."""
    parser = argparse.ArgumentParser(prog="benchmark_choosing", description=__doc__)
    parser.add_argument("--pack", type=Path, default=PACK, help="the folder of a pack (default: the bot's)")
    parser.add_argument("--attempts", type=int, default=2000, help="of the experienced learner (2000)")
    parser.add_argument("--repeats", type=int, default=500, help="choices to measure (500)")
    options = parser.parse_args()
    try:
        library = read_pack(options.pack)
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    graph = graph_of(library, next(iter(library.tracks)))
    history = lived(graph, library, options.attempts)
    new = choosing(library.items, learner(graph, ()), options.repeats)
    old = choosing(library.items, learner(graph, history), options.repeats)
    print(f"{0:5} attempts: {new:.2f} ms at the median of {options.repeats} choices")
    print(f"{len(history):5} attempts: {old:.2f} ms, {old / new:.1f} times as long")
    return 0


def lived(graph: SkillGraph, library: Library, attempts: int) -> tuple[Response, ...]:
    """So many attempts, a few a day, at ever more of the track's skills."""
    chance, history = Random(1), []
    order = [skill_id for skill_id in learning_order(graph, ()) if library.items[skill_id]]
    for number in range(attempts):
        skill_id = chance.choice(order[: 1 + number * len(order) // attempts])
        item = chance.choice(library.items[skill_id])
        at = START + timedelta(days=number // A_DAY, minutes=number % A_DAY)
        outcome = Outcome.CORRECT if chance.random() < RIGHT else Outcome.INCORRECT
        level = DIFFICULTY_OF_LEVEL[item.level]
        history.append(Response(skill_id, item.id, level, outcome, at, at.date()))
    return tuple(history)


def learner(graph: SkillGraph, history: Sequence[Response]) -> Context:
    """Two days after the last attempt, all but the two newest skills mastered; all shown was answered."""
    now = (history[-1].answered_at if history else START) + timedelta(days=2)
    met = dict.fromkeys(response.skill_id for response in history)
    mastered = set(list(met)[:-2])
    return Context(
        now,
        now.date(),
        predict,
        history,
        tuple(Shown(response.item_id, response.answered_at) for response in history),
        cards_of(history),
        graph.outer_fringe(mastered),
        mastered,
    )


def predict(_skill_id: str, item: Item) -> float:
    """A stand-in for the learner's model, by the author's level alone; that one's time comes on top."""
    return 1 / (1 + math.exp(DIFFICULTY_OF_LEVEL[item.level] - 1))


def choosing(pool: Pool, context: Context, repeats: int) -> float:
    """Milliseconds at the median."""
    taken = []
    for seed in range(repeats):
        start = perf_counter()
        choose_item(pool, context, Random(seed))
        taken.append(perf_counter() - start)
    return median(taken) * 1000


if __name__ == "__main__":
    sys.exit(main())
