"""What the fork server of processes.py has in its memory before it forks: torch, the bot, and all the first
load of the model imports on its way. The model itself every bot loads for itself, and the index it opens.
"""

import bot.app  # noqa: F401
from index.embedder import Embedder

Embedder()
