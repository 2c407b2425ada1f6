"""A Bot API server somebody else might have written on a Sunday: four methods, and no care.

It knows getMe, getUpdates, sendMessage and deleteWebhook at most by name; what it answers to all others is
its `manner`. It answers getUpdates at once, gives sparse messages back, and its updates lack what Telegram
would always send.
"""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Json = dict[str, Any]

BOT = {"id": 99, "is_bot": True, "first_name": "B", "username": "sunday_bot"}
MANNERS: dict[str, Callable[[], Response]] = {
    "404": lambda: JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404),
    "404 in plain text": lambda: PlainTextResponse("no such thing", 404),
    "500": lambda: JSONResponse({"ok": False, "error_code": 500, "description": "Oops"}, 500),
    "500 as an HTML page": lambda: HTMLResponse("<html><h1>Internal Server Error</h1></html>", 500),
    "501 with nothing": lambda: Response(status_code=501),
    "200 in plain text": lambda: PlainTextResponse("OK"),
    "200 with an empty object": lambda: JSONResponse({}),
    "200 with null": lambda: JSONResponse(None),
    "200 but not ok": lambda: JSONResponse({"ok": False, "description": "I cannot do this"}),
}


@dataclass
class SloppyServer:
    """Updates to hand out, and what the bot has sent."""

    port: int = 0
    manner: Callable[[], Response] = MANNERS["404"]
    minds_offset: bool = True
    knows_polls: bool = False  # as servers did before Bot API 9.6: options have places and no other ids
    mumbles: bool = False  # what it is to send it sends, and then says something nobody understands
    updates: list[object] = field(default_factory=list)  # `bytes` are sent as they are, JSON or not
    sent: list[Json] = field(default_factory=list)
    polled_at: list[float] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def texts(self, chat_id: int) -> list[str]:
        """What the bot has written in a chat."""
        return [
            str(one["text"]) for one in self.sent if str(one["chat_id"]) == str(chat_id) and "text" in one
        ]

    def hears(self, text: str, chat_id: int = 7) -> Json:
        """Somebody writes; there is no date, and there are no entities."""
        number = len(self.updates) + 1
        sender = {"id": chat_id, "is_bot": False, "first_name": "L"}
        message = {"message_id": number, "from": sender, "chat": {"id": chat_id, "type": "private"}}
        update = {"update_id": number, "message": {**message, "date": 1, "text": text}}
        self.updates.append(update)
        return update

    def votes(self, place: int, chat_id: int = 7) -> None:
        """Somebody votes on the newest poll."""
        vote = {"poll_id": str(len(self.sent)), "user": {"id": chat_id}, "option_ids": [place]}
        self.updates.append({"update_id": len(self.updates) + 1, "poll_answer": vote})

    def presses(self, data: str, chat_id: int = 7) -> None:
        """Somebody presses a button of the newest message."""
        message = {"message_id": len(self.sent), "chat": {"id": chat_id, "type": "private"}, "date": 1}
        press = {"id": "1", "from": {"id": chat_id}, "message": message, "data": data}
        self.updates.append({"update_id": len(self.updates) + 1, "callback_query": press})

    async def answer(self, request: Request) -> Response:
        async with request.form() as form:
            given = dict(form)
        match request.path_params["method"]:
            case "getMe":
                return JSONResponse({"ok": True, "result": BOT})
            case "getUpdates":
                return self._poll(int(str(given.get("offset", 0))))
            case "sendMessage":
                self.sent.append(given)
                if self.mumbles:
                    return Response('{"ok": tru', media_type="application/json")
                sparse = {"result": {"message_id": len(self.sent)}} if len(self.sent) % 2 else {}
                return JSONResponse({"ok": True, **sparse})
            case "sendPoll" if self.knows_polls:
                self.sent.append(given)
                poll = {"id": str(len(self.sent)), "question": given["question"]}
                return JSONResponse({"ok": True, "result": {"message_id": len(self.sent), "poll": poll}})
            case _:
                return self.manner()

    def _poll(self, offset: int) -> Response:
        self.polled_at.append(time.monotonic())
        found = [
            # Not by Starlette: its JSON cannot carry half characters and numbers that are none.
            update if isinstance(update, bytes) else json.dumps(update).encode()
            for number, update in enumerate(self.updates, 1)
            if number >= offset or not self.minds_offset
        ]
        text = b'{"ok": true, "result": [%b]}' % b",".join(found[:100])
        return Response(text, media_type="application/json")


@contextlib.asynccontextmanager
async def running(server: SloppyServer) -> AsyncIterator[SloppyServer]:
    """The server listens as long as the block lasts; entered again it has the same port."""
    listener = socket.create_server(("127.0.0.1", server.port))
    server.port = listener.getsockname()[1]
    routes = [Route("/bot{token}/{method}", server.answer, methods=["GET", "POST"])]
    config = uvicorn.Config(Starlette(routes=routes), log_config=None, access_log=False, lifespan="off")
    program = uvicorn.Server(config)
    serving = asyncio.create_task(program._serve(sockets=[listener]))  # signals belong to pytest
    try:
        yield server
    finally:
        program.should_exit = True
        await serving
