"""A learner wants to know where they stand: some questions, without feedback until the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.guidance import items
from bot.guidance.record import PLACEMENT, Record
from bot.guidance.results import (
    Placed,
    PlacementAnswer,
    PlacementAsked,
    PlacementForNobody,
    PlacementOffered,
    PlacementOver,
    PlacementTooShort,
)
from bot.guidance.tutor import Tutor
from bot.learning import placement, quiz
from bot.learning.evidence import Outcome
from bot.storage import learners, placements
from bot.storage.attempts import Attempt
from bot.storage.database import Transaction
from knowledge.schema import Item

Put = PlacementAsked | Placed | PlacementForNobody


@dataclass(frozen=True)
class Place:
    """Asks one item after the other, and ends. Where it stands is read off the attempts each time."""

    tutor: Tutor

    async def prepare(self, connection: Transaction, telegram_id: int) -> None:
        """Have the states ready before a transaction is opened: the first time takes half a second."""
        learner = await learners.find(connection, telegram_id)
        if learner:
            await self.tutor.states(self.tutor.track_of(learner))

    async def offer(
        self, connection: Transaction, telegram_id: int, now: datetime
    ) -> PlacementOffered | PlacementForNobody | PlacementTooShort:
        """What it is, and whether one is under way."""
        record = await self.tutor.record(connection, telegram_id, now)
        if record is None:
            return PlacementForNobody()
        if not self.tutor.can_place(self.tutor.track_of(record.learner)):
            return PlacementTooShort()
        answered = len(record.placement_answers) if record.is_placing else None
        return PlacementOffered(self.tutor.track_title(record), answered, bool(record.placed))

    async def go_on(self, tx: Transaction, telegram_id: int, now: datetime, *, is_anew: bool = False) -> Put:
        """The next item of the placement under way, or the first of a new one; or its end."""
        record = await self.tutor.record(tx, telegram_id, now)
        if record is None:
            return PlacementForNobody()
        if is_anew or not record.is_placing:
            await placements.begin(tx, record.learner.id, self.tutor.track_of(record.learner), now)
        return await self._next(tx, telegram_id, now)

    async def stop(
        self, tx: Transaction, telegram_id: int, now: datetime
    ) -> Placed | PlacementOver | PlacementForNobody:
        """The learner has had enough: with answers enough it counts as ended, else without effect."""
        record = await self.tutor.record(tx, telegram_id, now)
        if record is None:
            return PlacementForNobody()
        return await self._ended(tx, record) if record.is_placing else PlacementOver()

    async def _next(self, tx: Transaction, telegram_id: int, now: datetime) -> Put:
        record = await self.tutor.record(tx, telegram_id, now)
        assert record is not None
        choice = self._waiting(record) or await self._choice(tx, record)
        if choice is None:
            return await self._ended(tx, record)
        asked = await items.put(tx, self.tutor, record, PLACEMENT, *choice)
        return PlacementAsked(asked, len(record.placement_answers) + 1)

    def _waiting(self, record: Record) -> tuple[str, Item] | None:
        """The item last shown, as long as nobody has answered it, with its skill."""
        answered = {each.item_id for each in record.placing if each.outcome}
        here = [each for each in record.placing if each.skill_id in record.graph.prerequisites]
        last = here[-1] if here and here[-1].item_id not in answered else None
        item = items.item_of(self.tutor.library, last)
        return (last.skill_id, item) if last and item else None

    async def _choice(self, tx: Transaction, record: Record) -> tuple[str, Item] | None:
        """What tells most now, by an item not seen lately; None when enough was asked, or all is used up."""
        fresh = await items.fresh_items(tx, self.tutor, record)
        skill_id = placement.next_question(
            record.graph, await self._chances(record), record.placement_answers, askable=fresh
        )
        return (skill_id, quiz.middling(fresh[skill_id], self.tutor.chance)) if skill_id else None

    async def _chances(self, record: Record) -> Mapping[str, float]:
        states = await self.tutor.states(self.tutor.track_of(record.learner))
        return placement.posterior(states, record.standing, record.placement_answers)

    async def _ended(self, tx: Transaction, record: Record) -> Placed:
        assert record.placement is not None
        await placements.end(tx, record.placement.id, record.now)
        told = [each for each in map(self._told, record.placing) if each]
        if len(record.placement_answers) < placement.FEWEST:
            return Placed(tuple(told), False, (), (), ())
        chances = await self._chances(record)
        doubtful = {each for each in chances if placement.is_doubtful(chances[each])}
        held = {each for each in chances if chances[each] > placement.DOUBT[1]}
        return Placed(
            tuple(told),
            True,
            self._titles(record, held),
            self._titles(record, doubtful),
            self._titles(record, chances.keys() - held - doubtful),
        )

    def _titles(self, record: Record, skill_ids: set[str]) -> tuple[str, ...]:
        skills = self.tutor.library.skills
        return tuple(skills[each].title for each in record.graph.skills if each in skill_ids)

    def _told(self, attempt: Attempt) -> PlacementAnswer | None:
        item = items.item_of(self.tutor.library, attempt)
        if item is None or attempt.outcome is None:
            return None
        title = self.tutor.library.skills[attempt.skill_id].title
        return PlacementAnswer(title, item, Outcome(attempt.outcome))
