"""What a learner reads when something is not as it should be. Pure."""

from collections.abc import Sequence

from bot.chat.links import Target, address_of
from bot.chat.views.reply import Link, Reply
from bot.chat.views.rich import Rich, code, join
from bot.chat.views.under import IN_PRIVATE

TOLD = 10  # missed questions named; more would be a wall of text
MAX_QUOTED = 200  # characters of each


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


def private_only(command: str, username: str) -> Reply:
    """A command in a group whose answer is nobody else's business."""
    text = f"That is between you and me: send /{command} in our private chat."
    return Reply(Rich(text), ((go_on_in_private(command, username),),))


def go_on_in_private(command: str, username: str) -> Link:
    """A button that opens the private chat and does there what the command does."""
    return Link(IN_PRIVATE, address_of(username, Target("do", command)))


def old_button() -> Reply:
    """A button of an older version."""
    return Reply(Rich("That button is from an older version of me. Just write what you'd like to know."))


def too_fast() -> Reply:
    """More messages in a short time than anybody can read the answers of."""
    return Reply(
        Rich(
            "That's faster than I can follow, so I left out your last messages. Give me a minute, and ask on."
        )
    )


def missed(questions: Sequence[str]) -> Reply:
    """Questions asked long ago that are not answered any more, as newer ones are; tapping one copies it."""
    older, one_of_them = (
        ("This older one", "it") if len(questions) == 1 else ("These older ones", "any of them")
    )
    text = (
        "I was away for a while, I'm sorry. I'm answering your newest questions now. "
        f"{older} I left out; send {one_of_them} again and I'll answer:"
    )
    quoted = [Rich("• ") + code(" ".join(each.split())[:MAX_QUOTED]) for each in questions[-TOLD:]]
    return Reply(join("\n", [Rich(text), *quoted]))


def apology(reference: int) -> Reply:
    """Something failed; `reference` finds it in the log and the inbox."""
    text = "Sorry, I couldn't answer that: something went wrong on my side, and it has been noted"
    return Reply(Rich(f"{text} (number {reference}). Please try other words, or ask again later."))
