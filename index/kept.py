"""Which embeddings did earlier runs make? Keeps them in a file, so that the next run makes only new ones."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.embedder import Embedder, RememberingEmbedder

EMBEDDINGS = "embeddings.npz"  # in the index folder
MOST = 40_000  # embeddings in the file, the newest: 60 MB of our model; or twice as many as an index has


@contextmanager
def remembered(embedder: Embedder, folder: Path, texts: int = 0) -> Iterator[RememberingEmbedder]:
    """`embedder`, sparing every text embedded here before; what is new is kept, even if the block breaks.

    `texts` is about how many the block will embed.
    """
    file = folder / EMBEDDINGS
    remembering = recall(embedder, file)
    before = len(remembering.known)
    try:
        yield remembering
    finally:
        if len(remembering.known) > before:
            keep(remembering, file, texts)


def recall(embedder: Embedder, file: Path) -> RememberingEmbedder:
    """`embedder`, knowing what is kept in `file`; a damaged one, or one of another model, is none."""
    try:
        with file.open("rb") as content, np.load(content, allow_pickle=False) as held:
            if held["identity"] == embedder.identity:
                texts = json.loads(str(held["texts"]))
                return RememberingEmbedder(embedder, dict(zip(texts, held["rows"], strict=True)))
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        pass
    return RememberingEmbedder(embedder)


def keep(embedder: RememberingEmbedder, file: Path, texts: int = 0) -> None:
    """Write down what `embedder` knows, in one step, beside what others have written meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    most = max(MOST, 2 * texts)
    newest = dict([*(recall(embedder, file).known | embedder.known).items()][-most:])
    draft = file.with_name(f".{os.getpid()}-{file.name}")
    try:
        with draft.open("wb") as out:
            np.savez(
                out,
                identity=embedder.identity,
                texts=json.dumps([*newest]),
                rows=np.array([*newest.values()], dtype=np.float32),
            )
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
