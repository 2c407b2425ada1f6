"""How cards read that are shown to whoever types the bot's name in any chat. Pure."""

from bot.chat.links import HELLO, Target, address_of
from bot.chat.views import ask
from bot.chat.views.reply import Card, Link, Reply
from bot.chat.views.rich import Rich, from_markdown
from bot.chat.views.subject import fill
from bot.guidance.results import Cards
from index.answer import Answer
from knowledge.schema import Pack

MAX_LINE = 120  # characters of a description; phones show about two lines
ASK_MORE = "Ask more"
OPEN = "Ask me in private"  # the button above the cards

_NO_ANSWER = {
    "off_path": "I only know about {subject}",
    "nothing_close": "My sources don't say; nearest is:",
    "too_vague": "A word or two more, please",
    "unreadable": "I can't make sense of that yet",
    "other_language": "I only know English so far",
}
_INVITATION = (
    "I answer questions about {subject}, briefly and with the source. Type my name and your question in any "
    "chat, for example: {typed}"
)


def cards(result: Cards, pack: Pack, username: str) -> list[Card]:
    """The answers; where there is none, first a friendly card that says so."""
    declined = [_declined(result.reason, pack, username)] if result.reason else []
    return [*declined, *(_answered(each, username) for each in result.answers)]


def _answered(answer: Answer, username: str) -> Card:
    note = answer.note
    told = from_markdown(answer.text).text
    more = Link(ASK_MORE, address_of(username, Target("note", note.id)))
    return Card(note.id, note.title, _line(told), Reply(ask.answer(answer).text, ((more,),)))


def _declined(reason: str, pack: Pack, username: str) -> Card:
    example = pack.examples[0] if pack.examples else "your question"
    text = fill(_INVITATION.replace("{typed}", f"@{username} {example}"), pack)
    title = fill(_NO_ANSWER[reason], pack)
    more = Link(ASK_MORE, f"https://t.me/{username}?start={HELLO}")
    return Card("declined", title, f"For example: {example}", Reply(Rich(text), ((more,),)))


def _line(text: str) -> str:
    """The beginning, on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_LINE else line[:MAX_LINE].rsplit(" ", 1)[0] + " …"
