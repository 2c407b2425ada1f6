"""Is what an operator writes behind the command what learners get, formatting and all?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message

from bot.chat.gate import utf16_units
from bot.chat.handlers.operate import said_behind_command
from bot.chat.views.rich import Mark

CHAT = {"id": 7, "type": "private"}


def message(text: str, *entities: dict[str, Any]) -> Message:
    made = {"message_id": 1, "date": 1, "chat": CHAT, "text": text, "entities": list(entities)}
    found = Message.de_json(made, None)
    assert found
    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/broadcast", ""),
        ("/broadcast   ", ""),
        ("/broadcast hello", "hello"),
        ("/broadcast\nhello\n\nall", "hello\n\nall"),
        ("/broadcast@next_rung_bot  broadcast  this ", "broadcast  this"),
    ],
)
def test_the_command_itself_is_left_out(text: str, said: str) -> None:
    assert said_behind_command(message(text)).text == said


def test_formatting_stays_where_it_was() -> None:
    entities = [
        {"type": "bot_command", "offset": 0, "length": 10},
        {"type": "bold", "offset": 14, "length": 4},
        {"type": "text_link", "offset": 19, "length": 4, "url": "https://example.org"},
        {"type": "spoiler", "offset": 19, "length": 4},
    ]
    told = said_behind_command(message("/broadcast 🪜 bold link", *entities))
    assert told.text == "🪜 bold link"
    assert told.marks == (Mark("bold", 2, 6), Mark("text_link", 7, 11, "https://example.org"))


@given(st.text("ab 🪜\n", max_size=30), st.data())
def test_a_mark_covers_the_same_words(words: str, data: st.DataObject) -> None:
    text = f"/broadcast {words}"
    start, end = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    entity = {
        "type": "bold",
        "offset": utf16_units(text[:start]),
        "length": utf16_units(text[start:end]),
    }
    told = said_behind_command(message(text, entity))
    covered = "".join(told.text[mark.start : mark.end] for mark in told.marks)
    assert covered in text[start:end]
    assert covered.strip() == text[max(start, len("/broadcast")) : end].strip()
