"""How is the sandbox started? The application, and a server for programs and tests; no rules, no state."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.sandbox.bot_api import HANG_UP, BotApi, closer_of
from bot.sandbox.clock import SandboxClock
from bot.sandbox.control import Control
from bot.sandbox.methods_polls import close_due_polls
from bot.sandbox.world import SANDBOX_TOKEN, Options, World

__all__ = ["SANDBOX_TOKEN", "Options", "SandboxServer", "build_sandbox", "running_sandbox", "sandbox_server"]

BACKLOG = 2048
PAGE = Path(__file__).parent / "page"
KEEP_ALIVE_SECONDS = 75
"""Longer than any client keeps an idle connection, so that none is closed under a call that just begins."""


class _Sandbox(Starlette):
    """Starlette, with a way for faults to cut a connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[HANG_UP] = closer_of(send)
        await super().__call__(scope, receive, send)


def build_sandbox(world: World) -> Starlette:
    """The application: the Bot API, the control half and the page."""
    bot_api = BotApi(world)
    world.clock.on_move.append(partial(close_due_polls, world))
    return _Sandbox(
        routes=[
            Route("/bot{token}/{method}", bot_api.method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", bot_api.file),
            *Control(world).routes(),
            Route("/", _page),
            Mount("/page", StaticFiles(directory=PAGE)),
        ]
    )


async def _page(_: Request) -> Response:
    return FileResponse(PAGE / "index.html")


class SandboxServer:
    """A sandbox that listens; `serve` runs it until `stop`."""

    def __init__(self, listener: socket.socket, options: Options, clock: SandboxClock | None) -> None:
        self.world = World(options, clock)
        self.token = options.token
        self._listener = listener
        host, port = listener.getsockname()[:2]
        self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        config = uvicorn.Config(
            build_sandbox(self.world),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._server = uvicorn.Server(config)

    async def serve(self) -> None:
        """Answer until cancelled, or until `stop` and all connections are done."""
        try:
            # Not `serve()`: signals belong to the program around the sandbox.
            await self._server._serve(sockets=[self._listener])
        finally:
            self.stop()
            self._listener.close()
            if self.world.webhook:
                await self.world.webhook.stop()

    def stop(self) -> None:
        """End long polls and event streams, and let `serve` return."""
        self.world.closing.set()
        self._server.should_exit = True


def sandbox_server(
    host: str = "127.0.0.1",
    port: int = 8080,
    options: Options | None = None,
    clock: SandboxClock | None = None,
) -> SandboxServer:
    """A sandbox bound to its port, not yet serving; a taken port is an OSError."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Its connections inherit it; without, the body of an answer waits 40 ms behind its head.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return SandboxServer(listener, options or Options(), clock)


@contextlib.asynccontextmanager
async def running_sandbox(
    host: str = "127.0.0.1", port: int = 0, options: Options | None = None
) -> AsyncIterator[SandboxServer]:
    """A sandbox that answers as long as the block lasts; port 0 takes a free one."""
    sandbox = sandbox_server(host, port, options)
    serving = asyncio.create_task(sandbox.serve())
    try:
        yield sandbox
    finally:
        sandbox.stop()
        await serving
