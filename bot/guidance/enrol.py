"""A learner comes, tells what they like of themselves, and may leave without a trace."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from bot.guidance.results import (
    ChoiceGone,
    Enrolled,
    Profile,
    SettingAsked,
    SettingChanged,
    SettingName,
    SkippedBefore,
    Stopped,
    Welcome,
)
from bot.guidance.settings import ChangeSettings, await_answer, await_nothing, has_told
from bot.storage import learners, personal, prompts
from bot.storage.database import Transaction
from bot.storage.learners import Learner
from knowledge.library import Library

QUESTIONS: tuple[SettingName, ...] = get_args(SettingName)  # in the order they are put
OVER = "over"  # the enrolment, once the last one is behind the learner


@dataclass(frozen=True)
class Enrol:
    """Keeps the list of learners, and puts each question of the enrolment once, whatever happens between.

    `learners.enrolment` is the question put last. Nothing is put again by itself.
    """

    library: Library
    settings: ChangeSettings

    def welcome(self, *, offers_setup: bool = False) -> Welcome:
        return Welcome(self.library.pack, self.library.starters, offers_setup, bool(self.library.skills))

    async def meet(
        self, tx: Transaction, telegram_id: int, language: str | None, now: datetime, *, is_private: bool
    ) -> int:
        """The learner's id; a new learner is written down."""
        return await learners.enrol(tx, telegram_id, language, now, is_private=is_private)

    async def begin_again(self, tx: Transaction, learner_id: int) -> None:
        """Who comes to the door of their own accord no longer wants peace from everything."""
        await learners.change(tx, learner_id, stopped_at=None)

    async def is_new(self, connection: Transaction, telegram_id: int) -> bool:
        """Whether no question of the enrolment was put yet; for notes alone nobody needs to be known."""
        if not self.library.skills:
            return False
        learner = await learners.find(connection, telegram_id)
        return learner is not None and learner.enrolment is None

    async def begin(
        self, tx: Transaction, telegram_id: int, now: datetime
    ) -> SettingAsked | Enrolled | Profile:
        """The first question; who was asked before sees what is set, and may change it there."""
        if not await self.is_new(tx, telegram_id):
            return await self.settings.show(tx, telegram_id, now)
        return await self._put(tx, telegram_id, QUESTIONS, now)

    async def answered(
        self, tx: Transaction, telegram_id: int, what: SettingName, value: str, now: datetime
    ) -> SettingAsked | Enrolled | SettingChanged | ChoiceGone:
        """An answer counts whenever it comes; the next question follows only the first one."""
        is_current = await self.is_put(tx, telegram_id, what)
        changed = await self.settings.change(tx, telegram_id, what, value, now)
        if isinstance(changed, ChoiceGone) or not is_current:
            return changed
        return await self._put(tx, telegram_id, _after(what), now, told=what)

    async def skip(
        self, tx: Transaction, telegram_id: int, what: SettingName, now: datetime
    ) -> SettingAsked | Enrolled | SkippedBefore:
        """The learner leaves a question open."""
        if not await self.is_put(tx, telegram_id, what):
            return SkippedBefore()
        return await self._put(tx, telegram_id, _after(what), now)

    async def leave(self, tx: Transaction, telegram_id: int, now: datetime) -> None:
        """The learner has blocked the bot: send nothing until they are back."""
        await learners.mark_blocked(tx, telegram_id, now)

    async def forget(self, tx: Transaction, telegram_id: int) -> None:
        """Erase everything about the learner."""
        if learner := await learners.find(tx, telegram_id):
            self.settings.tutor.forget(learner.id)
        await personal.forget(tx, telegram_id)

    async def stop(self, tx: Transaction, telegram_id: int, now: datetime) -> Stopped:
        """Send nothing more that the learner did not just ask for."""
        await learners.stop(tx, telegram_id, now)
        return Stopped(had_prompts=await prompts.stop(tx, telegram_id))

    async def is_put(self, connection: Transaction, telegram_id: int, what: SettingName) -> bool:
        """Whether this is the question put last, and still open."""
        learner = await learners.find(connection, telegram_id)
        return learner is not None and learner.enrolment == what

    async def _put(
        self,
        tx: Transaction,
        telegram_id: int,
        left: tuple[SettingName, ...],
        now: datetime,
        told: SettingName | None = None,
    ) -> SettingAsked | Enrolled:
        """The first of these questions that the learner has not answered elsewhere; or there is none left."""
        learner = await learners.find(tx, telegram_id)
        profile = self.settings.profile(learner, now)
        following = next((what for what in left if learner and self._is_open(learner, what)), None)
        if learner:
            await self._remember(tx, learner, following, now)
        if following is None:
            return Enrolled(profile, told)
        asked = self.settings.question(following, profile, is_enrolment=True)
        return replace(asked, told=told, is_first=left == QUESTIONS)

    def _is_open(self, learner: Learner, what: SettingName) -> bool:
        """Not told elsewhere, and there is something to choose from."""
        has_choice = what != "goal" or len(self.library.tracks) > 1
        return has_choice and not has_told(learner, what)

    @staticmethod
    async def _remember(
        tx: Transaction, learner: Learner, following: SettingName | None, now: datetime
    ) -> None:
        await learners.change(tx, learner.id, enrolment=following or OVER)
        if following:
            await await_answer(tx, learner, following, now)
        else:
            await await_nothing(tx, learner)


def _after(what: SettingName) -> tuple[SettingName, ...]:
    return QUESTIONS[QUESTIONS.index(what) + 1 :]
