"""How does a bot ask for its updates? getUpdates, and setting and showing the webhook."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from bot.sandbox.calls import Call
from bot.sandbox.updates import WEBHOOK_ACTIVE, WEBHOOK_SET, conflict
from bot.sandbox.values import Json, refuse
from bot.sandbox.webhook import Webhook, WebhookSettings

MAX_SECRET = 256
MAX_CONNECTIONS = 100
DEFAULT_CONNECTIONS = 40
_PORTS = (443, 80, 88, 8443)


async def get_updates(call: Call) -> list[Json]:
    """Long polling; the newest poller wins."""
    world, params = call.world, call.params
    if world.webhook:
        raise conflict(WEBHOOK_ACTIVE)
    world.updates.allow(_allowed_updates(call))
    world.begin_listening()
    limit = params.integer("limit", 100)
    return await world.updates.poll(params.integer("offset"), limit, params.integer("timeout"))


def _allowed_updates(call: Call) -> Sequence[str] | None:
    kinds = call.params.json("allowed_updates", "allowed updates")
    if kinds is not None and not isinstance(kinds, list):
        refuse("expected an Array of update types")
    return kinds


async def set_webhook(call: Call) -> bool:
    """Deliver updates to an address from now on; an empty address removes the webhook."""
    world, params = call.world, call.params
    url = params.text("url").strip()
    if url:
        _check_url(url, world.options.loopback_webhooks)
    settings = WebhookSettings(url, _secret(call), _connections(call))
    world.updates.allow(_allowed_updates(call))
    await _remove_webhook(call)
    if url:
        world.updates.end_poll(conflict(WEBHOOK_SET))
        world.webhook = Webhook(settings, world.updates)
        world.webhook.start()
        world.begin_listening()
    return True


def _check_url(url: str, is_loopback_allowed: bool) -> None:
    """Only https, four ports, a public address; on loopback anything goes where the options allow it."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        refuse("invalid webhook URL specified")
    if is_loopback_allowed and _is_loopback(parts):
        return
    if parts.scheme != "https":
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    address = _address(parts)
    if address and not address.is_global:
        refuse(f"bad webhook: IP address {address} is reserved")


def _is_loopback(parts: SplitResult) -> bool:
    address = _address(parts)
    return parts.hostname == "localhost" or bool(address and address.is_loopback)


def _address(parts: SplitResult) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return None


def _secret(call: Call) -> str:
    secret = call.params.text("secret_token")
    if len(secret) > MAX_SECRET:
        refuse("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        refuse("secret token contains unallowed characters")
    return secret


def _connections(call: Call) -> int:
    """Clamped by the server, as documented: 1 to 100."""
    return min(max(call.params.integer("max_connections", DEFAULT_CONNECTIONS), 1), MAX_CONNECTIONS)


async def delete_webhook(call: Call) -> bool:
    """Back to long polling."""
    await _remove_webhook(call)
    return True


async def _remove_webhook(call: Call) -> None:
    if call.world.webhook:
        await call.world.webhook.stop()
        call.world.webhook = None
    if call.params.flag("drop_pending_updates"):
        call.world.updates.clear()


def get_webhook_info(call: Call) -> Json:
    """Where updates go, and what last went wrong."""
    world = call.world
    known = world.webhook.info() if world.webhook else {"url": "", "has_custom_certificate": False}
    known["pending_update_count"] = len(world.updates)
    return known | ({"allowed_updates": world.updates.allowed} if world.updates.allowed else {})
