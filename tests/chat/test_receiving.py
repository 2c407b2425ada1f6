"""Whose update is it, and what does it lack? Judged from whatever JSON the network brings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.updates import completed, fault_in, learner_key
from bot.storage.tables import MAX_ID

ALEX = {"id": 1001, "is_bot": False, "first_name": "Alex"}
GROUP = {"id": -7, "type": "group", "title": "Study circle"}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["from", "user", "chat", "id", "message"]) | st.text(), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("update", "key"),
    [
        ({"message": {"from": ALEX, "chat": ALEX}}, 1001),
        ({"message": {"from": ALEX, "chat": GROUP}}, 1001),
        ({"edited_message": {"chat": GROUP, "from": ALEX}}, 1001),
        ({"callback_query": {"id": "77", "from": ALEX, "message": {"chat": GROUP}}}, 1001),
        ({"my_chat_member": {"chat": GROUP, "from": ALEX}}, 1001),
        ({"poll_answer": {"poll_id": "5", "user": ALEX, "option_ids": [0]}}, 1001),
        ({"channel_post": {"chat": GROUP}}, -7),
        ({"message": {"from": {"id": "1001"}, "chat": GROUP}}, -7),
        ({"message": {"from": {"id": True}, "chat": GROUP}}, -7),
        ({"message": {"from": {"id": MAX_ID + 1}, "chat": GROUP}}, -7),
        ({"poll": {"id": "5"}}, 0),
        ({"message": "hello"}, 0),
        ({}, 0),
    ],
)
def test_an_update_belongs_to_its_learner_else_to_its_chat_else_to_nobody(
    update: dict[str, Any], key: int
) -> None:
    assert learner_key({"update_id": 1, **update}) == key


@given(st.dictionaries(st.text(), values, max_size=4))
def test_whatever_comes_belongs_to_somebody_a_database_can_hold(update: dict[str, Any]) -> None:
    key = learner_key(update)
    assert type(key) is int
    assert abs(key) <= MAX_ID


@pytest.mark.parametrize("left_out", [{}, {"entities": []}, {"entities": None}])
def test_a_command_that_is_not_marked_is_marked(left_out: dict[str, Any]) -> None:
    marked = completed({"update_id": 1, "message": {"text": "/start now", **left_out}})
    assert marked["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


def test_marks_that_are_there_stay_as_they_are() -> None:
    message = {"text": "/start", "entities": [{"type": "bold", "offset": 0, "length": 6}]}
    assert completed({"message": message}) == {"message": message}


def test_a_sender_gets_what_is_missing_and_keeps_what_is_there() -> None:
    assert completed({"message": {"from": {"id": 5}}})["message"]["from"] == {
        "id": 5,
        "is_bot": False,
        "first_name": "",
    }
    told = {"callback_query": {"from": ALEX, "chat_instance": "1"}}
    assert completed(told) == told


def test_a_vote_gets_lasting_ids_where_the_server_knows_none() -> None:
    vote = {"poll_id": "1", "user": ALEX, "option_ids": [2]}
    assert completed({"poll_answer": vote})["poll_answer"] == {**vote, "option_persistent_ids": ["2"]}
    told = {"poll_answer": {**vote, "option_persistent_ids": ["c"]}}
    assert completed(told) == told


PLACE = {"latitude": 52.5, "longitude": 13}
MARK = {"type": "bold", "offset": 0, "length": 2}
SOUND: dict[str, dict[str, Any]] = {
    "a message": {"message": {"from": ALEX, "chat": GROUP, "text": "Hi", "location": PLACE}},
    "a message with a mark": {
        "message": {"chat": GROUP, "text": "Hi", "entities": [MARK], "caption_entities": None}
    },
    "a message of nobody": {"message": {"chat": GROUP, "text": None}},
    "a press": {"callback_query": {"from": ALEX, "data": "next", "message": {"chat": GROUP}}},
    "a vote": {"poll_answer": {"poll_id": "5", "user": ALEX, "option_ids": []}},
    "news of a chat": {"my_chat_member": {"from": ALEX, "chat": GROUP, "new_chat_member": {"user": ALEX}}},
    "something new": {"something_new": {"text": "Hi"}},
    "nothing": {},
}


@pytest.mark.parametrize("what", SOUND)
def test_in_what_telegram_sends_no_fault_is_found(what: str) -> None:
    assert fault_in({"update_id": 1, **SOUND[what]}) is None


FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"message": {"from": {"id": {}}, "chat": GROUP}},
        "message: the id of from is no number that can be kept",
    ),
    (
        {"message": {"from": ALEX, "chat": {"id": []}}},
        "message: the id of chat is no number that can be kept",
    ),
    ({"message": {"from": ALEX}}, "message without chat"),
    ({"message": {"chat": GROUP, "text": {}}}, "message: text is no text"),
    ({"message": {"chat": GROUP, "location": {"latitude": []}}}, "message: location is no place"),
    (
        {"message": {"chat": GROUP, "entities": [{"offset": [], "length": 1}]}},
        "message: a mark has no place in the text",
    ),
    ({"callback_query": {"from": ALEX, "data": []}}, "callback_query: data is no text"),
    ({"callback_query": {"from": None}}, "callback_query without from"),
    (
        {"callback_query": {"from": ALEX, "message": {"chat": {"id": {}}}}},
        "callback_query: the id of chat is no number that can be kept",
    ),
    ({"my_chat_member": {"from": ALEX, "chat": GROUP}}, "my_chat_member without new_chat_member"),
    (
        {"poll_answer": {"user": {"id": MAX_ID + 1}}},
        "poll_answer: the id of user is no number that can be kept",
    ),
]


@pytest.mark.parametrize(("update", "fault"), FAULTS)
def test_what_no_handler_could_use_is_named(update: dict[str, Any], fault: str) -> None:
    assert fault_in(update) == fault


@given(st.dictionaries(st.text(), values, max_size=4))
def test_whatever_comes_can_be_judged(update: dict[str, Any]) -> None:
    assert isinstance(fault_in(update), str | None)
