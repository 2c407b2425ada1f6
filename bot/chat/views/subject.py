"""What the bot is about, in its own sentences: the pack says it. Pure."""

from bot.chat.views.catalogue import _
from knowledge.schema import Pack


def fill(text: str, pack: Pack) -> str:
    """`text` with {subject}, {covers} and {example} filled in; what a pack does not say is left out."""
    return text.format(
        subject=pack.subject,
        # Translators: stands right behind the subject.
        covers=_(": {covers}").format(covers=pack.covers) if pack.covers else "",
        # Translators: stands right behind "Ask in your own words".
        example=_(', for example "{question}"').format(question=pack.examples[0]) if pack.examples else "",
    )
