"""Build the index of the knowledge pack, where there is none for its present content yet."""

import sys

from bot.app import build_retriever, read_library
from bot.errors import NextRungError, in_words
from bot.guidance.places import prepare_atlas
from bot.observability import set_up_logs
from bot.settings import read_settings


def main() -> int:
    """Build and tell; exit code 2 for a pack or settings with problems, and the index stays as it was."""
    try:
        settings = read_settings()
        set_up_logs(settings.log_level, settings.log_format)
        build_retriever(settings, read_library(settings))
        prepare_atlas(settings.index_dir)
    except NextRungError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(in_words(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
