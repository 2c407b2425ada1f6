"""How answers, abstentions and small talk read. Pure."""

import re
from datetime import date

from bot.chat.buttons import OpenNote
from bot.chat.views import subject
from bot.chat.views.catalogue import N_, _
from bot.chat.views.enrol import data_buttons
from bot.chat.views.failures import go_on_in_private
from bot.chat.views.reply import Button, Reply, note_buttons
from bot.chat.views.rich import Rich, bold, fill, from_markdown, italic, join, link
from bot.chat.views.times import day_and_year
from bot.chat.views.under import Under, row_under
from bot.guidance.results import Heard, NoteGone, SmallTalk, WishHeard
from index.answer import Abstention, Answer, Citation, NoOtherWords, TwoAnswers
from knowledge.schema import Pack, Resource, Source

MORE = N_("Read more")
MAX_RELATED = 3  # buttons; more would push the answer off a phone's screen

_ABSTENTIONS = {
    "off_path": N_(
        "I only know about {subject}, and this is outside of that. Here is what I can tell you about:"
    ),
    "nothing_close": N_("My sources don't say, so I'd rather not guess. Here is what I can tell you about:"),
    "too_vague": N_(
        "I need a word or two more: what would you like to know? Ask in your own "
        "words{example}. Or one of these:"
    ),
    "unreadable": N_("I can't make sense of that, sorry. Ask in your own words{example}. Or one of these:"),
    "other_language": N_(
        "I only know English so far, sorry. Simple English is fine, mistakes and all. For example:"
    ),
}
_NEAR = N_("My sources don't say, so I'd rather not guess. The nearest things I do know:")
_NO_OTHER_WORDS = N_(
    "That was all I have on {note}, in the only words I have. If one of them stops you, ask me about that "
    "one alone. Or go on from here:"
)
_GREETING = N_("Hello! Ask me anything about {subject}. For example:")
_PRIVACY = N_(
    "Send /privacy to see what I store about you and why, /export to have it as a file, or "
    "/delete to have it erased."
)
_SMALL_TALK: dict[str, str] = {  # by SmallTalkTopic; talk that is declined has its reply above
    "greeting": _GREETING,
    "thanks": N_("You're welcome! Ask on whenever you like."),
    "acknowledgement": N_("Good. Ask on whenever you like."),
    "goodbye": N_("See you! Every small step counts. I'm here whenever you want to go on."),
    "wellbeing": N_("I'm fine, thank you, and ready for your questions. How is the learning going?"),
    "identity": N_(
        "I'm Next Rung, a bot that guides people on the way to {subject}. "
        "I answer from written notes and name my sources. No person types here, and I don't make things up."
    ),
    "abilities": N_(
        "Ask me about {subject}{covers}. I answer briefly and name the source; when my sources "
        "don't say, I tell you."
    ),
    "discouraged": N_(
        "That happens to everyone who learns something hard; it says nothing about your talent. "
        "Rest a little, then take one small step. One of these may help:"
    ),
    "burned-out": N_(
        "Then rest comes first, truly. Take some days off without a plan, sleep, see people. "
        "If it doesn't pass, talk to a doctor. The path will still be here, and so will I."
    ),
    "distress": N_(
        "I'm a bot and can't help with this the way a person can, but you matter more than any "
        "course. Please talk to someone now: a person you trust, a doctor, or your local emergency number. "
        "At findahelpline.com you find people in your country who listen, free and in confidence."
    ),
    "sorrow": N_(
        "I'm so sorry. Take all the time you need; nothing here runs away. "
        "I hope there is somebody near you to talk to."
    ),
    "complaint": N_(
        "I'm sorry, that wasn't what you needed. Try other words, or name one thing you want to "
        "know. I only know what my notes say."
    ),
    "apology": N_("No need to be sorry. Ask on whenever you like."),
    "good-news": N_("How lovely, I'm happy with you! Enjoy the moment; the next step can wait a little."),
    "price": N_("I'm free: my program is open source, and no answer, quiz or plan costs you anything."),
    "joke": N_("Jokes and poems are not my strength, I'm afraid; answers are. Try me with a question!"),
    "sources": N_(
        "Under each answer stands where it comes from, and of which year that is. Where things "
        "have changed since, the note says so."
    ),
    "other": N_(
        "I'm better at answering than at chatting, but I'm glad you're here. "
        "Ask me whatever you'd like to know."
    ),
    "privacy": _PRIVACY,
}
_WITHOUT_STARTERS = (
    *("thanks", "acknowledgement", "apology", "goodbye", "burned-out", "distress", "sorrow", "complaint"),
    *("sources", "other", "joke", "good-news", "price"),
)

_IN_PRIVATE = {
    "next_step": N_("I choose your next step in our private chat: write /next there. Meanwhile:"),
    "quiz": N_("I quiz you in our private chat: write /quiz there. Meanwhile:"),
    "progress": N_("I show your progress in our private chat only: write /progress there. Meanwhile:"),
    "set_daily": N_("I send daily questions in our private chat: write /daily there. Meanwhile:"),
}


_IN_NO_CHAT = {  # a private chat does what is wished instead; where there is none, it can only be told
    "next_step": N_("Send /next and I choose your next step. Meanwhile:"),
    "quiz": N_("Send /quiz and I quiz you. Meanwhile:"),
    "progress": N_("Send /progress and I show how far you are. Meanwhile:"),
    "set_daily": N_("Send /daily and I send you a question a day. Meanwhile:"),
}
_LEAD_IN = re.compile(r"\s+[^.!?]*:$")  # to the buttons under a text


_KINDS = {  # of resources
    "article": N_("article"),
    "book": N_("book"),
    "course": N_("course"),
    "docs": N_("docs"),
    "exercises": N_("exercises"),
    "site": N_("site"),
    "tool": N_("tool"),
    "video": N_("video"),
}
_COMMAND_OF = {"next_step": "next", "quiz": "quiz", "progress": "progress", "set_daily": "daily"}


_ONLY_WORDS = N_("I can't look at pictures or files, I only read the words with them.")


def heard(result: Heard | NoteGone, pack: Pack, under: Under | None = None) -> Reply:
    """The reply to anything a learner said; `under` tells what the last row under an answer holds."""
    match result:
        case Answer():
            return answer(result, under)
        case TwoAnswers(parts):
            return two_answers(parts, under)
        case NoOtherWords(told):
            onward = note_buttons(told.related[:MAX_RELATED])
            return Reply(fill(_(_NO_OTHER_WORDS), note=bold(told.note.title)), onward)
        case Abstention(offers=offers, is_near=True):
            return Reply(Rich(_(_NEAR)), note_buttons(offers))
        case Abstention(reason, offers):
            return Reply(Rich(subject.fill(_(_ABSTENTIONS[reason]), pack)), note_buttons(offers))
        case SmallTalk("privacy"):
            return Reply(Rich(_(_PRIVACY)), data_buttons())
        case SmallTalk(topic, starters):
            rows = () if topic in _WITHOUT_STARTERS else note_buttons(starters)
            return Reply(Rich(subject.fill(_(_SMALL_TALK.get(topic, _GREETING)), pack)), rows)
        case WishHeard(intent, starters):
            if under is None:
                return Reply(Rich(_(_IN_NO_CHAT[intent.name])), note_buttons(starters))
            there = (go_on_in_private(_COMMAND_OF[intent.name], under.username),)
            return Reply(Rich(_(_IN_PRIVATE[intent.name])), (there, *note_buttons(starters)))
        case NoteGone(starters):
            text = _(
                "That note has been rewritten since I showed you this button. Ask me, or try one of these:"
            )
            return Reply(Rich(text), note_buttons(starters))


def heard_under_a_picture(result: Heard, pack: Pack, under: Under | None = None) -> Reply:
    """The reply to a caption; one that its words alone don't answer is probably about the picture."""
    reply = heard(result, pack, under)
    if isinstance(result, Answer | TwoAnswers):
        return reply
    return Reply(join("\n\n", [_(_ONLY_WORDS), reply.text]), reply.rows)


def answer(result: Answer, under: Under | None = None) -> Reply:
    """Title, the note's words, where to learn it, its numbered sources; buttons tell more and lead on."""
    parts = [bold(result.note.title), _told(result), _sources(result.citations)]
    last = row_under(result.note, under) if under else ()
    return Reply(join("\n\n", parts), (*_more(result), *note_buttons(result.related[:MAX_RELATED]), *last))


def two_answers(parts: tuple[Answer, Answer], under: Under | None = None) -> Reply:
    """Two short answers in one message, the sources of both numbered through."""
    told = [join("\n\n", [bold(part.note.title), from_markdown(part.text)]) for part in parts]
    sources = _sources(parts[0].citations + parts[1].citations)
    last = row_under(None, under) if under else ()
    return Reply(join("\n\n", [*told, sources]), (*note_buttons(part.note for part in parts), *last))


def plain_answer(result: Heard, pack: Pack) -> str:
    """What the learner reads, without source names, buttons and what leads to these; for scripts/ask.py."""
    match result:
        case Answer():
            return _told(result).text
        case TwoAnswers(parts):
            return "\n\n".join(from_markdown(part.text).text for part in parts)
    return _LEAD_IN.sub("", heard(result, pack).text.text)


def _more(answer: Answer) -> tuple[tuple[Button, ...], ...]:
    """The way to the whole note, where only a part of it was told."""
    return () if answer.is_whole else ((Button(_(MORE), OpenNote(answer.note.id)),),)


def _told(answer: Answer) -> Rich:
    """The note's words; where to learn it comes with the whole note, or at once if learning is its matter."""
    told = from_markdown(answer.text)
    shows_resources = answer.resources and (answer.is_whole or answer.note.kind == "learning")
    return join("\n\n", [told, _resources(answer.resources)]) if shows_resources else told


def _resources(resources: tuple[Resource, ...]) -> Rich:
    """Where to learn it for free, and on which day we last saw each address."""
    return join("\n", [_("Free to learn from:"), *map(_resource, resources)])


def _resource(resource: Resource) -> Rich:
    told, day = _("{resource} ({author}, {kind}; not checked yet)"), ""
    if isinstance(resource.checked, date):
        told = _("{resource} ({author}, {kind}; checked {date})")
        day = day_and_year(resource.checked)
    named = link(resource.title, resource.address)
    kind = _(_KINDS[resource.kind])
    return Rich("• ") + fill(told, resource=named, author=resource.author, kind=kind, date=day)


def _sources(citations: tuple[Citation, ...]) -> Rich:
    """Numbered, each once: two notes may rest on the same."""
    sources = {f"{each.source.title}, {each.source.year}": each.source for each in citations}
    return join("\n", (_source(number, source) for number, source in enumerate(sources.values(), 1)))


def _source(number: int, source: Source) -> Rich:
    name = f"{source.title}, {source.year}"
    return Rich(f"[{number}] ") + (link(name, source.address) if source.address else italic(name))
