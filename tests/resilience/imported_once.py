"""What the fork server of processes.py has in its memory before it forks: the bot and all its imports.
The model every bot loads for itself, and the index it opens.
"""

import faiss  # noqa: F401
import onnxruntime  # noqa: F401
import tokenizers  # noqa: F401

import bot.app  # noqa: F401
