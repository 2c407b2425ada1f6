"""Which calls shall fail, and how? A script of faults for tests; it does not know what the methods do."""

from dataclasses import dataclass

from bot.sandbox.values import BadInput, Json, Refusal

_DESCRIPTIONS = {
    400: "Bad Request: fault",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}
SENDS = ("sendmessage", "sendphoto", "senddocument", "sendpoll")
_STORM = ("502", "429", "drop", "drop_after", "500")
_STORM_EVERY = 2
"""Of so many calls one fails, in turn by each of these; asking for updates is spared."""
_SILENT = ("hang", "drop", "drop_after")
_FOREVER = 1 << 30


@dataclass
class Fault:
    """What happens to the next `times` calls of a method (`*`: any; `send`: one that brings a message)."""

    method: str
    kind: str
    retry_after: int = 5
    seconds: float = 60.0
    times: int = _FOREVER
    text: str = ""

    def meets(self, method: str) -> bool:
        return self.method in ("*", method) or (self.method == "send" and method in SENDS)

    def refusal(self) -> Refusal | None:
        """The answer for kinds that are HTTP statuses; None for hang, drop and drop_after."""
        if self.kind in _SILENT:
            return None
        if self.kind == "429":
            description = self.text or f"Too Many Requests: retry after {self.retry_after}"
            return Refusal(429, description, {"retry_after": self.retry_after})
        return Refusal(int(self.kind), self.text or _DESCRIPTIONS[int(self.kind)])


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.is_storming = False
        self._storm_calls = 0

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()
        self.is_storming = False

    def to_come(self) -> list[Json]:
        """What waits, for those who look on."""
        return [{"kind": one.kind, "method": one.method, "times": one.times} for one in self._waiting]

    def next_for(self, method: str) -> Fault | None:
        """The fault for this call, used up by it."""
        for fault in self._waiting:
            if fault.meets(method.lower()):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return self._of_the_storm(method.lower()) if self.is_storming else None

    def _of_the_storm(self, method: str) -> Fault | None:
        if method == "getupdates":
            return None
        self._storm_calls += 1
        turn, is_spared = divmod(self._storm_calls, _STORM_EVERY)
        return None if is_spared else Fault(method, _STORM[(turn - 1) % len(_STORM)], retry_after=1)


def read_fault(body: Json) -> Fault:
    """A fault from the control half; a `kind` nobody knows is bad input."""
    kind = str(body.get("kind", ""))
    known = (*_SILENT, "429", *map(str, _DESCRIPTIONS))
    if kind not in known:
        raise BadInput(f"kind must be duplicate_update, flood_limits, storm or one of {', '.join(known)}")
    given = {
        name: body[name] for name in ("retry_after", "seconds", "times", "text") if body.get(name) is not None
    }
    for name in given.keys() - {"text"}:
        if isinstance(given[name], bool) or not isinstance(given[name], int | float):
            raise BadInput(f"{name} must be a number")
    return Fault(method=str(body.get("method", "*")).lower(), kind=kind, **given)
