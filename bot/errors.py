"""What can stop the program, each with one line to act on; what a learner may expect is a value instead."""


class NextRungError(Exception):
    """Something the operator has to put right; its text says what."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class SettingsError(NextRungError):
    """A setting is wrong or missing."""


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
