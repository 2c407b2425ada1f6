"""Deep links: what a link means survives the way through Telegram, and inventions lead nowhere."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.links import MAX_PAYLOAD, Target, address_of, payload_of, share_address, target_of
from knowledge.library import Library


def targets(library: Library) -> list[Target]:
    """Everything of the pack a link can open."""
    return [
        *(Target("note", note_id) for note_id in library.notes),
        *(Target(kind, skill_id) for skill_id in library.skills for kind in ("skill", "quiz")),
        *(Target("track", track_id) for track_id in library.tracks),
        Target("do", "progress"),
    ]


def test_every_link_of_the_pack_is_one_that_telegram_takes_and_leads_back(library: Library) -> None:
    for target in targets(library):
        payload = payload_of(target)
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload), target
        assert target_of(payload) == target
        assert address_of("some_bot", target) == f"https://t.me/some_bot?start={payload}"


def test_a_shared_link_carries_the_address_and_the_words(library: Library) -> None:
    target = Target("note", next(iter(library.notes)))
    shared = urlsplit(share_address("some_bot", target, "Is 50 % & more enough? #ml"))
    assert (shared.hostname, shared.path) == ("t.me", "/share/url")
    assert parse_qs(shared.query) == {
        "url": [address_of("some_bot", target)],
        "text": ["Is 50 % & more enough? #ml"],
    }


@given(st.text() | st.from_regex(r"(note|skill|quiz|track|do)[A-Za-z0-9_-]*", fullmatch=True))
def test_a_payload_of_any_kind_is_a_target_or_nothing(payload: str) -> None:
    target = target_of(payload)
    assert target is None or payload_of(target) == payload


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "note",
        "note_",
        "note_python",
        "skill_a_b",
        "Skill_python",
        "ads_2026",
        "quiz_" + "x" * MAX_PAYLOAD,
    ],
)
def test_a_payload_nobody_made_leads_nowhere(payload: str) -> None:
    assert target_of(payload) is None
