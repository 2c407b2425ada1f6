"""How fast and exact is the serving twin of the embedding model, and how far from what the machine can do?

benchmark_embedding.py             a table: sentence-transformers, the twin as exported, the twin that serves
benchmark_embedding.py --json      one JSON object

Each runs in a process of its own, all on the same texts: titles and bodies of the bot's pack.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from index.embedder import EMBEDDED_MODEL, TOKENIZER, Embeddings, Twin, open_embedder

PROJECT = Path(__file__).resolve().parent.parent
ORIGINAL, EXACT, SERVING = "sentence-transformers", "the twin, 32 bits", "the twin that serves"
QUESTIONS, NOTES = 200, 40
CORES = 2  # that a batch is shared among
PEAK_SIDE, PEAK_ROUNDS = 1_024, 15  # of the square matrices whose product tells the machine's peak
WEIGHTS = 6 * (4 * 384**2 + 2 * 384 * 1536)  # of the embedded model that a token is multiplied with
COLUMNS = {
    "cold_s": "process start to first embedding, s",
    "one_ms": "one text, ms (p50)",
    "memory_mb": "memory until then, MB",
    "batch_ms": "one of 200 texts, ms",
    "note_ms": "one of 40 notes, ms",
    "cosine_mean": "cosine with the first, mean",
    "cosine_min": "the least",
    "times_floor": "one text: times the floor",
    "batch_times_floor": "of 200: times the floor",
}

Embed = Callable[[Sequence[str]], Embeddings]


def main() -> int:
    """Print a table, or JSON; as `benchmark_embedding.py NAME FOLDER` the figures of one of them."""
    parser = argparse.ArgumentParser(
        prog="benchmark_embedding", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("one", nargs="*", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        name, folder = given.one
        print(json.dumps(measured(name, Path(folder))))
        return 0
    with prepared() as folder:
        told = {name: run(name, folder) for name in (ORIGINAL, EXACT, SERVING)}
        rows = {name: np.load(folder / f"{name}.npy") for name in told}
    for name, figures in told.items():
        cosines = np.sum(rows[name] * rows[ORIGINAL], axis=1)
        figures |= {"cosine_mean": round(cosines.mean(), 5), "cosine_min": round(cosines.min(), 5)}
    print(json.dumps(told) if given.json else table(told))
    return 0


@contextmanager
def prepared() -> Iterator[Path]:
    """A folder with both twins and the texts."""
    from bot.app import read_library
    from bot.settings import read_settings
    from index.export import exact_twin, load
    from index.passages import plain_text

    settings = read_settings()
    notes = list(read_library(settings).notes.values())
    texts = [note.title for note in notes[:QUESTIONS]] + [plain_text(note.body) for note in notes[:NOTES]]
    with tempfile.TemporaryDirectory(prefix="next-rung-") as name:
        folder = Path(name)
        exact_twin(load(EMBEDDED_MODEL), EMBEDDED_MODEL, folder / EXACT)
        open_embedder(EMBEDDED_MODEL, folder / SERVING)
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        yield folder


def run(name: str, folder: Path) -> dict[str, Any]:
    """The figures of one of them, from the start of its process."""
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "scripts.benchmark_embedding", name, str(folder)],
        cwd=PROJECT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"cold_s": round(figures.pop("first_at") - began, 2), **figures}


def measured(name: str, folder: Path) -> dict[str, Any]:
    """In this process: times of one text and of many, beside those that the machine's peak allows."""
    embed = opened(name, folder)
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    titles, notes = sorted(texts[:QUESTIONS], key=len), texts[QUESTIONS:]
    embed(titles[:1])
    first_at = time.time()
    embed(titles[:20])
    one = median(seconds(embed, [title]) for title in titles)
    memory = memory_at_most()
    many, of_notes = seconds(embed, titles), seconds(embed, notes)
    np.save(folder / f"{name}.npy", np.concatenate([embed([text]) for text in texts]))
    floor = 2 * WEIGHTS * tokens_of(titles, folder) / peak()
    return {
        "first_at": first_at,
        "one_ms": round(one * 1_000, 2),
        "batch_ms": round(many / QUESTIONS * 1_000, 2),
        "note_ms": round(of_notes / NOTES * 1_000, 1),
        "memory_mb": round(memory),
        "times_floor": round(one / floor, 1),
        "batch_times_floor": round(many / QUESTIONS / (floor / CORES), 1),
    }


def opened(name: str, folder: Path) -> Embed:
    """What embeds."""
    if name == SERVING:
        return open_embedder(EMBEDDED_MODEL, folder / SERVING).embed
    if name == EXACT:
        return Twin(folder / EXACT).embed
    from index.export import load

    model = load(EMBEDDED_MODEL)
    return lambda texts: np.asarray(model.encode(list(texts), normalize_embeddings=True))


def seconds(embed: Embed, texts: Sequence[str]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    embed(texts)
    return time.perf_counter() - began


def memory_at_most() -> float:
    """Of this process at most, in MB; Linux only."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1_000


def tokens_of(texts: Sequence[str], folder: Path) -> float:
    """Tokens of a text, on average."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / EXACT / TOKENIZER))
    tokenizer.no_padding()
    return fmean(len(encoded.ids) for encoded in tokenizer.encode_batch(list(texts)))


def peak() -> float:
    """Operations a second of one core on float32: the best of several products of large matrices."""
    square = np.ones((PEAK_SIDE, PEAK_SIDE), dtype=np.float32)
    began = [time.perf_counter()]
    for _ in range(PEAK_ROUNDS):
        square @ square
        began.append(time.perf_counter())
    return 2 * PEAK_SIDE**3 / min(end - start for start, end in pairwise(began))


def table(told: dict[str, dict[str, Any]]) -> str:
    """Markdown: a column for each."""
    lines = [f"| | {' | '.join(told)} |", "|---|" + "---|" * len(told)]
    for column, words in COLUMNS.items():
        lines.append(f"| {words} | {' | '.join(f'{figures[column]:g}' for figures in told.values())} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
