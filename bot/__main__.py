"""Starts the bot: with a token on Telegram, without one in the sandbox. What stops it is told in one line."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.errors import AddressTaken, DatabaseAway, NextRungError, in_words, is_full_disk
from bot.observability import say_last, set_up_logs
from bot.settings import Settings, doubts_about, read_settings

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.sandbox.server import SandboxServer

logger = logging.getLogger("bot")  # run as a program, this module has no name of its own

SANDBOX_CLOCK = "sandbox_clock.txt"  # in the data folder: seconds ahead, for what the bot stored was then
WRONG_MACHINE, WRONG_SETUP = 1, 2  # exit codes


def main() -> int:
    """Run until told to stop; returns the exit code."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # searches run side by side; NumPy is not imported yet
    gc.disable()  # until all is built: what a start makes stays, and looking for waste in it takes a fifth
    try:
        settings = read_settings()
        set_up_logs(settings.log_level, settings.log_format, settings.secrets)
        for doubt in doubts_about(settings):
            logger.warning(doubt)
        asyncio.run(_run(settings))
    except DatabaseAway as error:
        return _stop(str(error), WRONG_MACHINE)
    except NextRungError as error:
        return _stop(str(error), WRONG_SETUP)
    except OSError as error:
        return _stop(in_words(error), WRONG_SETUP if is_full_disk(error) else WRONG_MACHINE)
    except KeyboardInterrupt:
        return 130
    return 0


async def _run(settings: Settings) -> None:
    if settings.token:
        await _serve(settings)
    else:
        await _serve_in_sandbox(settings)


async def _serve_in_sandbox(settings: Settings) -> None:
    """The bot as it is, with a Bot API server of our own in Telegram's place, and by its clock."""
    from bot.sandbox.world import OPERATOR_ID

    operators = settings.operators or (OPERATOR_ID,)
    sandbox = _bind_sandbox(settings, operators)
    serving = asyncio.create_task(sandbox.serve())
    inside = {
        "token": SecretStr(sandbox.token),
        "api_url": sandbox.address,
        "webhook_url": "",
        "operators": operators,
        "database_url": settings.database_address,
    }
    _say(f"The bot is getting ready; its chat page is {sandbox.address}")
    try:
        async with _built(settings.model_copy(update=inside), sandbox.world.clock) as bot:
            sandbox.world.clock.follow(bot.catch_up)
            _say(f"Chat with the bot at {sandbox.address}\nStop with Ctrl+C.")
            await bot.run(_stop_signal())
    finally:
        sandbox.stop()
        await serving


async def _serve(settings: Settings) -> None:
    async with _built(settings) as bot:
        await bot.run(_stop_signal())


@contextlib.asynccontextmanager
async def _built(settings: Settings, clock: "Callable[[], datetime] | None" = None) -> "AsyncIterator[Bot]":
    """The whole bot, ready to run, by this clock or by the machine's."""
    # Not at the top: it brings the model's libraries, and a wrong setting is told without that wait.
    from bot import app

    await app.look_ahead(settings)
    database = await app.open_database(settings)
    try:
        ask = await asyncio.to_thread(app.build_ask, settings)
        bot = app.build_bot(settings, ask, database, clock or app.utc_now)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, bot.reload)
        gc.freeze()
        gc.enable()
        yield bot
    finally:
        await database.close()


def _say(words: str) -> None:
    sys.stdout.write(f"\n{words}\n\n")
    sys.stdout.flush()


def _stop_signal() -> asyncio.Event:
    """Set by SIGTERM and Ctrl+C, which until now, with nothing to lose, ended the program at once."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _bind_sandbox(settings: Settings, operators: tuple[int, ...]) -> "SandboxServer":
    from bot.sandbox.clock import SandboxClock
    from bot.sandbox.server import Options, sandbox_server

    clock = SandboxClock(settings.data_dir / SANDBOX_CLOCK)
    host, port = settings.sandbox_listen
    options = Options(operators=operators, numbers_from=int(time.time()))  # new to the database, too
    try:
        return sandbox_server(host, port, options, clock)
    except OSError as error:
        raise AddressTaken(
            f"the sandbox cannot listen on {host}:{port} ({error.strerror}); "
            "stop the other program, or choose another BOT_SANDBOX_LISTEN"
        ) from error


def _stop(reason: str, exit_code: int) -> int:
    say_last(f"Next Rung cannot run: {reason}")
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
