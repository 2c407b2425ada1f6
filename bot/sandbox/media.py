"""Which bytes did the bot send as photo or document? Reads uploads and file ids; it converts nothing."""

import mimetypes
import struct
from pathlib import PurePosixPath

from bot.sandbox.calls import Call
from bot.sandbox.params import Upload
from bot.sandbox.values import Json, refuse
from bot.sandbox.world import StoredFile, World

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_SIDES = 10_000
"""Width and height of a photo together."""
MAX_RATIO = 20

MAX_NAME, MAX_SUFFIX = 60, 20
"""Characters of a file's name that TDLib keeps (`clean_filename` in tdutils/td/utils/filesystem.cpp)."""
_BAD_IN_NAMES = frozenset("<>:\"/\\|?*&`'")

File = Upload | StoredFile


def upload(call: Call, name: str) -> File:
    """The file of a call: uploaded under its name or as `attach://`, or known by its file_id."""
    value = call.params.text(name)
    return named_file(call, value or f"attach://{name}", name)


def named_file(call: Call, value: str, kind: str) -> File:
    """The file a value means: `attach://part`, or a file_id."""
    if value.startswith("attach://"):
        part = call.params.files.get(value.removeprefix("attach://"))
        if part is None:
            refuse(f"there is no {kind} in the request")
        return part
    if value.startswith(("http://", "https://")):
        refuse("failed to get HTTP URL content")
    stored = call.world.files.get(value)
    if stored is None:
        refuse("wrong file identifier/HTTP URL specified")
    return stored


def photo_content(call: Call, file: File) -> Json:
    """`photo` of a message; the sandbox keeps one size."""
    if not file.content:
        refuse("file must be non-empty")
    if len(file.content) > MAX_PHOTO_BYTES:
        refuse("file is too big")
    width, height = image_size(file.content)
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        refuse("PHOTO_INVALID_DIMENSIONS")
    stored = _stored(call.world, file, "photos")
    return {"photo": [file_object(stored) | {"width": width, "height": height}]}


def document_content(call: Call, file: File) -> Json:
    """`document` of a message."""
    if not file.content:
        refuse("file must be non-empty")
    if len(file.content) > MAX_UPLOAD_BYTES:
        refuse("file is too big")
    stored = _stored(call.world, file, "documents")
    sent_as = file.name if isinstance(file, Upload) else stored.path.rpartition("/")[2]
    name = clean_name(sent_as)
    if name != sent_as:
        call.note([f"file name {sent_as!r} became {name!r}"])
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"document": file_object(stored) | {"file_name": name, "mime_type": kind}}


def clean_name(name: str) -> str:
    """A file's name as Telegram keeps it: blanks for bad characters, none at the edges, and not too long."""
    path = PurePosixPath(name)
    stem, suffix = _clean_part(path.stem, MAX_NAME), _clean_part(path.suffix[1:], MAX_SUFFIX)
    return ".".join(part for part in (stem, suffix) if part)


def _clean_part(text: str, limit: int) -> str:
    kept = "".join(one if _may_stand_in_a_name(one) else " " for one in text)
    return kept.lstrip(" .")[:limit].rstrip(" .")


def _may_stand_in_a_name(character: str) -> bool:
    if character.isascii():
        return character.isprintable() and character not in _BAD_IN_NAMES
    return character.isalnum()


def _stored(world: World, file: File, folder: str) -> StoredFile:
    return file if isinstance(file, StoredFile) else world.store_file(folder, file.name, file.content)


def file_object(stored: StoredFile) -> Json:
    """What all files have in the Bot API."""
    return {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": len(stored.content)}


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or a JPEG; the server refuses what is no image."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
    elif content.startswith(b"\xff\xd8"):
        width, height = _jpeg_size(content)
    else:
        refuse("IMAGE_PROCESS_FAILED")
    if not width or not height:
        refuse("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Walk the segments up to the frame header (SOF0 to SOF15 but DHT, JPG and DAC)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        kind, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return refuse("IMAGE_PROCESS_FAILED")
