"""A learner wants one item a day at their own hour: set it, put it off, let it rest; and who is due."""

import logging
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
    DailyNothing,
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
from bot.storage.prompts import Claim, DueLearner, Prompt

logger = logging.getLogger(__name__)

SET_BACK = timedelta(hours=1)  # of one whose prompt cannot be made: nobody else waits for it

AWAITED_FOR = timedelta(minutes=10)  # after it, "yes" is about something else; our guess
_AWAITED = re.compile(r"(\d\d)(\d\d)/([12])")  # a time of day, and every how many days


@dataclass(frozen=True)
class Ready:
    """A planned prompt with what can be worked out before anything is written."""

    record: Record
    prompt: Prompt
    choice: Choice | NoChoice
    bank: Bank

    @property
    def not_after(self) -> datetime:
        """Later its item is not to be sent any more."""
        return reminders.latest(self.prompt.due_at, self.record.zone)


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
        await prompts.withdraw(tx, telegram_id)
        return PromptSkipped(await self._reacted(tx, learner, now))

    async def skip_today(
        self, tx: Transaction, telegram_id: int, now: datetime
    ) -> PromptSkipped | PromptOver:
        """Not today, be it that today's has come or that it is still to come."""
        await learners.hold(tx, telegram_id)
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
        await learners.hold(tx, telegram_id)
        learner = await learners.find(tx, telegram_id)
        if learner is None or learner.daily_time is None or learner.next_prompt_at is None:
            return _plan(learner, now) if learner else None
        zone = _zone(learner)
        back_on = reminders.local_date(now, zone) + timedelta(days=days)
        planned = reminders.next_prompt(now, learner.daily_time, zone, back_on)
        await learners.change(tx, learner.id, next_prompt_at=planned, prompts_ignored=0)
        await prompts.withdraw(tx, telegram_id)
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

    async def claim(self, tx: Transaction, now: datetime, limit: int) -> int:
        """Take those whose time has come, and plan their prompts; how many learners they were."""
        await prompts.skip_planned_before(tx, now - reminders.MOST_LATE)
        due = await prompts.due(tx, now, limit)
        await prompts.claim(tx, [_claimed(each, now) for each in due])
        return len(due)

    async def next_time(self, connection: Transaction) -> datetime | None:
        """When to look again."""
        return await prompts.next_time(connection)

    async def planned(self, connection: Transaction, limit: int) -> Sequence[tuple[int, Prompt]]:
        """Prompts to be made, each after its learner's telegram_id."""
        return await prompts.planned(connection, limit)

    async def prepare(
        self, connection: Transaction, telegram_id: int, prompt: Prompt, bank: Bank, now: datetime
    ) -> Ready | None:
        """Choose the item while nothing is locked; None of somebody who is gone meanwhile."""
        record = await self.tutor.record(connection, telegram_id, now)
        return Ready(record, prompt, self.quiz.choose(record, bank), bank) if record else None

    async def prompt(self, tx: Transaction, ready: Ready) -> DailyPrompt | DailyDoubt | DailyNothing | None:
        """Write a planned prompt down; None where it is not to be sent any more, or another process did."""
        record, prompt = ready.record, ready.prompt
        now = max(record.now, prompt.due_at)  # another's clock was ahead
        if not reminders.is_in_time(prompt.due_at, now, record.zone):
            await prompts.move(tx, prompt.id, prompts.PLANNED, prompts.SKIPPED)
            return None
        if prompt.attempt_id:
            return await self._again(tx, record.learner, prompt)
        return await self._new(tx, ready)

    async def plan_again(self, tx: Transaction, prompt: Prompt, at: datetime) -> None:
        """Something is wrong with this prompt: nobody else shall wait for it."""
        await prompts.plan_again(tx, prompt, at)

    async def _new(self, tx: Transaction, ready: Ready) -> DailyPrompt | DailyDoubt | DailyNothing | None:
        """Today's item; or that none fits for a while; or, after many unanswered ones, shall it go on?"""
        learner, prompt_id = ready.record.learner, ready.prompt.id
        if learner.prompts_ignored >= reminders.ENOUGH_IGNORED:
            rests = await prompts.rest(tx, learner.id, reminders.ENOUGH_IGNORED)
            becomes = prompts.DOUBT if rests else prompts.SKIPPED
            is_ours = await prompts.move(tx, prompt_id, prompts.PLANNED, becomes)
            return DailyDoubt(learner.daily_every) if rests and is_ours else None
        becomes = prompts.OPEN if isinstance(ready.choice, Choice) else prompts.SKIPPED
        is_ours = await prompts.move(tx, prompt_id, prompts.PLANNED, becomes)
        if not is_ours:
            return None
        if isinstance(ready.choice, NoChoice):
            before = await prompts.latest(tx, learner.id, before=ready.prompt.local_on)
            is_told = before is not None and before.state == prompts.SKIPPED and before.attempt_id is None
            return None if is_told else DailyNothing(ready.choice.until_on)
        asked = await self.quiz.show(tx, ready.record, ready.choice, ready.bank, DAILY)
        await prompts.carries(tx, prompt_id, asked.attempt_id)
        return DailyPrompt(prompt_id, asked, is_fading=_is_fading(ready))

    async def _again(self, tx: Transaction, learner: Learner, prompt: Prompt) -> DailyPrompt | None:
        """The item that was put off, once more; None where it has its answer by now."""
        asked: Asked | None = None
        waiting = (prompts.LATER, prompts.PLANNED)
        if prompt.attempt_id and await _moved_from(tx, prompt, waiting, prompts.OPEN):
            asked = await self.quiz.show_again(tx, learner.telegram_id, prompt.attempt_id)
            if asked is None:  # it left the pack: nothing is sent, and nothing ignored
                await prompts.move(tx, prompt.id, prompts.OPEN, prompts.SKIPPED)
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


def _claimed(due: DueLearner, now: datetime) -> Claim:
    try:
        return _claim(due, now)
    except Exception:
        logger.exception("the daily prompt of learner %d cannot be planned; trying again later", due.id)
        return Claim(due, now + SET_BACK)


def _claim(due: DueLearner, now: datetime) -> Claim:
    """What a due learner gets, judged by their clock as it goes now."""
    if due.daily_time is None:
        return Claim(due, None)
    zone, latest = _zone(due), due.latest
    today, last_on = reminders.local_date(now, zone), latest.local_on if latest else None
    planned = reminders.instant_on(today, due.daily_time, zone)
    earliest = reminders.earliest_on(last_on, due.daily_every)
    is_to_come = planned and reminders.is_in_time(planned, now, zone) and (not earliest or earliest <= today)
    if is_to_come:
        last_on = today
    earliest = reminders.earliest_on(last_on, due.daily_every)
    following = reminders.next_prompt(now, due.daily_time, zone, earliest)
    if is_to_come:
        is_ignored = latest and latest.state == prompts.OPEN
        return Claim(due, following, planned, today, prompts.IGNORED if is_ignored else None)
    if latest and latest.state == prompts.LATER and last_on == today:
        is_in_time = reminders.is_in_time(due.next_prompt_at, now, zone)
        becomes = prompts.PLANNED if is_in_time else prompts.SKIPPED
        return Claim(due, following, due.next_prompt_at, latest_becomes=becomes)
    return Claim(due, following)


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
    return await _moved_from(tx, prompt, (prompts.OPEN, prompts.LATER, prompts.PLANNED), prompts.SKIPPED)


async def _moved_from(tx: Transaction, prompt: Prompt, before: Sequence[str], after: str) -> bool:
    """Change what became of a prompt that is in one of these states; False where it is in none."""
    return any([await prompts.move(tx, prompt.id, each, after) for each in before])


async def _found(tx: Transaction, telegram_id: int, prompt_id: int) -> tuple[Learner | None, Prompt | None]:
    await learners.hold(tx, telegram_id)
    learner = await learners.find(tx, telegram_id)
    return learner, await prompts.find(tx, prompt_id, learner.id) if learner else None


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


def _zone(learner: Learner | DueLearner) -> ZoneInfo:
    return ZoneInfo(learner.timezone or SOMEWHERE)
