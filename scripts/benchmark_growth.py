"""Does the index stay quick with a million passages? Building, opening and searching it, by their number.

benchmark_growth.py                              10 thousand, 100 thousand and a million; a quarter of an hour
benchmark_growth.py --passages 50000 70000 --json

To embed a million texts takes hours, so the vectors are drawn: in clusters of 50, with the mean and the
covariance of our own pack's embeddings. A question lies near one of them. All else is what the bot does.
"""

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from bot.app import build_retriever, read_library
from bot.errors import NextRungError
from bot.settings import read_settings
from index.embedder import Embeddings
from index.passages import Passage
from index.vectors import build, open_or_build
from scripts import growing
from scripts.growing import Row

SIZES = (10_000, 100_000, 1_000_000)
CLUSTER, SHARED = 50, 0.65  # vectors, and how much of their variance is the cluster's
NEARNESS = 0.75  # share of a question's variance that is its vector's
QUESTIONS, TOP = 200, 10
AT_ONCE = 100_000  # vectors drawn
SEED = 2


@dataclass(frozen=True)
class Drawn:
    """An embedder whose texts are the numbers of vectors that are there already."""

    vectors: Embeddings
    identity = "drawn"

    @property
    def dimension(self) -> int:
        return int(self.vectors.shape[1])

    def embed(self, texts: Sequence[str]) -> Embeddings:
        return self.vectors[[int(text) for text in texts]]


def main() -> int:
    """Print a table, or JSON; exit code 2 where our pack's own index cannot be opened."""
    logging.basicConfig(level=logging.WARNING)
    try:
        settings = read_settings()
        real = np.array(build_retriever(settings, read_library(settings)).vectors.vectors)
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return growing.run(
        "benchmark_growth", __doc__, "passages", SIZES, QUESTIONS, lambda number: measured(number, real)
    )


def measured(number: int, real: Embeddings) -> Row:
    """What takes how long with so many passages."""
    vectors, questions = drawn(number, real)
    exact = [set(np.argpartition(-(vectors @ question), TOP)[:TOP].tolist()) for question in questions]
    passages = [Passage(str(each), (str(each),)) for each in range(number)]
    with TemporaryDirectory(prefix="next-rung-") as name:
        folder, embedder = Path(name), Drawn(vectors)
        began = perf_counter()
        build(passages, (), embedder, folder)
        built = perf_counter() - began
        [whole] = folder.glob("*/manifest.json")
        size = sum(file.stat().st_size for file in whole.parent.iterdir())
        began = perf_counter()
        index = open_or_build(passages, (), embedder, folder)
        index.nearest(questions[0])
        opened = perf_counter() - began
        taken, right = list[float](), 0
        for question, nearest in zip(questions, exact, strict=True):
            began = perf_counter()
            found = index.nearest(question).passages.best
            taken.append((perf_counter() - began) * 1000)
            right += len(nearest & set(np.argpartition(-found, TOP)[:TOP].tolist()))
        return {
            f"recall@{TOP} against exact": right / (TOP * QUESTIONS),
            "one search, ms (p50)": median(taken),
            "one search, ms (p99)": quantiles(taken, n=100)[98],
            "opened and first searched, s": opened,
            "built, vectors given, s": built,
            "on disk, MB": size / 1e6,
        }


def drawn(number: int, real: Embeddings) -> tuple[Embeddings, Embeddings]:
    """So many unit vectors, and questions near some of them."""
    chance = np.random.default_rng(SEED)
    mean = real.mean(axis=0)
    shape = np.linalg.cholesky(np.cov((real - mean).T) + 1e-6 * np.eye(len(mean))).astype(np.float32)

    def some(count: int) -> Embeddings:
        return chance.standard_normal((count, len(mean)), dtype=np.float32) @ shape.T

    rows = np.repeat(some(-(-number // CLUSTER)), CLUSTER, axis=0)[:number] * np.float32(SHARED**0.5)
    for begin in range(0, number, AT_ONCE):
        part = rows[begin : begin + AT_ONCE]
        part += np.float32((1 - SHARED) ** 0.5) * some(len(part))
    asked = rows[chance.integers(0, number, QUESTIONS)] * np.float32(NEARNESS**0.5)
    asked += np.float32((1 - NEARNESS) ** 0.5) * some(QUESTIONS)
    for each in (rows, asked):
        each += mean
        each /= np.linalg.norm(each, axis=1, keepdims=True)
    return rows, asked


if __name__ == "__main__":
    sys.exit(main())
