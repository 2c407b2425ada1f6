"""Is a kept pack the pack that was read, and never taken for one that has changed?"""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import kept
from knowledge.kept import read_kept_pack
from knowledge.problems import PackError
from knowledge.reader import read_pack
from tests.conftest import REAL_PACK


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


@pytest.fixture
def unread(pack: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a pack that is kept; who reads it once more, fails."""
    read_kept_pack(pack, shelf)
    monkeypatch.delattr(kept, "read_pack")
    return pack


def test_the_real_pack_is_kept_as_it_is(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = replace(read_kept_pack(REAL_PACK, shelf), places={})
    monkeypatch.delattr(kept, "read_pack")
    again = read_kept_pack(REAL_PACK, shelf)
    assert again == read
    for part in ("skills", "tracks", "notes", "items"):
        assert [*getattr(again, part)] == [*getattr(read, part)], f"{part} in their order"


@pytest.mark.parametrize("change", ["a letter", "a file more", "a file less", "another name"])
def test_a_changed_pack_is_read_anew(pack: Path, shelf: Path, change: str) -> None:
    before = read_kept_pack(pack, shelf)
    note = next(iter(sorted((pack / "notes").rglob("*.md"))))
    if change == "a letter":
        note.write_text(note.read_text().replace("title: ", "title: A"))
        assert read_kept_pack(pack, shelf).notes != before.notes
    else:
        {
            "a file more": lambda: (pack / "itmes.yaml").write_text("- a\n"),
            "a file less": note.unlink,
            "another name": lambda: note.rename(note.with_suffix(".txt")),
        }[change]()
        with pytest.raises(PackError):
            read_kept_pack(pack, shelf)
        assert len([*shelf.iterdir()]) == 1, "a pack with problems is not kept"


def test_a_moved_pack_is_the_same_pack(unread: Path, shelf: Path) -> None:
    assert read_kept_pack(unread.rename(unread.with_name("moved")), shelf).notes


@pytest.mark.parametrize("harm", ["cut", "turned", "emptied", "a folder"])
def test_what_was_damaged_is_read_anew(pack: Path, shelf: Path, harm: str) -> None:
    read = replace(read_kept_pack(pack, shelf), places={})
    [file] = shelf.iterdir()
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    if harm == "a folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes({"cut": whole[:-9], "turned": whole, "emptied": b""}[harm])
    assert replace(read_kept_pack(pack, shelf), places={}) == read


def test_where_nothing_can_be_kept_it_is_read_each_time(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert read_kept_pack(pack, tmp_path / "file").notes == read_pack(pack).notes


def test_only_the_newest_are_kept(pack: Path, shelf: Path) -> None:
    note = next(iter(sorted((pack / "notes").rglob("*.md"))))
    for _ in range(kept.KEPT + 2):
        note.write_text(note.read_text() + "\nMore.")
        read_kept_pack(pack, shelf)
    assert len([*shelf.iterdir()]) == kept.KEPT
