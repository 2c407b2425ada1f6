"""Where are the embeddings kept, and which are nearest? A flat FAISS index on disk; many rows also in 8 bits.

FAISS itself is imported only to build: it takes longer to load than a question to answer.
"""

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
from index.intents import Intent, IntentHit
from index.kept import remembered
from index.passages import Passage
from index.rounded import FEWEST, RoundedRows, rounded
from index.seal import is_whole
from knowledge.schema import IntentPhrases

logger = logging.getLogger(__name__)

FORMAT = 2  # raise when the files below change their meaning: older indexes are then rebuilt
_MANIFEST, _VECTORS, _ROWS = "manifest.json", "vectors.faiss", "rows.json"
_ROUNDED = "vectors.onnx"  # of an index with many rows
SEVERAL = 3  # wordings; more or fewer rank our pack's exam no better
Column = npt.NDArray[np.float64]
_KEPT = 2  # the newest index, and the one before it for a quick way back


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

    def nearest(self, query: Embeddings) -> Nearest:
        """Compare `query`, a unit vector of shape (dimension,), with every row."""
        cosines = self.compared(query)
        told = len(self.passages)
        best = np.maximum.reduceat(cosines, self._firsts).astype(np.float64)
        body = cosines[self._lasts].astype(np.float64)
        likeness = Likeness(best[:told], body, self._several(cosines)[:told])
        return Nearest(likeness, tuple(map(IntentHit, self._intents, best[told:].tolist())))

    def _several(self, cosines: Any) -> Column:
        """The mean of the best few rows of each passage and intent: the best is taken out, then the next."""
        left, sums = cosines.copy(), np.zeros(len(self._sizes))
        for taken in range(SEVERAL):
            best = np.maximum.reduceat(left, self._firsts)
            sums += np.where(taken < self._sizes, best, 0.0)
            rows = np.flatnonzero(left == np.repeat(best, self._sizes))
            left[rows[np.unique(self._groups[rows], return_index=True)[1]]] = -np.inf
        means: Column = sums / np.minimum(self._sizes, SEVERAL)
        return means

    @cached_property
    def _sizes(self) -> Any:
        return np.diff(np.append(self._firsts, len(self.rows)))

    @cached_property
    def _groups(self) -> Any:
        """The number of the passage or intent of each row."""
        return np.repeat(np.arange(len(self._sizes)), self._sizes)

    def compared(self, query: Embeddings) -> Embeddings:
        """The cosine of `query` with each row."""
        return self.in_8_bits.compared(query) if self.in_8_bits else self.vectors @ query

    @cached_property
    def _firsts(self) -> Any:
        """The first row of each passage, then of each intent."""
        return np.array(
            [number for number, row in enumerate(self.rows) if not number or row != self.rows[number - 1]]
        )

    @cached_property
    def _lasts(self) -> Any:
        """The last row of each passage, its body."""
        ends = np.append(self._firsts[1:], len(self.rows)) - 1
        return ends[: len(self.passages)]

    @cached_property
    def passages(self) -> list[str]:
        """The ids of the passages, in their order in the index."""
        return [row for row in map(self.rows.__getitem__, self._firsts) if isinstance(row, str)]

    @cached_property
    def _intents(self) -> list[Intent]:
        return [row for row in map(self.rows.__getitem__, self._firsts) if isinstance(row, Intent)]


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
    import faiss

    rows, texts = zip(*_texts_by_row(passages, intents), strict=True)
    vectors = faiss.IndexFlatIP(embedder.dimension)
    with remembered(embedder, folder) as remembering:
        embedded = remembering.embed(texts)
    vectors.add(embedded)
    found = {_VECTORS: faiss.serialize_index(vectors).tobytes()}
    if len(rows) >= FEWEST:
        found[_ROUNDED] = rounded(embedded)
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


def load(folder: Path, name: str) -> VectorIndex:
    """Open the index called `name`.

    Raises:
        IndexUnusable: saying in one line why it is not to be used.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text())
        _check(folder, manifest, name)
        rows = json.loads((folder / _ROWS).read_bytes())
        in_8_bits = RoundedRows(folder / _ROUNDED) if len(rows) >= FEWEST else None
        vectors = _rows_of(folder / _VECTORS, len(rows), manifest["dimension"], is_mapped=bool(in_8_bits))
    except FileNotFoundError:
        raise IndexUnusable("none for this content and model yet") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"{folder.name} cannot be read: {error}") from error
    return VectorIndex(
        tuple(row if isinstance(row, str) else Intent(*row) for row in rows), vectors, manifest, in_8_bits
    )


def _check(folder: Path, manifest: object, name: str) -> None:
    if not isinstance(manifest, dict) or manifest.get("name") != name:
        raise IndexUnusable(f"{folder.name} was built from other content")
    digests = manifest.get("sha256")
    for file in (_VECTORS, _ROWS, *((_ROUNDED,) if manifest["vectors"] >= FEWEST else ())):
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
        shutil.rmtree(old, ignore_errors=True)
