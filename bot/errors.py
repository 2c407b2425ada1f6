"""What can stop the program, each with one line to act on; what a learner may expect is a value instead."""

import errno

ROOM = "400 MB"  # with the embedded model: 240 while its twin is made, then the index and the database


class NextRungError(Exception):
    """Something the operator has to put right; its text says what."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class SettingsError(NextRungError):
    """A setting is wrong or missing."""


class DiskFull(NextRungError):
    """There is no room left where something has to be kept."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            f"the disk is full ({folder}): make room there, {ROOM} for a first start, "
            "or set BOT_DATA_DIR to a folder on a larger disk"
        )


class AddressTaken(NextRungError):
    """Another program listens on the address already."""


class DatabaseUnavailable(NextRungError):
    """The database cannot be opened."""


class DatabaseAway(DatabaseUnavailable):
    """The database's server does not answer; it may later."""


class ModelUnusable(NextRungError):
    """The embedding model cannot be used; check BOT_EMBEDDING_MODEL."""


class BuildersMissing(NextRungError):
    """The index has to be built, and what builds it is not installed."""


class PackUnusable(NextRungError):
    """The knowledge pack has problems."""


class TokenRefused(NextRungError):
    """Telegram does not accept BOT_TOKEN; copy it again from @BotFather (command /token)."""


class WebhookRefused(NextRungError):
    """Telegram refuses BOT_WEBHOOK_URL."""


def in_words(error: OSError) -> str:
    """A fault of the machine, and what to do about it."""
    where = f" ({error.filename})" if error.filename else ""
    if is_full_disk(error):
        return str(DiskFull(error.filename or "of BOT_DATA_DIR"))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission to write{where}: change the folder's owner, or set BOT_DATA_DIR"
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"a file stands where a folder is needed{where}: move it away, or set BOT_DATA_DIR"
    if error.errno == errno.ENOENT:
        return f"it is not there, and cannot be made{where}: set BOT_DATA_DIR to a folder that can be"
    return f"{error.strerror or error}{where}"


def is_full_disk(error: OSError) -> bool:
    """Whether there is no room left, on the disk or of what this user may have of it."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
