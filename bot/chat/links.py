"""Deep links as values, and as the at most 64 characters that Telegram hands over after /start. Pure."""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

Kind = Literal["note", "skill", "quiz", "track", "do"]

# Telegram takes A-Z, a-z, 0-9, _ and -, and at most 64 of them; the ids of a pack hold no underscore.
_PAYLOAD = re.compile(rf"({'|'.join(get_args(Kind))})_([a-z0-9-]+(?:_[a-z0-9-]+)?)")
MAX_PAYLOAD = 64


HELLO = "hello"  # what buttons send that lead to the bot and to nothing in particular


@dataclass(frozen=True)
class Target:
    """What a link opens: a note, a skill, a quiz on a skill, a track; or what a command does, by its name."""

    kind: Kind
    id: str


def payload_of(target: Target) -> str:
    """`target` as what follows `?start=`. Payloads of earlier versions must stay readable: links are kept."""
    return f"{target.kind}_{target.id.replace('.', '_')}"


def target_of(payload: str) -> Target | None:
    """What `payload` leads to, or None for what this version does not know; it may be anybody's invention."""
    found = _PAYLOAD.fullmatch(payload) if len(payload) <= MAX_PAYLOAD else None
    if found is None:
        return None
    kind: Kind = next(each for each in get_args(Kind) if each == found[1])
    if ("_" in found[2]) != (kind == "note"):
        return None
    return Target(kind, found[2].replace("_", "."))


def address_of(username: str, target: Target) -> str:
    """The address that opens the bot at `target`."""
    return f"https://t.me/{username}?start={payload_of(target)}"


def door_address(username: str) -> str:
    """The address that opens the bot where everybody begins."""
    return f"https://t.me/{username}?start={HELLO}"


def share_address(username: str, target: Target, words: str) -> str:
    """The address at which Telegram asks whom to send the link of `target` to, with `words` before it."""
    return "https://t.me/share/url?" + urlencode({"url": address_of(username, target), "text": words})


def group_address(username: str) -> str:
    """The address at which Telegram asks which group to bring the bot into."""
    return f"https://t.me/{username}?startgroup={HELLO}"
