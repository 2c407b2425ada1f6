"""Which plain values do all parts share? JSON objects, refusals and UTF-16 lengths; no state."""

from typing import Any, NoReturn

Json = dict[str, Any]
"""One JSON object of the Bot API, as it goes over the wire."""


class Refusal(Exception):
    """The Bot API refuses a call: an HTTP status with Telegram's own sentence."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The JSON answer a bot reads."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class BadInput(Exception):
    """A call of the control half makes no sense; the message says why in plain words."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def refuse(text: str) -> NoReturn:
    """Refuse as Telegram does with a 400; `text` begins as the server begins it (lower case, or a CODE)."""
    raise Refusal(400, f"Bad Request: {text}")


def is_utf8(text: str) -> bool:
    """False for half surrogates, which JSON can carry and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, the unit of every offset and limit of the Bot API."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass")
