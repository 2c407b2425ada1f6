"""How does the program tell what it does? Log lines for people or machines, and never the token in one."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_PLAIN = {*vars(logging.makeLogRecord({})), "message", "asctime"}
_NOISY = ("httpx", "httpcore", "alembic", "uvicorn", "sentence_transformers", "faiss", "bm25s", "telegram")


_followed: ContextVar[int | None] = ContextVar("followed", default=None)


@contextmanager
def following(update_id: int | None) -> Iterator[None]:
    """What the running task logs in this block bears the number of the update, a row of the inbox."""
    token = _followed.set(update_id)
    try:
        yield
    finally:
        _followed.reset(token)


def followed_update() -> int | None:
    """The number of the update the running task is about."""
    return _followed.get()


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
        update_id = _followed.get()
        return super().format(record) if update_id is None else f"{super().format(record)} [{update_id}]"


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
        if (update_id := _followed.get()) is not None:
            entry["update"] = update_id
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str, ensure_ascii=False)


class _Quiet(logging.Filter):
    """Lets libraries speak only of trouble; some set their own level, so this asks the name."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in _NOISY


_told: set[str] = set()


def warn_once(logger: logging.Logger, message: str, *details: object) -> None:
    """Warn of something that would come again and again; details that vary make it no news."""
    if message not in _told:
        _told.add(message)
        logger.warning(message, *details)


def say_last(words: str) -> None:
    """Why the program ends: a bare line, or one of the log's where a machine reads that."""
    if any(isinstance(handler.formatter, _DiscreetJson) for handler in logging.getLogger().handlers):
        logging.getLogger("bot").critical(words)
    else:
        sys.stderr.write(f"{words}\n")


def set_up_logs(level: str, form: str, secrets: tuple[str, ...] = ()) -> None:
    """Log to standard error from `level` up; at DEBUG also what the libraries say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_DiscreetJson(secrets) if form == "json" else _Discreet(secrets))
    if level != "DEBUG":
        handler.addFilter(_Quiet())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
