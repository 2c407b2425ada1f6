"""Does an author see every problem, and the exit code a machine reads?"""

import json
from pathlib import Path

import numpy as np
import pytest

from index.embedder import Embedder
from index.retriever import Retriever
from knowledge.library import Library
from tests.conftest import BREAD_PACK, share_model
from tests.scripts.conftest import Ended, run_script


@pytest.fixture(autouse=True)
def _with_the_twin_at_hand(tmp_path: Path, embedder: Embedder, twins: Path) -> None:
    share_model(twins, tmp_path / "var" / "index")


def checked(folder: Path, *arguments: object) -> Ended:
    return run_script("check_knowledge.py", *arguments, folder=folder)


def test_our_own_pack_has_no_problem_and_is_summed_up_in_one_line(
    tmp_path: Path, library: Library, retriever: Retriever, data_dir: Path
) -> None:
    items = sum(map(len, library.items.values()))
    held = f"{len(library.skills)} skills, {len(library.notes)} notes, {items} items, 136 facts"
    told = f"{library.pack.title}: {held}, no problems"
    ended = run_script("check_knowledge.py", folder=tmp_path, BOT_DATA_DIR=data_dir)
    assert ended == Ended(0, [told], [])


def test_any_other_pack_may_be_named(tmp_path: Path) -> None:
    told = "Baking sourdough bread: 3 skills, 13 notes, 6 items, 0 facts, no problems"
    assert checked(tmp_path, BREAD_PACK) == Ended(0, [told], [])


def test_every_problem_of_a_broken_pack_is_a_line_and_the_exit_code_is_1(tmp_path: Path, bread: Path) -> None:
    plant_two_faults(bread)
    assert checked(tmp_path, bread) == Ended(
        1,
        [
            "items/starter.yaml:21: note: 'oven.cold' does not exist; mend the name or remove it "
            "[references-of-items-exist]",
            "notes/oven/mistakes.md:12: holds a link; name it in resources.yaml [links-stand-in-resources]",
        ],
        [f"2 problems in {bread}"],
    )


def test_a_machine_gets_one_object_a_line(tmp_path: Path, bread: Path) -> None:
    plant_two_faults(bread)
    ended = checked(tmp_path, bread, "--json")
    assert ended.code == 1
    coarse, fine = map(json.loads, ended.out)
    assert coarse == {
        "file": "items/starter.yaml",
        "line": 21,
        "what": "note: 'oven.cold' does not exist",
        "cure": "mend the name or remove it",
        "part": "starter/dark-water",
        "rule": "references-of-items-exist",
    }
    assert (fine["file"], fine["line"], fine["rule"]) == (
        "notes/oven/mistakes.md",
        12,
        "links-stand-in-resources",
    )


def plant_two_faults(pack: Path) -> None:
    """One that keeps the pack from being used, and one that does not."""
    for name, old, new in (
        ("items/starter.yaml", "note: starter.mistakes", "note: oven.cold"),
        ("notes/oven/mistakes.md", "is not hot yet", "is not hot (https://oven.example/) yet"),
    ):
        text = (pack / name).read_text()
        assert text.count(old) == 1
        (pack / name).write_text(text.replace(old, new))


def test_one_problem_is_counted_as_one(tmp_path: Path, bread: Path) -> None:
    (bread / "intents.yaml").write_text("")
    ended = checked(tmp_path, bread)
    assert (ended.code, ended.errors) == (1, [f"1 problem in {bread}"])


def test_a_folder_that_is_no_pack_ends_it_however_it_is_named(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    by_argument = checked(tmp_path, nowhere)
    by_setting = run_script("check_knowledge.py", folder=tmp_path, BOT_KNOWLEDGE_DIR=nowhere)
    for ended in (by_argument, by_setting):
        assert (ended.code, ended.out) == (2, [])
        assert f"{nowhere} holds no pack.yaml" in ended.errors[-1]


def test_what_is_not_checked_yet_is_told(tmp_path: Path, bread: Path) -> None:
    (bread / "notes/oven/mistakes.md").write_text("")
    ended = checked(tmp_path, bread)
    assert (ended.code, ended.errors[0]) == (
        1,
        "what depends on every note is not checked yet: notes/oven/mistakes.md cannot be read",
    )


def test_embeddings_are_kept_for_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "var/index/embeddings.npz"
    checked(tmp_path, BREAD_PACK)
    with np.load(file) as kept:
        texts = json.loads(str(kept["texts"]))
    assert "What raises a sourdough loaf? " in texts
    file.write_bytes(b"damaged")
    assert checked(tmp_path, BREAD_PACK).code == 0
