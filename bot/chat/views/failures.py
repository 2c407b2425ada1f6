"""What a learner reads when something is not as it should be. Pure."""

from collections.abc import Sequence

from bot.chat.links import Target, address_of
from bot.chat.views.catalogue import _, many
from bot.chat.views.reply import Link, Reply
from bot.chat.views.rich import Rich, code, join
from bot.chat.views.under import IN_PRIVATE
from knowledge.schema import Pack

TOLD = 10  # missed questions named; more would be a wall of text
MAX_QUOTED = 200  # characters of each


def not_text() -> Reply:
    """A sticker, photo, voice message and the like."""
    return Reply(
        Rich(_("I can only read text for now. Write me your question in a few words, and I'll answer."))
    )


def edited() -> Reply:
    """An edited message."""
    return Reply(
        Rich(_("I saw that you edited your message. Send it once more as a new one, and I'll answer."))
    )


def unknown_command() -> Reply:
    """A command the bot does not have."""
    return Reply(Rich(_("I don't know that command. Just write your question, or see /help.")))


def name_comes_behind(command: str, username: str) -> Reply:
    """In a group a command was written behind the bot's name, where Telegram does not take it for one."""
    text = _("A command comes first, with my name right behind it: {command}").format(
        command=f"/{command}@{username}"
    )
    return Reply(Rich(text))


def command_under_a_picture() -> Reply:
    """A command in the caption of a picture or file."""
    return Reply(Rich(_("I take a command only as a message of its own, without a picture or file.")))


def private_only(command: str, username: str) -> Reply:
    """A command in a group whose answer is nobody else's business."""
    return Reply(_between_us(command).text, ((go_on_in_private(command, username),),))


def operators_only_in_private(command: str) -> Reply:
    """The same of an operator's command, which no link leads to."""
    return _between_us(command)


def _between_us(command: str) -> Reply:
    text = _("That is between you and me: send {command} in our private chat.").format(command=f"/{command}")
    return Reply(Rich(text))


def go_on_in_private(command: str, username: str) -> Link:
    """A button that opens the private chat and does there what the command does."""
    return Link(_(IN_PRIVATE), address_of(username, Target("do", command)))


def old_button() -> Reply:
    """A button of an older version."""
    return Reply(Rich(_("That button is from an older version of me. Just write what you'd like to know.")))


def too_fast() -> Reply:
    """More messages in a short time than anybody can read the answers of."""
    return Reply(
        Rich(
            _(
                "That's faster than I can follow, so I left out your last messages. "
                "Give me a minute, and ask on."
            )
        )
    )


def missed(questions: Sequence[str]) -> Reply:
    """Questions asked long ago that are not answered any more, as newer ones are; tapping one copies it."""
    away = _("I was away for a while, I'm sorry. I'm answering your newest questions now.")
    left_out = many(
        "This older one I left out; send it again and I'll answer:",
        "These older ones I left out; send any of them again and I'll answer:",
        len(questions),
    )
    quoted = [Rich("• ") + code(" ".join(each.split())[:MAX_QUOTED]) for each in questions[-TOLD:]]
    return Reply(join("\n", [f"{away} {left_out}", *quoted]))


def apology(reference: int) -> Reply:
    """Something failed; `reference` finds it in the log and the inbox."""
    text = _(
        "Sorry, I couldn't answer that: something went wrong on my side, and it has been noted "
        "(number {reference}). Please try other words, or ask again later."
    )
    return Reply(Rich(text.format(reference=reference)))


def no_items(pack: Pack) -> Reply:
    """A daily question is wanted of a pack that has none to ask."""
    text = _("I have no questions to ask you yet. Ask me anything about {subject}.")
    return Reply(Rich(text.format(subject=pack.subject)))


def only_notes(pack: Pack) -> Reply:
    """Skills, quizzes or plans are wanted of a pack that has none."""
    text = _("I have no skills to guide you through yet, and no quizzes. Ask me anything about {subject}.")
    return Reply(Rich(text.format(subject=pack.subject)))
