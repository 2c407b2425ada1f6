"""What is the embedding of a text? Opens the serving twin of a model, made once by index/export.py."""

import errno
import hashlib
import importlib.util
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.seal import is_whole

logger = logging.getLogger(__name__)

Embeddings = npt.NDArray[np.float32]

EMBEDDED_MODEL = "all-MiniLM-L6-v2"
TWIN, GRAPH, WEIGHTS, TOKENIZER = "twin.json", "model.onnx", "model.weights", "tokenizer.json"  # of a twin
FORMAT = 3  # raise when they change their meaning: older twins are then made anew
BATCH_SIZE = 16  # texts; larger batches only pad more, and keep more memory
NO_ROOM = 28  # exit code of index/export.py where the disk is full
KEPT = 2  # twins: the one in use, and the one before it for a quick way back
WORKERS = 2  # runs side by side, each with one thread
MANY = 500  # texts, which take many seconds: their progress is told
PARTS = 5  # of so many texts, each told in a line of the log
RECENT = 2_000  # single texts whose embeddings are kept at hand: some 5 MB


class ModelError(Exception):
    """The embedding model cannot be used."""


class Embedder(Protocol):
    """A model of language whose embeddings are unit vectors."""

    @property
    def identity(self) -> str:
        """Which model, by which program: embeddings of different identities must not be compared."""

    @property
    def dimension(self) -> int:
        """The length of an embedding."""

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Embeddings of `texts`: float32 of shape (len(texts), dimension), each row of length 1."""


class Twin:
    """The twin of a sentence-transformers model: one ONNX graph with its tokenizer, the same unit vectors.

    Any number of threads may use it at once.

    Raises:
        ModelError: when a file is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._told = _checked(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # it is done
        try:
            self._graph = onnxruntime.InferenceSession(
                folder / GRAPH, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its errors have no common base; another version may not read the graph
            raise ModelError(f"{folder.name} cannot be opened: {error}") from error
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(self._told["max_tokens"])
        self._tokenizer.enable_padding(**self._told["padding"])

    @property
    def identity(self) -> str:
        return (
            f"{self._told['model']} by onnxruntime, {self._told['bits']} bits, {self._told['exported'][:12]}"
        )

    @property
    def dimension(self) -> int:
        return int(self._told["dimension"])

    def embed(self, texts: Sequence[str]) -> Embeddings:
        if len(texts) == 1:
            return self._run(texts)
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        batches = [by_length[start : start + BATCH_SIZE] for start in range(0, len(texts), BATCH_SIZE)]
        with ThreadPoolExecutor(WORKERS) as workers:
            found = workers.map(lambda batch: self._run([texts[number] for number in batch]), batches)
            for batch, embeddings in zip(batches, found, strict=True):
                rows[batch] = embeddings
        return rows

    def _run(self, texts: Sequence[str]) -> Embeddings:
        encoded = self._tokenizer.encode_batch(list(texts))
        tokens = {
            "input_ids": np.array([each.ids for each in encoded], dtype=np.int64),
            "attention_mask": np.array([each.attention_mask for each in encoded], dtype=np.int64),
        }
        embeddings: Embeddings = self._graph.run(None, tokens)[0]
        return embeddings


class RememberingEmbedder:
    """Embeds a text once, however often it is asked for, and not at all if it is `known`."""

    def __init__(self, embedder: Embedder, known: dict[str, Embeddings] | None = None) -> None:
        self._embedder = embedder
        self.known = {} if known is None else known

    @property
    def identity(self) -> str:
        return self._embedder.identity

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def embed(self, texts: Sequence[str]) -> Embeddings:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        done = 0
        for part in _parts(new):
            self.known.update(zip(part, self._embedder.embed(part), strict=True))
            done += len(part)
            if len(new) >= MANY:
                logger.info("embedded %d of %d texts", done, len(new))
        rows = [self.known[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)


class RecentEmbedder:
    """Does not embed a text again that was asked for lately, alone.

    The same texts come again: from buttons, from many learners, and as the question before a follow-up. Any
    number of threads may use it at once.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._one = lru_cache(RECENT)(self._embedded)

    @property
    def identity(self) -> str:
        return self._embedder.identity

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def embed(self, texts: Sequence[str]) -> Embeddings:
        return self._one(texts[0]) if len(texts) == 1 else self._embedder.embed(texts)

    def _embedded(self, text: str) -> Embeddings:
        embeddings = self._embedder.embed([text])
        embeddings.setflags(write=False)  # it is handed out many times
        return embeddings


def open_embedder(model: str, folder: Path) -> Twin:
    """The twin of `model` in `folder`; one that is missing or damaged is made first, which takes PyTorch.

    Raises:
        ModelError: when the model is missing, damaged, or of no known kind.
        OSError: when nothing can be kept in `folder`.
    """
    where = folder / twin_name(model)
    try:
        return _in_use(Twin(where), where)
    except ModelError as reason:
        if _is_path(model) and not Path(model).is_dir():
            raise ModelError(f"there is no folder {model}") from None
        logger.info("making the embedding model ready to serve (%s); this takes some seconds", reason)
    folder.mkdir(parents=True, exist_ok=True)
    _export(model, where)
    twin = _in_use(Twin(where), where)
    _forget_old(folder)
    return twin


def _in_use(twin: Twin, where: Path) -> Twin:
    """Bears the time it was opened last, by which the old ones are told."""
    with suppress(OSError):  # the folder may be read-only
        os.utime(where)
    return twin


def _forget_old(folder: Path) -> None:
    """All but the twins opened last; who runs with an older one has it in memory."""
    made = [path.parent for path in folder.glob(f"model-*/{TWIN}")]
    for old in sorted(made, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _is_path(model: str) -> bool:
    """Whether it cannot be a name, which is MODEL or OWNER/MODEL."""
    return model.startswith((".", "~", "/")) or model.count("/") > 1


def twin_name(model: str) -> str:
    """What the folder of a model's twin is called; a local model that changed gets another name."""
    path = Path(model)
    stands = [FORMAT, model]
    if path.is_dir():
        stands += [
            (file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(path.iterdir())
        ]
    digest = hashlib.sha256(json.dumps(stands).encode()).hexdigest()[:8]
    return f"model-{re.sub(r'[^A-Za-z0-9.-]+', '-', path.name)}-{digest}"


def _export(model: str, where: Path) -> None:
    """Make the twin in a process of its own: PyTorch takes seconds to load and half a gigabyte to keep."""
    if importlib.util.find_spec("torch") is None:
        raise ModelError(
            f"the embedding model {model!r} is not ready to serve, and PyTorch, which makes it so, is not "
            "installed; run `make index`, or copy the index folder from where it was built"
        )
    project = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-m", "index.export", model, str(where.absolute())]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, errors="replace")
    if done.returncode == NO_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(where.parent))
    if done.returncode != 0:
        complaint = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise ModelError(complaint[-1])


def _checked(folder: Path) -> dict[str, Any]:
    """What twin.json tells, once the files are the ones it was written with."""
    try:
        told = json.loads((folder / TWIN).read_text(encoding="utf-8"))
        for file, digest in told["sha256"].items():
            if not is_whole(folder / file, digest):
                raise ModelError(f"{folder.name}/{file} was damaged")
    except FileNotFoundError:
        raise ModelError("it is not there yet") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder.name} cannot be read: {error}") from error
    return dict(told)


def _parts(texts: Sequence[str]) -> list[Sequence[str]]:
    """A long work in parts, so that its progress can be told, and what is done is not lost if it ends."""
    size = max(1, -(-len(texts) // PARTS) if len(texts) >= MANY else len(texts))
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def is_a_part(done: int, steps: int) -> bool:
    """Whether one of the PARTS of a long work ends with this step."""
    return done * PARTS // steps > (done - 1) * PARTS // steps
