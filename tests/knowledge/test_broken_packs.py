"""Whatever an author breaks: is all of it told at once, each with its file, its line and what to do?"""

import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.lint import lint
from knowledge.problems import PackError, Problem
from knowledge.reader import read_draft, read_pack
from knowledge.schema import PATTERNS, Exam, Item, Note, Pack, Resource, Skill
from tests.conftest import TINY_PACK

Edit = Callable[[Path], object]
MODELS = (Pack, Skill, Resource, Note, Item, Exam)

SALARY = "notes/pay/salary.md"
MATHS = "notes/skills/maths.md"
PROJECT = "notes/start/first-project.md"


def swap(old: str, new: str) -> Edit:
    def edit(file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"the tiny pack has changed: {old!r} in {file}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def holds(content: str | bytes) -> Edit:
    raw = content if isinstance(content, bytes) else content.encode()

    def edit(file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)

    return edit


def encoded(encoding: str) -> Edit:
    return lambda file: file.write_text(f"{file.read_text(encoding='utf-8')}\nÜbung\n", encoding=encoding)


def ends_with(text: str) -> Edit:
    return lambda file: file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def linked_to(target: str) -> Edit:
    def edit(file: Path) -> None:
        file.unlink(missing_ok=True)
        file.symlink_to(target)

    return edit


MINIMAL = "---\ntitle: X\nsources: [guild-2026]\n---\nY\n"

# What the author did: to which file, how, and the one problem they read ("..." stands for any words).
BROKEN: dict[str, tuple[str, Edit, str]] = {
    # ---- whole files
    "removed pack.yaml": ("pack.yaml", Path.unlink, "1: cannot be read: No such file...; restore"),
    "emptied pack.yaml": ("pack.yaml", holds(""), "1: is empty; fill it in"),
    "kept only a comment": ("facts.yaml", holds("# later\n"), "1: is empty; ...or delete the file"),
    "emptied a note": (PROJECT, holds(""), "1: has no front matter; begin the file with a block"),
    "saved as UTF-16": (SALARY, encoded("utf-16"), "1: is not UTF-8 text (byte 0); save it as UTF-8"),
    "saved without a mark": (SALARY, encoded("utf-16-le"), "13: is not UTF-8...; save it as UTF-8"),
    "saved as Latin-1": (SALARY, encoded("latin-1"), "13: is not UTF-8...; save it as UTF-8"),
    "saved facts as UTF-16": ("facts.yaml", encoded("utf-16"), "1: is not UTF-8...; save it as UTF-8"),
    "made a folder x.md": ("notes/pay/x.md", Path.mkdir, "1: cannot be read: Is a directory; restore"),
    "left a dead link": ("notes/pay/x.md", linked_to("gone"), "1: cannot be read: No such...; restore"),
    "linked a note to itself": (
        "notes/pay/x.md",
        linked_to("x.md"),
        "1: cannot be read: Too many...; restore",
    ),
    "linked what nobody can read": (SALARY, linked_to("/proc/self/mem"), "1: cannot be read...; restore"),
    "left intents a dead link": ("intents.yaml", linked_to("gone"), "1: cannot be read...; restore"),
    "put a note in no folder": ("notes/x.md", holds(MINIMAL), "1: id: must be a note's id...; rename"),
    "used capitals and spaces": (
        "notes/pay/My Pay.md",
        holds(MINIMAL),
        "1: id: ...lower-case words...; rename",
    ),
    "gave a long name": (f"notes/pay/{'x' * 45}.md", holds(MINIMAL), "1: id 'pay.xxx...over 48...; rename"),
    # ---- YAML
    "left a quotation mark open": (
        "pack.yaml",
        swap("title: The path", 'title: "The path'),
        "1: is not YAML: ...; mend",
    ),
    "indented with a tab": (SALARY, swap("facts:", "\tfacts:"), "8: is not YAML: ...; mend the line"),
    "left a bracket open": (MATHS, swap("[2]", "[2"), "8: is not YAML: ...; mend the line or the one above"),
    "wrote two documents": (
        "facts.yaml",
        holds("1: {}\n---\n2: {}\n"),
        "2: is not YAML: ...another document",
    ),
    "typed a control key": (
        "facts.yaml",
        swap("Python has", "Py\0thon"),
        "4: holds the invisible...U+0000; delete",
    ),
    "typed one in a note": (
        SALARY,
        swap("pay good", "pay\x07good"),
        "5: holds the invisible...U+0007; delete",
    ),
    "wrote a loop": ("pack.yaml", swap("[The tests]", "&a [*a]"), "1: is not YAML: ...recursion...; mend"),
    "nested without end": ("facts.yaml", holds("[" * 3000), "...: is not YAML: ...; mend"),
    "asked to run a program": (
        "pack.yaml",
        swap("[The tests]", '!!python/object/apply:os.system ["true"]'),
        "4: is not YAML: could not determine a constructor...; mend",
    ),
    "wrote a date that is none": (
        SALARY,
        swap("year: 2020", "year: 2020-99-99"),
        "7: is not YAML: 2020-99-99 is no day: month...; mend",
    ),
    "wrote a key twice": ("facts.yaml", swap("2: {", "1: {"), "3: has the key '1' twice; keep one"),
    "wrote a field twice": (
        PROJECT,
        swap("asks:", "title: Z\nasks:"),
        "3: has the key 'title' twice; keep one",
    ),
    # ---- front matter
    "forgot the front matter": (SALARY, holds("About $125,000.\n"), "1: has no front matter; begin the file"),
    "forgot to close it": (SALARY, holds("---\ntitle: Pay\n"), "1: has no front matter; begin the file"),
    "began with a blank line": (SALARY, holds("\n" + MINIMAL), "1: has no front matter; begin the file"),
    "left it empty": (SALARY, holds("---\n---\nPay.\n"), "2: is empty; fill it in"),
    "wrote words into it": (SALARY, holds("---\non pay\n---\nX\n"), "2: ...without fields; write lines like"),
    "wrote a list into it": (SALARY, holds("---\n- pay\n---\nX\n"), "2: ...without fields; write lines like"),
    "wrote the id into it": (SALARY, swap("title:", "id: a.b\ntitle:"), "2: id: is no field; remove it"),
    "wrote the body into it": (SALARY, swap("title:", "body: X\ntitle:"), "2: body: is no field; remove it"),
    # ---- fields
    "misspelt a field": (
        SALARY,
        swap("year: 2020", "yaer: 2020"),
        "7: yaer: is no field...; ...mend its spelling",
    ),
    "invented a field": (
        "pack.yaml",
        swap("starters:", "x: 1\nstarters:"),
        "5: x: is no field here; remove it",
    ),
    "gave a source no year": (
        "pack.yaml",
        swap("    year: 2026\n", ""),
        "12: sources.guild-2026.year: ...; add",
    ),
    "forgot the sources": (MATHS, swap("sources: [handbook-2020]\n", ""), "1: sources: is missing; add"),
    "named no source": (
        MATHS,
        swap("[handbook-2020]", "[]"),
        "6: sources: is too short a list; name at least 1",
    ),
    "titled it with a number": (
        SALARY,
        swap("What does an ML engineer earn?", "1"),
        "2: title: ...; ...quotation",
    ),
    "asked with a yes": (
        SALARY,
        swap("is the pay good", "yes"),
        "5: asks.1: must be text, not yes or true; ...quotation",
    ),
    "titled it too long": (
        SALARY,
        swap("title: ", f"title: {'W' * 20}"),
        "2: title: has more than 44...; shorten it",
    ),
    "wrote no body": (
        PROJECT,
        holds("---\ntitle: X\nsources: [guild-2026]\n---\n"),
        "5: body: is empty; fill it in",
    ),
    "wrote an impossible year": (
        SALARY,
        swap("year: 2020", "year: 20200"),
        "7: year: must be 2100 or less...; lower it",
    ),
    "numbered a fact in words": (
        "facts.yaml",
        swap("1: {", "one: {"),
        "2: one: must be a whole number, not 'one'; write",
    ),
    "gave a fact no section": ("facts.yaml", swap("section: pay, ", ""), "5: 4.section: is missing; add it"),
    "invented an intent": (
        "intents.yaml",
        swap("intent: quiz", "intent: x"),
        "9: 3.intent: must be 'question'...not 'x'; choose",
    ),
    "invented one in the exam": (
        "questions.yaml",
        swap("intent: quiz", "intent: x"),
        "22: test.phrases.1.intent: ",
    ),
    "asked of no fact": (
        "questions.yaml",
        swap("[3]", "[]"),
        "7: ...no right answer; name...",
    ),
    "wrote facts as a list": ("facts.yaml", holds("- one\n"), "1: holds no entries by id; write each as"),
    "said hello without a topic": (
        "intents.yaml",
        swap("  topic: greeting\n", ""),
        "1: 0.topic: must be one of greeting, thanks, ...not None; choose the reply",
    ),
    "invented a topic": (
        "intents.yaml",
        swap("topic: greeting", "topic: greetinks"),
        "2: 0.topic: must be one of greeting, ...not 'greetinks'; choose",
    ),
    "wrote one ask as text": (
        PROJECT,
        swap("asks:\n  - ideas for a small portfolio project\n", "asks: ideas\n"),
        "3: asks: must be a list, not 'ideas'; write [one, two]",
    ),
    "wrote intents by name": ("intents.yaml", holds("quiz: me\n"), "1: the file: must be a list, not {"),
    "wrote text where fields belong": ("facts.yaml", holds("1: one\n"), "1: 1: must have fields, not 'one'"),
    "called the language no": (
        "pack.yaml",
        swap("language: en", "language: no"),
        "2: language: must be text",
    ),
    "named a country too": (
        "pack.yaml",
        swap("language: en", "language: en-GB"),
        "2: language: must be two small letters...not 'en-GB'; write it so",
    ),
    "wrote a year as yes": (
        SALARY,
        swap("year: 2020", "year: yes"),
        "7: year: must be a whole number, not yes",
    ),
    "hid a character in a body": (
        SALARY,
        swap("About $125,000", "About \u202e$125,000"),
        "11: holds the invisible character U+202E; delete it",
    ),
    "wrote a colon into a title": (
        SALARY,
        swap("title: ", "title: Pay: "),
        '2: is not YAML: mapping values...; put text that holds ": " in quotation marks',
    ),
    # ---- files with another name
    "kept a list beside the pack": ("todo.txt", holds("x"), "1: is no file of a pack, and is not read; move"),
    "drew a picture": ("notes/pay/pay.png", holds("x"), "1: is no file of a pack, and is not read; move it"),
    "kept a second version": (
        "notes/pay/salary.txt",
        holds("x"),
        "1: is no file...; move it out of the pack",
    ),
    # ---- across files
    "cited an unknown source": (
        SALARY,
        swap("-2020]", "-2020, x-1]"),
        "6: sources: 'x-1' does not exist; mend",
    ),
    "carried an unknown fact": (SALARY, swap("[4]", "[4, 99]"), "8: facts: 99 does not exist; mend the name"),
    "related to nobody": (
        SALARY,
        swap("[roles.", "[x."),
        "9: related: 'x.data-scientist' does not exist; mend",
    ),
    "related to itself": (
        SALARY,
        swap("[roles.data-scientist]", "[pay.salary]"),
        "9: is related to itself; remove",
    ),
    "started from nowhere": (
        "pack.yaml",
        swap("pay.salary]", "pay.x]"),
        "5: starters: 'pay.x' does not...; mend",
    ),
    "took a fact from nowhere": (
        "facts.yaml",
        swap("{source: guild", "{source: x"),
        "6: source 'x-2026' does not",
    ),
    "asked of an unknown fact": (
        "questions.yaml",
        swap("[2]", "[2, 77]"),
        "5: facts: 77 does not exist; mend",
    ),
    "copied an ask into the exam": (
        "questions.yaml",
        swap("How important is algebra for this?", "Is  linear ALGEBRA needed"),
        "5: 'Is  linear ALGEBRA needed' is also a note's ask; word the exam apart",
    ),
    "asked the same in two notes": (
        PROJECT,
        swap("ideas for a small portfolio project", "Is the pay GOOD??"),
        "4: 'Is the pay GOOD??' stands in notes/pay/salary.md already; word one of them otherwise",
    ),
    "gave two notes one title": (
        PROJECT,
        swap("Which project should I build first?", "How much maths do I need"),
        "2: 'How much maths do I need' stands in notes/skills/maths.md already; word one",
    ),
    "wrote too much": (
        SALARY,
        ends_with("\n" + "word " * 200),
        "11: body is 54 characters too long; shorten",
    ),
    "wrote a heading": (SALARY, ends_with("\n## More\n"), "13: holds a heading...; use paragraphs"),
    "wrote one after blank lines": (SALARY, swap("About", "\n\nAbout\n# It"), "14: holds a heading...; use"),
    "wrote HTML": (SALARY, ends_with("\n<b>Much!</b>\n"), "13: holds ...HTML; use paragraphs"),
    "drew a table": (SALARY, ends_with("\n| a | b |\n"), "13: holds ...a table...; use paragraphs"),
}


def problems_of(pack: Path) -> list[Problem]:
    with pytest.raises(PackError) as caught:
        read_pack(pack)
    return caught.value.problems


@pytest.mark.parametrize("did", BROKEN)
def test_the_author_reads_the_one_problem_and_its_cure(pack: Path, did: str) -> None:
    file, edit, expected = BROKEN[did]
    edit(pack / file)
    problems = problems_of(pack)
    assert len(problems) == 1, problems
    assert re.match(re.escape(f"{file}:{expected}").replace(re.escape("..."), ".*"), str(problems[0]))


def test_a_fact_that_no_note_carries_is_told_where_it_stands(pack: Path) -> None:
    swap("facts: [2]\n", "")(pack / MATHS)
    assert [str(problem) for problem in problems_of(pack)] == [
        "facts.yaml:3: fact 2 is in no note; name it in a note's `facts` [facts-are-carried]"
    ]


RENAMED = {
    "intents.yaml": "intent.yaml",
    "facts.yaml": "facts.yml",
    "questions.yaml": "question.txt",
    SALARY: "notes/pay/salary.MD",
    MATHS: "notes/skills/maths.txt",
}


@pytest.mark.parametrize("name", RENAMED)
def test_a_file_by_another_name_is_told_and_what_refers_to_it_is_not_blamed(pack: Path, name: str) -> None:
    (pack / name).rename(pack / RENAMED[name])
    assert [str(problem) for problem in problems_of(pack)] == [
        f"{RENAMED[name]}:1: is no file of a pack, and is not read; "
        f"rename it to {name}, or move it out of the pack"
    ]


@pytest.mark.parametrize("name", ["README.md", "LICENSE", ".DS_Store", ".git/config", "notes/pay/salary.md~"])
def test_a_file_that_is_plainly_for_people_does_not_matter(pack: Path, name: str) -> None:
    holds("x")(pack / name)
    assert len(read_pack(pack).notes) == 6


# Another change to the bread pack, which has every kind of file: the file, the change, the one problem.
BREAD_STARTER = "items/starter.yaml"
BROKEN_BREAD: dict[str, tuple[str, Edit, str]] = {
    "gave a level with yes": (
        BREAD_STARTER,
        swap("level: 1", "level: yes"),
        "2: role-of-the-starter.level: must be a whole number, not yes or true; write",
    ),
    "wrote a fifth option": (
        BREAD_STARTER,
        swap("    c: {text: Hot", "    e: {text: Hot"),
        "8: role-of-the-starter.options.e: must be one of the letters a, b, c and d, not 'e'; write it so",
    ),
    "wrote the letter twice": (
        BREAD_STARTER,
        swap("    c: {text: Hot", "    b: {text: Hot"),
        "8: has the key 'b' twice; keep one of the two",
    ),
    "wrote a comma into a text": (
        BREAD_STARTER,
        swap("text: Hot air that", "text: Hot air, that"),
        "8: role-of-the-starter.options.c.that the oven blows: is no field here; put...quotation marks",
    ),
    "wrote two lines of feedback": (
        BREAD_STARTER,
        swap('"It is only hungry.', '"It is\\nonly hungry.'),
        "17: dark-water.options.a.feedback: must be a line of text, not ...; write it so",
    ),
    "gave two items one id": (
        BREAD_STARTER,
        swap("id: dark-water", "id: role-of-the-starter"),
        "12: id 'role-of-the-starter' stands in line 1 already; give each item its own id",
    ),
    "promised something else": (
        "skills.yaml",
        swap("After this you can raise", "You can raise"),
        '3: starter.promise: must be a sentence that begins with "After this you can"...; write it so',
    ),
    "wrote a skill twice": (
        "skills.yaml",
        lambda file: ends_with("dough:\n  title: x\n")(file),
        "27: has the key 'dough' twice; keep one of the two",
    ),
    "gave a plain address": (
        "resources.yaml",
        swap("https://bread", "http://bread"),
        "2: bread-video.address: must be an address that begins with https://...; write it so",
    ),
    "checked it yesterday": (
        "resources.yaml",
        swap("checked: not yet", "checked: yesterday"),
        "2: bread-video.checked: must be a day or `not yet`; write the day",
    ),
    "checked it in month 13": (
        "resources.yaml",
        swap("2026-11-22", "2026-13-45"),
        "1: is not YAML: 2026-13-45 is no day: month must be in 1..12; mend",
    ),
}


@pytest.mark.parametrize("did", BROKEN_BREAD)
def test_the_author_of_a_whole_pack_reads_the_one_problem(bread: Path, did: str) -> None:
    file, edit, expected = BROKEN_BREAD[did]
    edit(bread / file)
    draft, problems = read_draft(bread)
    found = sorted({*problems, *lint(draft, date(2026, 11, 22))})
    assert len(found) == 1, found
    assert re.match(re.escape(f"{file}:{expected}").replace(re.escape("..."), ".*"), str(found[0])), found[0]


def test_every_pattern_is_told_in_words() -> None:
    patterns = re.findall(r"'pattern': '([^']*)'", repr([model.model_json_schema() for model in MODELS]))
    assert {pattern.replace("\\\\", "\\") for pattern in patterns} == {*PATTERNS}


def test_all_problems_are_told_at_once_whatever_floor_they_are_on(pack: Path) -> None:
    swap("licence:", "license:")(pack / "pack.yaml")
    swap("3: {", "2: {")(pack / "facts.yaml")
    swap("year: 2020", "yaer: 2020")(pack / SALARY)
    swap("related: [path.overview]", "related: [path.nowhere]\nrelates: []")(pack / MATHS)
    encoded("utf-16")(pack / PROJECT)
    holds("---\ntitle: Pay\n---\n")(pack / "notes/roles/data-scientist.md")
    swap("title: Which programming language", "title: How much maths do I need?\n# first")(
        pack / "notes/skills/python.md"
    )
    told = [(problem.file, problem.line, problem.what.split(":")[0]) for problem in problems_of(pack)]
    assert told == [
        ("facts.yaml", 4, "has the key '2' twice"),
        (SALARY, 7, "yaer"),
        ("notes/roles/data-scientist.md", 1, "sources"),
        ("notes/roles/data-scientist.md", 4, "body"),
        (MATHS, 8, "related"),
        (MATHS, 9, "relates"),
        ("notes/skills/python.md", 2, "'How much maths do I need?' stands in notes/skills/maths.md already"),
        (PROJECT, 1, "is not UTF-8 text (byte 0)"),
        ("pack.yaml", 1, "licence"),
        ("pack.yaml", 3, "license"),
    ]


@pytest.mark.parametrize("broken", [SALARY, "pack.yaml", "facts.yaml"])
def test_what_refers_to_a_broken_file_is_not_blamed_for_it(pack: Path, broken: str) -> None:
    holds("{")(pack / broken)
    assert {problem.file for problem in problems_of(pack)} == {broken}


def test_a_pack_without_notes_is_told_so(pack: Path) -> None:
    shutil.rmtree(pack / "notes")
    assert Problem("notes", 1, "there is no note", "write one; docs/authoring.md shows how") in problems_of(
        pack
    )


def test_a_folder_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert problems_of(nowhere) == [
        Problem(str(nowhere), 0, "there is no such folder", "put the pack there, or say where it is")
    ]


EDITORS: dict[str, Edit] = {
    "line ends of Windows": lambda file: file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n")),
    "a byte order mark": lambda file: file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes()),
    "no line feed at the end": lambda file: file.write_bytes(file.read_bytes().rstrip()),
}


@pytest.mark.parametrize("habit", EDITORS)
@pytest.mark.parametrize("file", [SALARY, "pack.yaml", "facts.yaml", "questions.yaml"])
def test_an_editors_habits_do_not_matter(pack: Path, file: str, habit: str) -> None:
    as_written = read_pack(pack)
    EDITORS[habit](pack / file)
    assert read_pack(pack) == as_written


def test_three_hyphens_inside_a_line_do_not_end_the_front_matter(pack: Path) -> None:
    swap("is the pay good", "good pay ---")(pack / SALARY)
    assert read_pack(pack).notes["pay.salary"].asks[1] == "good pay ---"


@pytest.mark.parametrize("optional", ["intents.yaml", "questions.yaml"])
def test_a_pack_may_do_without_intents_and_without_an_exam(pack: Path, optional: str) -> None:
    (pack / optional).unlink()
    assert len(read_pack(pack).notes) == 6


def test_notes_may_live_behind_a_link(pack: Path) -> None:
    (pack / "notes").rename(pack.parent / "elsewhere")
    (pack / "notes").symlink_to("../elsewhere")
    assert len(read_pack(pack).notes) == 6


FILES_OF_TINY = sorted(path.relative_to(TINY_PACK).as_posix() for path in TINY_PACK.rglob("*.*"))
ODD = [
    "---\n",
    "- ",
    ": ",
    "{",
    "&a [*a]",
    "<<: ",
    "!!set ",
    "? [a]\n",
    "\r",
    "id: x\n",
    "null",
    "1e9",
    "\ufeff",
]


@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(FILES_OF_TINY),
    at=st.floats(0, 1),
    cut=st.integers(0, 40),
    typed=st.one_of(
        st.text(max_size=12).map(str.encode), st.binary(max_size=8), st.sampled_from(ODD).map(str.encode)
    ),
)
def test_whatever_is_typed_into_a_file_ends_in_a_pack_or_in_problems_of_one_line(
    name: str, at: float, cut: int, typed: bytes
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(shutil.copytree(TINY_PACK, Path(folder) / "pack"))
        content = (pack / name).read_bytes()
        here = int(at * len(content))
        (pack / name).write_bytes(content[:here] + typed + content[here + cut :])
        try:
            problems = [] if read_pack(pack).notes else None
        except PackError as error:
            problems = error.problems
        assert problems is not None
        for problem in problems:
            assert (pack / problem.file).is_file()
            assert problem.line >= 1
            assert len(str(problem).splitlines()) == 1
            assert "Input should" not in problem.what, "pydantic's words are not an author's"
            assert "see docs" not in problem.cure


def name_in_the_exam(pack: Path, note_id: str, times: int) -> None:
    """Exam questions whose answer is this note."""
    asked = [f"    - ask: Is this the {number}th?\n      notes: [{note_id}]\n" for number in range(times)]
    (pack / "questions.yaml").write_text("test:\n  answerable:\n" + "".join(asked))


def test_many_references_to_one_missing_note_are_one_problem(pack: Path) -> None:
    name_in_the_exam(pack, "pay.gone", 5)
    (problem,) = problems_of(pack)
    assert (problem.file, problem.line) == ("questions.yaml", 3)
    assert problem.what.startswith("note 'pay.gone' does not exist, and 5 places name it, ")
    assert problem.what.endswith("this one and questions.yaml:5")
    assert problem.cure == "write notes/pay/gone.md, or mend its name in all of them"


def test_a_few_references_are_told_one_by_one(pack: Path) -> None:
    name_in_the_exam(pack, "pay.gone", 3)
    assert [problem.line for problem in problems_of(pack)] == [3, 5, 7]


def test_a_copy_of_a_note_is_one_problem(pack: Path) -> None:
    text = (pack / SALARY).read_text().replace("  - is the pay good\n", "  - is the pay good\n  - wage\n")
    for name in (SALARY, "notes/pay/salary-2.md"):
        (pack / name).write_text(text)
    (problem,) = problems_of(pack)
    assert problem.what.startswith("4 of its 4 wordings stand in notes/pay/salary")
    assert problem.cure.startswith("remove one of the two notes")


def test_a_wording_that_stands_twice_in_one_note_is_told(pack: Path) -> None:
    swap("  - is the pay good\n", "  - is the pay good\n  - Is the pay good?\n")(pack / SALARY)
    (problem,) = problems_of(pack)
    assert problem.what == f"'Is the pay good?' stands in {SALARY} already"
