"""What does the page show of what goes on behind the chats? A line for each call, and the faults to come."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.sandbox.values import Json

if TYPE_CHECKING:
    from bot.sandbox.world import Chat, World

UNSEEN = ("getupdates",)
"""Asked all the time; what it brings is in the chats already."""
MOST_SHOWN = 60


def is_shown(call: Json) -> bool:
    """Whether a call is worth a line."""
    return call["method"].lower() not in UNSEEN


def call_line(call: Json, chats: Mapping[int, "Chat"]) -> Json:
    """What is worth a line on the page; parameters and answer are asked for one by one."""
    kept = {name: call[name] for name in ("number", "at", "method", "status", "milliseconds", "fault")}
    chat = chats.get(_number(call["params"].get("chat_id")))
    response = call["response"] if isinstance(call["response"], dict) else {}
    return kept | {"of": chat.title if chat else "", "said": str(response.get("description", ""))}


def newest(calls: Iterable[Json], chats: Mapping[int, "Chat"]) -> list[Json]:
    """The lines of the last calls, newest first; `calls` come newest first."""
    shown = (call for call in calls if is_shown(call))
    return [call_line(call, chats) for call, _ in zip(shown, range(MOST_SHOWN), strict=False)]


def weather(world: "World") -> Json:
    """Which faults wait, whether it storms, and how many updates the bot has not fetched."""
    twice = [{"kind": "duplicate_update", "method": "", "times": 1}] * world.updates.twice
    return {
        "waiting": world.faults.to_come() + twice,
        "storm": world.faults.is_storming,
        "updates": len(world.updates),
    }


def _number(value: object) -> int:
    """A chat's id as a bot may write it; 0, which is nobody's, for anything else."""
    try:
        return int(str(value))
    except ValueError:
        return 0
