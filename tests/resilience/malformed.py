"""Updates as no Bot API server should send them: real ones, broken in one to three places at random."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import httpx

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from bot.sandbox.values import Json
from bot.sandbox.world import ALEX_ID

Place = tuple[Any, Any]
"""A container, and the key or position of one value in it."""

KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "poll_answer",
    "poll",
    "inline_query",
)
FIELDS = ("from", "chat", "text", "data", "entities", "date", "reply_to_message", "photo", "user", "via_bot")


def deep(levels: int) -> list[Any]:
    """An empty list in a list in a list..."""
    nested: list[Any] = []
    for _ in range(levels):
        nested = [nested]
    return nested


HOSTILE = (
    "<b>bold</b> <script>alert(1)</script> & <a href='tg://user?id=1'>x</a>",
    "</code></pre><b>not closed &lt;",
    "'; drop table learners; --",
    "1); delete from outbox where (1=1",
    '" or 1=1 union select payload from inbox --',
    "*_[x](tg://user?id=1)_* `{{7*7}}` ${7*7} %(name)s %s",
)

SURPRISES: tuple[Any, ...] = (
    *HOSTILE,
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**53,
    2**63 - 1,
    2**63,
    10**30,
    -(10**18),
    0.5,
    1e300,
    "",
    " ",
    "/",
    "/start",
    "/start@",
    "note:",
    "forget:sure",
    "\0",
    "a\0b",
    "\n" * 50,
    "\u202e\u200b\ufeff",
    "🧗" * 3_000,
    "x" * 100_000,
    "%s {0} ${jndi} '; drop table learners; --",
    "private",
    "supergroup",
    "NaN",
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": ""},
    {"id": "me"},
    {"id": ALEX_ID, "type": "private"},
    deep(60),
    {"message": deep(300)},
)


async def real_updates(sandbox: SandboxServer, client: SandboxClient, others: int) -> list[Json]:
    """One of each kind that a learner can cause, for Alex and others; taken out of the sandbox's queue."""
    base = f"{sandbox.address}/bot{sandbox.token}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as bot:
        for learner in [ALEX_ID, *[await client.add_learner() for _ in range(others)]]:
            await _does_everything(learner, client, bot)
        fetched = await _all_updates(bot)
    return [{name: update[name] for name in update if name != "update_id"} for update in fetched]


async def _all_updates(bot: httpx.AsyncClient) -> list[Json]:
    """The sandbox gives out a hundred at once."""
    fetched: list[Json] = []
    while some := (await bot.get("/getUpdates")).json()["result"]:
        fetched += some
        await bot.get("/getUpdates", params={"offset": some[-1]["update_id"] + 1, "limit": 1})
    return fetched


async def _does_everything(learner: int, client: SandboxClient, bot: httpx.AsyncClient) -> None:
    for text in ("/start", "How much maths do I need?", "see https://example.org and *that*"):
        last = await client.says(text, learner)
    for kind in ("sticker", "photo", "voice", "document", "location", "contact"):
        await client.says("", learner, kind=kind, caption="what is this?")
    edited = {"chat_id": learner, "message_id": last["message_id"], "text": "And?"}
    await client.call("POST", "messages/edit", edited)
    group = await client.add_group("Study circle", [learner], privacy=False)
    await client.says("@next_rung_bot is it hard?", learner, group)
    keyboard = {"inline_keyboard": [[{"text": "Note", "callback_data": "note:pay.salary"}]]}
    sent = {"chat_id": learner, "text": "Press it", "reply_markup": keyboard}
    await client.presses((await bot.post("/sendMessage", json=sent)).json()["result"], "Note", learner)
    await client.call("POST", "block", {"chat_id": learner})
    await client.call("POST", "unblock", {"chat_id": learner})


def malformed(real: list[Json], count: int, seed: int) -> Iterator[Json]:
    """`count` updates, no two runs different; their numbers are the server's to give.

    Of each five one is whole but has markup and SQL in every text.
    """
    chance = random.Random(seed)
    for number in range(count):
        update = copy.deepcopy(chance.choice(real))
        if number % 5 == 0:
            yield _hostile(update, chance)
            continue
        for _ in range(chance.randint(1, 3)):
            _break(update, chance)
        yield update


def _hostile(value: Any, chance: random.Random) -> Any:
    """The same with something hostile for every text that is no kind of chat or of entity."""
    if isinstance(value, dict):
        kept = ("type", "status", "poll_id")
        return {name: part if name in kept else _hostile(part, chance) for name, part in value.items()}
    if isinstance(value, list):
        return [_hostile(part, chance) for part in value]
    return chance.choice(HOSTILE) if isinstance(value, str) else value


def _break(update: Json, chance: random.Random) -> None:
    places = list(_places(update))
    if not places:
        return
    container, key = chance.choice(places)
    match chance.randrange(6):
        case 0:
            del container[key]
        case 1:
            container[key] = [container[key]]
        case 2:
            container[key] = copy.deepcopy(chance.choice(chance.choice(places)[:1]))
        case 3 if isinstance(container, dict):
            container[chance.choice(FIELDS)] = container.pop(key)
        case 4:
            update[chance.choice(KINDS)] = update.pop(next(iter(update)))
        case _:
            container[key] = copy.deepcopy(chance.choice(SURPRISES))


def _places(value: Any) -> Iterator[Place]:
    """Every place in a structure, down to a depth no real update exceeds."""
    waiting = [(value, 0)]
    while waiting:
        container, depth = waiting.pop()
        keys = container.keys() if isinstance(container, dict) else range(len(container))
        for key in list(keys):
            yield container, key
            if isinstance(container[key], dict | list) and depth < 8:
                waiting.append((container[key], depth + 1))
