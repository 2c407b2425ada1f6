"""Does the health check of Dockerfile and compose.yaml tell a bot that is well from one that is not?"""

import asyncio
import json
import sys
from pathlib import Path

from bot.sandbox.server import SandboxServer
from scripts.dockerfile import read_stages
from tests.conftest import PROJECT
from tests.resilience.conftest import Launcher
from tests.resilience.processes import free_address, until

HEALTH = read_stages(PROJECT / "Dockerfile")[-1].all("HEALTHCHECK")[0].partition("CMD ")[2]
IN_THE_IMAGE = "127.0.0.1:8081"


async def asked(address: str) -> int:
    """The exit code of the health check, asked of the bot at `address`."""
    program, *words = json.loads(HEALTH.replace(IN_THE_IMAGE, address))
    assert program == "python"
    asking = await asyncio.create_subprocess_exec(sys.executable, *words, stderr=asyncio.subprocess.DEVNULL)
    return await asking.wait()


async def test_the_health_check_says_yes_while_the_bot_runs_and_no_after(
    start: Launcher, sandbox: SandboxServer, tmp_path: Path
) -> None:
    assert IN_THE_IMAGE in HEALTH
    address = free_address()
    bot = start(sandbox.address, BOT_LISTEN=address)
    await bot.tells("is listening")

    async def is_healthy() -> bool:
        return await asked(address) == 0

    await until(is_healthy, "the health check to say yes")
    bot.asked_to_stop()
    assert await bot.exit_code() == 0
    assert await asked(address) == 1
