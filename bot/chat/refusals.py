"""What does a failed call mean? The one place that knows Telegram's words for it. Pure."""

from enum import Enum, auto

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.chat.answers import AnswerUnreadable


class Meaning(Enum):
    """What to do about a message that could not be sent."""

    TAKEN = auto()  # it arrived, though the answer cannot be read
    BLOCKED = auto()  # nothing can be sent to this chat any more
    MIGRATED = auto()  # the group has another id now
    WAIT = auto()  # too many requests: the same again, when told to
    FORMATTING = auto()  # refused for its formatting; the bare text can still arrive
    REFUSED = auto()  # for good
    MOOT = auto()  # an edit that would change nothing, as after a double tap
    UNABLE = auto()  # the server cannot do this, now or ever: something simpler may go, or later the same
    NOT_SENT = auto()  # it did not reach the server: again
    IN_DOUBT = auto()  # nobody knows whether it arrived


# Telegram's words, in lower case, in the order they are looked for. Sources: telegram-bot-api's Client.cpp
# and TDLib, as of Bot API 10. A `Forbidden` is BLOCKED whatever it says ("bot was blocked by the user", "user
# is deactivated", "bot can't initiate conversation with a user", "bot was kicked from the group chat").
BAD_REQUESTS = (
    ("message is not modified", Meaning.MOOT),
    ("poll has already been closed", Meaning.MOOT),
    ("parse entities", Meaning.FORMATTING),
    ("entities_too_long", Meaning.FORMATTING),
    ("entity", Meaning.FORMATTING),
    ("chat not found", Meaning.BLOCKED),  # never wrote to this bot, or gone
    ("user is deactivated", Meaning.BLOCKED),
    ("peer_id_invalid", Meaning.BLOCKED),
    ("group chat was deactivated", Meaning.BLOCKED),
)
# How httpx names what happened before a byte left; any other break of the line leaves the arrival open.
_BEFORE_SENDING = (
    "httpx.connecterror",
    "httpx.localprotocolerror",
    "httpx.unsupportedprotocol",
    "pool timeout",
)
_IN_BETWEEN = ("gateway timeout", "http 504")  # a server in front of Telegram's gave up waiting


def meaning_of(trouble: Exception) -> Meaning:
    """What `trouble` means for the message it befell."""
    match trouble:
        case AnswerUnreadable():
            return Meaning.TAKEN
        case ChatMigrated():
            return Meaning.MIGRATED
        case RetryAfter():
            return Meaning.WAIT
        case Forbidden():
            return Meaning.BLOCKED
        case BadRequest():
            words = str(trouble).lower()
            return next((meaning for part, meaning in BAD_REQUESTS if part in words), Meaning.REFUSED)
        case EndPointNotFound():
            return Meaning.UNABLE
        case NetworkError():
            return _of_the_line(trouble)
    return Meaning.NOT_SENT  # the server said no: 401, 404, 409


def _of_the_line(trouble: NetworkError) -> Meaning:
    """A break of the line, a time-out, or a server that failed: PTB calls all of them `NetworkError`."""
    words = str(trouble).lower()
    if words.startswith(_BEFORE_SENDING) or _could_not_connect(trouble):
        return Meaning.NOT_SENT
    is_break = isinstance(trouble, TimedOut) or words.startswith(("httpx.", "unknown error in http"))
    return Meaning.IN_DOUBT if is_break or any(each in words for each in _IN_BETWEEN) else Meaning.UNABLE


def _could_not_connect(trouble: NetworkError) -> bool:
    return type(trouble.__cause__).__name__ in ("ConnectTimeout", "PoolTimeout")
