"""How a learner is handed all that is stored about them: one JSON document (docs/my-data.md). Pure."""

import json
from datetime import date, time

from bot.chat.buttons import ChooseNext, ForgetMe
from bot.chat.views.catalogue import _
from bot.chat.views.reply import Button, Document, Reply
from bot.chat.views.rich import Rich
from bot.guidance.results import Export, NothingStored

FORMAT = 1  # the version of the document's structure; docs/my-data.md describes it
FILE = "next-rung-my-data.json"


def exported(result: Export | NothingStored) -> Reply:
    """The file, and what is in it."""
    on = (Button(_("What's next for me?"), ChooseNext()),)
    if isinstance(result, NothingStored):
        nothing = _("I have nothing stored about you. Write me a question, and we begin.")
        return Reply(Rich(nothing), (on,))
    text = _(
        "Here is everything I have stored about you, as it is now: a JSON file, which any text editor opens. "
        "To have it all erased, send /delete."
    )
    sorry = _("I can't send you a file here, sorry. Please ask whoever runs me for your data; they can help.")
    instead = Reply(Rich(sorry), (on,))
    return Reply(
        Rich(text),
        ((Button(_("Delete my data"), ForgetMe(is_sure=False)),), on),
        document=Document(FILE, document(result), instead),
    )


def document(export: Export) -> bytes:
    """The rows of every table under its name."""
    content = {"format": FORMAT, "exported_at": export.made_at, **export.tables}
    return json.dumps(content, indent=1, ensure_ascii=False, default=_iso).encode()


def _iso(value: object) -> str:
    """Times and dates in ISO 8601; JSON has no others of the types that tables hold."""
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    raise TypeError(f"a table holds {type(value).__name__}, which JSON cannot")
