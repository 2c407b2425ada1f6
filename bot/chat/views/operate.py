"""How operators read what the bot does and could not do, and what became of a reload. Pure."""

from datetime import datetime

from bot.chat.buttons import ClearItem, SettleTrouble, ShowTroubles, SteerBroadcast
from bot.chat.views.amounts import cut, so_many, span
from bot.chat.views.broadcast import progress
from bot.chat.views.reply import Button, Document, Reply
from bot.chat.views.rich import Rich, bold, code, join
from bot.guidance.operate import PAGE, Box, TroubleKind, digest_of
from bot.guidance.results import (
    PackAtWork,
    PackUnchanged,
    Reloaded,
    ReloadFailed,
    Reloading,
    ReloadRefused,
    ReloadUnderWay,
    Reported,
    Status,
    Trouble,
    TroublePage,
    Troubles,
)
from bot.storage import figures
from bot.storage.inbox import SetAside
from bot.storage.outbox import FailedMessage

MAX_ERROR = 200  # characters of an error shown; the log has all of it
TOLD_PROBLEMS = 8  # in the message; the file has all of them
_KINDS: dict[TroubleKind, str] = {
    "items": "Items reported",
    "aside": "Updates set aside",
    "unsent": "Messages not sent",
}
_SETTLED = {
    "retried": "Put back: it is being tried again now.",
    "dropped": "Dropped.",
    "cleared": "The reports are cleared, and learners may get it again.",
    "gone": "That was settled before.",
}


def status(result: Status) -> Reply:
    """Everything at a glance."""
    found, audience = result.figures, result.figures.audience
    boxes = (("Updates", found.inbox), ("Replies", found.replies), ("Prompts", found.bulk))
    learners = (
        f"{audience.here} here, {found.active_today} active today, {found.active_this_week} this week; "
        f"{audience.blocked} have blocked me, {audience.stopped} said /stop"
    )
    failed = f"{found.set_aside} updates set aside, {found.failed} messages not sent"
    lines = [
        bold("Learners") + f": {learners}",
        *(bold(name) + f": {_box(box, result.now)}" for name, box in boxes),
        bold("Needs you") + f": {failed}, {found.reported} items reported",
        bold("Pack") + f": {_pack(result.pack)}",
        bold("Up for") + f": {span(result.now - result.started_at)}",
        *(bold(f"Broadcast {each.id}") + f": {progress(each)}" for each in result.sending),
    ]
    rows = [(Button(f"Broadcast {each.id}", SteerBroadcast("show", each.id)),) for each in result.sending]
    waiting = (found.reported, found.set_aside, found.failed)
    kinds: tuple[TroubleKind, ...] = ("items", "aside", "unsent")
    rows += [
        (Button(_KINDS[kind], ShowTroubles(kind)),)
        for kind, count in zip(kinds, waiting, strict=True)
        if count
    ]
    return Reply(join("\n", lines), tuple(rows))


def troubles(result: Troubles) -> Reply:
    """How much waits, with the way to each."""
    counts: dict[TroubleKind, int] = {
        "items": result.reported,
        "aside": result.set_aside,
        "unsent": result.failed,
    }
    lines = [f"{_KINDS[kind]}: {count}" for kind, count in counts.items()]
    text = "\n".join(lines) if any(counts.values()) else "Nothing needs you."
    rows = tuple((Button(_KINDS[kind], ShowTroubles(kind)),) for kind, count in counts.items() if count)
    return Reply(Rich(text), rows)


def trouble_page(result: TroublePage) -> Reply:
    """Some of them, numbered, each with what can be done about it."""
    numbered = list(enumerate(result.troubles, result.after + 1))
    head = [Rich(_SETTLED[result.settled])] if result.settled else []
    title = bold(f"{_KINDS[result.kind]}: {result.total or 'none'}")
    told = [_trouble(number, each, result.now) for number, each in numbered]
    rows = [_ways_out(number, each) for number, each in numbered]
    following = result.after + PAGE
    more = ((Button("More", ShowTroubles(result.kind, following)),),) if following < result.total else ()
    return Reply(join("\n\n", [*head, title, *told]), (*rows, *more))


def reload_begun() -> Reply:
    """It may take minutes; who asked is told."""
    return Reply(Rich("I'm reading the pack. Learners notice nothing; I'll tell you here when it's done."))


def reloading(result: Reloading) -> Reply:
    """What came of a reload."""
    match result:
        case Reloaded(pack, new, changed, gone, seconds):
            what = f"{len(new)} notes new, {len(changed)} changed, {len(gone)} gone"
            text = f"The new pack is at work after {seconds:.0f} s: {what}.\n{_pack(pack)}"
        case PackUnchanged(pack):
            text = f"The pack is the one at work already.\n{_pack(pack)}"
        case ReloadRefused():
            return _refused(result)
        case ReloadFailed(reason):
            text = f"That went wrong: {reason[:MAX_ERROR]}. The old pack stays at work; the log has more."
        case ReloadUnderWay():
            text = "A reload is under way already; it will be told here or in the log when it's done."
    return Reply(Rich(text))


def _refused(result: ReloadRefused) -> Reply:
    """The first problems at once, and a file with all of them where there are more."""
    lines = [str(problem) for problem in result.problems]
    head = Rich(f"The pack has {so_many(len(lines), 'problem')}, so the old one stays at work.")
    told = join("\n", (code(line[: 2 * MAX_ERROR]) for line in lines[:TOLD_PROBLEMS]))
    if len(lines) <= TOLD_PROBLEMS:
        return Reply(join("\n", [head, told, Rich("Mend them, and send /reload again.")]))
    more = f"and {len(lines) - TOLD_PROBLEMS} more; `make knowledge-check` lists them"
    instead = Reply(join("\n", [head, told, Rich(more)]))
    content = ("\n".join(lines) + "\n").encode()
    words = "Each stands in the file with its place and what to do. Mend them, and send /reload again."
    return Reply(join("\n", [head, Rich(words)]), document=Document("problems.txt", content, instead))


def _trouble(number: int, trouble: Trouble, now: datetime) -> Rich:
    match trouble:
        case Reported(report, item):
            paused = "nobody is asked it now" if report.is_paused else "still asked"
            head = f"{number}. {report.skill_id}/{report.item_id}"
            stem = item.stem if item else "The pack no longer has it."
            key = f"\nKey: {item.options[item.key].text}" if item else ""
            return bold(head) + f"\n{so_many(report.learners, 'learner')}, {paused}\n{stem}{key}"
        case SetAside(row_id, kind, received_at, error):
            head = f"{number}. Number {row_id}, {kind}"
            return bold(head) + f", {span(now - received_at)} ago\n" + code(cut(error, MAX_ERROR))
        case FailedMessage(row_id, chat_id, method, _, failed_at, error):
            head = f"{number}. {method} to {chat_id}"
            return bold(head) + f", {span(now - failed_at)} ago\n" + code(cut(error, MAX_ERROR))


def _ways_out(number: int, trouble: Trouble) -> tuple[Button, ...]:
    match trouble:
        case Reported(report, _):
            return (Button(f"{number} is fine now", ClearItem(digest_of(report.skill_id, report.item_id))),)
        case SetAside(row_id):
            return _retry_or_drop(number, "aside", row_id)
        case FailedMessage(row_id):
            return _retry_or_drop(number, "unsent", row_id)


def _retry_or_drop(number: int, box: Box, row_id: int) -> tuple[Button, ...]:
    retry = Button(f"Try {number} again", SettleTrouble(box, "retry", row_id))
    return retry, Button(f"Drop {number}", SettleTrouble(box, "drop", row_id))


def _pack(pack: PackAtWork) -> str:
    return f"{pack.title}: {pack.notes} notes, {pack.skills} skills, {pack.items} items; index {pack.index}"


def _box(box: figures.Box, now: datetime) -> str:
    return f"{box.waiting} waiting, the oldest for {span(box.age(now))}" if box.waiting else "none waiting"
