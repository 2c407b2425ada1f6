"""How much disk does an installation take? Sums the files of all packages that each group brings along."""

import argparse
import json
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

from scripts.generate_docs import PROJECT

MEGABYTE = 1_000_000
GROUPS = {"serving": (), "serving on PostgreSQL": ("postgres",), "building": ("build",)}


def main() -> int:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(prog="benchmark_install", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    sizes = {group: sizes_of(wanted_by(extras)) for group, extras in GROUPS.items()}
    totals = {group: round(sum(size.values()) / MEGABYTE) for group, size in sizes.items()}
    if arguments.json:
        print(json.dumps(totals))
        return 0
    print("| what is installed | MB | most of it |\n|---|---|---|")
    for group, size in sizes.items():
        largest = sorted(size, key=lambda name: -size[name])[:5]
        told = ", ".join(f"{name} {size[name] / MEGABYTE:.0f}" for name in largest)
        print(f"| {group} | {totals[group]} | {told} |")
    return 0


def wanted_by(extras: tuple[str, ...]) -> list[Requirement]:
    """What pyproject.toml asks for, with these extras."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = (project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras))
    return [Requirement(line) for group in groups for line in group]


def sizes_of(wanted: list[Requirement]) -> dict[str, int]:
    """The bytes of each package, with those that it needs in turn; what is not installed counts nothing."""
    sizes: dict[str, int] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    ahead = [(requirement.name.lower(), frozenset(requirement.extras)) for requirement in wanted]
    while ahead:
        name, extras = each = ahead.pop()
        if each in seen:
            continue
        seen.add(each)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            print(f"{name} is not installed", file=sys.stderr)
            continue
        files = (Path(str(file.locate())) for file in package.files or ())
        sizes[package.name.lower()] = sum(file.stat().st_size for file in files if file.is_file())
        for line in package.requires or ():
            needed = Requirement(line)
            if _applies(needed, extras):
                ahead.append((needed.name.lower(), frozenset(needed.extras)))
    return sizes


def _applies(needed: Requirement, extras: frozenset[str]) -> bool:
    environment = {key: str(value) for key, value in default_environment().items()}
    marker = needed.marker
    return marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in (*extras, ""))


if __name__ == "__main__":
    sys.exit(main())
