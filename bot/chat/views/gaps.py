"""How an operator reads what was asked in vain, and the note to fill. Pure."""

import json

from bot.chat.buttons import SettleGap, ShowGaps, WriteNote
from bot.chat.views.amounts import cut
from bot.chat.views.catalogue import N_, _, many
from bot.chat.views.reply import Button, Document, Reply
from bot.chat.views.rich import Rich, bold, code, join
from bot.guidance.results import Gap, GapGone, Gaps, NoteWanted

MAX_WORDING = 160  # characters of a question shown
# Comments beside nothing: a note is refused until title, source and answer are written.
_TITLE = N_("of at most 44 characters")
_SOURCES = N_("ids of pack.yaml")
_ANSWER = N_("Write the answer below the next line: the first sentence answers, the rest explains.")
_REASONS = {
    "off_path": N_("outside of the subject"),
    "nothing_close": N_("no note says it"),
    "too_vague": N_("too vague"),
    "unreadable": N_("unreadable"),
    "unhelpful": N_("the answer did not help"),
}


def gaps(result: Gaps) -> Reply:
    """What was asked in vain, each matter with a button for a note about it."""
    foreign = [_foreign(result.foreign)] if result.foreign else []
    if not result.gaps:
        nothing = _("Nothing was asked in vain in the last {days} days.").format(days=result.days)
        return Reply(Rich("\n\n".join([nothing, *foreign])))
    head = many(
        "{number} question got no answer that helped in {days} days. Matters: {matters}. "
        'A button sends a note to fill; "Done" takes a matter off this list.',
        "{number} questions got no answer that helped in {days} days. Matters: {matters}. "
        'A button sends a note to fill; "Done" takes a matter off this list.',
        result.questions,
        days=result.days,
        matters=result.matters,
    )
    numbered = list(enumerate(result.gaps, result.after + 1))
    parts = [_gap(number, gap) for number, gap in numbered]
    rows = [_buttons(number, gap.question_id) for number, gap in numbered]
    following = result.after + len(result.gaps)
    more = ((Button(_("More"), ShowGaps(following)),),) if following < result.matters else ()
    return Reply(join("\n\n", [head, *parts, *foreign]), (*rows, *more))


def note_wanted(result: NoteWanted | GapGone) -> Reply:
    """A note with everything but the answer, as a file."""
    if isinstance(result, GapGone):
        return Reply(Rich(_("Nobody asked that lately. /gaps shows what there is to fill.")))
    file, content = note_file(result), note_text(result)
    text = _(
        "A note to fill: write a title, the answer and its sources, then put it into the folder notes/ of "
        "your pack, as notes/<folder>/{file}. /reload puts it to work."
    ).format(file=file)
    instead = Reply(join("\n\n", [Rich(text), code(content)]))
    return Reply(Rich(text), document=Document(file, content.encode(), instead))


def note_text(result: NoteWanted) -> str:
    """The note: a question in JSON's quotation marks is one in YAML's."""
    asks = "\n".join(f"  - {_quoted(each)}" for each in result.gap.examples)
    related = ", ".join(note.id for note in result.related)
    return (
        f"---\ntitle:  # {_(_TITLE)}\nasks:\n{asks}\nsources: []  # {_(_SOURCES)}\n"
        f"related: [{related}]\n# {_(_ANSWER)}\n---\n"
    )


def note_file(result: NoteWanted) -> str:
    """A name for it: the first words of the question."""
    words = "".join(
        sign if sign.isascii() and sign.isalnum() else " " for sign in result.gap.examples[0].lower()
    )
    return ("-".join(words.split()[:5])[:40].strip("-") or "new-note") + ".md"


def _quoted(text: str) -> str:
    """As YAML takes it; a pack may hold nothing invisible."""
    return json.dumps("".join(sign for sign in text if sign.isprintable()), ensure_ascii=False)


def _buttons(number: int, question_id: int) -> tuple[Button, ...]:
    return (
        Button(_("Note for {place}").format(place=number), WriteNote(question_id)),
        Button(_("Done: {place}").format(place=number), SettleGap(question_id)),
    )


def _foreign(count: int) -> str:
    return many(
        "{number} question besides was in a language that I don't know.",
        "{number} questions besides were in languages that I don't know.",
        count,
    )


def _gap(number: int, gap: Gap) -> Rich:
    why = ", ".join(_(_REASONS.get(reason, reason)) for reason in gap.reasons)
    wordings = [Rich("\n• ") + cut(each, MAX_WORDING) for each in gap.examples[1:4]]
    first = bold(f"{number}. {cut(gap.examples[0], MAX_WORDING)}")
    how_often = many("(once; {why})", "({number} times; {why})", gap.asked, why=why)
    return join("", [first, f" {how_often}", *wordings])
