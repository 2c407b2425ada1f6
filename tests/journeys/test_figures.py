"""What the running bot tells monitors and the log: figures, readiness, and one number for each update."""

import logging
import re
import socket

import httpx
import pytest
from pydantic import SecretStr

from bot.observability import followed_update
from bot.sandbox.world import ALEX_ID
from bot.settings import Address, Settings
from bot.storage import tables
from tests.journeys.conftest import PATIENCE, Learner, RunningBot, until
from tests.journeys.test_operating import rows


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
def settings(settings: Settings) -> Settings:
    listen = Address("127.0.0.1", a_free_port())
    return settings.model_copy(update={"listen": listen, "webhook_secret": SecretStr("s")})


async def told(settings: Settings, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
        return await http.get(f"http://{settings.listen}{path}")


async def test_prometheus_is_told_what_happened(
    alex: Learner, sam: Learner, bot: RunningBot, settings: Settings
) -> None:
    await alex.asks("is it hard?")
    await sam.asks("how do I become a pilot")
    await sam.asks("thanks")

    async def all_sent() -> bool:
        return not await rows(bot, tables.outbox)

    await until(all_sent, "all notes of what was sent")
    assert (await told(settings, "/readyz")).json() == {"status": "ready"}
    answer = await told(settings, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    figures = dict(re.findall(r"^(nextrung_\S+) (\S+)$", answer.text, re.MULTILINE))
    for name, value in {
        'updates_total{kind="message",outcome="handled"}': 3,
        'answers_total{outcome="answered"}': 1,
        'intents_total{intent="question"}': 2,
        'intents_total{intent="smalltalk"}': 1,
        'sends_total{lane="replies",outcome="sent"}': 3,
        'send_seconds_count{lane="replies"}': 3,
        'update_handling_seconds_count{kind="message"}': 3,
        'waiting_rows{box="inbox"}': 0,
        'oldest_waiting_seconds{box="replies"}': 0,
        "learners": 2,
        'active_learners{window="day"}': 2,
        'rated_answers{rating="helpful"}': 0,
        'rated_answers{rating="not_helpful"}': 0,
    }.items():
        assert float(figures[f"nextrung_{name}"]) == value, name
    assert "nextrung_pack_info{index=" in answer.text
    assert "hard" not in answer.text
    assert str(ALEX_ID) not in answer.text


async def test_one_number_follows_an_update_from_the_inbox_to_what_is_sent(
    alex: Learner, bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    followed: list[tuple[str, int | None]] = []
    listener = _Listener(followed)
    logging.getLogger("bot").addHandler(listener)
    try:
        await alex.asks("is it hard?")
        await alex.asks("/help")
        await until(lambda: _has_sent(followed, 2), "both to be noted")
    finally:
        logging.getLogger("bot").removeHandler(listener)
    numbers = [row["id"] for row in await rows(bot, tables.inbox)]
    for number in numbers[-2:]:
        assert {"handled", "sent"} <= {action for action, update in followed if update == number}


async def _has_sent(followed: list[tuple[str, int | None]], count: int) -> bool:
    return [action for action, _ in followed].count("sent") >= count


class _Listener(logging.Handler):
    """Hears what a formatter would see."""

    def __init__(self, followed: list[tuple[str, int | None]]) -> None:
        super().__init__()
        self._followed = followed

    def emit(self, record: logging.LogRecord) -> None:
        self._followed.append((getattr(record, "action", ""), followed_update()))
