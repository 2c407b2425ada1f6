"""A learner says what to go by: their goal, where they stand, hours a week and their time zone."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.guidance import daily
from bot.guidance.places import OFFERED, Place, Places, alike, is_zone, place_of, told, zone_of_clock
from bot.guidance.record import SOMEWHERE
from bot.guidance.results import ChoiceGone, Profile, SettingAsked, SettingChanged, SettingName
from bot.guidance.told import hours_told, standing_told, track_told
from bot.guidance.tutor import Tutor
from bot.learning.placement import Standing
from bot.learning.plan import LEAST_HOURS_A_WEEK, MOST_HOURS_A_WEEK
from bot.storage import learners, questions
from bot.storage.database import Transaction
from bot.storage.learners import Learner

# What a learner's next words may answer, as it is stored.
AWAITS: dict[SettingName, str] = {
    "goal": "goal",
    "standing": "standing",
    "hours": "hours",
    "zone": "timezone",
}
AWAITED_FOR = timedelta(minutes=10)  # after it, the name of a city is a question like any other; our guess
HOURS = (2, 5, 10, 20)  # a week, to choose from
_HOURS_POSSIBLE = [str(hours) for hours in range(LEAST_HOURS_A_WEEK, MOST_HOURS_A_WEEK + 1)]

_COLUMNS: dict[SettingName, str] = {
    "goal": "track_id",
    "standing": "standing",
    "hours": "hours_a_week",
    "zone": "timezone",
}


@dataclass(frozen=True)
class ChangeSettings:
    """Shows what is set, and changes it. Whatever was never set has a default that works."""

    tutor: Tutor
    places: Places

    async def show(self, connection: Transaction, telegram_id: int, now: datetime) -> Profile:
        """What the learner has told; of somebody unknown nothing."""
        learner = await learners.find(connection, telegram_id)
        return self.profile(learner, now)

    async def ask(self, tx: Transaction, telegram_id: int, what: SettingName, now: datetime) -> SettingAsked:
        """What there is to choose from; it may be written, too, from now on."""
        learner = await learners.find(tx, telegram_id)
        if learner:
            await await_answer(tx, learner, what, now)
        return self.question(what, self.profile(learner, now), is_enrolment=False)

    async def change(
        self, tx: Transaction, telegram_id: int, what: SettingName, value: str, now: datetime
    ) -> SettingChanged | ChoiceGone:
        """Set one thing to what the learner has chosen."""
        learner = await learners.find(tx, telegram_id)
        meant = self._meant(what, value)
        if learner is None or meant is None:
            return ChoiceGone()
        await learners.change(tx, learner.id, **{_COLUMNS[what]: meant})
        if learner.awaits == AWAITS[what]:
            await await_nothing(tx, learner)
        if what == "zone":
            await daily.moved(tx, telegram_id, now)
        return SettingChanged(what, await self.show(tx, telegram_id, now))

    async def leave(self, tx: Transaction, telegram_id: int, now: datetime) -> Profile:
        """The learner was asked and would rather not say: all stays as it is."""
        learner = await learners.find(tx, telegram_id)
        if learner:
            await await_nothing(tx, learner)
        return self.profile(learner, now)

    async def awaited(self, connection: Transaction, telegram_id: int, now: datetime) -> SettingName | None:
        """What the learner was asked just now about themselves."""
        learner = await learners.find(connection, telegram_id)
        if learner is None or learner.awaits_since is None or now - learner.awaits_since >= AWAITED_FOR:
            return None
        return next((what for what, stored in AWAITS.items() if learner.awaits == stored), None)

    async def awaited_next(
        self, connection: Transaction, telegram_id: int, now: datetime
    ) -> SettingName | None:
        """The same, as long as the learner has asked nothing since: then their next words may mean it."""
        what = await self.awaited(connection, telegram_id, now)
        learner = await learners.find(connection, telegram_id) if what else None
        if learner is None or learner.awaits_since is None:
            return None
        has_moved_on = await questions.has_asked(connection, telegram_id, learner.awaits_since)
        return None if has_moved_on else what

    def value_told(self, text: str, what: SettingName, *, is_asked: bool = True) -> str | None:
        """What a text says in answer to this question, and nothing else; places take longer, elsewhere."""
        match what:
            case "goal":
                return track_told(text, self.tutor.library.tracks)
            case "standing":
                return standing_told(text)
            case "hours":
                hours = hours_told(text, is_asked=is_asked)
                return str(hours) if hours else None
            case "zone":
                return None

    async def places_in(self, text: str, now: datetime) -> tuple[Place, ...]:
        """The place that a text names and nothing else, or the time there; several if they share a name."""
        zone = zone_of_clock(text, now)
        if zone:
            return (place_of(zone),)
        return await asyncio.get_running_loop().run_in_executor(None, self.places.find, text)

    async def zone_at(self, latitude: float, longitude: float) -> str | None:
        """The zone of a spot on the globe."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, self.places.at, latitude, longitude)

    def profile(self, learner: Learner | None, now: datetime) -> Profile:
        """What a learner has told, as views need it."""
        tracks = self.tutor.library.tracks
        track_id = learner.track_id if learner and learner.track_id in tracks else None
        standing = Standing(learner.standing) if learner and learner.standing else None
        zone = learner.timezone if learner else None
        here = now.astimezone(ZoneInfo(zone or SOMEWHERE))
        hours = learner.hours_a_week if learner else None
        title = told(zone or SOMEWHERE)
        return Profile(track_id, standing, hours, zone, title, here, tracks, alike(zone, now))

    @staticmethod
    def question(what: SettingName, profile: Profile, *, is_enrolment: bool) -> SettingAsked:
        """One question, with what there is to choose from."""
        return SettingAsked(what, profile, is_enrolment, zones=OFFERED if what == "zone" else ())

    def _meant(self, what: SettingName, value: str) -> str | int | None:
        """The value of a button, unless it cannot be chosen (any more)."""
        match what:
            case "goal":
                return value if value in self.tutor.library.tracks else None
            case "standing":
                return value if value in (Standing.NEW, Standing.SOME, Standing.MUCH) else None
            case "hours":
                return int(value) if value in _HOURS_POSSIBLE else None
            case "zone":
                return value if is_zone(value) else None


def has_told(learner: Learner, what: SettingName) -> bool:
    """Whether the learner has said so, whenever it was."""
    return getattr(learner, _COLUMNS[what]) is not None


async def await_answer(tx: Transaction, learner: Learner, what: SettingName, now: datetime) -> None:
    """The learner's next words may answer this question."""
    await learners.change(tx, learner.id, awaits=AWAITS[what], awaits_since=now)


async def await_nothing(tx: Transaction, learner: Learner) -> None:
    """The learner's next words are what they are."""
    if learner.awaits in AWAITS.values():
        await learners.change(tx, learner.id, awaits=None, awaits_since=None)
