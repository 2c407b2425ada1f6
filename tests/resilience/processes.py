"""The bot as a real process that can be asked to stop, killed, and started again: `bot.__main__`, whole.

Importing everything takes seconds, so a fork server (`multiprocessing`) imports it once and forks a process
for each start. The forked process has its own empty BOT_ environment, folder and standard error, and runs
`main()` as `python -m bot` does. One test in test_startup starts the program the slow way.
"""

import asyncio
import importlib.util
import multiprocessing
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

PATIENCE = 90.0  # seconds for what takes a moment: the machine may be busy
IMPORTED_ONCE = ["tests.resilience.imported_once", "bot.__main__", __name__]

T = TypeVar("T")

_forks = multiprocessing.get_context("forkserver")


def warm_up() -> None:
    """Start the fork server and wait until it has imported everything."""
    for module in IMPORTED_ONCE:
        assert importlib.util.find_spec(module), f"the fork server would pass over {module} in silence"
    _forks.set_forkserver_preload(IMPORTED_ONCE)
    first = _forks.Process(target=int)
    first.start()
    first.join()


class BotProcess:
    """One running bot; what it writes is in `folder`."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._written = {name: folder / f"{time.monotonic_ns()}.{name}" for name in ("stdout", "stderr")}
        for path in self._written.values():
            path.touch()
        self._process = _forks.Process(target=_be_the_bot, args=(folder, dict(settings), self._written))
        self._process.start()

    @property
    def stdout(self) -> str:
        return self._written["stdout"].read_text()

    @property
    def stderr(self) -> str:
        return self._written["stderr"].read_text()

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        """kill -9: nothing can be tidied up."""
        self._process.kill()
        self._process.join()

    def asked_to_stop(self) -> None:
        """SIGTERM, as `docker stop` and systemd send it."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGTERM)

    async def exit_code(self, within: float = PATIENCE) -> int:
        """The exit code, once the process has ended."""
        await until(lambda: not self.is_alive, "the bot to end", within)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    async def tells(self, words: str, within: float = PATIENCE) -> str:
        """The first line on standard error with these words, once it is there."""

        def line() -> str:
            return next((line for line in self.stderr.splitlines() if words in line), "")

        def line_or_end() -> str:
            return line() or ("" if self.is_alive else line() or "nothing: the bot has ended")

        found = await until(line_or_end, f"{words!r} on standard error", within)
        assert words in found, f"the bot ended without telling {words!r}:\n{self.stderr}"
        return found


def _be_the_bot(folder: Path, settings: Mapping[str, str], written: Mapping[str, Path]) -> None:
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(written[name], os.O_WRONLY | os.O_APPEND), number)
        setattr(sys, name, os.fdopen(number, "w", buffering=1, errors="backslashreplace", closefd=False))
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        del os.environ[name]
    os.environ.update(settings)
    os.chdir(folder)
    from bot.__main__ import main

    sys.exit(main())


async def until(found: Callable[[], T | Awaitable[T]], what: str, within: float = PATIENCE) -> T:
    """The first truthy value of `found()`; a test that waits in vain says for what."""
    deadline = time.monotonic() + within
    while True:
        value = found()
        value = await value if isinstance(value, Awaitable) else value
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within} s in vain for {what}")
        await asyncio.sleep(0.02)


def free_address() -> str:
    """`host:port` where nothing listens now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program is writing: as long as the block lasts the bot can only read."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        yield
        connection.execute("rollback")
