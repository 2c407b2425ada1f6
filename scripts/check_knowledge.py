"""Check a knowledge pack and list every problem, each with its file, line and what to do."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.errors import NextRungError, in_words
from bot.observability import set_up_logs
from bot.settings import Settings, read_settings
from index.embedder import ModelError, open_embedder
from index.kept import remembered
from index.likeness import lint_likeness
from knowledge.lint import heed_waivers, lint
from knowledge.problems import Draft, Problem
from knowledge.reader import read_draft


def main() -> int:
    """Print the problems; exit code 1 if there are any, 2 where nothing could be checked."""
    parser = argparse.ArgumentParser(prog="check_knowledge", description=__doc__)
    parser.add_argument("pack", nargs="?", type=_pack, help="the pack's folder, else BOT_KNOWLEDGE_DIR")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    arguments = parser.parse_args()
    try:
        settings = read_settings()
        set_up_logs("WARNING", settings.log_format)
        folder = arguments.pack or settings.knowledge_dir
        draft, problems = read_draft(folder)
        problems += heed_waivers(draft, [*lint(draft, _today()), *_lint_likeness(draft, settings)])
    except (NextRungError, ModelError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(in_words(error), file=sys.stderr)
        return 2
    return _tell(draft, sorted(set(problems)), folder, arguments.json)


def _pack(folder: str) -> Path:
    """An argument that names a pack."""
    if not (Path(folder) / "pack.yaml").is_file():
        raise argparse.ArgumentTypeError(
            f"must be the folder of a knowledge pack, but {folder} holds no pack.yaml"
        )
    return Path(folder)


def _today() -> date:
    return datetime.now(UTC).date()


def _lint_likeness(draft: Draft, settings: Settings) -> list[Problem]:
    """What the rules by meaning find; embeddings are kept from run to run, as they take minutes."""
    embedder = open_embedder(settings.embedding_model, settings.index_dir)
    with remembered(embedder, settings.index_dir) as remembering:
        return lint_likeness(draft, remembering)


def _tell(draft: Draft, problems: Sequence[Problem], folder: Path, as_json: bool) -> int:
    for problem in problems:
        print(json.dumps(_fields(problem)) if as_json else problem)
    if draft.unread:
        names = ", ".join(sorted(draft.unread))
        print(f"what depends on every note is not checked yet: {names} cannot be read", file=sys.stderr)
    if problems:
        count = len(problems)
        print(f"{count} problem{'s' * (count != 1)} in {folder}", file=sys.stderr)
        return 1
    print(
        f"{draft.library.pack.title}: {_held(draft)}, no problems", file=sys.stderr if as_json else sys.stdout
    )
    return 0


def _fields(problem: Problem) -> dict[str, object]:
    """What a machine reads of a problem; the note that is missing stands in its words."""
    return {name: value for name, value in vars(problem).items() if name != "note"}


def _held(draft: Draft) -> str:
    library = draft.library
    items = sum(map(len, library.items.values()))
    return (
        f"{len(library.skills)} skills, {len(library.notes)} notes, {items} items, {len(library.facts)} facts"
    )


if __name__ == "__main__":
    sys.exit(main())
