"""How cards read that are shown to whoever types the bot's name in any chat. Pure."""

from bot.chat.links import HELLO, Target, address_of
from bot.chat.views import ask, subject
from bot.chat.views.catalogue import N_, _
from bot.chat.views.reply import Card, Link, Reply
from bot.chat.views.rich import Rich, from_markdown
from bot.guidance.results import Cards
from index.answer import Answer
from knowledge.schema import Pack

MAX_LINE = 120  # characters of a description; phones show about two lines
ASK_MORE = N_("Ask more")
OPEN = N_("Ask me in private")

_NO_ANSWER = {
    "off_path": N_("I only know about {subject}"),
    "nothing_close": N_("My sources don't say; below is what's near"),
    "too_vague": N_("A word or two more, please"),
    "unreadable": N_("I can't make sense of that yet"),
    "other_language": N_("I only know English so far"),
    "a_wish": N_("For that, write to me in private"),
}
_INVITATION = N_(
    "I answer questions about {subject}, briefly and with the source. Type my name and your question in any "
    "chat, for example: {typed}"
)


def cards(result: Cards, pack: Pack, username: str) -> list[Card]:
    """The answers; where there is none, first a friendly card that says so."""
    declined = [_declined(result.reason, pack, username)] if result.reason else []
    return [*declined, *(_answered(each, username) for each in result.answers)]


def open_label() -> str:
    """The button above the cards."""
    return _(OPEN)


def _answered(answer: Answer, username: str) -> Card:
    note = answer.note
    told = from_markdown(answer.text).text
    more = Link(_(ASK_MORE), address_of(username, Target("note", note.id)))
    return Card(note.id, note.title, _line(told), Reply(ask.answer(answer).text, ((more,),)))


def _declined(reason: str, pack: Pack, username: str) -> Card:
    example = pack.examples[0] if pack.examples else _("your question")
    text = subject.fill(_(_INVITATION).replace("{typed}", f"@{username} {example}"), pack)
    title = subject.fill(_(_NO_ANSWER[reason]), pack)
    more = Link(_(ASK_MORE), f"https://t.me/{username}?start={HELLO}")
    return Card(
        "declined",
        title,
        _("For example: {question}").format(question=example),
        Reply(Rich(text), ((more,),)),
    )


def _line(text: str) -> str:
    """The beginning, on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_LINE else line[:MAX_LINE].rsplit(" ", 1)[0] + " …"
