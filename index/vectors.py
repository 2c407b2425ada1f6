"""Where are the embeddings kept, and which are nearest? A flat FAISS index on disk, and more if it is large.

Few rows are compared as they are, many in 8 bits (index/rounded.py), and of very many a graph leads to the
nearest (index/graph.py). For all but that FAISS is imported only to build: it takes longer to load than a
question to answer.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder, Embeddings
from index.graph import RowsGraph, linked
from index.intents import Intent, IntentHit
from index.kept import remembered
from index.passages import Passage
from index.rounded import RoundedRows, rounded
from index.seal import is_whole
from knowledge.schema import IntentPhrases

logger = logging.getLogger(__name__)

FORMAT = 2  # raise when the files below change their meaning: older indexes are then rebuilt
_MANIFEST, _VECTORS, _ROWS = "manifest.json", "vectors.faiss", "rows.json"
_ROUNDED, _GRAPH = "vectors.onnx", "graph.faiss"  # of an index with many rows, and with very many
# Rows: fewer than MANY are compared exactly in less than half a millisecond, fewer than VERY_MANY one by one
# in less time than a question takes to embed.
MANY, VERY_MANY = 5_000, 60_000
SEVERAL = 3  # wordings; more or fewer rank our pack's exam no better
Column = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
_KEPT = 2  # the newest index, and the one before it for a quick way back; and those in use


class IndexUnusable(Exception):
    """The index is missing, stale or damaged; build it again."""


@dataclass(frozen=True)
class Likeness:
    """How close a query is to each passage: cosine with its best wording, and with the last, its body.

    Each is an array of shape (passages,), in their order in the index. `several` is the mean over a passage's
    SEVERAL best wordings: a single one may be like the query by chance.
    """

    best: Column
    body: Column
    several: Column


@dataclass(frozen=True)
class _Groups:
    """Rows that belong together and lie side by side: where each group begins, and how many rows it has."""

    firsts: Numbers
    sizes: Numbers

    def likeness(self, cosines: Embeddings) -> Likeness:
        """The best of each group, its last, and the mean of its best few, from the cosine of each row."""
        best = np.maximum.reduceat(cosines, self.firsts).astype(np.float64)
        body = cosines[self.firsts + self.sizes - 1].astype(np.float64)
        return Likeness(best, body, self._several(cosines))

    def _several(self, cosines: Embeddings) -> Column:
        """The best row of each group is taken out, then the next.

        A row's cosine, in the bits that order it, and its number in its group are compared as one number.
        """
        order = (cosines + 2).view(np.int32).astype(np.int64) << 32 | self._in_group
        sums = np.zeros(len(self.sizes))
        for _ in range(SEVERAL):
            best = np.maximum.reduceat(order, self.firsts)
            left = best >= 0
            rows = self.firsts[left] + (best[left] & 0xFFFFFFFF)
            sums[left] += cosines[rows]
            order[rows] = -1
        means: Column = sums / np.minimum(self.sizes, SEVERAL)
        return means

    def some(self, groups: Numbers) -> tuple["_Groups", Numbers]:
        """These groups alone, as they lie when only their rows are kept; and the numbers of those rows."""
        sizes = self.sizes[groups]
        firsts = np.cumsum(sizes) - sizes
        rows = np.repeat(self.firsts[groups] - firsts, sizes) + np.arange(sizes.sum())
        return _Groups(firsts, sizes), rows

    @cached_property
    def of_rows(self) -> Numbers:
        """The number of the group of each row."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def _in_group(self) -> Numbers:
        """How many rows of its group lie before each row."""
        return np.arange(self.sizes.sum()) - np.repeat(self.firsts, self.sizes)


@dataclass(frozen=True)
class Nearest:
    """How close one query is to each passage, and to the closest phrase of each intent."""

    passages: Likeness
    intents: tuple[IntentHit, ...]


@dataclass(frozen=True)
class VectorIndex:
    """Unit vectors of all wordings, and which passage or intent each row belongs to, side by side."""

    rows: tuple[str | Intent, ...]
    vectors: Embeddings  # their inner product is the cosine, as all have length 1
    manifest: Mapping[str, Any]
    in_8_bits: RoundedRows | None = None  # the same, where they are many
    graph: RowsGraph | None = None  # the same, where they are very many
    hold: "_Hold | None" = field(default=None, compare=False, repr=False)

    def nearest(self, query: Embeddings) -> Nearest:
        """Compare `query`, a unit vector of shape (dimension,), with every row.

        In a graph with the rows near it alone: what is farther off counts as close as the last one near.
        """
        return self._all(query) if self.graph is None else self._near(query, self.graph)

    def _all(self, query: Embeddings) -> Nearest:
        of_groups = self._groups.likeness(self.compared(query))
        told = len(self.passages)
        likeness = Likeness(of_groups.best[:told], of_groups.body[:told], of_groups.several[:told])
        return Nearest(likeness, self._intent_hits(of_groups.best[told:]))

    def _near(self, query: Embeddings, graph: RowsGraph) -> Nearest:
        """All rows of the passages that a search comes upon, and of every intent, are compared exactly."""
        found, farthest = graph.near(query)
        told = len(self.passages)
        passages = np.unique(self._groups.of_rows[found])
        groups, rows = self._groups.some(np.append(passages, np.arange(told, len(self._groups.sizes))))
        near = groups.likeness(np.asarray(self.vectors[rows]) @ query)
        columns = (column[: len(passages)] for column in (near.best, near.body, near.several))
        likeness = Likeness(*(_spread(column, passages, told, farthest) for column in columns))
        return Nearest(likeness, self._intent_hits(near.best[len(passages) :]))

    def compared(self, query: Embeddings) -> Embeddings:
        """The cosine of `query` with each row."""
        return self.in_8_bits.compared(query) if self.in_8_bits else self.vectors @ query

    def _intent_hits(self, cosines: Column) -> tuple[IntentHit, ...]:
        return tuple(map(IntentHit, self._intents, cosines.tolist()))

    @cached_property
    def _groups(self) -> "_Groups":
        """The passages, then the intents."""
        firsts = [
            number for number, row in enumerate(self.rows) if not number or row != self.rows[number - 1]
        ]
        return _Groups(np.array(firsts), np.diff([*firsts, len(self.rows)]))

    @cached_property
    def passages(self) -> list[str]:
        """The ids of the passages, in their order in the index."""
        return [row for row in map(self.rows.__getitem__, self._groups.firsts) if isinstance(row, str)]

    @cached_property
    def _intents(self) -> list[Intent]:
        return [row for row in map(self.rows.__getitem__, self._groups.firsts) if isinstance(row, Intent)]


@dataclass(frozen=True)
class ForeseenIndex(VectorIndex):
    """An index that compares many queries at once, before they are asked: less work than each alone."""

    queries: Embeddings = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))

    def compared(self, query: Embeddings) -> Embeddings:
        place = self._places.get(query.tobytes())
        return super().compared(query) if place is None else self._cosines[place]

    @cached_property
    def _places(self) -> dict[bytes, int]:
        return {query.tobytes(): place for place, query in enumerate(self.queries)}

    @cached_property
    def _cosines(self) -> Embeddings:
        return self.queries @ self.vectors.T


def _faster(rows: int) -> str | None:
    """The file by which a question is compared with so many rows sooner than with the vectors themselves."""
    if rows >= VERY_MANY:
        return _GRAPH
    return _ROUNDED if rows >= MANY else None


def _spread(values: Column, places: Numbers, size: int, otherwise: float) -> Column:
    """An array of this size with these values at these places."""
    whole = np.full(size, otherwise)
    whole[places] = values
    return whole


def fingerprint(passages: Sequence[Passage], intents: Sequence[IntentPhrases], identity: str) -> str:
    """What an index of this content by this embedder is called; any change gives another name."""
    content = [FORMAT, identity, *_texts_by_row(passages, intents)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def open_or_build(
    passages: Sequence[Passage],
    intents: Sequence[IntentPhrases],
    embedder: Embedder,
    folder: Path,
) -> VectorIndex:
    """The index of exactly this content by this model; one that is missing, stale or damaged is built."""
    name = fingerprint(passages, intents, embedder.identity)
    try:
        index = load(folder / name, name)
        logger.info("the index is up to date: %d vectors", len(index.rows))
        return index
    except IndexUnusable as reason:
        logger.info("building the index of %d notes (%s); this may take some minutes", len(passages), reason)
        return build(passages, intents, embedder, folder)


def build(
    passages: Sequence[Passage],
    intents: Sequence[IntentPhrases],
    embedder: Embedder,
    folder: Path,
) -> VectorIndex:
    """Embed everything and put the finished index into `folder` in one step: never half an index."""
    name = fingerprint(passages, intents, embedder.identity)
    rows, texts = zip(*_texts_by_row(passages, intents), strict=True)
    with remembered(embedder, folder, len(texts)) as remembering:
        embedded = remembering.embed(texts)
    found = _files_of(rows, embedded)
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    try:
        _write(draft, name, embedder, rows, found)
        _replace(draft, folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _forget_old(folder)
    logger.info("the index is built: %d vectors", len(rows))
    return load(folder / name, name)


def _files_of(rows: Sequence[object], embedded: Embeddings) -> dict[str, bytes]:
    """The vectors as FAISS writes them, and what compares many of them faster."""
    import faiss

    vectors = faiss.IndexFlatIP(embedded.shape[1])
    vectors.add(embedded)
    found = {_VECTORS: faiss.serialize_index(vectors).tobytes()}
    faster = _faster(len(rows))
    if faster == _ROUNDED:
        found[faster] = rounded(embedded)
    if faster == _GRAPH:  # of the passages: every intent is compared exactly
        logger.info("linking %d vectors; a million take some ten minutes", len(rows))
        found[faster] = linked(embedded[: sum(isinstance(row, str) for row in rows)])
    return found


def load(folder: Path, name: str) -> VectorIndex:
    """Open the index called `name`.

    Raises:
        IndexUnusable: saying in one line why it is not to be used.
    """
    try:
        hold = _Hold(folder / _MANIFEST)
        manifest = json.loads((folder / _MANIFEST).read_text())
        _check(folder, manifest, name)
        rows = json.loads((folder / _ROWS).read_bytes())
        faster = _faster(len(rows))
        in_8_bits = RoundedRows(folder / _ROUNDED) if faster == _ROUNDED else None
        graph = RowsGraph(folder / _GRAPH) if faster == _GRAPH else None
        vectors = _rows_of(folder / _VECTORS, len(rows), manifest["dimension"], is_mapped=bool(faster))
    except FileNotFoundError:
        raise IndexUnusable("none for this content and model yet") from None
    except ModuleNotFoundError as error:
        raise IndexUnusable(f"as large as it is, it needs the package {error.name}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"{folder.name} cannot be read: {error}") from error
    named = tuple(row if isinstance(row, str) else Intent(*row) for row in rows)
    return VectorIndex(named, vectors, manifest, in_8_bits, graph, hold)


def _check(folder: Path, manifest: object, name: str) -> None:
    if not isinstance(manifest, dict) or manifest.get("name") != name:
        raise IndexUnusable(f"{folder.name} was built from other content")
    digests = manifest.get("sha256")
    for file in filter(None, (_VECTORS, _ROWS, _faster(manifest["vectors"]))):
        digest = digests.get(file) if isinstance(digests, dict) else None
        if not isinstance(digest, str) or not is_whole(folder / file, digest):
            raise IndexUnusable(f"{file} was damaged")


def _rows_of(file: Path, rows: int, dimension: int, *, is_mapped: bool) -> Embeddings:
    """The rows of a flat index: FAISS writes a short header, then all of them as float32.

    What questions are compared with is read and not mapped: the header has 45 bytes, and floats at odd
    addresses are copied by NumPy before each comparison. What only fitting compares with stays in the file.
    """
    begin = file.stat().st_size - rows * dimension * np.dtype(np.float32).itemsize
    if is_mapped:
        return np.memmap(file, np.float32, "r", begin, (rows, dimension))
    return np.fromfile(file, np.float32, offset=begin).reshape(rows, dimension)


def wordings_of(passages: Sequence[Passage], intents: Sequence[IntentPhrases]) -> list[str]:
    """The text behind each row of an index of this content."""
    return [text for _, text in _texts_by_row(passages, intents)]


def _texts_by_row(
    passages: Sequence[Passage], intents: Sequence[IntentPhrases]
) -> list[tuple[str | list[str | None], str]]:
    """Each text to embed, after what its row stands for: a passage id, or an intent's name and topic."""
    found = [(passage.passage_id, text) for passage in passages for text in passage.wordings]
    said = [([intent.intent, intent.topic], phrase) for intent in intents for phrase in intent.phrases]
    return [*found, *said]


def _write(
    draft: Path, name: str, embedder: Embedder, rows: Sequence[object], vectors: Mapping[str, bytes]
) -> None:
    contents = {**vectors, _ROWS: json.dumps(rows).encode()}
    manifest = {
        "name": name,
        "format": FORMAT,
        "embedder": embedder.identity,
        "faiss": version("faiss-cpu"),
        "dimension": embedder.dimension,
        "vectors": len(rows),
        "sha256": {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()},
    }
    for file, content in {**contents, _MANIFEST: json.dumps(manifest, indent=2).encode()}.items():
        with (draft / file).open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())


def _replace(draft: Path, final: Path) -> None:
    if final.is_dir():  # a damaged one: remove it first, as a full folder cannot be renamed over
        shutil.rmtree(final)
    else:
        final.unlink(missing_ok=True)
    draft.chmod(0o755)
    draft.rename(final)


def _forget_old(folder: Path) -> None:
    built = sorted(
        (path.parent for path in folder.glob(f"[!.]*/{_MANIFEST}")), key=lambda path: path.stat().st_mtime
    )
    for old in built[:-_KEPT]:
        if not _is_in_use(old):
            shutil.rmtree(old, ignore_errors=True)


class _Hold:
    """Says of an index, as long as this lives, that a program uses it: perhaps a bot with another pack."""

    def __init__(self, file: Path, how: int = fcntl.LOCK_SH) -> None:
        self._number = os.open(file, os.O_RDONLY)
        fcntl.flock(self._number, how | fcntl.LOCK_NB)

    def __del__(self) -> None:
        if hasattr(self, "_number"):
            os.close(self._number)


def _is_in_use(folder: Path) -> bool:
    try:
        _Hold(folder / _MANIFEST, fcntl.LOCK_EX)
    except OSError:
        return True
    return False
