"""The exam of the whole: is each of the 136 facts answered through ask.py, from a note that carries it?"""

import json
from pathlib import Path
from typing import Any

import pytest

from index.retriever import Retriever
from knowledge.library import Library
from tests.scripts.conftest import run_script

pytestmark = pytest.mark.timeout(600)  # some 300 questions, after the model is loaded


@pytest.fixture(scope="module")
def answered(
    library: Library, retriever: Retriever, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Every answerable question of the pack's exam, asked in one batch (`retriever` built the index)."""
    folder = tmp_path_factory.mktemp("exam")
    questions = [question.ask for question in library.exam.answerable if question.facts]
    lines = (json.dumps({"id": number, "question": ask}) for number, ask in enumerate(questions))
    (folder / "exam.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ended = run_script("ask.py", "--batch", "exam.jsonl", folder=folder, BOT_DATA_DIR=data_dir)
    assert (ended.code, ended.errors) == (0, [])
    told = [json.loads(line) for line in ended.out]
    assert [each["id"] for each in told] == list(range(len(questions)))
    return {each["question"]: each for each in told}


@pytest.mark.parametrize("fact", range(1, 137))
def test_the_fact_is_answered_from_a_note_that_carries_it(
    library: Library, answered: dict[str, dict[str, Any]], fact: int
) -> None:
    carriers = library.notes_carrying((fact,))
    told = {
        question.ask: answered[question.ask] for question in library.exam.answerable if fact in question.facts
    }
    tried = {
        ask: [c["passage_id"] for c in each["citations"]] or each["answer"][:30] for ask, each in told.items()
    }
    assert any(
        not each["abstained"] and each["citations"] and each["citations"][0]["passage_id"] in carriers
        for each in told.values()
    ), f"{library.facts[fact].states!r} is carried by {sorted(carriers)}, but this was answered: {tried}"


def test_an_answer_is_its_notes_own_text_and_cites_all_its_sources(
    library: Library, answered: dict[str, dict[str, Any]]
) -> None:
    answers = [each for each in answered.values() if each["citations"]]
    assert len(answers) > 136
    for each in answers:
        note = library.notes[each["citations"][0]["passage_id"]]
        cited = [c["source"] for c in each["citations"] if c["passage_id"] == note.id]
        assert cited == [s.title for s in library.sources_of(note)]
        assert each["answer"].split()[0] in note.body
        assert not any(source.title in each["answer"] for source in library.sources_of(note))
