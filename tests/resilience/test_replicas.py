"""Two bots on one PostgreSQL: is every question answered once, whoever of them dies?"""

from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import insert, select

from bot.guidance.enrol import OVER
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import SandboxServer
from bot.storage import tables
from bot.storage.database import Database
from knowledge.library import Library
from tests.postgres import fresh_database
from tests.resilience.conftest import EVERYBODY, Launcher
from tests.resilience.processes import BotProcess, free_address, until
from tests.resilience.test_crashes import LEARNERS, Classroom
from tests.storage.conftest import NOW

SECRET = "tell-nobody"


@dataclass
class Pair:
    """Two bots that share a database."""

    start: Launcher
    sandbox: SandboxServer
    address: str

    def one(self, **settings: str) -> BotProcess:
        return self.start(self.sandbox.address, BOT_DATABASE_URL=self.address, **settings)

    async def leading_and_standing_by(self) -> tuple[BotProcess, BotProcess]:
        leading = self.one()
        await leading.tells("this replica leads")
        standing_by = self.one()
        await standing_by.tells("this replica stands by")
        for each in (leading, standing_by):
            await each.tells("is listening")
        return leading, standing_by

    async def has_promised_all(self) -> bool:
        """Whether a reply for everybody lies in the outbox."""
        database = Database(self.address)
        async with database.reading() as connection:
            rows = (await connection.execute(select(tables.outbox.c.id))).all()
        await database.close()
        return len(rows) == LEARNERS


@pytest.fixture
async def pair(start: Launcher, sandbox: SandboxServer) -> Pair:
    address = fresh_database()
    database = Database(address)
    await database.migrate()
    async with database.transaction() as tx:
        known = [{"telegram_id": number, "joined_at": NOW, "enrolment": OVER} for number in EVERYBODY]
        await tx.execute(insert(tables.learners), known)
    await database.close()
    return Pair(start, sandbox, address)


@pytest.fixture
async def classroom(client: SandboxClient, tiny: Library) -> Classroom:
    room = Classroom(client, sorted(note.title for note in tiny.notes.values()))
    await room.fill()
    return room


async def test_together_they_answer_every_question_once_and_in_order(
    pair: Pair, classroom: Classroom
) -> None:
    leading, standing_by = await pair.leading_and_standing_by()
    for _ in range(6):
        await classroom.everybody_asks()
    await until(classroom.is_answered, "all answers")
    leading.asked_to_stop()
    assert await leading.exit_code() == 0
    await classroom.everybody_asks()
    await classroom.is_served_by(standing_by)


async def test_when_the_one_that_leads_is_killed_the_other_sends_what_it_left(
    pair: Pair, classroom: Classroom
) -> None:
    leading, standing_by = await pair.leading_and_standing_by()
    await classroom.client.faults("hang", "sendMessage")
    await classroom.everybody_asks()
    await until(pair.has_promised_all, "all replies to lie in the outbox")
    leading.kill()
    await classroom.client.call("DELETE", "faults")
    await standing_by.tells("this replica leads")
    await classroom.everybody_asks()
    await classroom.is_served_by(standing_by)


async def test_when_the_other_is_killed_at_work_the_one_that_leads_goes_on_with_it(
    pair: Pair, classroom: Classroom
) -> None:
    leading, standing_by = await pair.leading_and_standing_by()
    for _ in range(4):
        await classroom.everybody_asks()
    standing_by.kill()
    await classroom.everybody_asks()
    await classroom.is_served_by(leading)


async def test_what_is_delivered_to_the_one_is_sent_by_the_other(pair: Pair, classroom: Classroom) -> None:
    places = [free_address(), free_address()]
    bots = [
        pair.one(BOT_LISTEN=at, BOT_WEBHOOK_URL=f"http://{at}", BOT_WEBHOOK_SECRET=SECRET) for at in places
    ]
    for each in bots:
        await each.tells("is listening")
    for at in places:  # as a balancer would, to each in turn
        await deliver_to(at, pair.sandbox)
        await classroom.everybody_asks()
        await until(classroom.is_answered, "all answers")
    for each in bots:
        each.asked_to_stop()
        assert await each.exit_code() == 0
    assert [len(read) for read in (await classroom.read()).values()] == [2] * LEARNERS


async def deliver_to(place: str, sandbox: SandboxServer) -> None:
    """Have Telegram deliver there from now on."""
    webhook = {"url": f"http://{place}/webhook", "secret_token": SECRET}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{sandbox.address}/bot{sandbox.token}/setWebhook", json=webhook)
    assert answer.json()["ok"]
