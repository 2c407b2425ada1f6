"""Build the index of the knowledge pack, where there is none for its present content yet."""

import logging
import sys

from bot.app import build_retriever
from bot.errors import NextRungError
from bot.observability import set_up_logs
from bot.settings import read_settings
from knowledge.checks import PackError
from knowledge.reader import read_pack


def main() -> int:
    """Build and tell; a pack with problems leaves the index as it is."""
    try:
        settings = read_settings()
        set_up_logs(settings.log_level, settings.log_format)
        build_retriever(settings, read_pack(settings.knowledge_dir))
    except PackError as error:
        print(f"{error}\nThe pack has problems; the index was left as it is.", file=sys.stderr)
        return 1
    except NextRungError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        logging.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
