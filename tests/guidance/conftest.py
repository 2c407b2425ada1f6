"""A learner at the journeys themselves, without a chat: days pass as a test says."""

import shutil
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.guidance.next_step import ChooseNextStep
from bot.guidance.placement import Place, Put
from bot.guidance.progress import ShowProgress
from bot.guidance.quiz import Answered, Quiz
from bot.guidance.record import Record
from bot.guidance.results import Asked, Placed, PlacementAsked, PlacementNoted
from bot.guidance.tutor import Tutor
from bot.learning.quiz import UNSURE_OPTION
from bot.storage import learners
from bot.storage.database import Database
from knowledge.library import Library
from knowledge.schema import Item

ALEX = 1001
Answer = Callable[[str, Item], str]  # the option id that a learner chooses


def honest(knows: Collection[str]) -> Answer:
    """Right on what they know, and says so where they don't."""
    return lambda skill_id, item: item.key if skill_id in knows else UNSURE_OPTION


@dataclass
class Desk:
    """One learner, the journeys, and the clock."""

    database: Database
    tutor: Tutor
    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
    asked_skills: list[str] = field(default_factory=list)
    asked_items: list[str] = field(default_factory=list)

    @property
    def quiz(self) -> Quiz:
        return Quiz(self.tutor)

    @property
    def place(self) -> Place:
        return Place(self.tutor)

    @property
    def next_step(self) -> ChooseNextStep:
        return ChooseNextStep(self.tutor)

    @property
    def progress(self) -> ShowProgress:
        return ShowProgress(self.tutor)

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)

    async def says(self, **of_themselves: str) -> None:
        """The learner says something of themselves, as their track."""
        async with self.database.transaction() as tx:
            learner = await learners.find(tx, ALEX)
            assert learner
            await learners.change(tx, learner.id, **of_themselves)

    async def record(self) -> Record:
        async with self.database.reading() as connection:
            found = await self.tutor.record(connection, ALEX, self.now)
            assert found
            return found

    async def begin(self, *, is_anew: bool = False) -> Put:
        """Begin a placement, or go on with it."""
        self.later(seconds=1)
        async with self.database.transaction() as tx:
            return await self.place.go_on(tx, ALEX, self.now, is_anew=is_anew)

    async def answer(self, asked: Asked, option_id: str) -> Answered:
        self.later(seconds=20)
        async with self.database.transaction() as tx:
            return await self.quiz.answer(tx, ALEX, asked.attempt_id, option_id, self.now)

    async def goes_on(self, put: Put, answer: Answer, count: int = 99) -> Put:
        """Answer so many items of a placement, or all of them."""
        while isinstance(put, PlacementAsked) and count:
            skill_id = self.skill_of(put.asked.item)
            self.asked_skills.append(skill_id)
            self.asked_items.append(put.asked.item.id)
            noted = await self.answer(put.asked, answer(skill_id, put.asked.item))
            assert isinstance(noted, PlacementNoted)
            put, count = await self.begin(), count - 1
        return put

    async def is_placed(self, answer: Answer, *, is_anew: bool = False) -> Placed:
        """A whole placement."""
        put = await self.goes_on(await self.begin(is_anew=is_anew), answer)
        assert isinstance(put, Placed)
        return put

    async def stops(self) -> object:
        async with self.database.transaction() as tx:
            return await self.place.stop(tx, ALEX, self.now)

    async def is_quizzed(self, skill_id: str, answer: Answer) -> tuple[Item, Answered]:
        """One quiz on a skill."""
        async with self.database.transaction() as tx:
            asked = await self.quiz.ask(tx, ALEX, self.now, skill_id)
        assert isinstance(asked, Asked)
        return asked.item, await self.answer(asked, answer(skill_id, asked.item))

    def skill_of(self, item: Item) -> str:
        items = self.tutor.library.items
        return next(skill_id for skill_id, of_skill in items.items() if item in of_skill)


@pytest.fixture
async def desk(library: Library, new_database: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """Alex, who has just come."""
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(new_database, tmp_path)}")
    made = Desk(database, Tutor(library, Random(7)))
    async with database.transaction() as tx:
        await learners.enrol(tx, ALEX, "en", made.now)
    yield made
    await database.close()
