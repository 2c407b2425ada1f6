"""Is a changed file told, and one that nobody touched taken at its word?"""

import hashlib
import os
from pathlib import Path

import pytest

from index import seal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"content")
    return tmp_path / "file"


DIGEST = hashlib.sha256(b"content").hexdigest()


def test_a_file_is_whole_by_its_digest_alone(file: Path) -> None:
    assert seal.is_whole(file, DIGEST)
    assert not seal.is_whole(file, "0" * 64)


def test_an_untouched_file_is_read_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seal.is_whole(file, DIGEST)
    monkeypatch.delattr(seal, "digest_of")
    assert seal.is_whole(file, DIGEST)


def test_a_file_that_changed_is_told_even_where_its_size_and_time_did_not(file: Path) -> None:
    assert seal.is_whole(file, DIGEST)
    before = file.stat()
    other = file.with_name("other")
    other.write_bytes(b"CONTENT")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)
    assert not seal.is_whole(file, DIGEST)


@pytest.mark.parametrize("note", [b"", b"[", b"\xff", b"{}", b'["x", 1]'])
def test_a_damaged_note_only_costs_the_reading(file: Path, note: bytes) -> None:
    file.with_name(".file.seen").write_bytes(note)
    assert seal.is_whole(file, DIGEST)
    assert not seal.is_whole(file, "0" * 64)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        seal.is_whole(tmp_path / "nothing", DIGEST)
