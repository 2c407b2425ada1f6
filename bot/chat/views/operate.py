"""How operators read what the bot does and could not do, and what became of a reload. Pure."""

from datetime import datetime, timedelta

from bot.chat.buttons import ClearItem, SettleTrouble, ShowTroubles, SteerBroadcast
from bot.chat.views.amounts import cut, span
from bot.chat.views.broadcast import progress
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.reply import Button, Document, Reply
from bot.chat.views.rich import Rich, bold, code, fill, join
from bot.guidance.operate import PAGE, Box, TroubleKind, digest_of
from bot.guidance.results import (
    BroadcastShown,
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
from bot.storage.outbox import BULK, REPLIES, FailedMessage
from bot.storage.reports import ReportedItem
from knowledge.schema import Item

MAX_ERROR = 200  # characters of an error shown; the log has all of it
TOLD_PROBLEMS = 8  # in the message; the file has all of them
_KINDS: dict[TroubleKind, str] = {
    "items": N_("Items reported"),
    "aside": N_("Updates set aside"),
    "unsent": N_("Messages not sent"),
}
_LANES = {
    REPLIES: N_("A reply ({method}) to {chat}"),
    BULK: N_("A prompt, summary or broadcast ({method}) to {chat}"),
}
_SETTLED = {
    "retried": N_("Put back: it is being tried again now."),
    "dropped": N_("Dropped."),
    "cleared": N_("The reports are cleared, and learners may get it again."),
    "gone": N_("That was settled before."),
}


def status(result: Status, *, is_reloading: bool = False) -> Reply:
    """Everything at a glance."""
    found = result.figures
    boxes = ((_("Updates"), found.inbox), (_("Replies"), found.replies), (_("Prompts"), found.bulk))
    lines = [
        bold(_("Learners")) + f": {_learners(found)}",
        bold(_("Questions in 7 days")) + f": {_questions(found.questions)}",
        *(bold(name) + f": {_box(box, result.now)}" for name, box in boxes),
        bold(_("Needs you")) + f": {_needs_you(found)}",
        bold(_("Pack")) + f": {_pack(result.pack)}",
        bold(_("Up for")) + f": {span(result.now - result.started_at)}",
        *(bold(_broadcast(each)) + f": {progress(each)}" for each in result.sending),
    ]
    if is_reloading:
        lines.append(Rich(_("A changed pack is being made ready.")))
    rows = [(Button(_broadcast(each), SteerBroadcast("show", each.id)),) for each in result.sending]
    waiting = (found.reported, found.set_aside, found.failed)
    kinds: tuple[TroubleKind, ...] = ("items", "aside", "unsent")
    rows += [
        (Button(_(_KINDS[kind]), ShowTroubles(kind)),)
        for kind, count in zip(kinds, waiting, strict=True)
        if count
    ]
    return Reply(join("\n", lines), tuple(rows))


def _learners(found: figures.Figures) -> str:
    return _(
        "{here} here, {today} active today, {this_week} this week; "
        "{blocked} have blocked me, {stopped} said /stop, {in_groups} know me from groups alone"
    ).format(
        here=found.audience.here,
        today=found.active_today,
        this_week=found.active_this_week,
        blocked=found.audience.blocked,
        stopped=found.audience.stopped,
        in_groups=found.audience.in_groups_alone,
    )


def _questions(questions: figures.Questions) -> str:
    return _(
        "{asked}, {answered} of them answered; called helpful: {helpful}, not helpful: {not_helpful}"
    ).format(**vars(questions))


def _needs_you(found: figures.Figures) -> str:
    counts = (
        many("{number} update set aside", "{number} updates set aside", found.set_aside),
        many("{number} message not sent", "{number} messages not sent", found.failed),
        many("{number} item reported", "{number} items reported", found.reported),
    )
    return ", ".join(counts)


def _broadcast(shown: BroadcastShown) -> str:
    return _("Broadcast {id}").format(id=shown.id)


def troubles(result: Troubles) -> Reply:
    """How much waits, with the way to each."""
    counts: dict[TroubleKind, int] = {
        "items": result.reported,
        "aside": result.set_aside,
        "unsent": result.failed,
    }
    lines = [f"{_(_KINDS[kind])}: {count}" for kind, count in counts.items()]
    text = "\n".join(lines) if any(counts.values()) else _("Nothing needs you.")
    rows = tuple((Button(_(_KINDS[kind]), ShowTroubles(kind)),) for kind, count in counts.items() if count)
    return Reply(Rich(text), rows)


def trouble_page(result: TroublePage) -> Reply:
    """Some of them, numbered, each with what can be done about it."""
    numbered = list(enumerate(result.troubles, result.after + 1))
    head = [Rich(_(_SETTLED[result.settled]))] if result.settled else []
    none = _("none")
    title = bold(f"{_(_KINDS[result.kind])}: {result.total or none}")
    told = [_trouble(number, each, result.now) for number, each in numbered]
    rows = [_ways_out(number, each) for number, each in numbered]
    following = result.after + PAGE
    more = ((Button(_("More"), ShowTroubles(result.kind, following)),),) if following < result.total else ()
    return Reply(join("\n\n", [*head, title, *told]), (*rows, *more))


def reload_begun() -> Reply:
    """It may take minutes; who asked is told."""
    return Reply(Rich(_("I'm reading the pack. Learners notice nothing; I'll tell you here when it's done.")))


def reloading(result: Reloading) -> Reply:
    """What came of a reload."""
    match result:
        case Reloaded(pack):
            text = f"{_reloaded(result)}\n{_pack(pack)}"
        case PackUnchanged(pack):
            text = "\n".join([_("The pack is the one at work already."), _pack(pack)])
        case ReloadRefused():
            return _refused(result)
        case ReloadFailed(reason):
            wrong = _("That went wrong: {reason}. The old pack stays at work; the log has more.")
            text = wrong.format(reason=reason[:MAX_ERROR])
        case ReloadUnderWay():
            text = _("A reload is under way already; it will be told here or in the log when it's done.")
    return Reply(Rich(text))


def _reloaded(result: Reloaded) -> str:
    told = _("The new pack is at work after {seconds} s. Notes: {new} new, {changed} changed, {gone} gone.")
    counts = {"new": len(result.new), "changed": len(result.changed), "gone": len(result.gone)}
    return told.format(seconds=f"{result.seconds:.0f}", **counts)


def _refused(result: ReloadRefused) -> Reply:
    """The first problems at once, and a file with all of them where there are more."""
    lines = [str(problem) for problem in result.problems]
    head = many(
        "The pack has {number} problem, so the old one stays at work.",
        "The pack has {number} problems, so the old one stays at work.",
        len(lines),
    )
    told = join("\n", (code(line[: 2 * MAX_ERROR]) for line in lines[:TOLD_PROBLEMS]))
    if len(lines) <= TOLD_PROBLEMS:
        return Reply(join("\n", [head, told, _("Mend them, and send /reload again.")]))
    more = many(
        "and {number} more; `make knowledge-check` lists them",
        "and {number} more; `make knowledge-check` lists them",
        len(lines) - TOLD_PROBLEMS,
    )
    instead = Reply(join("\n", [head, told, more]))
    content = ("\n".join(lines) + "\n").encode()
    words = _("Each stands in the file with its place and what to do. Mend them, and send /reload again.")
    return Reply(join("\n", [head, words]), document=Document("problems.txt", content, instead))


def _trouble(number: int, trouble: Trouble, now: datetime) -> Rich:
    match trouble:
        case Reported(report, item):
            head = bold(f"{number}. {report.skill_id}/{report.item_id}")
            return join("\n", [head, _reported(report), *_item(item)])
        case SetAside(row_id, kind, received_at, error):
            head = bold(f"{number}. " + _("Number {id}, {kind}").format(id=row_id, kind=kind))
            return _failed(head, now - received_at, error)
        case FailedMessage(row_id, chat_id, method, lane, failed_at, error):
            what = _(_LANES[lane]).format(method=method, chat=chat_id)
            head = bold(f"{number}. {what}")
            return _failed(head, now - failed_at, error)


def _reported(report: ReportedItem) -> str:
    if report.is_paused:
        return many(
            "{number} learner, nobody is asked it now",
            "{number} learners, nobody is asked it now",
            report.learners,
        )
    return many("{number} learner, still asked", "{number} learners, still asked", report.learners)


def _item(item: Item | None) -> list[str]:
    if item is None:
        return [_("The pack no longer has it.")]
    return [item.stem, _("Key: {key}").format(key=item.options[item.key].text)]


def _failed(head: Rich, ago: timedelta, error: str) -> Rich:
    when = fill(_("{what}, {time} ago"), what=head, time=span(ago))
    return join("\n", [when, code(cut(error, MAX_ERROR))])


def _ways_out(number: int, trouble: Trouble) -> tuple[Button, ...]:
    match trouble:
        case Reported(report, _):
            return (_fine(number, report),)
        case SetAside(row_id):
            return _retry_or_drop(number, "aside", row_id)
        case FailedMessage(row_id):
            return _retry_or_drop(number, "unsent", row_id)


def _retry_or_drop(number: int, box: Box, row_id: int) -> tuple[Button, ...]:
    retry = Button(_("Try {place} again").format(place=number), SettleTrouble(box, "retry", row_id))
    return retry, Button(_("Drop {place}").format(place=number), SettleTrouble(box, "drop", row_id))


def _fine(number: int, report: ReportedItem) -> Button:
    label = _("{place} is fine now").format(place=number)
    return Button(label, ClearItem(digest_of(report.skill_id, report.item_id)))


def _pack(pack: PackAtWork) -> str:
    told = _("{title}: {notes} notes, {skills} skills, {items} items; index {index}")
    return told.format(
        title=pack.title, notes=pack.notes, skills=pack.skills, items=pack.items, index=pack.index
    )


def _box(box: figures.Box, now: datetime) -> str:
    if not box.waiting:
        return _("none waiting")
    return many(
        "{number} waiting, the oldest for {time}",
        "{number} waiting, the oldest for {time}",
        box.waiting,
        time=span(box.age(now)),
    )
