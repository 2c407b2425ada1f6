"""Makes the index of a pack in a process of its own: python -m index PACK MODEL FOLDER.

A running bot has this done, as it takes minutes of one core and would take the event loop's turns.
"""

import os
import sys
from pathlib import Path

from index.embedder import open_embedder
from index.opening import open_retriever
from knowledge.kept import read_kept_pack

POLITE = 10  # a tenth of a busy core: whoever answers learners goes first, and yet it comes to an end


def main() -> None:
    """Make what is missing of it."""
    os.nice(POLITE)
    pack, model, folder = sys.argv[1:]
    shelf = Path(folder)
    try:
        open_retriever(read_kept_pack(Path(pack), shelf), open_embedder(model, shelf), shelf)
    except ModuleNotFoundError as error:  # where only what serves is installed
        sys.exit(f"{error.name} is not installed; run `make index`, or copy the index folder")


if __name__ == "__main__":
    main()
