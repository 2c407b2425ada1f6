"""How is one vector compared with many? They are kept in 8 bits, and compared by onnxruntime.

As float32 they fill the processor's cache (27 MB for our pack), and push the embedding model out of it. A
cosine is off by .0005 (standard deviation; by .0023 at most of 1.8 million).
"""

import logging
from pathlib import Path

import numpy as np

from index.embedder import Embeddings

BLOCK = 128  # weights with one scale; as a wording has 384, smaller ones are hardly more exact
_IR_VERSION = 10  # of the file; the newest that every onnxruntime of ours reads


class RoundedRows:
    """The rows of an index, to compare with. Any number of threads may use it at once.

    Raises:
        ValueError: when the file cannot be opened.
    """

    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # questions run side by side
        options.log_severity_level = 3
        try:
            self._graph = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors have no common base
            raise ValueError(f"{file.name} cannot be opened: {error}") from error

    def compared(self, query: Embeddings) -> Embeddings:
        """The cosine of `query`, of shape (dimension,), with each row."""
        cosines: Embeddings = self._graph.run(None, {"query": query[np.newaxis]})[0][0]
        return cosines


def rounded(rows: Embeddings) -> bytes:
    """What RoundedRows opens, for rows of shape (rows, dimension)."""
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime.quantization import matmul_nbits_quantizer as quantizer

    quantizer.logger.setLevel(logging.ERROR)
    number, dimension = rows.shape
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["query", "rows"], ["cosines"], name="compare")],
        "compare",
        [helper.make_tensor_value_info("query", TensorProto.FLOAT, [1, dimension])],
        [helper.make_tensor_value_info("cosines", TensorProto.FLOAT, [1, number])],
        [numpy_helper.from_array(np.ascontiguousarray(rows.T), "rows")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=_IR_VERSION)
    eight_bits = quantizer.DefaultWeightOnlyQuantConfig(BLOCK, is_symmetric=True, accuracy_level=4, bits=8)
    rounding = quantizer.MatMulNBitsQuantizer(model, algo_config=eight_bits)
    rounding.process()
    written: bytes = rounding.model.model.SerializeToString()
    return written
