"""What do sendPoll and stopPoll do? The rules of polls and quizzes; voting is for learners.py."""

import asyncio
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.sandbox.calls import (
    Call,
    TextField,
    find_place,
    finish_text,
    read_markup,
    writable_chat,
)
from bot.sandbox.keyboards import check_keyboard, read_keyboard
from bot.sandbox.markup import Markup
from bot.sandbox.methods_messages import deliver
from bot.sandbox.params import Params
from bot.sandbox.polls import Poll
from bot.sandbox.values import Json, Refusal, refuse
from bot.sandbox.world import Chat, Event, Message, World

MAX_OPTIONS = 12
MAX_EXPLANATION_LINE_FEEDS = 2
MIN_OPEN_SECONDS = 5
MAX_OPEN_SECONDS = 2_628_000

_QUESTION = TextField(
    "question", "question_parse_mode", "question_entities", 300, "poll question length must not exceed 300"
)
_OPTION = TextField(
    "text", "text_parse_mode", "text_entities", 100, "poll options length must not exceed 100"
)
_EXPLANATION = TextField(
    "explanation", "explanation_parse_mode", "explanation_entities", 200, "MESSAGE_TOO_LONG"
)
_DESCRIPTION = TextField(
    "description", "description_parse_mode", "description_entities", 1024, "message caption is too long"
)


@dataclass(frozen=True)
class _Draft:
    """A poll as far as it can be read without knowing the chat."""

    question: Markup
    options: list[tuple[Params, Markup]]
    explanation: Markup
    description: Markup
    is_quiz: bool
    correct: list[int]


def send_poll(call: Call) -> Json:
    """Send a poll or a quiz; it closes by itself after `open_period` or at `close_date`."""
    draft = _read(call.params)
    place = find_place(call)
    poll = _poll(call, draft, place.chat)
    # Known before it is shown, since the page looks it up; one that is refused now is never asked for.
    call.world.polls[poll.poll_id] = poll
    message = deliver(call, place, {"poll": poll.in_message()})
    poll.message_id = message.number
    if "close_date" in poll.extras:
        _close_in_time(call.world, poll)
    return message.body


def _read(params: Params) -> _Draft:
    kind = params.text("type").lower() or "regular"
    if kind not in ("regular", "quiz"):
        refuse("unsupported poll type specified")
    options = [Params(one) for one in _raw_options(params)]
    is_quiz = kind == "quiz"
    return _Draft(
        question=read_markup(params, _QUESTION),
        options=[(one, _read_option(one)) for one in options],
        explanation=read_markup(params, _EXPLANATION),
        description=read_markup(params, _DESCRIPTION),
        is_quiz=is_quiz,
        correct=_correct_options(params) if is_quiz else [],
    )


def _raw_options(params: Params) -> list[Json]:
    if "options" not in params.values:
        refuse("can't parse options JSON object")
    options = params.json("options", "options") or []
    if not isinstance(options, list):
        refuse("expected an Array of InputPollOption")
    return [_raw_option(one) for one in options]


def _raw_option(option: Any) -> Json:
    if isinstance(option, str):
        return {"text": option}
    if not isinstance(option, dict):
        refuse("can't parse InputPollOption: Expected InputPollOption to be an Object")
    if "text" not in option:
        refuse("can't parse InputPollOption: Can't find field \"text\"")
    return option


def _read_option(option: Params) -> Markup:
    try:
        return read_markup(option, _OPTION)
    except Refusal as refusal:
        reason = refusal.description.removeprefix("Bad Request: ")
        refuse(f"can't parse InputPollOption: {reason[0].upper()}{reason[1:]}")


def _correct_options(params: Params) -> list[int]:
    """`correct_option_ids`, or the older single `correct_option_id`."""
    if not params.has("correct_option_ids"):
        if not params.has("correct_option_id"):
            refuse("correct quiz option list must be non-empty")
        return [params.integer("correct_option_id", -1)]
    correct = params.json("correct_option_ids", "correct option identifiers")
    if not isinstance(correct, list) or any(not isinstance(number, int) for number in correct):
        refuse("invalid correct option identifier specified")
    if not correct:
        refuse("correct quiz option list must be non-empty")
    if any(later <= earlier for earlier, later in pairwise(correct)):
        refuse("correct quiz option list must be increasing")
    return correct


def _poll(call: Call, draft: _Draft, chat: Chat) -> Poll:
    """The far server's checks, in TDLib's order."""
    if call.params.flag("members_only") or call.params.has("country_codes"):
        refuse("poll voters can be restricted only in channel chats")
    question = _plain(call, draft.question, _QUESTION, "question")
    if not draft.options:
        refuse("poll must have at least one answer option")
    if len(draft.options) > MAX_OPTIONS:
        refuse(f"poll can't have more than {MAX_OPTIONS} options")
    options = [
        _plain(Call(call.world, call.method, one), markup, _OPTION, "text") for one, markup in draft.options
    ]
    several = call.params.flag("allows_multiple_answers")
    if draft.is_quiz:
        _check_key(draft.correct, len(options), several)
    return Poll(
        chat_id=chat.chat_id,
        question=question,
        options=options,
        is_quiz=draft.is_quiz,
        is_anonymous=call.params.flag("is_anonymous", True),
        allows_multiple_answers=several,
        allows_revoting=call.params.flag("allows_revoting", not draft.is_quiz),
        correct_option_ids=draft.correct,
        extras=_extras(call, draft),
        explanation=_explanation(call, draft),
        is_closed=call.params.flag("is_closed"),
    )


def _check_key(correct: list[int], option_count: int, several: bool) -> None:
    if correct[0] < 0 or correct[-1] >= option_count:
        refuse("wrong quiz correct_option_id")
    if len(correct) > 1 and not several:
        refuse("invalid correct option identifier specified")


def _plain(call: Call, markup: Markup, where: TextField, name: str) -> Json:
    """A text in which only custom emoji survive: other markup is dropped by the server, and noted here."""
    tidied = finish_text(call, markup, where)
    if not tidied.text.strip():
        refuse("text must be non-empty")
    if any(one["type"] != "custom_emoji" for one in markup.entities):
        call.note([f"markup in a poll's {'question' if name == 'question' else 'option'} is dropped"])
    if "\n" in tidied.text and name == "text":
        call.note(["line breaks in a poll's option are not shown"])
    emoji = [one for one in tidied.entities if one["type"] == "custom_emoji"]
    return {name: tidied.text} | ({f"{name}_entities": emoji} if emoji else {})


def _explanation(call: Call, draft: _Draft) -> Json:
    tidied = finish_text(call, draft.explanation, _EXPLANATION)
    if not tidied.text:
        return {}
    if not draft.is_quiz:
        call.note(["the explanation of a poll that is no quiz is dropped"])
        return {}
    if tidied.text.count("\n") > MAX_EXPLANATION_LINE_FEEDS:
        refuse("MESSAGE_TOO_LONG")
    return {"explanation": tidied.text, "explanation_entities": tidied.entities}


def _extras(call: Call, draft: _Draft) -> Json:
    """What only the Message shows, and when the poll closes."""
    extras: Json = {}
    described = finish_text(call, draft.description, _DESCRIPTION)
    if described.text:
        extras |= {"description": described.text, "description_entities": described.entities}
    return extras | _closing(call)


def _closing(call: Call) -> Json:
    period, date = call.params.integer("open_period"), call.params.integer("close_date")
    if period and date:
        call.note(["open_period and close_date exclude each other; close_date is ignored"])
    now = int(call.world.clock.seconds)
    wanted = period or (date - now if date else 0)
    if not wanted:
        return {}
    clamped = min(max(wanted, MIN_OPEN_SECONDS), MAX_OPEN_SECONDS)
    if clamped != wanted:
        call.note([f"a poll open for {wanted} s is clamped to {clamped} s"])
    return {"close_date": now + clamped} | ({"open_period": clamped} if period else {})


def _close_in_time(world: World, poll: Poll) -> None:
    seconds = poll.extras["close_date"] - world.clock.seconds
    asyncio.get_running_loop().call_later(seconds, close_poll, world, poll)


def close_due_polls(world: World) -> None:
    """The clock was moved on: polls whose time is over by it close."""
    for poll in list(world.polls.values()):
        if poll.extras.get("close_date", math.inf) <= world.clock.seconds:
            close_poll(world, poll)


def stop_poll(call: Call) -> Json:
    """Close a poll of the bot for good."""
    keyboard = read_keyboard(call.params)
    message = writable_chat(call).messages.get(call.params.integer("message_id"))
    if message is None:
        refuse("message with poll to stop not found")
    if "poll" not in message.body:
        refuse("message is not a poll")
    poll = call.world.polls[message.body["poll"]["id"]]
    if poll.is_closed:
        refuse("poll has already been closed")
    check_keyboard(keyboard)
    kept = {name: value for name, value in message.body.items() if name != "reply_markup"}
    message.body = kept | ({"reply_markup": keyboard.inline} if keyboard.inline else {})
    close_poll(call.world, poll)
    call.world.show("edited", message)
    return poll.for_bot()


def close_poll(world: World, poll: Poll) -> None:
    """Close a poll, unless it is closed or was forgotten by a reset."""
    if not poll.is_closed and world.polls.get(poll.poll_id) is poll:
        poll.is_closed = True
        poll_changed(world, poll)


def poll_changed(world: World, poll: Poll) -> None:
    """Tell the bot and the page of new totals."""
    world.updates.add("poll", poll.for_bot())
    message = _message_of(world, poll)
    if message:
        message.body = message.body | {"poll": poll.in_message()}
        world.tell(Event("poll", {"message_id": message.number, "poll": poll.for_learners()}, poll.chat_id))


def _message_of(world: World, poll: Poll) -> Message | None:
    chat = world.chats.get(poll.chat_id)
    return chat.messages.get(poll.message_id) if chat else None
