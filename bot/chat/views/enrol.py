"""How the bot greets, explains itself, and lets a learner go. Pure."""

from collections.abc import Iterator, Mapping

from bot.chat.buttons import ChooseNext, ExportMe, ForgetMe, QuizMe, SetMeUp
from bot.chat.links import door_address
from bot.chat.views import subject
from bot.chat.views.catalogue import N_, _
from bot.chat.views.commands import IN_GROUPS, OPERATOR_HELP, offered
from bot.chat.views.reply import Button, Link, Reply, note_buttons
from bot.chat.views.rich import Rich, bold, join
from bot.chat.views.under import IN_PRIVATE
from bot.guidance.results import Stopped, Welcome
from knowledge.schema import Pack

SET_ME_UP = N_("Set me up: three taps")
PRIVACY = N_(
    "I store your Telegram id, the language of your app, when you joined, the questions you ask with the "
    "note I answered from and whether you called it helpful, the notes you save, your answers to quizzes, "
    "when I placed you, which quiz questions you report, what you say of a skill, and, if you want a daily "
    "question or a weekly summary, at which hour and what became of it, and whether you said /stop. I use "
    "them only to answer and guide you, and to find gaps in my notes: the people who run me may read what I "
    "couldn't answer, without your name. "
    "If you tell me, I also store your goal (it decides what I teach you), where you stand (placement begins "
    "there), your hours a week (for your plan) and your time zone (so that your days are yours), but never "
    "your city or your location. /settings shows and changes them. "
    "What you type after my name in another chat I read to show you cards, and don't keep. "
    "When you answer a group's quiz, I keep the first name that your vote bears and whether you were right, "
    "for 30 days, for the scoreboard of that group. "
    "Otherwise I don't store your name, and I share nothing with anybody. Only a message that something goes "
    "wrong with is kept as it came, for at most 30 days, so that the fault can be found."
)


WAYS_WITH_DATA = N_(
    "/export sends you all of it as a file. /delete erases it, for good. /stop ends every message that I "
    "would send by myself. Each message, with what Telegram tells about its sender, lies in my database only "
    "until it is dealt with."
)


def data_buttons() -> tuple[tuple[Button, ...], ...]:
    """What a learner may do with what is stored."""
    return (
        (Button(_("Send me my data"), ExportMe()),),
        (Button(_("Delete my data"), ForgetMe(is_sure=False)),),
    )


def description(pack: Pack) -> str:
    """What stands in an empty chat with the bot."""
    # Translators: at most 512 characters with the subject filled in.
    text = _(
        "I guide you on the way to {subject}. Ask me anything about it{covers}. "
        "I answer briefly, name my source, and say so when I don't know. /next tells what to learn next, "
        "/quiz asks you, /progress shows where you stand."
    )
    return subject.fill(text, pack)


def short_description(pack: Pack) -> str:
    """What stands on the bot's profile."""
    # Translators: at most 120 characters with the subject filled in.
    return subject.fill(_("Your guide to {subject}. Short answers, with their sources."), pack)


_ASK_ME = N_("Ask me anything in your own words{example}. I answer briefly and tell you where it comes from.")


def welcome(result: Welcome) -> Reply:
    """The first message."""
    text = join(
        "\n\n",
        [
            bold(_("Welcome to Next Rung!")),
            subject.fill(_("I guide you on the way to {subject}, one rung at a time."), result.pack),
            subject.fill(_(_ASK_ME), result.pack),
            _("Or begin here:"),
        ],
    )
    setup = ((Button(_(SET_ME_UP), SetMeUp()),),) if result.offers_setup else ()
    return Reply(text, (*note_buttons(result.starters), *setup))


def in_a_group(pack: Pack, username: str) -> Reply:
    """The only message to a group that nobody asked for."""
    told = _(
        "Hello all! I answer questions about {subject}. Name me, {name}, with your question, or reply to one "
        "of my messages; all else here I leave alone. {quiz} asks all of you a question."
    )
    named = told.replace("{name}", f"@{username}").replace("{quiz}", f"/quiz@{username}")
    return Reply(Rich(subject.fill(named, pack)))


def help_in_a_group(result: Welcome, username: str) -> Reply:
    """What a group can do, each command as it is written there."""
    told = subject.fill(
        _("Name me, {name}, with a question about {subject}, or reply to one of my messages.").replace(
            "{name}", f"@{username}"
        ),
        result.pack,
    )
    offers = offered(result.has_skills)
    commands = "\n".join(f"/{name}@{username}: {_(offers[name])}" for name in IN_GROUPS if name in offers)
    rest = _("All else I do in our private chat: your next step, your progress, a daily question.")
    return Reply(join("\n\n", [told, commands, rest]), ((Link(_(IN_PRIVATE), door_address(username)),),))


def help_text(result: Welcome, *, is_operator: bool = False) -> Reply:
    """What one can do here."""
    own = [_("As you run me, also:"), _listed(OPERATOR_HELP)] if is_operator else []
    text = join(
        "\n\n",
        [
            _("Just write your question. Half a sentence or a typing mistake is fine."),
            " ".join(_help_beside(has_quizzes=result.has_skills)),
            _listed(offered(result.has_skills)),
            *own,
        ],
    )
    return Reply(text, note_buttons(result.starters))


def _help_beside(*, has_quizzes: bool) -> Iterator[str]:
    yield _(
        "Under an answer you find its source and buttons that lead on. When my notes don't hold the answer, "
        "I say so."
    )
    yield _("In a group, mention me or reply to me.")
    if has_quizzes:
        yield _("/quiz there is for everybody.")
    yield _("In any other chat, type my name and a question.")


def _listed(commands: Mapping[str, str]) -> str:
    return "\n".join(f"/{name}: {_(help)}" for name, help in commands.items())


def privacy() -> Reply:
    """What is stored, and how to have it erased."""
    return Reply(join("\n\n", [_(PRIVACY), _(WAYS_WITH_DATA)]), data_buttons())


def confirm_forget() -> Reply:
    """Asks once more: erasing cannot be undone."""
    text = _(
        "Shall I erase everything I have stored about you? It cannot be undone. "
        "If you'd rather keep a copy, send /export first; if you'd rather stay, just write on."
    )
    return Reply(Rich(text), ((Button(_("Yes, erase it"), ForgetMe(is_sure=True)),),))


def stopped(result: Stopped) -> Reply:
    """What is sent from now on, and what is not."""
    done = _("Done: no more daily questions.") if result.had_prompts else _("All quiet already.")
    text = _(
        "I never write first unless you ask for a daily question. I answer whenever you write, "
        "and everything you have reached is kept. To have it erased, send /delete."
    )
    rows = ((Button(_("What's next for me?"), ChooseNext()), Button(_("Quiz me"), QuizMe())),)
    return Reply(join(" ", [done, text]), rows)


def forgotten() -> Reply:
    """Done."""
    return Reply(Rich(_("Everything I had stored about you is erased. If you write again, we start afresh.")))
