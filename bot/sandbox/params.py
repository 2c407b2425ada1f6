"""What did the bot send with a method? Query, form, multipart or JSON become one set of values; no rules."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.values import Json, refuse

_QUOTED_NAME = re.compile(rb'name="([^"]*)"')
_FILE_NAME = re.compile(rb'filename="([^"]*)"')


@dataclass(frozen=True)
class Upload:
    """One file of a multipart request."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Params:
    """The parameters of one call; any value may be text, or already JSON."""

    values: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A number; what is not one counts as zero, as in the Bot API server."""
        if not self.has(name):
            return default
        match = re.match(r"\s*-?\d+", str(self.values[name]))
        return int(match.group()) if match else 0

    def flag(self, name: str, default: bool = False) -> bool:
        if not self.has(name):
            return default
        return str(self.values[name]).lower() in ("true", "yes", "1")

    def json(self, name: str, what: str | None = None) -> Any:
        """A JSON value, sent as such or as text; None when absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            refuse(f"can't parse {what or name} JSON object")

    def summary(self) -> Json:
        """For the log of calls: values as JSON where they are, and files by name and size."""
        shown = {name: _readable(value) for name, value in self.values.items()}
        return shown | {name: f"<{one.name}, {len(one.content)} bytes>" for name, one in self.files.items()}


def _readable(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def read_params(query: str, content_type: str, body: bytes) -> Params:
    """Join the query with whatever kind of body came."""
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    if content_type.startswith("application/json"):
        return Params(values | _json_object(body))
    if content_type.startswith("multipart/form-data"):
        fields, files = _multipart(content_type, body)
        return Params(values | fields, files)
    return Params(values | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))


def _json_object(body: bytes) -> Json:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        refuse("can't parse JSON object")
    if not isinstance(value, dict):
        refuse("can't parse request: Object expected")
    return value


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    boundary = content_type.partition("boundary=")[2].strip().strip('"').encode()
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        name = _QUOTED_NAME.search(head)
        file_name = _FILE_NAME.search(head)
        if name and file_name:
            files[name.group(1).decode()] = Upload(file_name.group(1).decode("utf-8", "replace"), content)
        elif name:
            fields[name.group(1).decode()] = content.decode("utf-8", "replace")
    return fields, files
