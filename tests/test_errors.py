"""Does a fault of the machine tell what to do about it?"""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_embedder, open_database
from bot.errors import DiskFull, in_words
from bot.settings import Settings

HELP = {
    errno.ENOSPC: ("the disk is full (/srv/var)", "make room there", "BOT_DATA_DIR"),
    errno.EDQUOT: ("the disk is full (/srv/var)", "make room there", "BOT_DATA_DIR"),
    errno.EACCES: ("no permission", "(/srv/var)", "BOT_DATA_DIR"),
    errno.ENOTDIR: ("a file stands where a folder is needed (/srv/var)", "BOT_DATA_DIR"),
    errno.ENOENT: ("cannot be made (/srv/var)", "BOT_DATA_DIR"),
    errno.EIO: (os.strerror(errno.EIO), "(/srv/var)"),
}


@pytest.mark.parametrize(("number", "words"), HELP.items())
def test_a_fault_is_told_with_its_place_and_what_helps(number: int, words: tuple[str, ...]) -> None:
    line = in_words(OSError(number, os.strerror(number), "/srv/var"))
    assert "\n" not in line
    assert [word for word in words if word not in line] == []


def no_room(*_: object, **__: object) -> Any:
    """What NumPy raises: no file is named."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_no_room_for_the_model_is_told_with_the_folder_of_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.open_embedder", no_room)
    with pytest.raises(DiskFull) as told:
        build_embedder(Settings(_env_file=None, data_dir=tmp_path))
    assert str(told.value).startswith(f"the disk is full ({tmp_path / 'index'}): make room there, ")


async def test_no_room_in_the_data_folder_is_told_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", no_room)
    with pytest.raises(DiskFull, match=str(tmp_path)):
        await open_database(Settings(_env_file=None, data_dir=tmp_path))
