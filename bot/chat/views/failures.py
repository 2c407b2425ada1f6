"""What a learner reads when something is not as it should be. Pure."""

from bot.chat.views.reply import Reply
from bot.chat.views.rich import Rich


def not_text() -> Reply:
    """A sticker, photo, voice message and the like."""
    return Reply(
        Rich("I can only read text for now. Write me your question in a few words, and I'll answer.")
    )


def edited() -> Reply:
    """An edited message."""
    return Reply(Rich("I saw that you edited your message. Send it once more as a new one, and I'll answer."))


def unknown_command() -> Reply:
    """A command the bot does not have."""
    return Reply(Rich("I don't know that command. Just write your question, or see /help."))


def private_only(command: str) -> Reply:
    """A command in a group whose answer is nobody else's business."""
    return Reply(Rich(f"That is between you and me: send /{command} in our private chat."))


def old_button() -> Reply:
    """A button of an older version."""
    return Reply(Rich("That button is from an older version of me. Just write what you'd like to know."))


def apology(reference: int) -> Reply:
    """Something failed; `reference` finds it in the log and the inbox."""
    text = "Sorry, I couldn't answer that: something went wrong on my side, and it has been noted"
    return Reply(Rich(f"{text} (number {reference}). Please try other words, or ask again later."))
