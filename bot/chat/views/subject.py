"""What the bot is about, in its own sentences: the pack says it. Pure."""

from knowledge.schema import Pack


def fill(text: str, pack: Pack) -> str:
    """`text` with {subject}, {covers} and {example} filled in; what a pack does not say is left out."""
    return text.format(
        subject=pack.subject,
        covers=f": {pack.covers}" if pack.covers else "",
        example=f', for example "{pack.examples[0]}"' if pack.examples else "",
    )
