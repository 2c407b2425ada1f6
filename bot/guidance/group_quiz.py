"""A group is put an item, its members vote, and at the end all see who was right.

It is play: votes count on the group's scoreboard and nowhere else. Who is right in a group may have been told
by the others, so no learner's mastery, reviews or streak move by it, also not of those we know in private.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.guidance.results import (
    GroupAsked,
    GroupClosed,
    GroupNothing,
    GroupOver,
    GroupStillOpen,
    GroupVoted,
    Scoreboard,
)
from bot.guidance.tutor import Tutor
from bot.learning import quiz as rules
from bot.storage import group_quizzes, reports
from bot.storage.database import Transaction
from bot.storage.group_quizzes import GroupQuiz
from knowledge.schema import Item

OPEN_FOR = timedelta(minutes=10)  # people look into a group now and then; our guess
LEAST_OPEN = timedelta(seconds=30)  # so long nobody closes a quiz by asking the next
TOO_LATE = timedelta(hours=6)  # to tell of an end, where the bot was away
JUST_SENT = timedelta(minutes=2)  # a vote on a poll we don't know yet may be on one sent since then
BEST = 10  # of a scoreboard
EASY = (1, 2)  # levels, where the group did not name a skill
FIRST_SKILLS = 10  # of the way, of which one is chosen then; our choice


@dataclass(frozen=True)
class QuizGroups:
    """Asks groups, counts votes, tells scores."""

    tutor: Tutor

    async def ask(
        self, tx: Transaction, chat_id: int, thread_id: int | None, now: datetime, skill_id: str | None
    ) -> GroupAsked | GroupStillOpen | GroupNothing:
        """An item this group was not asked lately; one that is open for a moment only stays the only one."""
        library = self.tutor.library
        before = await group_quizzes.find_open(tx, chat_id, thread_id)
        if before and now - before.asked_at < LEAST_OPEN:
            return GroupStillOpen()
        wanted = skill_id if skill_id in library.skills else None
        choice = await self._choose(tx, chat_id, wanted)
        if choice is None:
            return GroupNothing(library.skills[wanted].title if wanted else None)
        chosen, item = choice
        options = rules.shuffled_options(item, self.tutor.chance)
        quiz_id = await group_quizzes.ask(
            tx, chat_id, thread_id, (chosen, item.id), options, now, now + OPEN_FOR
        )
        return GroupAsked(quiz_id, library.skills[chosen].title, item, options, OPEN_FOR)

    async def end_before(
        self, tx: Transaction, chat_id: int, thread_id: int | None, now: datetime
    ) -> tuple[GroupClosed | None, int | None]:
        """The end of what is still open where the next is asked, and the message to close there."""
        before = await group_quizzes.find_open(tx, chat_id, thread_id)
        if before is None or now - before.asked_at < LEAST_OPEN:
            return None, None
        return await self.end(tx, before, now), before.message_id

    async def end(self, tx: Transaction, quiz: GroupQuiz, now: datetime) -> GroupClosed | None:
        """Close a quiz and tell who was right; None where there is nothing to tell, or it was told before."""
        item = self._item_of(quiz)
        is_mine = await group_quizzes.close(tx, quiz.id, now)
        votes = await group_quizzes.votes_on(tx, quiz.id)
        if not is_mine or item is None or not votes or now - quiz.closes_at > TOO_LATE:
            return None
        best = await self._best(tx, quiz.chat_id, now)
        note = self.tutor.library.notes[item.note]
        return GroupClosed(quiz.skill_id, item, note, tuple(votes), best)

    async def give_up(self, tx: Transaction, quiz: GroupQuiz, now: datetime) -> None:
        """Close a quiz whose end cannot be told."""
        await group_quizzes.close(tx, quiz.id, now)

    async def vote(
        self, tx: Transaction, poll_id: str, who: tuple[int, str], position: int, now: datetime
    ) -> GroupVoted | GroupOver | None:
        """A vote on a poll, by somebody (Telegram id, name); None where the poll is of no group."""
        quiz = await group_quizzes.find_by_poll(tx, poll_id)
        if quiz is None:
            return None
        if not 0 <= position < len(quiz.options):
            return GroupOver()
        return await self._voted(tx, quiz, who, quiz.options[position], now)

    async def press(
        self, tx: Transaction, where: tuple[int, int], who: tuple[int, str], option_id: str, now: datetime
    ) -> GroupVoted | GroupOver:
        """The same by a button, for servers without polls; `where` is the quiz's id and its group."""
        quiz = await group_quizzes.find(tx, *where)
        if quiz is None or quiz.closed_at or option_id not in quiz.options:
            return GroupOver()
        return await self._voted(tx, quiz, who, option_id, now)

    async def is_one_on_its_way(self, connection: Transaction, now: datetime) -> bool:
        """Whether a poll was sent to a group just now whose id we do not know yet."""
        return await group_quizzes.is_one_on_its_way(connection, now - JUST_SENT)

    async def scores(self, connection: Transaction, chat_id: int, now: datetime) -> Scoreboard:
        """How the members of a group stand."""
        return Scoreboard(await self._best(connection, chat_id, now))

    async def move(self, tx: Transaction, old: int, new: int) -> None:
        """A group has another id now."""
        await group_quizzes.move_chat(tx, old, new)

    async def due(self, connection: Transaction, now: datetime, limit: int) -> list[GroupQuiz]:
        """Quizzes whose time is over."""
        return await group_quizzes.due(connection, now, limit)

    async def next_time(self, connection: Transaction) -> datetime | None:
        """When the next of them is."""
        return await group_quizzes.next_time(connection)

    async def _choose(self, tx: Transaction, chat_id: int, wanted: str | None) -> tuple[str, Item] | None:
        """First a skill and then its item, so that a skill with many items is not asked more.

        Of the skills that are learnt first, while they have items left: a group has beginners in it.
        """
        unfit = await group_quizzes.lately(tx, chat_id) | await reports.paused(tx)
        track_id = self.tutor.usual_track
        skills = [wanted] if wanted else self.tutor.graph(track_id).skills
        pool = {skill_id: self._fit(skill_id, unfit, is_wanted=bool(wanted)) for skill_id in skills}
        left = [skill_id for skill_id, items in pool.items() if items]
        if not left:
            return None
        chosen = self.tutor.chance.choice(left[:FIRST_SKILLS])
        return chosen, self.tutor.chance.choice(pool[chosen])

    def _fit(self, skill_id: str, unfit: frozenset[tuple[str, str]], *, is_wanted: bool) -> list[Item]:
        items = self.tutor.library.items.get(skill_id, ())
        return [
            item for item in items if (skill_id, item.id) not in unfit and (is_wanted or item.level in EASY)
        ]

    async def _voted(
        self, tx: Transaction, quiz: GroupQuiz, who: tuple[int, str], option_id: str, now: datetime
    ) -> GroupVoted | GroupOver:
        item = self._item_of(quiz)
        if item is None:
            return GroupOver()
        outcome = rules.grade(item, option_id)
        return GroupVoted(is_first=await group_quizzes.vote(tx, quiz.id, *who, outcome, now))

    async def _best(
        self, connection: Transaction, chat_id: int, now: datetime
    ) -> tuple[group_quizzes.Score, ...]:
        return tuple(await group_quizzes.scores(connection, chat_id, now - group_quizzes.KEPT, BEST))

    def _item_of(self, quiz: GroupQuiz) -> Item | None:
        items = self.tutor.library.items.get(quiz.skill_id, ())
        return next((item for item in items if item.id == quiz.item_id), None)
