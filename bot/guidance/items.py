"""What the journeys that ask share: which item an attempt was, how hard items are, and putting one."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.guidance.record import Record
from bot.guidance.results import Asked
from bot.guidance.tutor import Difficulties, Tutor
from bot.learning import quiz
from bot.learning.mastery import ANSWERS_TO_MOVE, moved_difficulty
from bot.learning.quiz import Shown
from bot.storage import attempts, reports
from bot.storage.attempts import Attempt, NewAttempt
from bot.storage.database import Transaction
from knowledge.library import Library
from knowledge.schema import Item

RECORDS_HOLD = timedelta(minutes=10)  # an item's difficulty moves with dozens of answers, not with one; ours


def item_of(library: Library, attempt: Attempt | None) -> Item | None:
    """The item that was shown, unless the pack no longer has it."""
    items = library.items.get(attempt.skill_id, ()) if attempt else ()
    return next((item for item in items if attempt and item.id == attempt.item_id), None)


async def told_difficulties(tx: Transaction, tutor: Tutor, now: datetime) -> Difficulties:
    """Of the items whose own record tells; everybody's answers are added up anew now and then only."""
    last = tutor.difficulties
    if last is None or not timedelta(0) <= now - last[0] < RECORDS_HOLD:
        last = tutor.difficulties = (now, await _difficulties(tx, tutor.library))
    return last[1]


async def _difficulties(tx: Transaction, library: Library) -> Difficulties:
    levels = {(skill_id, item.id): item.level for skill_id, items in library.items.items() for item in items}
    told = await attempts.records(tx, ANSWERS_TO_MOVE)
    return {
        key: moved_difficulty(levels[key], right, answers)
        for key, (right, answers) in told.items()
        if key in levels
    }


def difficulty(skill_id: str, item: Item, told: Difficulties) -> float:
    """By its own record, or else by its level."""
    return told.get((skill_id, item.id), moved_difficulty(item.level, 0, 0))


async def fresh_items(tx: Transaction, tutor: Tutor, record: Record) -> Mapping[str, list[Item]]:
    """By skill of the pack: what this learner has not seen lately, and what is not paused."""
    paused = {item_id for _, item_id in await reports.paused(tx)}
    shown = [Shown(each.item_id, each.shown_at) for each in record.attempts]
    fresh = {
        skill_id: quiz.fresh_items(items, shown, paused, record.now)
        for skill_id, items in tutor.library.items.items()
    }
    return {skill_id: items for skill_id, items in fresh.items() if items}


async def put(
    tx: Transaction,
    tutor: Tutor,
    record: Record,
    purpose: str,
    skill_id: str,
    item: Item,
    told: Difficulties | None = None,
) -> Asked:
    """Write down that an item is shown, its options in a new order; who asks many has read what is told."""
    told = await told_difficulties(tx, tutor, record.now) if told is None else told
    options = quiz.shuffled_options(item, tutor.chance)
    logits = difficulty(skill_id, item, told)
    new = NewAttempt(purpose, skill_id, item.id, options, logits)
    attempt_id = await attempts.show(tx, record.learner.id, new, record.now)
    return Asked(attempt_id, tutor.library.skills[skill_id].title, item, options)
