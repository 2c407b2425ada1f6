"""How an operator sees a broadcast, and how learners do. Pure."""

from bot.chat.buttons import ChooseNext, SteerBroadcast
from bot.chat.views.amounts import duration, so_many
from bot.chat.views.reply import Button, Reply
from bot.chat.views.rich import Rich, italic, join
from bot.guidance.results import BroadcastGone, Broadcasting, BroadcastRehearsed, BroadcastShown

FOOTER = "From the people who run me. /stop ends messages like this one."
_STATES = {
    "draft": "Nothing is sent yet.",
    "writing": "It is on its way.",
    "written": "It is on its way.",
    "done": "It has been sent.",
    "cancelled": "It was stopped.",
}


def message(text: Rich) -> Reply:
    """What every learner gets, word for word; the preview is the same."""
    return Reply(join("\n\n", [text, italic(FOOTER)]), ((Button("What's next for me?", ChooseNext()),),))


def usage() -> Reply:
    """The command without a text."""
    text = (
        "Write what everybody shall read behind the command: /broadcast Tomorrow from 6 to 7 UTC I rest. "
        "Bold, links and line breaks stay. You see it first, and nothing is sent before you say so."
    )
    return Reply(Rich(text))


def too_long() -> Reply:
    """More than one message holds."""
    text = "That is more than one message holds: some 4,000 characters and 100 formatted places. "
    return Reply(Rich(f"{text}Shorten it and send it again; nothing is sent yet."))


def broadcasting(result: Broadcasting) -> Reply:
    """How a broadcast stands, and what can be done with it."""
    match result:
        case BroadcastGone():
            return Reply(Rich("That broadcast is not there any more. /broadcast begins a new one."))
        case BroadcastRehearsed(shown, batches):
            text = (
                f"Dry run: {so_many(shown.recipients, 'learner')} would get it, each once, written down in "
                f"{so_many(batches, 'step')}, sent in {duration(shown.recipients)}. Nothing was sent."
            )
            return Reply(Rich(text), _steering(shown))
        case BroadcastShown():
            text = _draft(result) if result.state == "draft" else progress(result)
            return Reply(Rich(text), _steering(result))


def _steering(shown: BroadcastShown) -> tuple[tuple[Button, ...], ...]:
    number = shown.id
    if shown.state == "draft" and not shown.is_stale:
        return (
            (Button(f"Send it to {so_many(shown.recipients, 'learner')}", SteerBroadcast("send", number)),),
            (
                Button("Dry run", SteerBroadcast("rehearse", number)),
                Button("Drop it", SteerBroadcast("stop", number)),
            ),
        )
    if shown.state in ("writing", "written"):
        how_far = Button("How far is it?", SteerBroadcast("show", number))
        return ((how_far, Button("Stop it", SteerBroadcast("stop", number))),)
    return ()


def _draft(shown: BroadcastShown) -> str:
    if shown.is_stale:
        return (
            "That draft is more than a day old. Send /broadcast with its text again, and nothing is sent yet."
        )
    left_out = f"; {shown.left_out} who blocked me or said /stop are left out" if shown.left_out else ""
    return (
        f"Above is what {so_many(shown.recipients, 'learner')} would get, in "
        f"{duration(shown.recipients)}{left_out}. {_STATES['draft']}"
    )


def progress(shown: BroadcastShown) -> str:
    """How far it is, in a line."""
    if shown.state == "cancelled" and not shown.recipients:
        return "Dropped. Nobody gets it."
    told = [f"{shown.sent} of {so_many(shown.recipients, 'learner')} have it"]
    told += [f"{shown.waiting} to go, {duration(shown.waiting)}"] if shown.waiting else []
    told += [f"{shown.failed} could not be reached"] if shown.failed else []
    told += [f"{shown.withdrawn} were not sent any more"] if shown.withdrawn else []
    return f"{_STATES[shown.state]} {', '.join(told)}."
