"""How does the program tell what it does? Log lines for people or machines, and never the token in one."""

import json
import logging
import sys
from datetime import UTC, datetime

_PLAIN = {*vars(logging.makeLogRecord({})), "message", "asctime"}
_NOISY = ("httpx", "httpcore", "alembic", "uvicorn", "sentence_transformers", "faiss", "bm25s", "telegram")


class _Discreet(logging.Formatter):
    """Formats as usual, then blots out every secret, also in tracebacks of other people's code."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = self._line(record)
        for secret in self._secrets:
            line = line.replace(secret, "<secret>")
        return line

    def _line(self, record: logging.LogRecord) -> str:
        return super().format(record)


class _DiscreetJson(_Discreet):
    """One JSON object a line; what came with `extra` stands beside the message."""

    def _line(self, record: logging.LogRecord) -> str:
        extra = {name: value for name, value in vars(record).items() if name not in _PLAIN}
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **extra,
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str, ensure_ascii=False)


def set_up_logs(level: str, form: str, secrets: tuple[str, ...] = ()) -> None:
    """Log to standard error from `level` up; libraries speak only of trouble, unless the level is DEBUG."""
    formatter = _DiscreetJson(secrets) if form == "json" else _Discreet(secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING if level != "DEBUG" else logging.DEBUG)
    logging.captureWarnings(capture=True)
