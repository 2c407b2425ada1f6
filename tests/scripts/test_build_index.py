"""Is the index mended where it is damaged, and left alone where the pack is broken?"""

import shutil
from pathlib import Path

import pytest

from tests.index.test_vectors import snapshot
from tests.scripts.conftest import run_script


@pytest.fixture
def settings(tiny_settings: dict[str, Path], pack: Path, tmp_path: Path) -> dict[str, Path]:
    """A copy of the tiny pack and of its good index."""
    data_dir = Path(shutil.copytree(tiny_settings["BOT_DATA_DIR"], tmp_path / "var"))
    return {"BOT_KNOWLEDGE_DIR": pack, "BOT_DATA_DIR": data_dir}


@pytest.mark.timeout(300)
def test_a_damaged_index_is_told_in_one_line_and_built_anew(
    settings: dict[str, Path], tmp_path: Path
) -> None:
    (vectors,) = settings["BOT_DATA_DIR"].glob("index/*/vectors.faiss")
    good = vectors.read_bytes()
    vectors.write_bytes(good[: len(good) // 2])

    ended = run_script("build_index.py", folder=tmp_path, **settings)

    assert (ended.code, ended.out) == (0, [])
    assert len([line for line in ended.errors if "vectors.faiss was damaged" in line]) == 1
    assert any("the index is built" in line for line in ended.errors)
    assert len(vectors.read_bytes()) == len(good), "the last bits may differ from batch to batch"


def test_a_broken_pack_leaves_a_good_index_untouched(settings: dict[str, Path], tmp_path: Path) -> None:
    before = snapshot(settings["BOT_DATA_DIR"])
    note = settings["BOT_KNOWLEDGE_DIR"] / "notes/pay/salary.md"
    note.write_text(note.read_text().replace("roles.data-scientist", "roles.nobody"))
    (settings["BOT_KNOWLEDGE_DIR"] / "notes/skills/maths.md").write_text("")

    ended = run_script("build_index.py", folder=tmp_path, **settings)

    assert ended.code == 2
    assert ended.errors[-2:] == [
        "notes/pay/salary.md:9: related: 'roles.nobody' does not exist; mend the name or remove it "
        "[references-of-notes-exist]",
        "notes/skills/maths.md:1: has no front matter; begin the file with a block between two lines `---`",
    ]
    assert snapshot(settings["BOT_DATA_DIR"]) == before


def test_a_folder_that_is_no_pack_is_named_with_its_variable(
    settings: dict[str, Path], tmp_path: Path
) -> None:
    ended = run_script("build_index.py", folder=tmp_path, **settings | {"BOT_KNOWLEDGE_DIR": tmp_path})
    assert ended.code == 2
    assert len(ended.errors) == 1
    assert ended.errors[0].startswith("BOT_KNOWLEDGE_DIR must be the folder of a knowledge pack")
