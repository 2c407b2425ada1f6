"""A learner is asked an item, and answers it: one attempt, at most one response, and what it changes.

Answers of every purpose are graded here, as a vote names nothing but its poll.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from bot.guidance import items
from bot.guidance.record import CHECK, PLACEMENT, QUIZ, Record
from bot.guidance.results import (
    AlreadyAnswered,
    Asked,
    CheckAsked,
    Checked,
    CheckOffered,
    Feedback,
    Hint,
    ItemGone,
    ItemReported,
    NothingToAsk,
    PlacementNoted,
    Uncheckable,
)
from bot.guidance.tutor import Difficulties, Tutor
from bot.learning import check, quiz, reviews
from bot.learning.check import Verdict
from bot.learning.evidence import Outcome, Response
from bot.learning.next_step import NextStep
from bot.learning.quiz import UNSURE_OPTION, Choice, Context, Shown
from bot.storage import attempts, cards, prompts, questions, reports, wishes
from bot.storage.attempts import Attempt
from bot.storage.database import Transaction
from knowledge.schema import Item

# In which a poll may be unknown to us: prompts to thousands at once wait in line, and after a crash there is
# the restart and the learner's time.
JUST_SENT = timedelta(minutes=15)

SAME_SITTING = timedelta(minutes=30)  # in which "why?" is about the latest item; our guess

Answered = Feedback | Checked | PlacementNoted | AlreadyAnswered | ItemGone


@dataclass(frozen=True)
class Bank:
    """What everybody's answers tell of the items: their difficulties, and which are paused."""

    difficulties: Difficulties
    paused: Collection[str]


@dataclass(frozen=True)
class Latest:
    """The item at hand; `is_open` until it has its answer, `is_placing` of one that a placement asks.

    `options` are its options' ids in the order they were shown, but for "I don't know".
    """

    attempt_id: int
    is_open: bool
    is_placing: bool
    item: Item
    options: tuple[str, ...]


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
        bank = await self.bank(tx, now)
        choice = self.choose(record, bank, wanted)
        if not isinstance(choice, Choice):
            title = self.tutor.library.skills[wanted].title if wanted else None
            return NothingToAsk(title, choice.until_on)
        return await self.show(tx, record, choice, bank)

    async def bank(self, connection: Transaction, now: datetime) -> Bank:
        """The same for every learner, so whoever asks many reads it once."""
        paused = {item_id for _, item_id in await reports.paused(connection)}
        return Bank(await items.told_difficulties(connection, self.tutor, now), paused)

    def choose(self, record: Record, bank: Bank, wanted: str | None = None) -> Choice | quiz.NothingToAsk:
        """The right item now, of a skill if one is wanted."""
        context = self._context(record, wanted, bank)
        return quiz.choose_item(self.tutor.library.items, context, self.tutor.chance)

    async def show(
        self, tx: Transaction, record: Record, choice: Choice, bank: Bank, purpose: str = QUIZ
    ) -> Asked:
        """Write down that an item is put before the learner."""
        skill_id, item = choice.skill_id, choice.item
        return await items.put(tx, self.tutor, record, purpose, skill_id, item, bank.difficulties)

    async def show_again(self, tx: Transaction, telegram_id: int, attempt_id: int) -> Asked | None:
        """The same item as it was shown; None once it has its answer, or is no more."""
        attempt = await attempts.find(tx, attempt_id, telegram_id)
        item = self._item_of(attempt)
        if attempt is None or item is None or attempt.outcome:
            return None
        title = self.tutor.library.skills[attempt.skill_id].title
        return Asked(attempt.id, title, item, tuple(attempt.options))

    async def offer_check(
        self, tx: Transaction, telegram_id: int, skill_id: str, now: datetime
    ) -> CheckOffered | Uncheckable | None:
        """Two questions, or their word? None where there is nothing to check: it is known, or no skill."""
        record = await self.tutor.record(tx, telegram_id, now)
        skill = self.tutor.library.skills.get(skill_id)
        if record is None or skill is None or skill_id in record.known:
            return None
        if await self._to_check(tx, record, skill_id):
            return CheckOffered(skill_id, skill.title)
        return await self._trusted(tx, record, skill_id)

    async def check(
        self, tx: Transaction, telegram_id: int, skill_id: str, now: datetime
    ) -> CheckAsked | Uncheckable | None:
        """The first or second question to whoever says they know a skill; with too few, their word counts."""
        record = await self.tutor.record(tx, telegram_id, now)
        if record is None or skill_id not in self.tutor.library.skills:
            return None
        choice = await self._to_check(tx, record, skill_id)
        if not choice:
            return await self._trusted(tx, record, skill_id)
        item = self.tutor.chance.choice(choice)
        number = check.QUESTIONS + 1 - check.questions_left(_checks(record, skill_id), now)
        return CheckAsked(await items.put(tx, self.tutor, record, CHECK, skill_id, item), number)

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

    async def latest(
        self, connection: Transaction, telegram_id: int, now: datetime, *, is_chosen: bool = False
    ) -> Latest | None:
        """The item before the learner or just answered, unless they asked of other things since.

        Where one of its options was chosen in words, an open item waits through other questions.
        """
        attempt = await attempts.find_latest(connection, telegram_id)
        item = self._item_of(attempt)
        if attempt is None or item is None:
            return None
        at = attempt.answered_at or attempt.shown_at
        waits = is_chosen and attempt.outcome is None
        if now - at > SAME_SITTING or (not waits and await questions.latest(connection, telegram_id, at)):
            return None
        shown = tuple(option for option in attempt.options if option != UNSURE_OPTION)
        return Latest(attempt.id, attempt.outcome is None, attempt.purpose == PLACEMENT, item, shown)

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
        is_placing = before.is_placing and attempt in before.placing
        earlier = _first_answer(before.placing, attempt) if is_placing else None
        outcome = quiz.grade(item, option_id)
        if earlier or not await attempts.respond(tx, attempt.id, option_id, outcome, now, before.today):
            return AlreadyAnswered(item, (earlier or attempt).chosen or option_id, is_placing)
        await prompts.answered(tx, attempt.learner_id, attempt.id)
        if is_placing:
            return PlacementNoted()
        if attempt.purpose != PLACEMENT:  # else skills asked there would fade, and those inferred would not
            await self._review(tx, before, attempt, outcome)
        feedback = await self._feedback(tx, telegram_id, before, attempt, item, option_id)
        return await self._checked(tx, telegram_id, feedback, now) if attempt.purpose == CHECK else feedback

    async def _feedback(
        self,
        tx: Transaction,
        telegram_id: int,
        before: Record,
        attempt: Attempt,
        item: Item,
        option_id: str,
    ) -> Feedback:
        now, outcome = before.now, quiz.grade(item, option_id)
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
        review = reviews.review_of(card, answered.response)
        if review:
            await cards.keep(tx, record.learner.id, attempt.skill_id, reviews.after(card, review).to_json())
            await attempts.reviewed(tx, attempt.id, review.weights_version)

    async def _checked(
        self, tx: Transaction, telegram_id: int, feedback: Feedback, now: datetime
    ) -> Checked | Feedback:
        """What a check has come to; who knows the skill already (by their word) has nothing to prove."""
        record = await self.tutor.record(tx, telegram_id, now)
        skill_id = feedback.skill_id
        found = check.verdict(_checks(record, skill_id)) if record else None
        if record is None or found is None or skill_id in record.known:
            return feedback
        if found is Verdict.KNOWN:
            await wishes.say(tx, record.learner.id, skill_id, wishes.KNOWN, now)
        return Checked(feedback, found)

    async def _trusted(self, tx: Transaction, record: Record, skill_id: str) -> Uncheckable:
        await wishes.say(tx, record.learner.id, skill_id, wishes.KNOWN, record.now)
        return Uncheckable(self.tutor.library.skills[skill_id].title)

    async def _to_check(self, tx: Transaction, record: Record, skill_id: str) -> list[Item]:
        """What may be asked in a check; nothing where there are too few for all its questions."""
        fresh = (await items.fresh_items(tx, self.tutor, record)).get(skill_id, [])
        choice = [item for item in fresh if item.level in check.LEVELS]
        left = check.questions_left(_checks(record, skill_id), record.now)
        return choice if len(choice) >= left else []

    def _context(self, record: Record, wanted: str | None, bank: Bank) -> Context:
        step = record.next_step()
        begun = record.wished(wishes.STARTED)
        fringe = [step.skill_id] if isinstance(step, NextStep) else []
        fringe += [each for each in record.ready if each not in fringe]
        return Context(
            now=record.now,
            today=record.today,
            predict=lambda skill_id, item: record.reading.chance(
                skill_id, items.difficulty(skill_id, item, bank.difficulties)
            ),
            history=record.history,
            shown=[Shown(each.item_id, each.shown_at) for each in record.attempts if not _is_quizzed(each)],
            cards=record.cards,
            fringe=fringe,
            mastered_once=record.mastered_once,
            held=record.held,
            studied=step.skill_id if isinstance(step, NextStep) and step.skill_id in begun else None,
            wanted=wanted,
            paused=bank.paused,
            misconceptions=self._misconceptions(record),
        )

    def _misconceptions(self, record: Record) -> dict[str, datetime]:
        """Beliefs of wrong options chosen, until an item that holds one is answered right."""
        alive: dict[str, datetime] = {}
        told_by = self._beliefs
        for attempt in record.attempts:
            beliefs = told_by.get((attempt.skill_id, attempt.item_id))
            if not beliefs or attempt.chosen is None or attempt.answered_at is None:
                continue
            if attempt.chosen in beliefs:
                alive[beliefs[attempt.chosen]] = attempt.answered_at
            elif alive and attempt.outcome == Outcome.CORRECT:
                for belief in beliefs.values():
                    alive.pop(belief, None)
        return alive

    @cached_property
    def _beliefs(self) -> dict[tuple[str, str], dict[str, str]]:
        """For each item (skill id, item id) what its wrong options believe."""
        return {
            (skill_id, item.id): {
                option_id: option.misconception
                for option_id, option in item.options.items()
                if option.misconception
            }
            for skill_id, of_skill in self.tutor.library.items.items()
            for item in of_skill
        }

    def _item_of(self, attempt: Attempt | None) -> Item | None:
        return items.item_of(self.tutor.library, attempt)


def _is_quizzed(attempt: Attempt) -> bool:
    """Answered outside of placement: such an attempt is in the history already."""
    return attempt.outcome is not None and attempt.purpose != PLACEMENT


def _checks(record: Record, skill_id: str) -> list[Response]:
    return [each for each in record.checks if each.skill_id == skill_id]


def _first_answer(shown: Sequence[Attempt], attempt: Attempt) -> Attempt | None:
    """Where the item was shown twice, as after a pause, and the other one has its answer."""
    others = (each for each in shown if each.item_id == attempt.item_id and each.id != attempt.id)
    return next((each for each in others if each.outcome), None)
