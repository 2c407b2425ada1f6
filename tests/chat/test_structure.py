"""What review forgets: every result has a view, every button decodes, every command is known everywhere."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from telegram.ext import CommandHandler

from bot.chat import views
from bot.chat.buttons import OpenNote, Press, decode, encode
from bot.chat.gate import MAX_LABEL, Destination, calls_for
from bot.chat.routes import COMMANDS, routes
from bot.chat.views import ask, enrol, failures, next_step, quiz
from bot.chat.views.commands import HELP
from bot.chat.views.reply import Reply
from bot.guidance.ask import DECLINED_TOPICS
from bot.guidance.results import (
    AlreadyAnswered,
    Asked,
    Feedback,
    GoalHeld,
    Heard,
    Hint,
    ItemGone,
    ItemReported,
    NoteGone,
    NothingToAsk,
    NotYet,
    Quizzed,
    SmallTalk,
    Step,
    Welcome,
)
from bot.learning import next_step as learning
from bot.learning.mastery import Mastery
from bot.learning.quiz import grade, shuffled_options
from bot.sandbox.entities import check_entities, check_spans, tidy
from bot.sandbox.markup import Markup
from index.answer import Abstention, Answer, Reason, TwoAnswers, answer_with
from index.excerpt import excerpt
from index.intents import Intent
from knowledge.library import Library
from knowledge.reader import read_pack
from knowledge.schema import IntentName, Note, SmallTalkTopic
from tests.conftest import REAL_PACK, TINY_PACK

PACK = read_pack(TINY_PACK).pack
LIBRARY = read_pack(REAL_PACK)
ALEX = Destination(1001)
BOT_ID, USERNAME = 4242, "next_rung_bot"
TOPICS = {*get_args(SmallTalkTopic)}
WISHES = sorted({*get_args(IntentName)} - {"question", "smalltalk", "off_path"})


def text_of(result: Heard | NoteGone) -> str:
    return ask.heard(result, PACK).text.text


def short(note: Note) -> Answer:
    """What comes first of a note."""
    text = excerpt(note.body, note.title, limit=250)
    return replace(answer_with(note, LIBRARY), text=text, is_whole=text == note.body)


@pytest.fixture
def results(library: Library) -> list[Heard | NoteGone]:
    """Every outcome a journey can have, at least once."""
    starters = library.starters
    return [
        *(answer_with(note, library) for note in library.notes.values()),
        *(TwoAnswers((short(one), short(other))) for one, other in pairwise(library.notes.values())),
        *(short(note) for note in library.notes.values()),
        *(Abstention(reason, starters, 0.2) for reason in get_args(Reason)),
        *(SmallTalk(topic, starters) for topic in TOPICS - {*DECLINED_TOPICS}),
        *(NotYet(Intent(wish), starters) for wish in WISHES),
        NoteGone(starters),
    ]


def quizzed(library: Library) -> list[Quizzed]:
    """Everything that can come of quizzes, with every item of the pack."""
    items = [(skill_id, item) for skill_id, items in library.items.items() for item in items]
    low, high = (Mastery("python", chance, chance - 0.1, chance + 0.1, chance > 0.8) for chance in (0.5, 0.9))
    told: list[Quizzed] = []
    for number, (skill_id, item) in enumerate(items):
        title, note = library.skills[skill_id].title, library.notes[item.note]
        options = shuffled_options(item, Random(number))
        told.append(Asked(number, title, item, options))
        told += [
            Feedback(skill_id, title, number, item, option_id, grade(item, option_id), note, low, high)
            for option_id in options
        ]
        told.append(AlreadyAnswered(item, options[0]))
    nothing = [NothingToAsk(None, None), NothingToAsk("Python", date(2026, 11, 30))]
    return [*told, *nothing, ItemGone(), Hint(None), Hint("Think of the index."), ItemReported()]


def steps(library: Library) -> list[Step | GoalHeld]:
    """Every skill as a next step, with every reason."""
    titles = {skill_id: skill.title for skill_id, skill in library.skills.items()}
    reasons = [learning.Reason(why, 0.5, 9, ("python", "sql-databases")) for why in learning.Why]
    found: list[Step | GoalHeld] = [GoalHeld("Baker")]
    for skill_id, skill in library.skills.items():
        notes = [note for note in library.notes.values() if note.skill == skill_id]
        found += [
            Step(skill_id, skill, (one, other), titles, 0.4, notes[0], None, resource)
            for one, other in pairwise(reasons)
            for resource in (None, next(iter(library.resources.values())))
        ]
    return found


@pytest.fixture
def said(library: Library, results: list[Heard | NoteGone]) -> dict[str, list[Reply]]:
    """Everything the bot can say, by the view that says it."""
    welcome = Welcome(PACK, library.starters)
    return {
        "ask.heard": [ask.heard(result, PACK) for result in results],
        "ask.heard_under_a_picture": [
            ask.heard_under_a_picture(result, PACK) for result in results if not isinstance(result, NoteGone)
        ],
        "ask.answer": [ask.answer(result) for result in results if isinstance(result, Answer)],
        "ask.two_answers": [
            ask.two_answers(result.parts) for result in results if isinstance(result, TwoAnswers)
        ],
        "quiz.quizzed": [quiz.quizzed(result) for result in quizzed(library)],
        "quiz.asked": [quiz.asked(result) for result in quizzed(library) if isinstance(result, Asked)],
        "quiz.feedback": [
            quiz.feedback(result) for result in quizzed(library) if isinstance(result, Feedback)
        ],
        "next_step.next_step": [next_step.next_step(result) for result in steps(library)],
        "next_step.begun": [next_step.begun(result, "python") for result in steps(library)],
        "next_step.nobody": [next_step.nobody()],
        "enrol.welcome": [enrol.welcome(welcome)],
        "enrol.help_text": [enrol.help_text(welcome)],
        "enrol.privacy": [enrol.privacy()],
        "enrol.confirm_forget": [enrol.confirm_forget()],
        "enrol.forgotten": [enrol.forgotten()],
        "failures.not_text": [failures.not_text()],
        "failures.edited": [failures.edited()],
        "failures.unknown_command": [failures.unknown_command()],
        "failures.old_button": [failures.old_button()],
        "failures.apology": [failures.apology(2**31)],
        "failures.too_fast": [failures.too_fast()],
        "failures.missed": [failures.missed(["is it hard?"]), failures.missed(["why? " * 900] * 100)],
    }


@pytest.fixture
def replies(said: dict[str, list[Reply]]) -> list[Reply]:
    every = [reply for of_one_view in said.values() for reply in of_one_view]
    return [*every, *(reply.poll.instead for reply in every if reply.poll)]


def test_these_tests_know_every_view(said: dict[str, list[Reply]]) -> None:
    found = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(views.__path__)
        for name, function in vars(importlib.import_module(f"{views.__name__}.{module.name}")).items()
        if inspect.isfunction(function)
        and not name.startswith("_")
        and function.__module__ == f"{views.__name__}.{module.name}"
        and inspect.signature(function).return_annotation is Reply
    }
    assert {*said} == found


def test_every_outcome_has_a_view(results: list[Heard | NoteGone]) -> None:
    assert {type(result) for result in results} == {*get_args(Heard), NoteGone}
    assert all(text_of(result).strip() for result in results)


def test_every_reason_to_abstain_is_told_in_words_of_its_own() -> None:
    told = {reason: text_of(Abstention(reason, (), 0.0)) for reason in get_args(Reason)}
    assert len(set(told.values())) == len(told)


def test_every_topic_of_small_talk_has_words_of_its_own_or_is_declined() -> None:
    told = {topic: text_of(SmallTalk(topic, ())) for topic in TOPICS - {*DECLINED_TOPICS}}
    assert len(set(told.values())) == len(told), "a topic without words of its own is greeted"
    assert {*DECLINED_TOPICS} <= TOPICS
    assert {*DECLINED_TOPICS.values()} <= {*get_args(Reason)}


def test_every_wish_that_cannot_be_fulfilled_yet_is_declined_in_words_of_its_own(library: Library) -> None:
    told = {wish: text_of(NotYet(Intent(wish), ())) for wish in WISHES}
    assert len(set(told.values())) == len(told)
    assert {intent.intent for intent in library.phrases} <= {*WISHES, "smalltalk", "question", "off_path"}


def test_an_abstention_offers_what_the_bot_does_know(library: Library) -> None:
    for reason in get_args(Reason):
        reply = ask.heard(Abstention(reason, library.starters, 0.0), PACK)
        assert [button.press for row in reply.rows for button in row] == [
            OpenNote(note.id) for note in library.starters
        ]


def test_every_button_anywhere_decodes_to_what_it_means(replies: list[Reply]) -> None:
    shown = [button for reply in replies for row in reply.rows for button in row]
    assert {type(button.press) for button in shown} == {*get_args(Press)}
    for button in shown:
        assert decode(encode(button.press)) == button.press
        assert 0 < len(button.label) <= MAX_LABEL, "a longer label is cut"


def test_everything_the_bot_says_fits_one_message_and_reaches_the_learner_whole(replies: list[Reply]) -> None:
    for reply in replies:
        [call] = calls_for(replace(reply, poll=None), ALEX)
        text, entities = call.payload["text"], call.payload.get("entities", [])
        check_spans(text, check_entities(entities))
        arrived = tidy(Markup(text, entities), {})
        assert arrived.dropped == []
        assert arrived.text == text
        meant = [(entity["type"], entity["offset"], entity["length"]) for entity in entities]
        kept = [(entity["type"], entity["offset"], entity["length"]) for entity in arrived.entities]
        assert {*meant} <= {*kept}, "formatting was merged or cut"


def test_every_item_of_the_pack_is_a_poll_that_telegram_takes(library: Library) -> None:
    for result in quizzed(library):
        if isinstance(result, Asked):
            [call] = calls_for(quiz.asked(result), ALEX)
            assert call.method == "sendPoll", result.item.id
            assert len(call.payload["question"]) <= 300
            assert all(len(option["text"]) <= 100 for option in call.payload["options"])
            assert len(call.payload["explanation"]) <= 200
            assert call.payload["options"][-1]["text"] == quiz.UNSURE
            assert call.fallback


def test_every_answer_names_its_sources_by_number(library: Library) -> None:
    for note in library.notes.values():
        answer: Answer = answer_with(note, library)
        lines = text_of(answer).splitlines()
        assert lines[0] == note.title
        for number, source in enumerate(library.sources_of(note), 1):
            assert f"[{number}] {source.title}, {source.year}" in lines, note.id


def test_the_buttons_under_an_answer_lead_on_and_not_back(library: Library) -> None:
    for note in library.notes.values():
        presses = [button.press for row in ask.answer(answer_with(note, library)).rows for button in row]
        assert len(presses) == len(set(presses)) <= ask.MAX_RELATED
        assert OpenNote(note.id) not in presses
        assert all(decode(encode(press)) and press.note_id in library.notes for press in presses)


def test_every_command_has_a_line_of_help_and_nothing_else_has_one() -> None:
    assert [command.name for command in COMMANDS] == [*HELP]
    assert all(command.help == HELP[command.name] for command in COMMANDS)


def test_every_command_has_a_handler_of_its_own() -> None:
    handled: dict[str, Callable[..., object]] = {
        name: handler.callback
        for handler in routes(BOT_ID, USERNAME)
        if isinstance(handler, CommandHandler)
        for name in handler.commands
    }
    assert handled == {command.name: command.handler for command in COMMANDS}


def test_the_bot_speaks_of_the_packs_own_subject(bread: Path) -> None:
    baking = read_pack(bread).pack
    said = [
        ask.heard(Abstention("off_path", (), 0.0), baking).text.text,
        *(
            ask.heard(SmallTalk(topic, ()), baking).text.text
            for topic in ("greeting", "identity", "abilities")
        ),
        enrol.description(baking),
        enrol.short_description(baking),
        enrol.welcome(Welcome(baking, ())).text.text,
    ]
    assert [text for text in said if "baking sourdough bread" not in text] == []


def test_every_command_stands_in_the_help_text(library: Library) -> None:
    told = enrol.help_text(Welcome(PACK, library.starters)).text.text
    assert all(f"/{command.name}: {command.help}" in told for command in COMMANDS)


def test_telegram_takes_the_commands_and_the_descriptions() -> None:
    for command in COMMANDS:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
        assert 1 <= len(command.help) <= 256
    assert len(COMMANDS) <= 100
    assert len(enrol.description(PACK)) <= 512
    assert len(enrol.short_description(PACK)) <= 120
