"""What the fork server of processes.py has in its memory before it forks: the bot and all its imports.
The model every bot loads for itself, and the index it opens.
"""

import alembic.command  # noqa: F401
import onnxruntime  # noqa: F401
import tokenizers  # noqa: F401

import bot.app
import bot.sandbox.server  # noqa: F401
