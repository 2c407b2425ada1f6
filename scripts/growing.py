"""What the benchmarks share that look at something as it grows: their options, and a column for each size."""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence

Row = Mapping[str, float]
Measure = Callable[[int], Row]


def run(
    name: str,
    description: str | None,
    what: str,
    sizes: Sequence[int],
    least: int,
    measure: Callable[[int], Row],
) -> int:
    """Measure each size that is asked for, and print a table, or JSON."""
    parser = argparse.ArgumentParser(
        prog=name, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(f"--{what}", dest="sizes", type=int, nargs="+", default=sizes, metavar="N")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if min(options.sizes) < least:
        parser.error(f"at least {least:,} {what}")
    rows = {size: measure(size) for size in options.sizes}
    print(json.dumps(rows, indent=2) if options.json else table(what, rows))
    return 0


def table(what: str, rows: Mapping[int, Row]) -> str:
    """As Markdown."""
    lines = [f"| {what} | {' | '.join(f'{size:,}' for size in rows)} |", "|---|" + "---|" * len(rows)]
    for name in next(iter(rows.values())):
        lines.append(f"| {name} | {' | '.join(f'{row[name]:.3g}' for row in rows.values())} |")
    return "\n".join(lines)
