"""Somebody asks: a short answer with its sources and a way on, or an honest word that there is none."""

import pytest

from bot.chat.views.ask import MAX_RELATED, MORE
from bot.chat.views.under import HELPFUL, NOT_HELPFUL, SAVE
from bot.sandbox.client import SandboxClient
from bot.sandbox.values import utf16_slice
from knowledge.library import Library
from tests.journeys.conftest import Json, Learner, Search, labels, titles, until

QUESTION = "how do I become a machine learning engineer?"
SALARY = "How much does an ML engineer earn?"
OFF_THE_PATH = [
    "Who won the football world cup in 1998?",
    "What is the capital of Mongolia?",
    "How do I bake bread?",
]
HUMAN_SENTENCES = {
    "hello": "Hello!",
    "thank you so much": "You're welcome",
    "goodbye": "See you",
    "are you a bot?": "a bot that guides",
    "what can you do?": "Ask me about becoming a machine learning engineer",
    "what should I learn next?": "Your next step",
    "tell me a joke": "not my strength",
    "remind me every morning": "At which hour shall I ask you?",
}


def bold_parts(message: Json) -> list[str]:
    return [
        utf16_slice(message["text"], entity["offset"], entity["length"])
        for entity in message["entities"]
        if entity["type"] == "bold"
    ]


async def test_a_question_is_answered_with_its_sources_and_buttons_that_lead_on(
    alex: Learner, library: Library
) -> None:
    note = library.notes["path.overview"]
    answer = await alex.asks(QUESTION)
    lines = answer["text"].splitlines()
    assert lines[0] == note.title == bold_parts(answer)[0]
    for number, source in enumerate(library.sources_of(note), 1):
        assert lines[-len(note.sources) + number - 1] == f"[{number}] {source.title}, {source.year}"
    onward = [MORE, *titles(library, *note.related)[:MAX_RELATED]]
    assert labels(answer) == [*onward, HELPFUL, NOT_HELPFUL, SAVE]
    whole = await alex.presses(answer, MORE)
    assert len(whole["text"]) > len(answer["text"])
    assert MORE not in labels(whole)


async def test_a_learner_walks_on_from_note_to_note_by_buttons_alone(alex: Learner, library: Library) -> None:
    shown = await alex.asks(SALARY)
    been_at = [shown["text"].splitlines()[0]]
    for _ in range(4):
        onward = next(label for label in labels(shown) if label not in (*been_at, MORE))
        shown = await alex.presses(shown, onward)
        assert shown["text"].splitlines()[0] == onward
        assert labels(shown)
        been_at.append(onward)


async def test_typing_is_shown_while_the_bot_thinks(
    alex: Learner, search: Search, client: SandboxClient
) -> None:
    with search.holding(SALARY):
        await alex.writes(SALARY)
        await alex.is_shown_typing()
        assert await client.replies() == []
    assert (await alex.reads())["text"]


async def test_typing_that_cannot_be_shown_is_told_once_whatever_the_reason(
    alex: Learner, search: Search, client: SandboxClient, caplog: pytest.LogCaptureFixture
) -> None:
    for number, question in enumerate((SALARY, QUESTION)):
        await client.faults("500", "sendChatAction", times=1, text=f"Oops, number {number}")
        with search.holding(question) as held:
            await alex.writes(question)
            await held.is_reached()
            tried = number + 1
            await until(lambda tried=tried: _is_tried(client, tried), "typing to be tried")
        assert (await alex.reads())["text"]
    assert caplog.text.count("typing cannot be shown") == 1


async def _is_tried(client: SandboxClient, times: int) -> bool:
    return len(await client.calls("sendChatAction")) == times


async def test_a_question_that_leans_on_the_one_before_is_understood(
    alex: Learner, sam: Learner, library: Library
) -> None:
    [salary, cities] = titles(library, "pay.salary", "pay.best-paying-cities")
    assert (await alex.asks(SALARY))["text"].startswith(salary)
    assert (await sam.asks(QUESTION))["text"].startswith(library.notes["path.overview"].title)
    assert (await alex.asks("and in which cities?"))["text"].startswith(cities)


async def test_the_same_words_are_not_told_twice_in_a_row(alex: Learner, library: Library) -> None:
    note = library.notes["ml-evaluation.overfitting"]
    first = await alex.asks("what is overfitting?")
    whole = await alex.asks("i dont get it, explain easier")
    assert len(whole["text"]) > len(first["text"])
    for said in ("i still dont get it", "give me an example", "tell me more", "yes", "go on"):
        owned = await alex.asks(said)
        assert owned["text"].startswith(f"That was all I have on {note.title}"), said
        assert labels(owned) == titles(library, *note.related)[:MAX_RELATED]
    assert "[1]" in (await alex.asks(QUESTION))["text"], "and on it goes"


async def test_two_answers_name_each_source_once(alex: Learner) -> None:
    told = (await alex.asks("what does a data scientist do and what do they earn?"))["text"]
    sources = [line.partition("] ")[2] for line in told.splitlines() if line.startswith("[")]
    assert len(sources) == len(set(sources)) > 1


async def test_what_the_path_does_not_say_is_declined_with_an_offer_of_what_it_does(alex: Learner) -> None:
    for question in OFF_THE_PATH:
        declined = await alex.asks(question)
        assert "[1]" not in declined["text"], question
        offered = labels(declined)[0]
        assert (await alex.presses(declined, offered))["text"].startswith(offered)


async def test_small_talk_and_wishes_get_a_human_sentence(alex: Learner) -> None:
    for said, part_of_the_reply in HUMAN_SENTENCES.items():
        reply = await alex.asks(said)
        assert part_of_the_reply in reply["text"], said
        assert "[1]" not in reply["text"], said


async def test_who_is_low_is_offered_what_is_near_to_their_words(alex: Learner, library: Library) -> None:
    kind = await alex.asks("i feel stupid today")
    assert kind["text"].startswith("That happens to everyone")
    assert titles(library, "study.impostor")[0] in labels(kind)
    assert titles(library, "pay.salary")[0] not in labels(kind)


async def test_a_question_of_the_full_length_of_a_message_is_answered(
    alex: Learner, library: Library
) -> None:
    insisting = (SALARY + "\n") * 200
    answer = await alex.asks(insisting[:4096])
    assert answer["text"].startswith(library.notes["pay.salary"].title)


async def test_a_message_that_holds_no_question_gets_a_reply_all_the_same(alex: Learner) -> None:
    for text in ["😀" * 4096, "👩‍🚀" * 1365, "?!", "…", "1 + 1", "ﷺ" * 4096]:
        assert (await alex.asks(text))["text"]
    assert (await alex.asks(SALARY))["text"], "and the bot goes on as before"


async def test_a_message_of_only_blanks_gets_a_reply_all_the_same(
    alex: Learner, client: SandboxClient
) -> None:
    await alex.asks("/start")
    person = {"id": alex.telegram_id, "is_bot": False, "first_name": "Alex"}
    chat = {"id": alex.chat_id, "type": "private", "first_name": "Alex"}
    message = {"message_id": 900, "date": 1_770_000_000, "from": person, "chat": chat}
    for text in ["", "   ", "\n\n", "\u200b", "\t \u3000"]:
        await client.call("POST", "updates", {"message": {**message, "text": text}})
        assert (await alex.reads())["text"]
