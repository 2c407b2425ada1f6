"""Check a knowledge pack and list every problem, each with its file, line and what to do."""

import argparse
import sys
from pathlib import Path

from knowledge.problems import PackError
from knowledge.reader import read_pack

PACKS = Path(__file__).resolve().parent.parent / "knowledge" / "packs"


def main() -> int:
    """Print the problems; exit code 1 if there are any."""
    parser = argparse.ArgumentParser(prog="check_knowledge", description=__doc__)
    parser.add_argument("pack", nargs="?", type=Path, default=PACKS / "ml_engineer", help="the pack's folder")
    folder = parser.parse_args().pack
    try:
        library = read_pack(folder)
    except PackError as error:
        print(error)
        count = len(error.problems)
        print(f"{count} problem{'s' * (count != 1)} in {folder}", file=sys.stderr)
        return 1
    carried = {number for note in library.notes.values() for number in note.facts}
    print(f"{library.pack.title}: {len(library.notes)} notes, {len(carried)} facts carried, no problems")
    return 0


if __name__ == "__main__":
    sys.exit(main())
