"""Somebody follows a link: the thing first, who they are after, and a kind word where nothing is left."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.chat.links import Target, payload_of
from bot.chat.views.enrol import SET_ME_UP
from bot.chat.views.links import CHALLENGE
from bot.chat.views.under import IN_PRIVATE, SHARE
from bot.sandbox.client import SandboxClient
from knowledge.library import Library
from tests.journeys.conftest import Json, Learner, RunningBot, labels
from tests.journeys.test_enrolling import GOAL


def address(message: Json, label: str) -> str:
    """Where a button leads."""
    rows = message["reply_markup"]["inline_keyboard"]
    [url] = [button["url"] for row in rows for button in row if button["text"] == label]
    return str(url)


def shared(message: Json, label: str = SHARE) -> str:
    """The payload that a share button hands on."""
    [link] = parse_qs(urlsplit(address(message, label)).query)["url"]
    assert link.startswith("https://t.me/next_rung_bot?start=")
    return link.rpartition("=")[2]


async def test_a_shared_note_opens_for_somebody_new_who_is_asked_who_they_are_after(
    alex: Learner, client: SandboxClient, library: Library
) -> None:
    note = library.notes["path.overview"]
    payload = shared(await alex.asks(f"/start {payload_of(Target('note', note.id))}"))
    number = await client.add_learner("Kim", "en")
    kim = Learner(client, number, number)
    opened = await kim.asks(f"/start {payload}")
    assert opened["text"].startswith(note.title)
    assert GOAL in (await kim.reads())["text"]
    again = await kim.asks(f"/start {payload}")
    assert again["text"].startswith(note.title), "the questions are put once"
    assert len(await client.replies(number)) == 3


async def test_a_challenge_asks_a_new_friend_first_and_who_they_are_after_the_answer(
    alex: Learner, client: SandboxClient, library: Library
) -> None:
    asked = await alex.asks("/quiz python")
    await client.votes(asked, 0)
    payload = shared(await alex.reads(), CHALLENGE)
    assert payload == "quiz_python"
    number = await client.add_learner("Kim", "en")
    kim = Learner(client, number, number)
    item = await kim.asks(f"/start {payload}")
    assert item["poll"]
    await client.votes(item, 0, learner=number)
    assert "I'd now expect" in (await kim.reads())["text"]
    assert GOAL in (await kim.reads())["text"]


async def test_a_skill_and_a_track_are_shown_and_taken_up(alex: Learner, library: Library) -> None:
    skill = library.skills["python"]
    shown = await alex.asks("/start skill_python")
    assert shown["text"].startswith(skill.title)
    assert skill.promise in shown["text"]
    assert shared(shown) == "skill_python"
    assert (await alex.presses(shown, "Quiz me"))["poll"]
    track = library.tracks["data-scientist"]
    career = await alex.asks("/start track_data-scientist")
    assert career["text"].startswith(track.title)
    assert SET_ME_UP not in labels(career)
    assert "Your goal is now: Data scientist" in (await alex.presses(career, "Make this my goal"))["text"]
    assert shared(await alex.asks("/plan")) == "track_data-scientist"
    step = await alex.asks("/next")
    title = next(
        skill.title for skill in library.skills.values() if skill.title in step["text"].split("\n")[0]
    )
    assert library.skills[shared(step).removeprefix("skill_")].title == title


async def test_somebody_new_may_take_a_track_as_their_goal_and_is_not_asked_for_it_again(
    newcomer: Learner,
) -> None:
    career = await newcomer.asks("/start track_data-scientist")
    assert SET_ME_UP in labels(career)
    await newcomer.presses(career, "Make this my goal")
    assert "Where do you stand today?" in (await newcomer.presses(career, SET_ME_UP))["text"]


@pytest.mark.parametrize(
    "payload",
    ["note_no_such", "skill_gone", "track_gone", "quiz_gone", "do_stop", "do_no"],
)
async def test_a_link_to_nothing_gets_a_kind_way_on(newcomer: Learner, payload: str) -> None:
    told = await newcomer.asks(f"/start {payload}")
    assert "no longer here" in told["text"]
    assert labels(told)[-1] == SET_ME_UP
    assert len(labels(told)) > 1


@pytest.mark.parametrize("payload", ["from-a-friend", "ads-2026", "x" * 64, "🦊"])
async def test_what_is_no_link_of_ours_welcomes_somebody_new_and_is_told_to_others(
    newcomer: Learner, sam: Learner, payload: str
) -> None:
    assert (await newcomer.asks(f"/start {payload}"))["text"].startswith("Welcome")
    assert "no longer here" in (await sam.asks(f"/start {payload}"))["text"]


async def test_from_a_group_one_goes_on_in_private(
    alex: Learner, client: SandboxClient, bot: RunningBot, library: Library
) -> None:
    group = await client.add_group("Study circle", [alex.telegram_id])
    there = alex.in_group(group)
    answer = await there.asks("@next_rung_bot what is overfitting?")
    payload = address(answer, IN_PRIVATE).rpartition("=")[2]
    title = answer["text"].split("\n")[0]
    assert (await alex.asks(f"/start {payload}"))["text"].startswith(title)
    refused = await there.asks("/plan@next_rung_bot")
    payload = address(refused, IN_PRIVATE).rpartition("=")[2]
    assert (await alex.asks(f"/start {payload}"))["text"].startswith("Your plan")
    told = await there.asks("/placement@next_rung_bot")
    assert address(told, IN_PRIVATE).endswith("?start=do_placement")


@pytest.mark.parametrize("command", ["quiz", "daily", "progress", "delete", "export", "saved", "settings"])
async def test_every_command_a_link_may_do_is_done(alex: Learner, command: str) -> None:
    by_link = await alex.asks(f"/start do_{command}")
    assert {"text", "poll", "document", "photo"} & by_link.keys()
    assert "no longer here" not in by_link.get("text", "")
