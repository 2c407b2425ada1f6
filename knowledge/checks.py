"""Do the parts of a pack fit together? Rules across files; what one file may hold is in schema.py.

A pack that breaks one of them is not used. Whether it is any good is another question: knowledge/lint.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from knowledge.problems import Draft, Problem, Rule, at, file_of, of_all_notes, run

MAX_BODY_CHARACTERS = 1_000  # one phone screen; our choice
FEW = 3  # places with one cause that are told one by one
MAX_NOTE_ID_BYTES = 48  # a button carries it with a verb, in Telegram's 64 bytes of callback_data
_HTML_OR_HEADING = re.compile(r"^#{1,6} |<[a-zA-Z/!]|^\|", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def check(draft: Draft) -> list[Problem]:
    """Every problem across the pack, in no order; those of its broken files are told already."""
    return _by_cause(run(RULES, draft))


def _by_cause(problems: list[Problem]) -> list[Problem]:
    """The same, but where many places name one note that does not exist, that is one problem and not many."""
    naming = defaultdict(list)
    for problem in sorted({problem for problem in problems if problem.note}):
        naming[problem.note].append(problem)
    many = {note: places for note, places in naming.items() if len(places) > FEW}
    causes = [_without(note, places) for note, places in many.items()]
    return [*causes, *(problem for problem in problems if problem.note not in many)]


def _without(note: str, places: list[Problem]) -> Problem:
    """One problem, told where the first of them is."""
    second = f"{places[1].file}:{places[1].line}"
    what = f"note {note!r} {_GONE}, and {len(places)} places name it, the first this one and {second}"
    return replace(
        places[0], what=what, cure=f"write {file_of(note)}, or mend its name in all of them", part=""
    )


@of_all_notes
def has_notes(draft: Draft) -> Iterator[Problem]:
    """A pack has at least one note."""
    if not draft.links:
        yield Problem("notes", 1, "there is no note", "write one; docs/authoring.md shows how")


def references_of_notes_exist(draft: Draft) -> Iterator[Problem]:
    """What a note names is there: sources, facts, related notes, resources, its skill."""
    for note in draft.library.notes.values():
        place = draft.place_of(note)
        named = {
            "sources": "source",
            "facts": "fact",
            "related": "note",
            "resources": "resource",
        }
        for field, kind in named.items():
            for number, reference in enumerate(getattr(note, field)):
                if draft.lacks(kind, reference):
                    note_id = reference if kind == "note" else ""
                    yield at(place, (field, number), f"{field}: {reference!r} {_GONE}", _MEND, note_id)
        if note.skill and draft.lacks("skill", note.skill):
            yield at(place, ("skill",), f"skill: {note.skill!r} {_GONE}", _MEND)


def references_of_the_pack_exist(draft: Draft) -> Iterator[Problem]:
    """The notes offered to beginners and the notes and skills of tracks are there."""
    library = draft.library
    for number, note_id in enumerate(library.pack.starters):
        if draft.lacks("note", note_id):
            place = library.places["pack.yaml"]
            yield at(place, ("starters", number), f"starters: {note_id!r} {_GONE}", _MEND, note_id)
    for track_id, track in library.tracks.items():
        place = library.places["tracks.yaml"]
        if draft.lacks("note", track.note):
            yield at(place, (track_id, "note"), f"note: {track.note!r} {_GONE}", _MEND, track.note)
        for skill_id in track.weights:
            if draft.lacks("skill", skill_id):
                yield at(place, (track_id, "weights", skill_id), f"weights: {skill_id!r} {_GONE}", _MEND)


def references_of_skills_exist(draft: Draft) -> Iterator[Problem]:
    """The prerequisites and facts of skills are there."""
    place = draft.library.places["skills.yaml"]
    for skill_id, skill in draft.library.skills.items():
        for field, kind in {"prerequisites": "skill", "facts": "fact"}.items():
            for number, reference in enumerate(getattr(skill, field)):
                if draft.lacks(kind, reference):
                    yield at(place, (skill_id, field, number), f"{field}: {reference!r} {_GONE}", _MEND)


def references_of_items_exist(draft: Draft) -> Iterator[Problem]:
    """Items belong to a skill, cite a note and have their key among their options."""
    for skill_id in draft.library.items:
        if draft.lacks("skill", skill_id):
            file = f"items/{skill_id}.yaml"
            yield Problem(
                file, 1, f"skill {skill_id!r} {_GONE}", "name the file after a skill of skills.yaml"
            )
    for skill_id, item in draft.items():
        place = draft.place_of(item, skill_id)
        if draft.lacks("note", item.note):
            yield at(place, ("note",), f"note: {item.note!r} {_GONE}", _MEND, item.note)
        if item.key not in item.options:
            yield at(place, ("key",), f"key: there is no option {item.key!r}", "name one of the options")


def skills_have_no_cycle(draft: Draft) -> Iterator[Problem]:
    """No skill is its own prerequisite, at any distance."""
    skills = draft.library.skills
    try:
        TopologicalSorter({skill_id: skills[skill_id].prerequisites for skill_id in skills}).prepare()
    except CycleError as error:
        cycle = error.args[1]
        place = draft.library.places["skills.yaml"]
        what = f"prerequisites go round in a circle: {' before '.join(cycle)}"
        yield at(place, (cycle[0], "prerequisites"), what, "remove one of them")


def weights_need_skills(draft: Draft) -> Iterator[Problem]:
    """Tracks need a skill graph."""
    if draft.library.tracks and not draft.library.skills and "skills.yaml" not in draft.broken:
        yield Problem("tracks.yaml", 1, "there are tracks but no skills", "write skills.yaml, or remove it")


def a_note_of_a_skill_says_which_kind(draft: Draft) -> Iterator[Problem]:
    """A note has both a skill and a kind, or neither."""
    for note in draft.library.notes.values():
        if (note.skill is None) != (note.kind is None):
            there, missing = ("skill", "kind") if note.skill else ("kind", "skill")
            yield at(draft.place_of(note), (there,), f"{there} without {missing}", "give both, or neither")


def no_note_is_its_own_relative(draft: Draft) -> Iterator[Problem]:
    """A note does not lead to itself."""
    for note in draft.library.notes.values():
        if note.id in note.related:
            yield at(draft.place_of(note), ("related",), "is related to itself", "remove its own id")


def notes_fit_a_phone(draft: Draft) -> Iterator[Problem]:
    """A note is one screen of plain Markdown."""
    for note in draft.library.notes.values():
        place = draft.place_of(note)
        if (excess := len(note.body) - MAX_BODY_CHARACTERS) > 0:
            cure = "shorten it, or make two notes"
            yield at(place, ("body",), f"body is {excess} characters too long", cure)
        if match := _HTML_OR_HEADING.search(_without_code(note.body)):
            path = ("body", note.body[: match.start()].count("\n"))
            yield at(place, path, "holds a heading, a table or HTML", "use paragraphs and `- ` lists")
        if len(note.id) > MAX_NOTE_ID_BYTES:
            what = f"id {note.id!r} is over {MAX_NOTE_ID_BYTES} characters"
            yield Problem(place.file, 1, what, "rename the file")


def _without_code(body: str) -> str:
    """`body` with its fenced code blanked out, line by line and letter by letter."""
    return _FENCED.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), body)


def wordings_are_unique(draft: Draft) -> Iterator[Problem]:
    """No title or ask stands in the pack twice."""
    seen: dict[str, str] = {}
    for note in draft.library.notes.values():
        place = draft.place_of(note)
        paths = [(("title",), note.title), *((("asks", n), ask) for n, ask in enumerate(note.asks))]
        again = defaultdict(list)  # by the file where they stand already
        for path, wording in paths:
            if other := seen.get(key := unpunctuated(wording)):
                what = f"{wording!r} stands in {other} already"
                again[other].append(at(place, path, what, "word one of them otherwise"))
            seen.setdefault(key, place.file)
        for other, problems in again.items():
            yield from [_of_a_copy(problems, len(paths), other)] if len(problems) > FEW else problems


def _of_a_copy(problems: list[Problem], wordings: int, other: str) -> Problem:
    """One problem for many wordings that two notes share."""
    what = f"{len(problems)} of its {wordings} wordings stand in {other} already"
    return replace(problems[0], what=what, cure="remove one of the two notes, or word it otherwise")


def unpunctuated(text: str) -> str:
    """`text` without case, punctuation and spaces that differ."""
    return " ".join(re.findall(r"\w+", text.lower()))


@of_all_notes
def facts_are_carried(draft: Draft) -> Iterator[Problem]:
    """Every fact is in a note."""
    carried = {number for links in draft.links.values() for number in links.facts}
    for number in draft.library.facts.keys() - carried:
        place = draft.library.places["facts.yaml"]
        yield at(place, (number,), f"fact {number} is in no note", "name it in a note's `facts`")


def facts_have_sources(draft: Draft) -> Iterator[Problem]:
    """Every fact is of a source of the pack."""
    for number, fact in draft.library.facts.items():
        if draft.lacks("source", fact.source):
            place = draft.library.places["facts.yaml"]
            yield at(place, (number,), f"source {fact.source!r} {_GONE}", "mend the name")


def exam_is_answerable(draft: Draft) -> Iterator[Problem]:
    """The exam asks for what is there, and not in the notes' own words."""
    library = draft.library
    place = library.places["questions.yaml"]
    asks = {unpunctuated(ask) for note in library.notes.values() for ask in note.asks}
    parts = {"fitting": library.exam.fitting, "test": library.exam.test}
    questions = [(part, n, q) for part, held in parts.items() for n, q in enumerate(held.answerable)]
    for part, number, question in questions:
        path = (part, "answerable", number)
        named = {"fact": question.facts, "note": question.notes}
        for kind, references in named.items():
            for reference in references:
                if draft.lacks(kind, reference):
                    what = f"{kind}s: {reference!r} {_GONE}"
                    yield at(place, path, what, _MEND, str(reference) if kind == "note" else "")
        if not any(named.values()):
            what = f"{question.ask!r} has no right answer"
            yield at(place, path, what, "name `facts` or `notes`")
        if unpunctuated(question.ask) in asks:
            what = f"{question.ask!r} is also a note's ask"
            yield at(place, path, what, "word the exam apart from the notes")


_GONE = "does not exist"
_MEND = "mend the name or remove it"

RULES: tuple[Rule, ...] = (
    has_notes,
    references_of_notes_exist,
    references_of_the_pack_exist,
    references_of_skills_exist,
    references_of_items_exist,
    skills_have_no_cycle,
    weights_need_skills,
    a_note_of_a_skill_says_which_kind,
    no_note_is_its_own_relative,
    notes_fit_a_phone,
    wordings_are_unique,
    facts_are_carried,
    facts_have_sources,
    exam_is_answerable,
)
