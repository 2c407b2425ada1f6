"""What answers over HTTP: Telegram's deliveries, and whether the bot is well."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.chat.polling import Poller
from bot.errors import AddressTaken

LONGEST_SILENCE = timedelta(minutes=2)  # a poll takes at most half a minute


def build_web(
    is_connected: Callable[[], bool],
    poller: Poller | None,
    clock: Callable[[], datetime],
    more: Sequence[Route],
) -> ASGIApp:
    """The HTTP side of the bot: /healthz and `more`. Until it is connected, all it says is that it is not."""

    async def healthz(_request: Request) -> Response:
        fetched_at = poller.last_success_at if poller else clock()
        if fetched_at is None or clock() - fetched_at > LONGEST_SILENCE:
            return JSONResponse({"status": "no updates could be fetched"}, status_code=503)
        return JSONResponse({"status": "ok"})

    connected = Starlette(routes=[Route("/healthz", healthz), *more])
    waiting = JSONResponse({"status": "Telegram was not reached yet"}, status_code=503)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await (connected if is_connected() else waiting)(scope, receive, send)

    return application


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        AddressTaken: saying what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise AddressTaken(
            f"cannot listen on {host}:{port} ({reason}); stop the other program or choose another BOT_LISTEN"
        ) from error
    # Its connections inherit it; without, the body of an answer waits 40 ms behind its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@contextlib.asynccontextmanager
async def serving(application: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Answer on `listener` as long as the block lasts."""
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, access_log=False, lifespan="off"))
    task = asyncio.create_task(server._serve(sockets=[listener]))  # not `serve`: signals are the program's
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True  # a delivery cut off here was not acknowledged, so it comes again
        await task
        listener.close()
