"""A learner is asked an item, and answers it: one attempt, at most one response, and what it changes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.guidance.record import QUIZ, Record
from bot.guidance.results import (
    AlreadyAnswered,
    Asked,
    Feedback,
    Hint,
    ItemGone,
    ItemReported,
    NothingToAsk,
)
from bot.guidance.tutor import Tutor
from bot.learning import quiz, reviews
from bot.learning.evidence import Outcome
from bot.learning.mastery import ANSWERS_TO_MOVE, moved_difficulty, standing
from bot.learning.next_step import NextStep
from bot.learning.quiz import Choice, Context, Shown
from bot.storage import attempts, cards, reports
from bot.storage.attempts import Attempt, NewAttempt
from bot.storage.database import Transaction
from knowledge.schema import Item

JUST_SENT = timedelta(
    minutes=15
)  # in which a poll may be unknown to us: a crash, a restart, the learner's time

Answered = Feedback | AlreadyAnswered | ItemGone


@dataclass(frozen=True)
class Quiz:
    """Asks and grades."""

    tutor: Tutor

    async def ask(
        self, tx: Transaction, telegram_id: int, now: datetime, skill_id: str | None = None
    ) -> Asked | NothingToAsk:
        """The right item now, of `skill_id` if one is wanted; it is written down as shown."""
        record = await self.tutor.record(tx, telegram_id, now)
        if record is None:
            return NothingToAsk(None, None)
        wanted = skill_id if skill_id in self.tutor.library.skills else None
        difficulties = await self._difficulties(tx)
        paused = {item_id for _, item_id in await reports.paused(tx)}
        context = self._context(record, wanted, difficulties, paused)
        choice = quiz.choose_item(self.tutor.library.items, context, self.tutor.chance)
        if not isinstance(choice, Choice):
            title = self.tutor.library.skills[wanted].title if wanted else None
            return NothingToAsk(title, choice.until_on)
        return await self._show(tx, record, choice, difficulties)

    def nothing(self) -> NothingToAsk:
        """For who is no learner, as a channel."""
        return NothingToAsk(None, None)

    async def vote(
        self, tx: Transaction, telegram_id: int, poll_id: str, position: int, now: datetime
    ) -> Answered:
        """A vote on a poll: `position` is the option's place as it was sent.

        A quick one may come before we know the id of the poll. After a crash in that moment the poll is sent
        once more, and the vote may be on the first copy, whose id we never learn. Either way it is for the
        one open item just sent.
        """
        attempt = await attempts.find_by_poll(tx, poll_id, telegram_id)
        attempt = attempt or await attempts.find_only_open(tx, now - JUST_SENT, telegram_id)
        if attempt is None or not 0 <= position < len(attempt.options):
            return ItemGone()
        return await self._answered(tx, telegram_id, attempt, attempt.options[position], now)

    async def answer(
        self, tx: Transaction, telegram_id: int, attempt_id: int, option_id: str, now: datetime
    ) -> Answered:
        """An option's button was pressed."""
        attempt = await attempts.find(tx, attempt_id, telegram_id)
        if attempt is None or option_id not in attempt.options:
            return ItemGone()
        return await self._answered(tx, telegram_id, attempt, option_id, now)

    async def hint(self, tx: Transaction, telegram_id: int, attempt_id: int) -> Hint | ItemGone:
        """The hint of an item; an answer after it counts as hinted."""
        attempt = await attempts.find(tx, attempt_id, telegram_id)
        item = self._item_of(attempt)
        if attempt is None or item is None:
            return ItemGone()
        if item.hint:
            await attempts.take_hint(tx, attempt.id)
        return Hint(item.hint)

    async def report(
        self, tx: Transaction, telegram_id: int, attempt_id: int, now: datetime
    ) -> ItemReported | ItemGone:
        """The learner finds the item wrong or unclear; three of them pause it."""
        attempt = await attempts.find(tx, attempt_id, telegram_id)
        if attempt is None:
            return ItemGone()
        await reports.report(tx, attempt.learner_id, attempt.skill_id, attempt.item_id, now)
        return ItemReported()

    async def _answered(
        self, tx: Transaction, telegram_id: int, attempt: Attempt, option_id: str, now: datetime
    ) -> Answered:
        item = self._item_of(attempt)
        before = await self.tutor.record(tx, telegram_id, now)
        if item is None or before is None:
            return ItemGone()
        outcome = quiz.grade(item, option_id)
        if not await attempts.respond(tx, attempt.id, option_id, outcome, now, before.today):
            return AlreadyAnswered(item, attempt.chosen or option_id)
        await self._review(tx, before, attempt, outcome)
        after = await self.tutor.record(tx, telegram_id, now)
        assert after is not None
        library = self.tutor.library
        return Feedback(
            attempt.skill_id,
            library.skills[attempt.skill_id].title,
            attempt.id,
            item,
            option_id,
            outcome,
            library.notes[item.note],
            before.mastery_of(attempt.skill_id),
            after.mastery_of(attempt.skill_id),
        )

    async def _review(self, tx: Transaction, record: Record, attempt: Attempt, outcome: Outcome) -> None:
        """The first answer of the day moves the skill's card."""
        answered = replace(attempt, outcome=outcome.value, answered_at=record.now, answered_on=record.today)
        card = record.cards.get(attempt.skill_id)
        review = reviews.review_of(card, answered.response())
        if review:
            await cards.keep(tx, record.learner.id, attempt.skill_id, reviews.after(card, review).to_json())

    async def _show(
        self,
        tx: Transaction,
        record: Record,
        choice: Choice,
        difficulties: dict[tuple[str, str], float],
    ) -> Asked:
        options = quiz.shuffled_options(choice.item, self.tutor.chance)
        difficulty = _difficulty(choice.skill_id, choice.item, difficulties)
        new = NewAttempt(QUIZ, choice.skill_id, choice.item.id, options, difficulty)
        attempt_id = await attempts.show(tx, record.learner.id, new, record.now)
        title = self.tutor.library.skills[choice.skill_id].title
        return Asked(attempt_id, title, choice.item, options)

    def _context(
        self,
        record: Record,
        wanted: str | None,
        difficulties: dict[tuple[str, str], float],
        paused: set[str],
    ) -> Context:
        held = standing(record.history, record.priors)
        step = record.next_step()
        fringe = [step.skill_id] if isinstance(step, NextStep) else []
        fringe += [each for each in record.ready if each not in fringe]
        return Context(
            now=record.now,
            today=record.today,
            predict=lambda skill_id, item: held.chance(skill_id, _difficulty(skill_id, item, difficulties)),
            history=record.history,
            shown=[Shown(each.item_id, each.shown_at) for each in record.attempts],
            cards=record.cards,
            fringe=fringe,
            mastered_once=record.mastered_once,
            wanted=wanted,
            paused=paused,
            misconceptions=self._misconceptions(record),
        )

    def _misconceptions(self, record: Record) -> dict[str, datetime]:
        """Beliefs of wrong options chosen, until an item that holds one is answered right."""
        alive: dict[str, datetime] = {}
        for attempt in record.attempts:
            item = self._item_of(attempt)
            if item is None or attempt.chosen is None or attempt.answered_at is None:
                continue
            belief = quiz.misconception_of(item, attempt.chosen)
            if belief:
                alive[belief] = attempt.answered_at
            elif attempt.outcome == Outcome.CORRECT:
                for option in item.options.values():
                    alive.pop(option.misconception or "", None)
        return alive

    def _item_of(self, attempt: Attempt | None) -> Item | None:
        items = self.tutor.library.items.get(attempt.skill_id, ()) if attempt else ()
        return next((item for item in items if attempt and item.id == attempt.item_id), None)

    async def _difficulties(self, tx: Transaction) -> dict[tuple[str, str], float]:
        """Of the items whose own record tells, in logits."""
        levels = {
            (skill_id, item.id): item.level
            for skill_id, items in self.tutor.library.items.items()
            for item in items
        }
        told = await attempts.records(tx, ANSWERS_TO_MOVE)
        return {
            key: moved_difficulty(levels[key], right, answers)
            for key, (right, answers) in told.items()
            if key in levels
        }


def _difficulty(skill_id: str, item: Item, told: dict[tuple[str, str], float]) -> float:
    return told.get((skill_id, item.id), moved_difficulty(item.level, 0, 0))
