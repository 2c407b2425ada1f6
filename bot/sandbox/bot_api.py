"""How does a Bot API call come in and go out? Token, faults, the method, the log; no method's own rules."""

import asyncio
import inspect
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Send

from bot.sandbox.calls import Call
from bot.sandbox.faults import Fault
from bot.sandbox.methods import find_method
from bot.sandbox.params import Params, read_params
from bot.sandbox.values import Json, Refusal
from bot.sandbox.waiting import first_of
from bot.sandbox.world import World

HANG_UP = "sandbox.hang_up"
"""Key in the ASGI scope: a function that closes the connection without an answer."""
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(frozen=True)
class BotApi:
    """The routes below /bot<token>/ and /file/bot<token>/."""

    world: World

    async def method(self, request: Request) -> Response:
        name = str(request.path_params["method"])
        if not self._is_ours(request):
            return _refused(Refusal(401, "Unauthorized"))
        fault, began = self.world.faults.next_for(name), time.monotonic()
        if fault and (fault.kind == "drop" or (fault.kind == "hang" and await self._hang(request, fault))):
            self._log(name, {}, _Answer(0, None), began, fault)
            return await _hang_up(request)
        params, answer = await self._answered(request, name, fault.refusal() if fault else None)
        self._log(name, params.summary(), answer, began, fault)
        if fault and fault.kind == "drop_after":
            return await _hang_up(request)
        if fault and answer.code in (502, 503):
            return Response(_BAD_GATEWAY, status_code=answer.code, media_type="text/html")
        return JSONResponse(answer.body, status_code=answer.code)

    def _log(self, name: str, params: Json, answer: "_Answer", began: float, fault: Fault | None) -> None:
        milliseconds = round(1000 * (time.monotonic() - began), 1)
        kind = fault.kind if fault else ""
        self.world.log_call(name, params, answer.code, answer.body, milliseconds, kind)

    async def _answered(self, request: Request, name: str, fault: Refusal | None) -> "tuple[Params, _Answer]":
        params = Params()
        try:
            params = read_params(
                request.url.query, request.headers.get("content-type", ""), await request.body()
            )
            if fault:
                raise fault
            return params, _Answer(200, {"ok": True, "result": await self._run(request, name, params)})
        except Refusal as refusal:
            return params, _Answer(refusal.code, refusal.body())
        except ClientDisconnect:  # a bot that was killed while it called; nobody reads the answer
            return params, _Answer(400, {})

    async def _run(self, request: Request, name: str, params: Params) -> object:
        method = find_method(name)
        if method is None:
            raise Refusal(404, "Not Found")
        result = method(Call(self.world, name, params))
        if not inspect.isawaitable(result):
            return result
        # A long poll ends, with no updates, when the bot hangs up or the sandbox closes.
        return await first_of(result, _gone(request), self.world.closing.wait()) or []

    async def _hang(self, request: Request, fault: Fault) -> bool:
        """Say nothing for a while; true if the bot gave up meanwhile, and the method shall not run."""
        await request.body()
        return bool(await first_of(_gone(request), self.world.closing.wait(), timeout=fault.seconds))

    async def file(self, request: Request) -> Response:
        """The bytes of a stored file."""
        if not self._is_ours(request):
            return _refused(Refusal(401, "Unauthorized"))
        path = request.path_params["path"]
        for stored in self.world.files.values():
            if stored.path == path:
                return Response(stored.content, media_type="application/octet-stream")
        return _refused(Refusal(404, "Not Found"))

    def _is_ours(self, request: Request) -> bool:
        token = str(request.path_params["token"])
        return secrets.compare_digest(token.encode(), self.world.options.token.encode())


@dataclass(frozen=True)
class _Answer:
    code: int
    body: Json | None


def _refused(refusal: Refusal) -> Response:
    return JSONResponse(refusal.body(), status_code=refusal.code)


async def _gone(request: Request) -> bool:
    """Return when the other side has closed the connection; the body must have been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return True


async def _hang_up(request: Request) -> Response:
    """Close the connection; the response goes nowhere."""
    hang_up: Callable[[], None] = request.scope[HANG_UP]
    hang_up()
    await asyncio.sleep(0)
    return Response()


def closer_of(send: Send) -> Callable[[], None]:
    """A function that cuts the connection behind uvicorn's `send`, which alone knows its transport."""

    def hang_up() -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if isinstance(transport, asyncio.Transport):
            transport.abort()

    return hang_up
