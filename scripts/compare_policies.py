"""How much sooner do learners hold what their goal needs with the bot's policy, and what stays?

compare_policies.py                  the table of docs/tutor-policies.md, printed (some ten minutes)
compare_policies.py --learners 2     fewer learners in each group and seed
compare_policies.py --seeds dev      other learners than those of the docs
compare_policies.py --json FILE      every course of the table as JSON, too
compare_policies.py --docs           write the table into docs/tutor-policies.md, too
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from statistics import fmean

from bot.errors import NextRungError
from bot.learning.graph import graph_of
from bot.learning.placement import states_of
from bot.settings import read_settings
from knowledge.library import Library
from knowledge.reader import read_pack
from scripts.generate_docs import PROJECT, between_markers
from scripts.policies import EARLY, GROUPS, HORIZON, LATE, LATER, POLICIES, Course, course

DOCS = PROJECT / "docs" / "tutor-policies.md"
SEEDS = ("test 4", "test 5", "test 6")  # the policy was mended on the seed "dev", and on no learner of these
RIVALS = ("random", "fixed order", "Leitner")  # whose best is to be beaten

Courses = Mapping[tuple[str, str, str], Sequence[Course]]  # by policy, group and seed


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="compare_policies", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--learners", type=int, default=4, metavar="N", help="in each group and seed (4)")
    parser.add_argument("--seeds", nargs="+", default=SEEDS, help="which learners")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every course there, too")
    parser.add_argument("--docs", action="store_true", help="write the table into the docs, too")
    options = parser.parse_args()
    try:
        library = read_pack(read_settings().knowledge_dir)
    except (NextRungError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not library.tracks:
        print("This pack has no track, so there is nothing to teach on.", file=sys.stderr)
        return 2
    courses = compared(library, options.learners, options.seeds)
    told = f"{table(courses)}\n\n{by_group(courses)}\n\n{verdict(courses)}"
    print(told)
    if options.json:
        rows = [
            dict(zip(("policy", "group", "seed"), key, strict=True)) | _figures(each)
            for key, many in courses.items()
            for each in many
        ]
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if options.docs:
        DOCS.write_text(between_markers(DOCS, told), encoding="utf-8")
    return 0


def compared(library: Library, learners: int, seeds: Sequence[str]) -> Courses:
    """Every policy teaches the same learners."""
    graph = graph_of(library, next(iter(library.tracks)))
    states = states_of(graph, Random(0))
    return {
        (name, group.name, seed): [
            course(graph, library.items, states, group, name, f"{seed} {group.name} {number}")
            for number in range(learners)
        ]
        for name in POLICIES
        for group in GROUPS
        for seed in seeds
    }


def table(courses: Courses) -> str:
    """A row for each policy, over all learners; the spread is that of the seeds."""
    count = len(_of(courses, next(iter(POLICIES))))
    lines = [
        f"| {count} learners | days to hold the must-haves (seeds) | got there | recall {LATER} days later | "
        f"recall on day {LATE + LATER} | must-haves held on day {EARLY} | answers | hours on what was held | "
        "hours on what was not ready | items repeated within 14 days | offered below 0.5 |",
        "|---" * 11 + "|",
    ]
    for name in POLICIES:
        all_of = _of(courses, name)
        spread = [days(_of(courses, name, seed=seed)) for seed in _seeds(courses)]
        recalls = [each.recall for each in all_of if each.recall is not None]
        lines.append(
            f"| {name} | {days(all_of):.0f} ({min(spread):.0f} to {max(spread):.0f}) | "
            f"{fmean(each.days is not None for each in all_of):.0%} | "
            f"{fmean(recalls) if recalls else 0:.3f} | {fmean(each.late for each in all_of):.3f} | "
            f"{fmean(each.early for each in all_of):.0%} | {fmean(each.answers for each in all_of):.0f} | "
            f"{fmean(each.on_held for each in all_of):.0f} | {fmean(each.unready for each in all_of):.0f} | "
            f"{sum(each.repeats for each in all_of):,} | "
            f"{sum(each.too_soon for each in all_of) if name == 'ours' else ''} |"
        )
    return "\n".join(lines)


def by_group(courses: Courses) -> str:
    """Days for each kind of learner."""
    lines = [f"| days | {' | '.join(group.name for group in GROUPS)} |", "|---" * (len(GROUPS) + 1) + "|"]
    for name in POLICIES:
        row = [f"{days(_of(courses, name, group.name)):.0f}" for group in GROUPS]
        lines.append(f"| {name} | {' | '.join(row)} |")
    return "\n".join(lines)


def verdict(courses: Courses) -> str:
    """How many days fewer than the best rival, by seed."""
    told = []
    for seed in _seeds(courses):
        best = min(days(_of(courses, name, seed=seed)) for name in RIVALS)
        told.append(f"{1 - days(_of(courses, 'ours', seed=seed)) / best:.0%}")
    return f"Days fewer than the best of {', '.join(RIVALS)}, by seed: {', '.join(told)}."


def days(courses: Sequence[Course]) -> float:
    """The mean, those who never got there at the horizon."""
    return fmean(HORIZON if each.days is None else each.days for each in courses)


def _of(courses: Courses, policy: str, group: str | None = None, seed: str | None = None) -> list[Course]:
    return [
        each
        for (name, of, born), many in courses.items()
        if name == policy and group in (None, of) and seed in (None, born)
        for each in many
    ]


def _seeds(courses: Courses) -> list[str]:
    return list(dict.fromkeys(seed for _, _, seed in courses))


def _figures(made: Course) -> dict[str, object]:
    return {key: value for key, value in asdict(made).items() if key != "seen"}


if __name__ == "__main__":
    sys.exit(main())
