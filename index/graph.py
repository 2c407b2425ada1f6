"""How is one vector compared with a million? A graph leads to the nearest: HNSW (Malkov and Yashunin 2018).

FAISS keeps it, and reads of the file what a search comes past.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embedder import Embeddings

LINKS = 32  # of each row; FAISS's own default
TRIED_BUILDING, TRIED = 80, 256  # rows held at once while the graph is built, and while it is searched
NEAR = 128  # rows that a search finds; their cosines are then worked out exactly
# Measured by scripts/benchmark_growth.py: recall@10 is .98 or better to a million rows.


class RowsGraph:
    """The rows of an index, to search. Any number of threads may use it at once.

    Raises:
        ValueError: when the file cannot be opened.
        ModuleNotFoundError: FAISS is not installed.
    """

    def __init__(self, file: Path) -> None:
        import faiss

        try:
            self._graph: Any = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise ValueError(f"{file.name} cannot be opened: {error}") from error
        self._how: Any = faiss.SearchParametersHNSW(efSearch=TRIED)  # type: ignore[attr-defined]

    def near(self, query: Embeddings) -> tuple[npt.NDArray[np.int64], float]:
        """The numbers of the rows nearest to `query`, of shape (dimension,), and the last one's cosine."""
        cosines, rows = self._graph.search(query[np.newaxis], NEAR, params=self._how)
        is_found = rows[0] >= 0
        return rows[0][is_found], float(cosines[0][is_found][-1])


def linked(rows: Embeddings) -> bytes:
    """What RowsGraph opens, for unit vectors of shape (rows, dimension). A million take some ten minutes."""
    import faiss

    in_8_bits, cosine = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    graph: Any = faiss.IndexHNSWSQ(rows.shape[1], in_8_bits, LINKS, cosine)  # type: ignore[arg-type]
    graph.hnsw.efConstruction = TRIED_BUILDING
    graph.train(rows)
    graph.add(rows)
    written: bytes = faiss.serialize_index(graph).tobytes()
    return written
