"""Would Telegram take this address in a link or button? It follows TDLib's LinkManager and opens nothing."""

import re
from urllib.parse import urlsplit

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(//)?")
_WEB = ("http", "https", "ton", "tonsite")


class BadLink(ValueError):
    """The address cannot be a link; the message is the server's reason."""


def checked_link(url: str) -> str:
    """The address as Telegram stores it, or BadLink with the server's reason."""
    url = url.strip()
    if url.lower().startswith(("tg://", "tg:")):
        return url
    scheme = _SCHEME.match(url)
    if scheme and scheme.group(2) and scheme.group(1).lower() not in _WEB:
        raise BadLink("Unsupported URL protocol")
    return _web_link(url if scheme and scheme.group(2) else f"http://{url}")


def _web_link(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        _ = parts.port
    except ValueError as error:
        raise BadLink("Wrong HTTP URL") from error
    if not host:
        raise BadLink("URL host is empty")
    if "." not in host.strip(".") or any(character.isspace() for character in url):
        raise BadLink("Wrong HTTP URL")
    return parts._replace(
        scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), path=parts.path or "/"
    ).geturl()


def mentioned_user(url: str) -> int | None:
    """The learner a `tg://user?id=...` link points to."""
    match = re.fullmatch(r"tg:(?://)?user/?\?id=(\d+)", url, flags=re.IGNORECASE)
    return int(match.group(1)) if match else None
