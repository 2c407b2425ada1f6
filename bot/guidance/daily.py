"""A learner wants one item a day at their own hour: set it, put it off, let it rest; and who is due."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.guidance.quiz import Bank, Quiz
from bot.guidance.record import DAILY, SOMEWHERE, Record
from bot.guidance.results import (
    Asked,
    DailyDoubt,
    DailyPlan,
    DailyPrompt,
    PromptLater,
    PromptOver,
    PromptSkipped,
)
from bot.guidance.tutor import Tutor
from bot.learning import reminders
from bot.learning.quiz import Choice, Reason
from bot.learning.quiz import NothingToAsk as NoChoice
from bot.storage import learners, prompts, questions
from bot.storage.database import Transaction
from bot.storage.learners import Learner
from bot.storage.prompts import DueLearner, Prompt

AWAITED_FOR = timedelta(minutes=10)  # after it, "yes" is about something else; our guess
_AWAITED = re.compile(r"(\d\d)(\d\d)/([12])")  # a time of day, and every how many days


@dataclass(frozen=True)
class Ready:
    """A due learner with what can be worked out before anything is written."""

    record: Record
    last: Prompt | None
    choice: Choice | NoChoice
    bank: Bank


@dataclass(frozen=True)
class Daily:
    """Keeps the learners' hours, and makes each due prompt."""

    tutor: Tutor
    quiz: Quiz

    async def show(self, connection: Transaction, telegram_id: int, now: datetime) -> DailyPlan | None:
        """What is set; None of somebody who never wrote."""
        learner = await learners.find(connection, telegram_id)
        return _plan(learner, now) if learner else None

    async def set(
        self, tx: Transaction, telegram_id: int, at: time, now: datetime, every: int | None = None
    ) -> DailyPlan | None:
        """From now on at this time of the learner's clock; today, too, if it is still to come.

        Every so many days, where the learner says so; else as before.
        """
        days = {"daily_every": every} if every else {}
        return await self._change(tx, telegram_id, now, daily_time=at, **days)

    async def await_yes(self, tx: Transaction, telegram_id: int, at: time, every: int, now: datetime) -> None:
        """The learner is asked whether they want this: a "yes" may come in words."""
        learner = await learners.find(tx, telegram_id)
        if learner:
            await learners.change(tx, learner.id, awaits=f"{at:%H%M}/{every}", awaits_since=now)

    async def awaited(
        self, connection: Transaction, telegram_id: int, now: datetime
    ) -> tuple[time, int] | None:
        """What waits for a "yes", as long as the learner has asked nothing since."""
        learner = await learners.find(connection, telegram_id)
        found = _AWAITED.fullmatch(learner.awaits or "") if learner else None
        since = learner.awaits_since if learner else None
        if found is None or since is None or now - since >= AWAITED_FOR:
            return None
        if await questions.has_asked(connection, telegram_id, since):
            return None
        return time(int(found[1]), int(found[2])), int(found[3])

    async def settle(self, tx: Transaction, telegram_id: int) -> None:
        """Nothing waits for a "yes" any more."""
        learner = await learners.find(tx, telegram_id)
        if learner and _AWAITED.fullmatch(learner.awaits or ""):
            await learners.change(tx, learner.id, awaits=None, awaits_since=None)

    async def keep(self, tx: Transaction, telegram_id: int, every: int, now: datetime) -> DailyPlan | None:
        """Go on with the hour that is set, every so many days."""
        return await self._change(tx, telegram_id, now, daily_every=every)

    async def stop(self, tx: Transaction, telegram_id: int, now: datetime) -> DailyPlan | None:
        """No more, and no weekly summary; what waits in line to be sent is taken back."""
        await prompts.stop(tx, telegram_id)
        return await self.show(tx, telegram_id, now)

    async def skip(
        self, tx: Transaction, telegram_id: int, prompt_id: int, now: datetime
    ) -> PromptSkipped | PromptOver:
        """Not today."""
        learner, prompt = await _found(tx, telegram_id, prompt_id)
        if learner is None or prompt is None or not await _close(tx, prompt, now, _zone(learner)):
            return PromptOver(_plan(learner, now) if learner else None)
        return PromptSkipped(await self._reacted(tx, learner, now))

    async def skip_today(
        self, tx: Transaction, telegram_id: int, now: datetime
    ) -> PromptSkipped | PromptOver:
        """Not today, be it that today's has come or that it is still to come."""
        learner = await learners.find(tx, telegram_id)
        if learner is None or not learner.next_prompt_at:
            return PromptOver(_plan(learner, now) if learner else None)
        today, zone = reminders.local_date(now, _zone(learner)), _zone(learner)
        last = await prompts.latest(tx, learner.id)
        if last and last.local_on == today:
            return await self.skip(tx, telegram_id, last.id, now)
        if reminders.local_date(learner.next_prompt_at, zone) == today:
            await prompts.open_new(tx, learner.id, today, prompts.SKIPPED, now)
        return PromptSkipped(await self._reacted(tx, learner, now))

    async def pause(self, tx: Transaction, telegram_id: int, days: int, now: datetime) -> DailyPlan | None:
        """Nothing from today on for so many days, and then as before; a new hour ends it."""
        learner = await learners.find(tx, telegram_id)
        if learner is None or learner.daily_time is None or learner.next_prompt_at is None:
            return _plan(learner, now) if learner else None
        zone = _zone(learner)
        back_on = reminders.local_date(now, zone) + timedelta(days=days)
        planned = reminders.next_prompt(now, learner.daily_time, zone, back_on)
        await learners.change(tx, learner.id, next_prompt_at=planned, prompts_ignored=0)
        return _plan(replace(learner, next_prompt_at=planned), now)

    async def later(
        self, tx: Transaction, telegram_id: int, prompt_id: int, now: datetime
    ) -> PromptLater | PromptSkipped | PromptOver:
        """Again in some hours; where the day has none left, the item stays and tomorrow brings another."""
        learner, prompt = await _found(tx, telegram_id, prompt_id)
        if learner is None or prompt is None or not learner.next_prompt_at:
            return PromptOver(_plan(learner, now) if learner else None)
        zone = _zone(learner)
        is_todays = prompt.local_on == reminders.local_date(now, zone)
        if is_todays and prompt.state == prompts.LATER:
            return PromptLater(learner.next_prompt_at.astimezone(zone), prompt.id, is_news=False)
        again = reminders.later(now, zone)
        if again is None:
            skipped = await self.skip(tx, telegram_id, prompt_id, now)
            return replace(skipped, is_late=True) if isinstance(skipped, PromptSkipped) else skipped
        if not is_todays or not await prompts.move(tx, prompt.id, prompts.OPEN, prompts.LATER):
            return PromptOver(_plan(learner, now))
        await learners.change(tx, learner.id, next_prompt_at=again, prompts_ignored=0)
        return PromptLater(again.astimezone(zone), prompt.id)

    async def now(
        self, tx: Transaction, telegram_id: int, prompt_id: int, now: datetime
    ) -> DailyPrompt | PromptOver:
        """What was put off is wanted after all."""
        learner, prompt = await _found(tx, telegram_id, prompt_id)
        if learner is None or prompt is None:
            return PromptOver(_plan(learner, now) if learner else None)
        again = await self._again(tx, learner, prompt)
        if again is None:
            return PromptOver(_plan(learner, now))
        await _planned(tx, learner, now)
        return again

    async def due(self, connection: Transaction, now: datetime, limit: int) -> Sequence[DueLearner]:
        """Whose time has come."""
        return await prompts.due(connection, now, limit)

    async def next_time(self, connection: Transaction) -> datetime | None:
        """When to look again."""
        return await prompts.next_time(connection)

    async def prepare(
        self, connection: Transaction, due: DueLearner, bank: Bank, now: datetime
    ) -> Ready | None:
        """Choose the item while nothing is locked; None of somebody who is gone meanwhile."""
        record = await self.tutor.record(connection, due.telegram_id, now)
        if record is None:
            return None
        last = await prompts.latest(connection, record.learner.id)
        return Ready(record, last, self.quiz.choose(record, bank), bank)

    async def prompt(self, tx: Transaction, ready: Ready) -> DailyPrompt | DailyDoubt | None:
        """Claim the learner's prompt and write it down; None where it is not to be sent, or another did."""
        learner, now = ready.record.learner, ready.record.now
        found, zone = learner.next_prompt_at, ready.record.zone
        if found is None or not await prompts.claim(tx, learner.id, found, _following(ready)):
            return None
        last, today = ready.last, ready.record.today
        if last and last.state == prompts.LATER and last.local_on == today:
            if reminders.is_in_time(found, now, zone):
                return await self._again(tx, learner, last)
            await prompts.move(tx, last.id, prompts.LATER, prompts.SKIPPED)
            return None
        return await self._new(tx, ready) if _is_to_come(ready) else None

    async def postpone(self, tx: Transaction, due: DueLearner, until: datetime) -> None:
        """Something is wrong with this learner's prompt: nobody else shall wait for it."""
        await prompts.claim(tx, due.id, due.next_prompt_at, until)

    async def _new(self, tx: Transaction, ready: Ready) -> DailyPrompt | DailyDoubt | None:
        """Today's item, or after too many unanswered ones the question whether to go on."""
        learner, now, today = ready.record.learner, ready.record.now, ready.record.today
        ignored = learner.prompts_ignored
        if ready.last and ready.last.state == prompts.OPEN:
            ignored = await prompts.lapse(tx, learner.id)
        if ignored >= reminders.ENOUGH_IGNORED:
            await learners.change(tx, learner.id, next_prompt_at=None)
            doubts = await prompts.open_new(tx, learner.id, today, prompts.DOUBT, now)
            return DailyDoubt(learner.daily_every) if doubts else None
        if not isinstance(ready.choice, Choice):
            return None
        prompt_id = await prompts.open_new(tx, learner.id, today, prompts.OPEN, now)
        if prompt_id is None:
            return None
        asked = await self.quiz.show(tx, ready.record, ready.choice, ready.bank, DAILY)
        await prompts.carries(tx, prompt_id, asked.attempt_id)
        return DailyPrompt(prompt_id, asked, is_fading=_is_fading(ready))

    async def _again(self, tx: Transaction, learner: Learner, prompt: Prompt) -> DailyPrompt | None:
        """The item that was put off, once more; None where it has its answer by now."""
        asked: Asked | None = None
        if prompt.attempt_id and await prompts.move(tx, prompt.id, prompts.LATER, prompts.OPEN):
            asked = await self.quiz.show_again(tx, learner.telegram_id, prompt.attempt_id)
        return DailyPrompt(prompt.id, asked) if asked else None

    async def _change(
        self, tx: Transaction, telegram_id: int, now: datetime, **values: time | int
    ) -> DailyPlan | None:
        learner = await learners.find(tx, telegram_id)
        if learner is None:
            return None
        await learners.change(tx, learner.id, prompts_ignored=0, **values)
        changed = await learners.find(tx, telegram_id)
        assert changed
        return await _planned(tx, changed, now)

    async def _reacted(self, tx: Transaction, learner: Learner, now: datetime) -> DailyPlan:
        """Whoever presses a button ignores nothing."""
        await learners.change(tx, learner.id, prompts_ignored=0)
        return await _planned(tx, learner, now) if learner.next_prompt_at else _plan(learner, now)


async def moved(tx: Transaction, telegram_id: int, now: datetime) -> DailyPlan | None:
    """The learner has told where they live: the hour stays, by the new clock; who rests goes on resting."""
    learner = await learners.find(tx, telegram_id)
    if learner is None or learner.next_prompt_at is None:
        return _plan(learner, now) if learner else None
    return await _planned(tx, learner, now)


async def _planned(tx: Transaction, learner: Learner, now: datetime) -> DailyPlan:
    """Work out the next prompt, and remember it."""
    last = await prompts.latest(tx, learner.id)
    planned = None
    if learner.daily_time is not None:
        earliest = reminders.earliest_on(last.local_on if last else None, learner.daily_every)
        planned = reminders.next_prompt(now, learner.daily_time, _zone(learner), earliest)
    await learners.change(tx, learner.id, next_prompt_at=planned)
    return _plan(replace(learner, next_prompt_at=planned), now)


def _following(ready: Ready) -> datetime | None:
    """The prompt after this one; where this one is not to be sent, the first that may be."""
    record = ready.record
    at = record.learner.daily_time
    if at is None:
        return None
    last_on = ready.last.local_on if ready.last else None
    if _is_to_come(ready):
        last_on = record.today
    earliest = reminders.earliest_on(last_on, record.learner.daily_every)
    return reminders.next_prompt(record.now, at, record.zone, earliest)


def _is_to_come(ready: Ready) -> bool:
    """Whether today's prompt is due, judged by the learner's clock as it goes now."""
    record, at = ready.record, ready.record.learner.daily_time
    if at is None:
        return False
    last_on = ready.last.local_on if ready.last else None
    earliest = reminders.earliest_on(last_on, record.learner.daily_every)
    if earliest and record.today < earliest:
        return False
    planned = reminders.instant_on(record.today, at, record.zone)
    return planned is not None and reminders.is_in_time(planned, record.now, record.zone)


def _is_fading(ready: Ready) -> bool:
    """Whether the item is there to keep a skill that was held once."""
    return (
        isinstance(ready.choice, Choice)
        and ready.choice.reason in (Reason.DUE, Reason.EARLY)
        and ready.choice.skill_id in ready.record.mastered_once
    )


async def _close(tx: Transaction, prompt: Prompt, now: datetime, zone: ZoneInfo) -> bool:
    """Skip today's prompt; False where there is nothing to skip any more."""
    if prompt.local_on != reminders.local_date(now, zone):
        return False
    return any(
        [await prompts.move(tx, prompt.id, each, prompts.SKIPPED) for each in (prompts.OPEN, prompts.LATER)]
    )


async def _found(
    connection: Transaction, telegram_id: int, prompt_id: int
) -> tuple[Learner | None, Prompt | None]:
    learner = await learners.find(connection, telegram_id)
    return learner, await prompts.find(connection, prompt_id, learner.id) if learner else None


def _plan(learner: Learner, now: datetime) -> DailyPlan:
    """What is set, on the learner's clock."""
    zone = _zone(learner)
    following = learner.next_prompt_at
    return DailyPlan(
        learner.daily_time,
        learner.daily_every,
        following.astimezone(zone) if following else None,
        now.astimezone(zone),
        learner.timezone,
        learner.next_summary_at is not None,
    )


def _zone(learner: Learner) -> ZoneInfo:
    return ZoneInfo(learner.timezone or SOMEWHERE)
