"""After an outage a learner's newest questions are answered, wishes are kept, and talk needs no reply."""

import pytest

from bot.chat.backlog import Text, superseded
from bot.chat.views import failures
from index.intents import QUESTION, Intent

KINDS = {"?": QUESTION, "!": Intent("smalltalk", "greeting"), "d": Intent("set_daily"), "q": Intent("quiz")}


@pytest.mark.parametrize(
    ("kinds", "missed", "moot"),
    [
        ("???", "", ""),
        ("?!?!?!", "", ""),
        ("????", "0", ""),
        ("??????", "012", ""),
        ("?d??q?", "0", ""),
        ("!????!!", "1", "056"),
        ("!!!!!!", "", ""),
        ("dddd???", "", ""),
        ("", "", ""),
    ],
)
def test_the_newest_three_questions_are_answered_and_settings_never_passed_over(
    kinds: str, missed: str, moot: str
) -> None:
    heard = [(Text(number, str(number)), KINDS[kind]) for number, kind in enumerate(kinds)]
    left_out, needless = superseded(heard)
    assert "".join(each.text for each in left_out) == missed
    assert "".join(each.text for each in needless) == moot


@pytest.mark.parametrize(
    ("texts", "missed"),
    [
        (["is it hard", "what is SQL", "why?", "pay", "jobs"], ["is it hard"]),
        (["a", "b", "c", "why?", "and why?"], []),
        (["a", "is it hard?", "does it pay?", "how long is it?"], ["a"]),
        (["a", "b", "why?", "c", "why not?", "d"], ["a"]),
        (["a", *["why?"] * 8], ["a", "why?", "why?"]),
    ],
)
def test_a_question_that_leans_on_another_is_answered_with_it(texts: list[str], missed: list[str]) -> None:
    heard = [(Text(number, text), QUESTION) for number, text in enumerate(texts)]
    assert [each.text for each in superseded(heard)[0]] == missed


def test_what_was_missed_is_told_with_its_words_to_send_again() -> None:
    reply = failures.missed(["is it\n hard?", "how long?"])
    assert reply.text.text.endswith("\n• is it hard?\n• how long?")
    assert [reply.text.text[mark.start : mark.end] for mark in reply.text.marks] == [
        "is it hard?",
        "how long?",
    ]


def test_however_much_was_missed_the_line_stays_short() -> None:
    reply = failures.missed(["why? " * 900] * 100)
    assert len(reply.text.text) < 2_500
