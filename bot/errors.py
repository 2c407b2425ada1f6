"""What can stop the program, each with one line to act on; what a learner may expect is a value instead."""


class NextRungError(Exception):
    """Something the operator has to put right."""

    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class SettingsError(NextRungError):
    """A setting is wrong or missing."""

    exit_code = 2


class AddressTaken(NextRungError):
    """Another program listens on the address already."""

    exit_code = 2


class TokenRefused(NextRungError):
    """Telegram does not accept BOT_TOKEN; copy it again from @BotFather (command /token)."""

    exit_code = 2


class DatabaseUnavailable(NextRungError):
    """The database cannot be opened."""

    exit_code = 2


class WebhookRefused(NextRungError):
    """Telegram refuses BOT_WEBHOOK_URL."""

    exit_code = 2


class ModelUnusable(NextRungError):
    """The embedding model cannot be used."""

    exit_code = 2
