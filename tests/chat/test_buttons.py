"""Buttons: what a press means survives the way through Telegram, also for buttons of earlier versions."""

from typing import get_args
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons import (
    AboutPrompt,
    ChangeSetting,
    ChooseSetting,
    ForgetMe,
    KeepDaily,
    KeepNote,
    OpenNote,
    Press,
    RateAnswer,
    SetDaily,
    SetWeekly,
    ShowDaily,
    ShowSaved,
    SkipQuestion,
    VoteInGroup,
    decode,
    encode,
)
from bot.guidance.results import SettingName
from knowledge.library import Library

minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
settings: st.SearchStrategy[SettingName] = st.sampled_from(get_args(SettingName))
presses = (
    st.builds(OpenNote, st.text(min_size=1))
    | st.builds(ForgetMe, st.booleans())
    | st.builds(ChooseSetting, settings, st.text(min_size=1), st.booleans())
    | st.builds(ChangeSetting, settings)
    | st.builds(SkipQuestion, settings)
    | st.builds(SetDaily, st.none() | minutes)
    | st.builds(SetDaily, minutes, st.sampled_from([1, 2]))
    | st.sampled_from([KeepDaily(1), KeepDaily(2), ShowDaily(), SetWeekly(True), SetWeekly(False)])
    | st.builds(RateAnswer, st.integers(0, 2**63 - 1), st.booleans())
    | st.builds(KeepNote, st.text(min_size=1), st.booleans())
    | st.builds(ShowSaved, st.integers(0, 2**63 - 1), st.booleans())
    | st.builds(VoteInGroup, st.integers(0, 2**63 - 1), st.sampled_from(["a", "b", "unsure"]))
    | st.builds(AboutPrompt, st.sampled_from(["later", "skip", "now"]), st.integers(0, 2**63 - 1))
)


@given(presses)
def test_what_is_encoded_decodes_to_the_same_press(press: Press) -> None:
    assert decode(encode(press)) == press


@given(st.text())
def test_data_of_any_kind_is_a_press_or_nothing(data: str) -> None:
    press = decode(data)
    assert press is None or encode(press) == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "note",
        "note:",
        "forget",
        "forget:",
        "forget:maybe",
        "quizz:1",
        "answer:x:a",
        "answer:1:",
        "skill:sell:python",
        "hint:-1",
        "set:goal",
        "enrol:goal:",
        "set:shoe:44",
        "skip:everything",
        "change:",
        ":x",
        "daily:at:2460",
        "daily:at:٠٨٠٠",
        "daily:every:3",
        "daily:",
        "prompt:eat:1",
        "rate:maybe:1",
        "rate:yes:-1",
        "save:",
        "drop:",
        "group:1:",
        "group:x:a",
        "saved:x:open",
        "saved:0:shut",
        "prompt:skip:x",
        "Note:a.b",
    ],
)
def test_data_nobody_knows_is_no_press(data: str) -> None:
    assert decode(data) is None


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("note:skills.python", OpenNote("skills.python")),
        ("forget:ask", ForgetMe(is_sure=False)),
        ("forget:sure", ForgetMe(is_sure=True)),
    ],
)
def test_buttons_of_version_0_1_0_are_understood_for_ever(data: str, press: Press) -> None:
    assert decode(data) == press


def test_the_button_of_every_note_fits_what_telegram_carries(library: Library) -> None:
    for note_id in library.notes:
        data = encode(OpenNote(note_id))
        assert 1 <= len(data.encode()) <= 64, note_id
        assert decode(data) == OpenNote(note_id)
        assert len(encode(KeepNote(note_id, is_kept=True)).encode()) <= 64, note_id


def test_the_button_of_every_zone_and_track_fits_what_telegram_carries(library: Library) -> None:
    for zone in available_timezones():
        assert len(encode(ChooseSetting("zone", zone, is_enrolment=True)).encode()) <= 64, zone
    for track_id in library.tracks:
        assert len(encode(ChooseSetting("goal", track_id, is_enrolment=True)).encode()) <= 64, track_id
