"""Does ask.py answer people in a chat's words, and machines by the contract of their fields?"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from knowledge.library import Library
from tests.conftest import PROJECT
from tests.scripts.conftest import PATIENCE, Ended, run_script

FIELDS = ["id", "question", "answer", "abstained", "intent", "args", "citations", "score", "elapsed_ms"]
EARNS = "What does an ML engineer earn?"
ANSWER = "About $125,000 a year in the USA, by figures of 2020."

pytestmark = pytest.mark.timeout(300)  # each first test waits for a model to load


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


def test_a_person_reads_what_a_learner_reads(tiny_settings: dict[str, Path], folder: Path) -> None:
    ended = run_script("ask.py", EARNS, folder=folder, **tiny_settings)
    assert (ended.code, ended.errors) == (0, [])
    read = [line.strip() for line in ended.out if line.strip()]
    assert read[:2] == [EARNS, ANSWER]
    assert "A handbook for beginners, 2020" in read[2]
    assert "Data scientist or ML engineer?" in read[3]


def test_json_is_one_object_with_every_field(tiny_settings: dict[str, Path], folder: Path) -> None:
    ended = run_script(
        "ask.py", "--json", "Which programming language first?", folder=folder, **tiny_settings
    )
    assert (ended.code, ended.errors) == (0, [])
    (line,) = ended.out
    told: dict[str, Any] = json.loads(line)
    assert list(told) == FIELDS
    assert 0.5 < told.pop("score") < 1
    assert told.pop("elapsed_ms") > 0
    assert told == {
        "id": None,
        "question": "Which programming language first?",
        "answer": "Begin with Python: it has the most libraries. pip install numpy brings the first one, "
        "and the guild lists more.",
        "abstained": False,
        "intent": "question",
        "args": {},
        "citations": [
            {"passage_id": "skills.python", "title": "Which programming language first?", "source": source}
            for source in ("A handbook for beginners", "The guild of engineers")
        ],
    }


BATCH: list[bytes] = [
    json.dumps({"id": 1, "question": EARNS}).encode(),
    b"this is not JSON",
    json.dumps({"id": "bread", "question": "How do I bake sourdough bread?"}).encode(),
    b"",
    b'["a", "list"]',
    b'{"id": "silent"}',
    b'{"id": "a number", "question": 7}',
    b'{"id": "lost", "question": "caf\xe9"}',  # Latin-1
    json.dumps({"id": "mute", "question": "?!"}).encode(),
    b'{"id": "no list", "question": "why?", "context": "because"}',
    b'{"id": "no texts", "question": "why?", "context": [1]}',
    b"[" * 100_000,
    json.dumps(
        {"id": ["any", {"JSON": None}], "question": "Wie schwer ist Statistik? 📈"}, ensure_ascii=False
    ).encode(),
    b'{"id": "half a pair", "question": "maths \\ud83d"}',
    json.dumps({"id": "alone", "question": "is that good money?"}).encode(),
    json.dumps({"id": "leaning", "question": "is that good money?", "context": ["hi", EARNS]}).encode(),
    json.dumps({"id": "alone again", "question": "is that good money?", "context": []}).encode(),
    json.dumps({"id": "forgotten", "question": "is that good money?", "context": None}).encode(),
    json.dumps({"id": "hello", "question": "hello"}).encode(),
    json.dumps({"id": "next", "question": "what should I learn next"}).encode(),
    json.dumps({"id": "quiz", "question": "quiz me"}).encode(),
    json.dumps({"id": "progress", "question": "show my progress"}).encode(),
    json.dumps({"id": "daily", "question": "remind me every morning"}).encode(),
    json.dumps({"question": "is linear algebra needed"}).encode(),
    b'{"id": 1e400, "question": "why?"}',
    b'{"id": NaN, "question": "why?"}',
    b'{"id": 0.5, "question": "is linear algebra needed"}',
]
BAD_LINES = {
    2: "is not JSON",
    5: 'must be an object with a text "question"',
    6: 'must be an object with a text "question"',
    7: 'must be an object with a text "question"',
    8: "is not JSON",
    10: '"context" must be a list of texts',
    11: '"context" must be a list of texts',
    12: "is not JSON",
    25: "is not JSON (a number is too large",
    26: "is not JSON (a number is too large",
}


@pytest.fixture(scope="module")
def batch(tiny_settings: dict[str, Path], folder: Path) -> Ended:
    """One batch over standard input, where the locale knows no Unicode."""
    locale = {"LC_ALL": "C", "PYTHONUTF8": 0, "PYTHONCOERCECLOCALE": 0}
    return run_script(
        "ask.py", "--batch", "-", stdin=b"\n".join(BATCH), folder=folder, **tiny_settings, **locale
    )


@pytest.fixture(scope="module")
def told(batch: Ended) -> dict[str, dict[str, Any]]:
    """Each object of the batch, by its id."""
    objects = [json.loads(line) for line in batch.out]
    return {str(each["id"]): each for each in objects}


def test_bad_lines_are_told_by_their_number_and_the_exit_code_is_1(batch: Ended) -> None:
    assert batch.code == 1
    assert len(batch.errors) == len(BAD_LINES)
    for line, (number, what) in zip(batch.errors, BAD_LINES.items(), strict=True):
        assert line.startswith(f"line {number}: {what}")


def test_every_other_line_is_answered_in_order(batch: Ended) -> None:
    good = [
        json.loads(line) for number, line in enumerate(BATCH, 1) if number not in BAD_LINES and line.strip()
    ]
    told = [json.loads(line) for line in batch.out]
    assert [each["question"] for each in told] == [each["question"] for each in good]
    assert [each["id"] for each in told] == [each.get("id") for each in good]


def test_every_object_has_the_fields_of_the_contract_in_their_kinds(batch: Ended) -> None:
    for line in batch.out:
        told = json.loads(line)
        assert list(told) == FIELDS
        assert isinstance(told["answer"], str)
        assert told["answer"].strip()
        assert isinstance(told["abstained"], bool)
        assert told["intent"] in {"question", "next_step", "quiz", "progress", "set_daily", "smalltalk"}
        assert isinstance(told["args"], dict)
        assert isinstance(told["citations"], list)
        assert all(list(citation) == ["passage_id", "title", "source"] for citation in told["citations"])
        assert isinstance(told["score"], float | None)
        assert isinstance(told["elapsed_ms"], float)


def test_an_answer_is_the_notes_text_without_sources_and_buttons(
    told: dict[str, dict[str, Any]], tiny: Library
) -> None:
    answer = told["1"]
    assert answer["answer"] == ANSWER == tiny.notes["pay.salary"].body
    assert not answer["abstained"]
    assert answer["citations"] == [
        {"passage_id": "pay.salary", "title": EARNS, "source": "A handbook for beginners"}
    ]


@pytest.mark.parametrize("asked", ["bread", "mute", "alone"])
def test_declining_and_asking_to_rephrase_are_abstentions_without_citations(
    told: dict[str, dict[str, Any]], tiny: Library, asked: str
) -> None:
    told_of = told[asked]
    assert told_of["abstained"]
    assert told_of["intent"] == "question"
    assert told_of["citations"] == []
    assert not any(note.title in told_of["answer"] for note in tiny.notes.values())


def test_earlier_questions_give_a_follow_up_its_matter(told: dict[str, dict[str, Any]]) -> None:
    assert not told["leaning"]["abstained"]
    assert told["leaning"]["answer"] == ANSWER
    assert told["alone"]["abstained"]
    assert told["alone again"]["abstained"]
    assert told["forgotten"]["abstained"]


@pytest.mark.parametrize(
    ("asked", "intent"),
    [
        ("hello", "smalltalk"),
        ("next", "next_step"),
        ("quiz", "quiz"),
        ("progress", "progress"),
        ("daily", "set_daily"),
    ],
)
def test_what_is_no_question_is_no_abstention(
    told: dict[str, dict[str, Any]], asked: str, intent: str
) -> None:
    assert (told[asked]["intent"], told[asked]["abstained"]) == (intent, False)
    assert told[asked]["citations"] == []


def test_a_wish_is_told_as_to_one_person_and_nothing_leads_to_buttons_that_are_left_out(
    told: dict[str, dict[str, Any]],
) -> None:
    assert told["quiz"]["answer"] == "Send /quiz and I quiz you."
    assert not [each["answer"] for each in told.values() if each["answer"].endswith(":")]


def test_a_question_without_an_id_is_answered_with_none(told: dict[str, dict[str, Any]]) -> None:
    assert told["None"]["citations"][0]["passage_id"] == "skills.maths"


UNUSABLE: dict[str, tuple[dict[str, str], list[str]]] = {
    "no pack": ({"BOT_KNOWLEDGE_DIR": "/nowhere"}, ["BOT_KNOWLEDGE_DIR", "/nowhere"]),
    "two wrong at once": (
        {"BOT_LOG_LEVEL": "LOUD", "BOT_LISTEN": "here"},
        ["BOT_LOG_LEVEL", "BOT_LISTEN", "host:port"],
    ),
    "no token": ({"BOT_TOKEN": "hunter2"}, ["BOT_TOKEN"]),
    "no folder": ({"BOT_DATA_DIR": "/proc/nowhere"}, ["BOT_DATA_DIR", "/proc/nowhere"]),
    "no model": ({"BOT_EMBEDDING_MODEL": "/nowhere/model"}, ["/nowhere/model", "BOT_EMBEDDING_MODEL"]),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_unusable_settings_end_in_one_line_and_exit_code_2(
    tiny_settings: dict[str, Path], folder: Path, what: str
) -> None:
    variables, named = UNUSABLE[what]
    ended = run_script("ask.py", "why?", folder=folder, **tiny_settings | variables)
    assert (ended.code, ended.out) == (2, [])
    assert len(ended.errors) == 1, ended.errors
    assert all(word in ended.errors[0] for word in named)
    assert "hunter2" not in ended.errors[0]


def test_a_batch_that_is_not_there_ends_in_one_line_and_exit_code_2(
    tiny_settings: dict[str, Path], folder: Path
) -> None:
    ended = run_script("ask.py", "--batch", "nowhere.jsonl", folder=folder, **tiny_settings)
    assert (ended.code, ended.out) == (2, [])
    assert len(ended.errors) == 1
    assert ended.errors[0].startswith("--batch nowhere.jsonl: No such file")


def test_a_reader_who_has_read_enough_ends_a_batch_in_silence(
    tiny_settings: dict[str, Path], folder: Path
) -> None:
    questions = "".join(json.dumps({"question": EARNS}) + "\n" for _ in range(50))
    asking = subprocess.Popen(
        [sys.executable, str(PROJECT / "scripts" / "ask.py"), "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **{k: str(v) for k, v in tiny_settings.items()}},
    )
    assert asking.stdin
    assert asking.stdout
    assert asking.stderr
    asking.stdout.close()
    with asking.stdin as questioner, contextlib.suppress(BrokenPipeError):
        questioner.write(questions.encode())
    with asking.stderr as told:
        assert told.read() == b""
    assert asking.wait(PATIENCE) == 0


@pytest.mark.parametrize("arguments", [[EARNS], ["--json", EARNS], ["--batch", "-"]])
def test_a_full_disk_under_the_answers_ends_in_one_line_and_exit_code_1(
    tiny_settings: dict[str, Path], folder: Path, arguments: list[str]
) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, str(PROJECT / "scripts" / "ask.py"), *arguments],
            input=json.dumps({"question": EARNS}).encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(PROJECT), **{k: str(v) for k, v in tiny_settings.items()}},
        )
    (line,) = done.stderr.decode().splitlines()
    assert "cannot be written" in line
    assert "No space left on device" in line
    assert done.returncode == 1


@pytest.mark.parametrize("arguments", [[], ["why?", "--batch", "-"]])
def test_neither_or_both_of_question_and_batch_is_a_wrong_use(folder: Path, arguments: list[str]) -> None:
    ended = run_script("ask.py", *arguments, folder=folder)
    assert ended.code == 2
    assert ended.errors[-1].endswith("give a question, or --batch FILE")
