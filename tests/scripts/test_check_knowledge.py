"""Does an author see every problem, and the exit code a machine reads?"""

from pathlib import Path

import pytest

from knowledge.library import Library
from tests.conftest import REAL_PACK, TINY_PACK
from tests.scripts.conftest import Ended, run_script


def checked(folder: Path, *arguments: object) -> Ended:
    return run_script("check_knowledge.py", *arguments, folder=folder)


@pytest.mark.parametrize("arguments", [(), (REAL_PACK,)])
def test_our_own_pack_is_summed_up_in_one_line(
    tmp_path: Path, library: Library, arguments: tuple[Path, ...]
) -> None:
    told = f"{library.pack.title}: {len(library.notes)} notes, 136 facts carried, no problems"
    assert checked(tmp_path, *arguments) == Ended(0, [told], [])


def test_any_other_pack_may_be_named(tmp_path: Path) -> None:
    told = "The path in six notes: 6 notes, 5 facts carried, no problems"
    assert checked(tmp_path, TINY_PACK) == Ended(0, [told], [])


def test_every_problem_of_a_broken_pack_is_a_line_and_the_exit_code_is_1(tmp_path: Path, pack: Path) -> None:
    (pack / "notes/pay/salary.md").write_text("About $125,000.\n")
    (pack / "notes/skills/maths.md").write_text("---\ntitle: Maths\nsources: [nowhere]\n---\nMuch.\n")
    assert checked(tmp_path, pack) == Ended(
        1,
        [
            "notes/pay/salary.md:1: has no front matter; begin the file with a block between two lines `---`",
            "notes/skills/maths.md:3: sources: 'nowhere' does not exist; mend the name or remove it",
        ],
        [f"2 problems in {pack}"],
    )


def test_one_problem_is_counted_as_one(tmp_path: Path, pack: Path) -> None:
    (pack / "intents.yaml").write_text("")
    ended = checked(tmp_path, pack)
    assert (ended.code, ended.errors) == (1, [f"1 problem in {pack}"])


def test_a_folder_that_is_no_pack_is_told_so(tmp_path: Path) -> None:
    ended = checked(tmp_path, tmp_path / "nowhere")
    assert ended.code == 1
    assert "pack.yaml:1: cannot be read: No such file or directory; restore the file" in ended.out
