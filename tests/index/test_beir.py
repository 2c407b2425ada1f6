"""Is a public collection read as BEIR describes it, and ranked?"""

import json
from pathlib import Path

import pytest

from index.beir import read_collection, sit_collection
from index.embedder import Embedder

DOCUMENTS = {
    "d1": "Bread is baked in an oven.",
    "d2": "The moon moves around the earth.",
    "d3": "Cats sleep a lot.",
}
QUESTIONS = {"q1": "what moves around our planet?", "q2": "how is bread made", "q3": "nobody judged this"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, texts in (("corpus", DOCUMENTS), ("queries", QUESTIONS)):
        lines = (json.dumps({"_id": number, "title": "", "text": text}) for number, text in texts.items())
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td1\t2\nq2\td3\t0\n"
    )
    return tmp_path


def test_judged_questions_are_ranked_by_every_engine(folder: Path, embedder: Embedder) -> None:
    public = read_collection(folder)
    assert (public.right, set(public.questions)) == ({"q1": {"d2"}, "q2": {"d1"}}, {"q1", "q2"})
    ranked = dict(sit_collection(public, embedder))
    assert set(ranked) == {"ours", "dense alone", "BM25 alone"}
    assert [ranking.found[0] for ranking in ranked["ours"]] == ["d2", "d1"]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("corpus.jsonl", '{"_id": "d1"}', "corpus.jsonl:1: is no JSON object with _id and text"),
        ("queries.jsonl", "no json", "queries.jsonl:1: is no JSON object"),
        ("qrels/test.tsv", "a\tb\n1\t2\n", "needs the columns query-id, corpus-id and score"),
    ],
)
def test_a_file_that_is_something_else_is_named(folder: Path, file: str, text: str, told: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(ValueError, match=told):
        read_collection(folder)


def test_a_folder_without_judgements_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="qrels"):
        read_collection(tmp_path)
