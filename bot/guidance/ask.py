"""A learner says something: find the passage, decide, remember."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.guidance.finished import claims, is_named
from bot.guidance.results import Heard, NoteGone, NotTheirs, Rated, SmallTalk, WishHeard
from bot.storage import questions
from bot.storage.database import Transaction
from index.again import matter_of
from index.answer import (
    Abstention,
    Answer,
    Decision,
    NoOtherWords,
    Reason,
    TwoAnswers,
    answer_with,
    decide,
    near_notes,
)
from index.intents import QUESTION, Intent
from index.retriever import Found, Retriever
from index.wishes import Arguments, Wishes
from knowledge.library import Library

IN_MIND = 4  # questions: each may lean on the one before
SAME_CONVERSATION = timedelta(minutes=30)  # after a longer pause a question stands for itself; our guess


# Talk that is no question and yet wants an answer we cannot give: some of SmallTalkTopic.
DECLINED_TOPICS: dict[str, Reason] = {
    "more": "too_vague",
    "language": "other_language",
}

LOW = "discouraged"  # who is so is offered what is near to their words rather than where everybody begins


@dataclass(frozen=True)
class Ask:
    """Answers from one pack; `workers` run the search, which would hold up the event loop."""

    library: Library
    retriever: Retriever
    wishes: Wishes
    workers: Executor

    async def hear(self, text: str, earlier: Sequence[str] = ()) -> tuple[Intent, Heard]:
        """What the learner wants, and what to say; `earlier` are their last questions, oldest first."""
        findings = await self._find(text, earlier)
        intent = findings[0].intent
        has_nothing_else = not self.library.skills and findings[0].is_trusted  # "how do I start?" has a note
        if intent.name == QUESTION.name or has_nothing_else:
            decision = decide(text, findings, self.library)
            if findings[0].wants_more and isinstance(decision, Answer) and earlier:
                return QUESTION, await self._unless_told(decision, earlier)
            return QUESTION, decision
        topic = intent.topic or ""
        if topic in DECLINED_TOPICS:
            return QUESTION, Abstention(DECLINED_TOPICS[topic], self.library.starters, 0.0)
        if intent.name == "smalltalk":
            near = near_notes(findings[0], self.library) if topic == LOW else ()
            return intent, SmallTalk(topic, near or self.library.starters)
        return intent, WishHeard(intent, self.library.starters)

    async def _find(self, text: str, earlier: Sequence[str]) -> Sequence[Found]:
        loop, before = asyncio.get_running_loop(), matter_of(earlier)
        return await loop.run_in_executor(self.workers, self.retriever.find_each, text, before)

    async def _unless_told(self, answer: Answer, earlier: Sequence[str]) -> Decision | NoOtherWords:
        """The whole note, but not the same words twice in a row."""
        *others, last = earlier
        before = decide(last, await self._find(last, others), self.library)
        if isinstance(before, Answer) and before.is_whole and before.note == answer.note:
            return NoOtherWords(answer)
        return answer

    async def arguments(self, text: str, intent: Intent) -> Arguments:
        """What a wish names: skills, a time of day, or that it is enough."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.workers, self.wishes.arguments, text, intent)

    async def skills_in(self, text: str) -> tuple[str, ...]:
        """The ids of the skills that a text names."""
        loop = asyncio.get_running_loop()
        named = await loop.run_in_executor(self.workers, self.wishes.skills_in, text)
        return tuple(each.skill_id for each in named)

    async def finished_in(self, text: str) -> tuple[str, ...]:
        """The ids of the skills that, as a text says, the learner has been through."""
        skills = self.library.skills
        found = [(said, skill_id) for said in claims(text) for skill_id in await self.skills_in(said)]
        named = (skill_id for said, skill_id in found if is_named(skills[skill_id], skill_id, said))
        return tuple(dict.fromkeys(named))

    async def earlier(self, connection: Transaction, telegram_id: int, now: datetime) -> list[str]:
        """What the learner may still have in mind: what was just now answered, oldest first."""
        return await questions.latest(connection, telegram_id, now - SAME_CONVERSATION, IN_MIND)

    async def last_told(
        self, connection: Transaction, telegram_id: int, now: datetime
    ) -> questions.Told | None:
        """The answer the learner may still have in mind."""
        return await questions.last_told(connection, telegram_id, now - SAME_CONVERSATION)

    def subject_of(self, answer: str) -> str | None:
        """The title that an answer of ours begins with; whoever replies to it has that in mind."""
        title = answer.partition("\n")[0].strip()
        return title if any(note.title == title for note in self.library.notes.values()) else None

    def open_note(self, note_id: str) -> Answer | NoteGone:
        """The note behind a button."""
        note = self.library.find_note(note_id)
        return answer_with(note, self.library) if note else NoteGone(self.library.starters)

    async def remember(
        self, tx: Transaction, learner_id: int, text: str, heard: Heard, now: datetime
    ) -> int | None:
        """Write down a question and its outcome, and tell its id; what was no question is not kept."""
        if isinstance(heard, Answer | TwoAnswers):
            row = questions.AskedQuestion(
                text, questions.ANSWERED, heard.citations[0].passage_id, heard.score
            )
        elif isinstance(heard, Abstention):
            row = questions.AskedQuestion(text, heard.reason, None, heard.score)
        else:
            return None
        return await questions.remember(tx, learner_id, row, now)

    async def rated(self, connection: Transaction, telegram_id: int, question_id: int) -> bool | None:
        """What the asker has said of an answer."""
        return await questions.was_helpful(connection, question_id, telegram_id)

    async def rate_or_take_back(
        self, tx: Transaction, telegram_id: int, question_id: int, was_helpful: bool
    ) -> Rated | NotTheirs:
        """The asker's word on an answer; the same word once more takes it back."""
        is_again = await self.rated(tx, telegram_id, question_id) is was_helpful
        return await self.rate(tx, telegram_id, question_id, None if is_again else was_helpful)

    async def rate(
        self, tx: Transaction, telegram_id: int, question_id: int, was_helpful: bool | None
    ) -> Rated | NotTheirs:
        """The asker's word on an answer; the last one counts."""
        is_theirs = await questions.rate(tx, question_id, telegram_id, was_helpful)
        return Rated(was_helpful) if is_theirs else NotTheirs()
