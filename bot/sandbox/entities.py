"""Which entities does a text end up with? Checks, trims, nests and finds them as TDLib; parses no markup."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from bot.sandbox.links import BadLink, checked_link, mentioned_user
from bot.sandbox.markup import Markup
from bot.sandbox.values import Json, refuse, utf16_length, utf16_slice

MAX_ENTITIES = 100
"""More are ignored by the server without a word (telegram.constants.MessageLimit.MESSAGE_ENTITIES)."""
MAX_ENTITIES_SIZE = 9500
"""Total size before ENTITIES_TOO_LONG, as a maintainer put it (tdlib/telegram-bot-api#165)."""

_SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
_QUOTES = ("blockquote", "expandable_blockquote")
_CODE = ("pre", "code")
_FOUND = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")
_KNOWN = frozenset(
    (*_SPLITTABLE, *_QUOTES, *_CODE, *_FOUND, "text_link", "text_mention", "custom_emoji", "date_time")
)
_REQUIRED = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
# TDLib's get_type_priority: of two entities with one span the lower number stays outside, or alone.
_PRIORITY = {
    "blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49, "text_mention": 49,
    "bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "custom_emoji": 99,
}  # fmt: skip
_URL = re.compile(
    r"(?:https?://|www\.|\bt\.me/)[^\s<>\"]*[^\s<>\".,;:!?')\]]|(?<![\w@.-])[\w-]+\.(?:com|org|net|io|dev)\b(?:/\S*)?",
    re.IGNORECASE,
)
_FINDERS = (
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("url", _URL),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w@/.])@[A-Za-z][A-Za-z0-9_]{2,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#/&])#\w*[^\W\d]\w*")),
)  # fmt: skip

Span = tuple[int, int]


def check_entities(value: object) -> list[Json]:
    """The `entities` parameter, or the server's refusal of what cannot be read."""
    if value is None:
        return []
    if not isinstance(value, list):
        refuse("can't parse entities JSON object")
    checked = [_check_entity(entity) for entity in value]
    # What Telegram finds by itself is not taken from the bot.
    return [entity for entity in checked if entity["type"] not in _FOUND]


def _check_entity(entity: object) -> Json:
    if not isinstance(entity, dict):
        refuse("can't parse MessageEntity: Expected an Object")
    for name in ("type", "offset", "length"):
        if name not in entity:
            refuse(f"can't parse MessageEntity: Can't find field \"{name}\"")
    for name in ("offset", "length"):
        if not isinstance(entity[name], int):
            refuse(f'can\'t parse MessageEntity: Field "{name}" must be of type Number')
    if entity["type"] not in _KNOWN:
        refuse("can't parse MessageEntity: Unsupported type specified")
    required = _REQUIRED.get(entity["type"])
    if required and required not in entity:
        refuse(f"can't parse MessageEntity: Can't find field \"{required}\"")
    return dict(entity)


def check_spans(text: str, entities: Iterable[Json]) -> None:
    """Refuse entities that lie outside the text, or whose link is unusable."""
    end = utf16_length(text)
    for entity in entities:
        offset, length = int(entity["offset"]), int(entity["length"])
        if offset < 0:
            refuse(f"receive an entity with incorrect offset {offset}")
        if length < 0:
            refuse(f"receive an entity with incorrect length {length}")
        if offset > end:
            refuse(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > end:
            refuse(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + length}"
            )
        _check_url(entity)


def _check_url(entity: Json) -> None:
    if entity["type"] != "text_link":
        return
    try:
        checked_link(entity["url"])
    except BadLink as reason:
        refuse(f"entity URL '{entity['url']}' is invalid: {reason}")


def tidy(markup: Markup, users: Mapping[int, Json]) -> Markup:
    """The text and its entities as the server stores them; `dropped` tells what it silently leaves out."""
    dropped = list(markup.dropped)
    linked = [known for entity in markup.entities if (known := _link(entity, users, dropped))]
    text, trimmed = _trim(markup.text, linked)
    entities = _nest(trimmed, dropped)
    if len(entities) > MAX_ENTITIES:
        dropped.append(f"{len(entities)} entities, all after the first {MAX_ENTITIES} are ignored")
        entities = entities[:MAX_ENTITIES]
    if sum(_size(entity) for entity in entities) > MAX_ENTITIES_SIZE:
        refuse("ENTITIES_TOO_LONG")
    return Markup(text, _sorted([*entities, *_find(text, entities)]), dropped)


def _size(entity: Json) -> int:
    """A guess at the serialised size the server limits: 16 bytes and the address or language."""
    return 16 + len(str(entity.get("url", "")).encode()) + len(str(entity.get("language", "")).encode())


def _link(entity: Json, users: Mapping[int, Json], dropped: list[str]) -> Json | None:
    """A link with its address as stored, a mention for `tg://user?id=`, or None where the server drops it."""
    if entity["type"] != "text_link":
        return entity
    try:
        url = checked_link(entity["url"])
    except BadLink as reason:
        dropped.append(f"the link to {entity['url']!r} is dropped: {reason}")
        return None
    learner_id = mentioned_user(url)
    if learner_id is None:
        return {**entity, "url": url}
    if learner_id not in users:
        dropped.append(f"the mention of unknown user {learner_id} is dropped")
        return None
    span = {"offset": entity["offset"], "length": entity["length"]}
    return {"type": "text_mention", **span, "user": users[learner_id]}


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Blanks at both ends go (at the start only up to the first entity); entities shrink with them."""
    lead = min([len(text) - len(text.lstrip()), *(entity["offset"] for entity in entities)])
    body = text[lead:].rstrip()
    end = utf16_length(body)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return body, kept


def _span(entity: Json) -> Span:
    return entity["offset"], entity["offset"] + entity["length"]


def _sorted(entities: Iterable[Json]) -> list[Json]:
    return sorted(entities, key=lambda one: (one["offset"], -one["length"], _PRIORITY.get(one["type"], 50)))


def _nest(entities: list[Json], dropped: list[str]) -> list[Json]:
    """Blocks keep clear of each other; styles are merged, cut at block borders and removed from code."""
    quotes = _apart((one for one in entities if one["type"] in _QUOTES), dropped)
    others = (one for one in entities if one["type"] not in (*_QUOTES, *_SPLITTABLE))
    blocks = _apart(others, dropped)
    code = [_span(one) for one in blocks if one["type"] in _CODE]
    borders = sorted({border for one in (*quotes, *blocks) for border in _span(one)})
    styles = []
    for style in _SPLITTABLE:
        spans = [_span(one) for one in entities if one["type"] == style]
        pieces = _cut(_merged(spans), borders)
        seen = [piece for piece in pieces if not _inside(piece, code)]
        styles += [_style(style, piece) for piece in seen]
        if len(seen) < len(pieces):
            dropped.append(f"{style} inside code is dropped")
    return _sorted([*quotes, *blocks, *styles])


def _style(kind: str, span: Span) -> Json:
    return {"type": kind, "offset": span[0], "length": span[1] - span[0]}


def _apart(entities: Iterable[Json], dropped: list[str]) -> list[Json]:
    """Entities that may not share text: the first (the outer) stays."""
    kept: list[Json] = []
    for entity in _sorted(entities):
        if not kept or entity["offset"] >= _span(kept[-1])[1]:
            kept.append(entity)
        else:
            dropped.append(f"{entity['type']} inside {kept[-1]['type']} is dropped")
    return kept


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def _cut(spans: Iterable[Span], borders: list[int]) -> list[Span]:
    pieces = []
    for start, stop in spans:
        points = [start, *(border for border in borders if start < border < stop), stop]
        pieces += list(pairwise(points))
    return pieces


def _inside(piece: Span, areas: Iterable[Span]) -> bool:
    return any(start <= piece[0] and piece[1] <= stop for start, stop in areas)


def _find(text: str, entities: list[Json]) -> list[Json]:
    """What Telegram finds by itself in plain text: addresses, commands, mentions, hashtags."""
    taken = [_span(one) for one in entities if one["type"] not in (*_SPLITTABLE, *_QUOTES)]
    found: list[Json] = []
    for kind, pattern in _FINDERS:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            span = (start, start + utf16_length(match.group()))
            if not any(span[0] < stop and begin < span[1] for begin, stop in taken):
                taken.append(span)
                found.append(_style(kind, span))
    return found


def covered_texts(message: Json, kind: str) -> list[str]:
    """The texts that entities of one kind cover, such as the commands of a message."""
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    return [utf16_slice(text, one["offset"], one["length"]) for one in entities if one["type"] == kind]
