"""Does the exam's table say what happened, and can an author browse the misses?"""

import json
from pathlib import Path

from scripts.misses import Miss, page
from tests.scripts.conftest import run_script


def test_the_tiny_packs_exam_is_sat_beside_its_rivals(tiny_settings: dict[str, Path], tmp_path: Path) -> None:
    misses = tmp_path / "misses.html"
    ended = run_script("evaluate_retrieval.py", "--misses", misses, folder=tmp_path, **tiny_settings)
    assert (ended.code, ended.errors) == (0, [])
    assert ended.out[0] == "| of 5 answerable questions | ours | dense alone | BM25 alone |"
    [recall] = [line for line in ended.out if "recall@1" in line]
    ours, *others = map(float, recall.strip("| ").split(" | ")[1:])
    assert 1.0 >= ours >= max(others) > 0.0
    assert any(line.startswith("| quiz | 1.000 of 1 |") for line in ended.out)
    assert "<h1>" in misses.read_text(encoding="utf-8")


def test_a_public_collection_is_ranked_and_a_folder_that_is_none_is_told(
    tiny_settings: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "d", "text": "the moon"}))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "moon"}))
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\td\t1\n")
    ended = run_script("evaluate_retrieval.py", "--beir", tmp_path, folder=tmp_path, **tiny_settings)
    assert ended.code == 0
    assert ended.out[2] == "| ours | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |"
    missing = run_script("evaluate_retrieval.py", "--beir", "nowhere", folder=tmp_path, **tiny_settings)
    assert (missing.code, missing.out, len(missing.errors)) == (2, [], 1)


def test_what_learners_typed_cannot_break_the_page() -> None:
    told = page([Miss("another note", "<script>alert(1)</script>", "a & b", "x.y", {"z.w"}, "<b>")])
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
    assert "a &amp; b" in told
