"""The gate: whatever a view says arrives whole, in parts Telegram takes, with its formatting in place."""

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.chat.buttons import OpenNote
from bot.chat.gate import MAX_CAPTION_UNITS, Destination, calls_for, utf16_units
from bot.chat.views.reply import Button, Document, Reply
from bot.chat.views.rich import Mark, Rich, bold, italic, join, link
from bot.sandbox.entities import check_entities, check_spans
from bot.sandbox.values import utf16_slice

ALEX = Destination(1001)
TEXT_LIMIT, ENTITIES_LIMIT = 4096, 100  # Telegram's: UTF-16 units, entities
EMOJI = "👩‍🚀"  # three code points, five UTF-16 units

Payload = dict[str, Any]
Seen = list[tuple[str, frozenset[tuple[Any, ...]]]]

letters = st.sampled_from(
    [*"abc é漢", "\n", "\n\n", "😀", EMOJI, "\t", "\0", "\x1f", "\ud83d", "\ude00", "\u200d"]
)
chunks = st.lists(letters, min_size=1, max_size=12).map("".join) | st.text(max_size=12)
styles: st.SearchStrategy[list[Callable[[int], Mark]]] = st.lists(
    st.sampled_from(
        [
            lambda end: Mark("bold", 0, end),
            lambda end: Mark("italic", 0, end),
            lambda end: Mark("pre", 0, end, language="python"),
            lambda end: Mark("text_link", 0, end, url="https://example.org"),
        ]
    ),
    max_size=2,
)


@st.composite
def riches(draw: st.DrawFn) -> Rich:
    """Text of any kind, up to two or three messages long, with up to some hundred marks."""
    text = Rich()
    for chunk, times, chosen in draw(
        st.lists(st.tuples(chunks, st.sampled_from([1, 1, 1, 5, 200]), styles), min_size=1, max_size=12)
    ):
        said = chunk * times
        text += Rich(said, tuple(style(len(said)) for style in chosen))
    repeated = join(draw(st.sampled_from(["", " ", "\n\n"])), [text] * draw(st.sampled_from([1, 1, 3, 20])))
    return repeated.cut(0, 9_000)


def payloads_of(text: Rich) -> list[Payload]:
    return [dict(call.payload) for call in calls_for(Reply(text), ALEX)]


def is_speakable(character: str) -> bool:
    """Whether a character is to arrive: no blank, no control character, no half of a pair."""
    return character > "\x1f" and not "\ud800" <= character <= "\udfff" and not character.isspace()


def meant(text: Rich) -> Seen:
    """Each character that is to arrive, with its formatting."""
    formats: list[set[tuple[Any, ...]]] = [set() for _ in text.text]
    for mark in text.marks:
        for position in range(mark.start, mark.end):
            formats[position].add((mark.kind, mark.url, mark.language))
    return _seen(zip(text.text, formats, strict=True))


def received(payload: Payload) -> Seen:
    """Each character a learner sees, with its formatting: entities are laid over UTF-16 units."""
    formats: list[set[tuple[Any, ...]]] = [set() for _ in range(utf16_units(payload["text"]))]
    for entity in payload.get("entities", ()):
        for unit in range(entity["offset"], entity["offset"] + entity["length"]):
            formats[unit].add((entity["type"], entity.get("url"), entity.get("language")))
    starts = accumulate((utf16_units(character) for character in payload["text"]), initial=0)
    return _seen((one, formats[start]) for one, start in zip(payload["text"], starts, strict=False))


def _seen(characters: Iterable[tuple[str, set[tuple[Any, ...]]]]) -> Seen:
    return [(one, frozenset(formats)) for one, formats in characters if is_speakable(one)]


@settings(deadline=None)
@given(riches())
@example(Rich("a" * TEXT_LIMIT))
@example(Rich("a" * (TEXT_LIMIT + 1)))
@example(Rich("😀" * TEXT_LIMIT, (Mark("bold", 0, TEXT_LIMIT),)))
def test_nothing_is_lost_and_formatting_stays_where_it_was(text: Rich) -> None:
    arrived = [seen for payload in payloads_of(text) for seen in received(payload)]
    assert arrived == meant(text)


@settings(deadline=None)
@given(riches())
@example(join(" ", [bold("a")] * (2 * ENTITIES_LIMIT + 1)))
def test_every_part_is_one_that_telegram_takes_whole(text: Rich) -> None:
    assume(meant(text))
    for payload in payloads_of(text):
        said, entities = payload["text"], payload.get("entities", [])
        assert said == said.strip() != "", "Telegram trims by itself and shifts what is formatted"
        assert utf16_units(said) <= TEXT_LIMIT
        assert all(character == "\n" or character > "\x1f" for character in said)
        assert len(entities) <= ENTITIES_LIMIT
        check_spans(said, check_entities(entities))
        for entity in entities:
            utf16_slice(said, entity["offset"], entity["length"]).encode()  # no half of an emoji


@given(st.lists(st.text(st.sampled_from("abc😀"), min_size=1, max_size=TEXT_LIMIT // 4), max_size=20))
def test_text_is_cut_between_words(words: list[str]) -> None:
    parts = payloads_of(Rich(" ".join(words)))
    assert [word for part in parts for word in part["text"].split()] == words


@pytest.mark.parametrize("separator", ["\n\n", "\n", " "])
def test_text_is_cut_at_a_paragraph_else_at_a_line_else_at_a_word(separator: str) -> None:
    lesser = {"\n\n": "\n", "\n": " ", " ": "-"}[separator]
    first, second = (lesser.join(["rung"] * 500) for _ in range(2))
    parts = payloads_of(Rich(first + separator + second))
    assert [part["text"] for part in parts] == [first, second]


def test_the_parts_of_a_cut_mark_keep_its_formatting() -> None:
    first, second = payloads_of(bold("a" * TEXT_LIMIT + "b"))
    assert first["entities"] == [{"type": "bold", "offset": 0, "length": TEXT_LIMIT}]
    assert second["entities"] == [{"type": "bold", "offset": 0, "length": 1}]


def test_offsets_count_an_emoji_as_telegram_does() -> None:
    [payload] = payloads_of(Rich(f"{EMOJI} ") + bold(f"to{EMOJI}") + " " + link("go", "https://example.org"))
    assert payload["entities"] == [
        {"type": "bold", "offset": 6, "length": 7},
        {"type": "text_link", "offset": 14, "length": 2, "url": "https://example.org"},
    ]


def test_blanks_around_a_text_are_trimmed_before_telegram_does_it() -> None:
    [payload] = payloads_of(Rich(" \n ") + italic(" to ") + "\t")
    assert payload["text"] == "to"
    assert payload["entities"] == [{"type": "italic", "offset": 0, "length": 2}]


def test_a_short_text_is_one_plain_message_without_a_preview_of_its_links() -> None:
    assert payloads_of(Rich("Hello")) == [
        {"chat_id": 1001, "text": "Hello", "link_preview_options": {"is_disabled": True}}
    ]


def test_buttons_stand_under_the_last_part_row_by_row() -> None:
    rows = (
        (Button("One", OpenNote("a.b")), Button("Two", OpenNote("a.c"))),
        (Button("x" * 99, OpenNote("d.e")),),
    )
    first, last = (call.payload for call in calls_for(Reply(Rich("rung " * 1000), rows), ALEX))
    assert "reply_markup" not in first
    assert last["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "One", "callback_data": "note:a.b"}, {"text": "Two", "callback_data": "note:a.c"}],
            [{"text": "x" * 64, "callback_data": "note:d.e"}],
        ]
    }


def test_every_part_goes_to_the_same_place() -> None:
    calls = calls_for(Reply(Rich("rung " * 1000)), Destination(-100, thread_id=7, reply_to=42))
    assert [call.chat_id for call in calls] == [-100, -100]
    for call in calls:
        assert call.method == "sendMessage"
        assert call.payload["chat_id"] == -100
        assert call.payload["message_thread_id"] == 7
        assert call.payload["reply_parameters"] == {"message_id": 42, "allow_sending_without_reply": True}


def test_a_document_has_its_text_below_and_words_for_where_files_are_unknown() -> None:
    rows = ((Button("One", OpenNote("a.b")),),)
    document = Document("plan.ics", b"weeks", Reply(Rich("no file here"), rows))
    [call] = calls_for(Reply(bold("Your weeks"), rows, document=document), ALEX)
    assert call.method == "sendDocument"
    assert call.payload == {
        "chat_id": 1001,
        "document": {"name": "plan.ics", "content": "d2Vla3M="},
        "caption": "Your weeks",
        "caption_entities": [{"type": "bold", "offset": 0, "length": 10}],
        "reply_markup": {"inline_keyboard": [[{"text": "One", "callback_data": "note:a.b"}]]},
    }
    assert call.fallback is not None
    assert call.fallback["text"] == "no file here"
    assert call.fallback["reply_markup"] == call.payload["reply_markup"]


@given(st.integers(MAX_CAPTION_UNITS - 2, MAX_CAPTION_UNITS + 2))
def test_a_text_too_long_to_stand_below_a_document_follows_it(length: int) -> None:
    document = Document("plan.ics", b"weeks", Reply(Rich("no file here")))
    first, *rest = calls_for(Reply(Rich("x" * length), document=document), ALEX)
    assert first.method == "sendDocument"
    assert len(first.payload.get("caption", "")) <= MAX_CAPTION_UNITS
    said = [call.payload["text"] for call in rest]
    assert first.payload.get("caption", "") + "".join(said) == "x" * length
