"""Button presses as values, and as the at most 64 bytes of callback data that Telegram carries."""

from dataclasses import dataclass

MAX_CALLBACK_BYTES = 64  # Telegram refuses more


@dataclass(frozen=True)
class OpenNote:
    """Show this note."""

    note_id: str


@dataclass(frozen=True)
class ForgetMe:
    """Erase what is stored about the learner; asks again until `is_sure`."""

    is_sure: bool


Press = OpenNote | ForgetMe


def encode(press: Press) -> str:
    """`press` as callback data. Data of earlier versions must stay readable: old buttons live on in chats."""
    match press:
        case OpenNote(note_id):
            return f"note:{note_id}"
        case ForgetMe(is_sure):
            return f"forget:{'sure' if is_sure else 'ask'}"


def decode(data: str) -> Press | None:
    """The press behind `data`, or None for data this version does not know."""
    verb, _, argument = data.partition(":")
    if verb == "note" and argument:
        return OpenNote(argument)
    if verb == "forget" and argument in ("ask", "sure"):
        return ForgetMe(argument == "sure")
    return None
