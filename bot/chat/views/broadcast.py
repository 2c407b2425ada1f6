"""How an operator sees a broadcast, and how learners do. Pure."""

from collections.abc import Iterator

from bot.chat.buttons import ChooseNext, SteerBroadcast
from bot.chat.views.amounts import duration
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, italic, join
from bot.guidance.results import BroadcastGone, Broadcasting, BroadcastRehearsed, BroadcastShown

FOOTER = N_("From the people who run me. /stop ends messages like this one.")
_DRAFT = N_("Nothing is sent yet.")
_STATES = {
    "draft": _DRAFT,
    "writing": N_("It is on its way."),
    "written": N_("It is on its way."),
    "done": N_("It has been sent."),
    "cancelled": N_("It was stopped."),
}


def message(text: Rich) -> Reply:
    """What every learner gets, word for word; the preview is the same."""
    return Reply(
        join("\n\n", [text, italic(_(FOOTER))]), ((Button(_("What's next for me?"), ChooseNext()),),)
    )


def usage() -> Reply:
    """The command without a text."""
    text = _(
        "Write what everybody shall read behind the command: /broadcast Tomorrow from 6 to 7 UTC I rest. "
        "Bold, links and line breaks stay. You see it first, and nothing is sent before you say so."
    )
    return Reply(Rich(text))


def too_long() -> Reply:
    """More than one message holds."""
    text = _(
        "That is more than one message holds: some 4,000 characters and 100 formatted places. "
        "Shorten it and send it again; nothing is sent yet."
    )
    return Reply(Rich(text))


def broadcasting(result: Broadcasting) -> Reply:
    """How a broadcast stands, and what can be done with it."""
    match result:
        case BroadcastGone():
            return Reply(Rich(_("That broadcast is not there any more. /broadcast begins a new one.")))
        case BroadcastRehearsed(shown, batches):
            return Reply(Rich(_rehearsed(shown, batches)), _steering(shown))
        case BroadcastShown():
            text = _draft(result) if result.state == "draft" else progress(result)
            return Reply(Rich(text), _steering(result))


def _rehearsed(shown: BroadcastShown, batches: int) -> str:
    return many(
        "Dry run: {number} learner would get it, each once, written down in {steps}, sent in {time}. "
        "Nothing was sent.",
        "Dry run: {number} learners would get it, each once, written down in {steps}, sent in {time}. "
        "Nothing was sent.",
        shown.recipients,
        steps=many("{number} step", "{number} steps", batches),
        time=duration(shown.recipients),
    )


def _steering(shown: BroadcastShown) -> tuple[tuple[Button, ...], ...]:
    number = shown.id
    if shown.state == "draft" and not shown.is_stale:
        send = many("Send it to {number} learner", "Send it to {number} learners", shown.recipients)
        return (
            (Button(send, SteerBroadcast("send", number)),),
            (
                Button(_("Dry run"), SteerBroadcast("rehearse", number)),
                Button(_("Drop it"), SteerBroadcast("stop", number)),
            ),
        )
    if shown.state in ("writing", "written"):
        how_far = Button(_("How far is it?"), SteerBroadcast("show", number))
        return ((how_far, Button(_("Stop it"), SteerBroadcast("stop", number))),)
    return ()


def _draft(shown: BroadcastShown) -> str:
    if shown.is_stale:
        return _(
            "That draft is more than a day old. Send /broadcast with its text again, and nothing is sent yet."
        )
    named = {"time": duration(shown.recipients), "left_out": shown.left_out}
    above = many(
        "Above is what {number} learner would get, in {time}.",
        "Above is what {number} learners would get, in {time}.",
        shown.recipients,
        **named,
    )
    if shown.left_out:
        above = many(
            "Above is what {number} learner would get, in {time}; "
            "left out who blocked me, said /stop or knows me from groups alone: {left_out}.",
            "Above is what {number} learners would get, in {time}; "
            "left out who blocked me, said /stop or knows me from groups alone: {left_out}.",
            shown.recipients,
            **named,
        )
    return f"{above} {_(_DRAFT)}"


def progress(shown: BroadcastShown) -> str:
    """How far it is, in a line."""
    if shown.state == "cancelled" and not shown.recipients:
        return _("Dropped. Nobody gets it.")
    return f"{_(_STATES[shown.state])} {', '.join(_counts(shown))}."


def _counts(shown: BroadcastShown) -> Iterator[str]:
    yield many(
        "{sent} of {number} learner have it",
        "{sent} of {number} learners have it",
        shown.recipients,
        sent=shown.sent,
    )
    if shown.waiting:
        time = duration(shown.waiting)
        yield many("{number} to go, {time}", "{number} to go, {time}", shown.waiting, time=time)
    if shown.failed:
        yield many("{number} could not be reached", "{number} could not be reached", shown.failed)
    if shown.withdrawn:
        yield many("{number} were not sent any more", "{number} were not sent any more", shown.withdrawn)
