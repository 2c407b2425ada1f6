"""How do updates come in by webhook? A delivery is acknowledged once it is stored."""

import hmac
import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.chat.receive import Inbox

WEBHOOK_PATH = "/webhook"
WEBHOOK_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_DELIVERY_BYTES = 1_000_000  # a hundred times what Telegram delivers


@dataclass(frozen=True)
class Webhook:
    """The endpoint Telegram delivers to; whoever does not know `secret` is turned away."""

    inbox: Inbox
    secret: str

    @property
    def route(self) -> Route:
        """Where Telegram delivers."""
        return Route(WEBHOOK_PATH, self.deliver, methods=["POST"])

    async def deliver(self, request: Request) -> Response:
        """Answer one delivery."""
        given = request.headers.get(WEBHOOK_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return Response("wrong secret", status_code=403)
        body = await _body_of(request)
        if body is None:
            return Response("too large", status_code=413)
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return Response("not JSON", status_code=400)
        await self.inbox.store([payload])
        return Response(status_code=200)


async def _body_of(request: Request) -> bytes | None:
    """What was sent, or None when it is too much."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_DELIVERY_BYTES:
            return None
    return body
