"""What do TDLib's HTML rules make of a text? Text and raw entities, or a refusal; it judges no lengths.

Rules and wording follow `parse_html` of tdlib/td (td/telegram/MessageEntity.cpp); refusals count UTF-8 bytes.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from bot.sandbox.values import Json, is_utf8, refuse, utf16_length

_END = "\0"
_SPACES = frozenset(" \t\r\n\v\0")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler",
}  # fmt: skip
_PLAIN = re.compile(r"[^<&]+")
_TAGS = frozenset(_ENTITY_TYPES) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_MAX_REFERENCE = 10  # characters of "&#...;" before TDLib takes it as plain text
_INVALID_UNICODE = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)


@dataclass
class Markup:
    """A text and the entities written in it, before the server tidies them."""

    text: str = ""
    entities: list[Json] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    text_start: int


def parse_html(source: str) -> Markup:
    """Read HTML as the server does; broken markup is refused with "can't parse entities"."""
    return _Reader(source).read()


def _is_alphanumeric(character: str) -> bool:
    return character.isascii() and character.isalnum()


class _Reader:
    """One pass over the source; `_at` is an index in characters."""

    def __init__(self, source: str) -> None:
        self._source = source.replace(_END, "")
        self._at = 0
        self._out: list[str] = []
        self._units = 0
        self._open: list[_OpenTag] = []
        self._result = Markup()

    def read(self) -> Markup:
        while self._at < len(self._source):
            self._step()
        if self._open:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        self._result.text = "".join(self._out)
        if not is_utf8(self._result.text):
            self._fail(_INVALID_UNICODE)
        self._forget_lone_languages()
        return self._result

    def _step(self) -> None:
        plain = _PLAIN.match(self._source, self._at)
        if plain:
            self._at = plain.end()
            self._emit(plain.group())
        elif self._peek() == "<":
            self._read_tag()
        else:
            self._emit(self._read_reference() or self._read_one())

    def _read_one(self) -> str:
        self._at += 1
        return self._source[self._at - 1]

    def _emit(self, text: str) -> None:
        self._out.append(text)
        self._units += utf16_length(text)

    def _peek(self, ahead: int = 0) -> str:
        position = self._at + ahead
        return self._source[position] if position < len(self._source) else _END

    def _fail(self, text: str) -> NoReturn:
        refuse(f"can't parse entities: {text}")

    def _fail_at(self, position: int, text: str) -> NoReturn:
        self._fail(f"{text} at byte offset {self._bytes(position)}")

    def _bytes(self, position: int) -> int:
        return len(self._source[:position].encode("utf-8", "surrogatepass"))

    def _read_reference(self) -> str | None:
        """Decode `&lt;` or `&#60;` and step over it; None (and no step) where TDLib leaves it literal."""
        start, end = self._at, self._at + 1
        if self._peek(1) == "#":
            end = self._end_of_number(start + 2)
            decoded = self._numeric(start, end)
        else:
            while end < len(self._source) and self._source[end].isascii() and self._source[end].isalpha():
                end += 1
            decoded = _NAMED.get(self._source[start + 1 : end])
        if decoded is not None:
            self._at = end + 1 if self._source[end : end + 1] == ";" else end
        return decoded

    def _end_of_number(self, end: int) -> int:
        digits = "0123456789"
        if self._source[end : end + 1] == "x":
            end, digits = end + 1, "0123456789abcdefABCDEF"
        while end < len(self._source) and self._source[end] in digits:
            end += 1
        return end

    def _numeric(self, start: int, end: int) -> str | None:
        if end - start >= _MAX_REFERENCE:
            return None
        body = self._source[start + 2 : end]
        number = int(body[1:] or "0", 16) if body.startswith("x") else int(body or "0")
        return chr(number) if 0 < number < 0x10FFFF else None

    def _read_tag(self) -> None:
        begin = self._at
        self._at += 1
        if self._peek() == "/":
            self._close(begin)
        else:
            self._start(begin)

    def _word(self, stops: str) -> str:
        start = self._at
        while self._peek() not in _SPACES and self._peek() not in stops:
            self._at += 1
        return self._source[start : self._at]

    def _skip_spaces(self) -> None:
        while self._peek() != _END and self._peek() in _SPACES:
            self._at += 1

    def _start(self, begin: int) -> None:
        name = self._word(">").lower()
        if self._peek() == _END:
            self._fail_at(begin, "Unclosed start tag")
        if name not in _TAGS:
            self._fail_at(begin, f'Unsupported start tag "{name}"')
        argument = self._attributes(name, begin)
        if name == "span" and argument != "spoiler":
            self._fail_at(begin, 'Tag "span" must have class "tg-spoiler"')
        self._at += 1
        self._open.append(_OpenTag(name, argument, self._units, len(self._out)))

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self._skip_spaces()
            if self._peek() == ">":
                return argument
            name = self._attribute_name(tag, begin)
            value = self._attribute_value(tag, begin)
            argument = _argument(tag, name, value) or argument

    def _attribute_name(self, tag: str, begin: int) -> str:
        name = self._word("=>/\"'")
        if not name:
            self._fail_at(begin, f'Empty attribute name in the tag "{tag}"')
        self._skip_spaces()
        return name

    def _attribute_value(self, tag: str, begin: int) -> str | None:
        """The value after `=`, or None for an attribute without one, such as `expandable`."""
        has_value = self._peek() == "="
        if has_value:
            self._at += 1
            self._skip_spaces()
        if self._peek() == _END:
            self._fail_at(begin, f'Unclosed start tag "{tag}"')
        if not has_value:
            return None
        value = self._quoted() if self._peek() in "'\"" else self._name_token()
        if self._peek() == _END:
            self._fail_at(begin, "Unclosed start tag")
        return value

    def _name_token(self) -> str:
        start = self._at
        while _is_alphanumeric(self._peek()) or self._peek() in ".-":
            self._at += 1
        if self._peek() not in _SPACES and self._peek() != ">":
            self._fail_at(start, "Unexpected end of name token")
        return self._source[start : self._at].lower()

    def _quoted(self) -> str:
        quote, value = self._peek(), ""
        self._at += 1
        while self._peek() not in (quote, _END):
            decoded = self._read_reference() if self._peek() == "&" else None
            value += decoded or self._read_one()
        if self._peek() == quote:
            self._at += 1
        return value

    def _close(self, begin: int) -> None:
        if not self._open:
            self._fail_at(begin, "Unexpected end tag")
        self._at += 1
        name = self._word(">").lower()
        self._skip_spaces()
        if self._peek() != ">":
            self._fail_at(begin, "Unclosed end tag")
        expected = self._open[-1].name
        if name not in ("", expected):
            found = f'expected "</{expected}>", found "</{name}>"'
            self._fail(f"Unmatched end tag at byte offset {self._bytes(begin)}, {found}")
        self._at += 1
        self._finish(self._open.pop())

    def _finish(self, tag: _OpenTag) -> None:
        length = self._units - tag.offset
        if length == 0:
            return
        entity: Json = {"type": _ENTITY_TYPES.get(tag.name, ""), "offset": tag.offset, "length": length}
        if tag.name in ("pre", "code"):
            self._finish_code(tag, entity)
        elif not entity["type"]:
            self._describe(tag, entity)
        if entity["type"]:
            self._result.entities.append(entity)

    def _describe(self, tag: _OpenTag, entity: Json) -> None:
        if tag.name == "blockquote":
            entity["type"] = "expandable_blockquote" if tag.argument else "blockquote"
        elif tag.name == "a":
            # An address is checked where entities are tidied, as for the `entities` parameter.
            entity.update(type="text_link", url=tag.argument or "".join(self._out[tag.text_start :]))
        elif tag.name == "tg-emoji":
            if not tag.argument.isdigit() or not 0 < int(tag.argument) < 2**63:
                self._fail("Invalid custom emoji identifier specified")
            entity.update(type="custom_emoji", custom_emoji_id=tag.argument)
        else:
            self._result.dropped.append("tg-time is read as plain text by this sandbox")

    def _finish_code(self, tag: _OpenTag, entity: Json) -> None:
        """`<pre><code class="language-x">` (either way round, same span) is one pre with a language."""
        entity["type"] = tag.name
        inner = self._result.entities[-1] if self._result.entities else {}
        same_span = (inner.get("offset"), inner.get("length")) == (entity["offset"], entity["length"])
        partner = same_span and {inner["type"], tag.name} == {"pre", "code"}
        language = tag.argument or inner.get("language", "")
        if partner and language:
            self._result.entities.pop()
            entity.update(type="pre", language=language)
        elif tag.argument:
            entity["language"] = tag.argument

    def _forget_lone_languages(self) -> None:
        for entity in self._result.entities:
            if entity["type"] == "code" and entity.pop("language", None):
                self._result.dropped.append("the language of a <code> outside <pre> is dropped")


def _argument(tag: str, name: str, value: str | None) -> str:
    """The one attribute that means something for a tag; all others are ignored."""
    if tag == "blockquote" and name == "expandable":
        return "1"
    if value is None:
        return ""
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""
