"""Do "I know this", finished skills, missed rounds and misconceptions lead to what a tutor would do?"""

from dataclasses import replace
from random import Random

import pytest

from bot.guidance.results import CheckAsked, Checked, CheckOffered, Feedback, Step, Uncheckable
from bot.guidance.tutor import Tutor
from bot.learning.check import LEVELS, Verdict
from bot.learning.evidence import Outcome
from bot.learning.next_step import Why
from bot.learning.quiz import UNSURE_OPTION, misconception_of
from bot.storage import wishes
from knowledge.library import Library
from knowledge.schema import Item
from tests.guidance.conftest import ALEX, Desk

SKILL = "ml-intro"


def key(_skill_id: str, item: Item) -> str:
    return item.key


def unsure(_skill_id: str, _item: Item) -> str:
    return UNSURE_OPTION


def wrong(_skill_id: str, item: Item) -> str:
    return next(option_id for option_id in item.options if option_id != item.key)


async def step_of(desk: Desk) -> Step:
    async with desk.database.reading() as connection:
        step = await desk.next_step.choose(connection, ALEX, desk.now)
    assert isinstance(step, Step)
    return step


async def check(desk: Desk, skill_id: str = SKILL) -> CheckAsked:
    async with desk.database.transaction() as tx:
        asked = await desk.quiz.check(tx, ALEX, skill_id, desk.now)
    assert isinstance(asked, CheckAsked)
    return asked


async def test_two_right_answers_count_as_known(desk: Desk) -> None:
    first = await check(desk)
    told = await desk.answer(first.asked, first.asked.item.key)
    assert isinstance(told, Checked)
    assert told.verdict is Verdict.ONE_MORE
    second = await check(desk)
    assert (first.number, second.number) == (1, 2)
    assert first.asked.item != second.asked.item
    assert {first.asked.item.level, second.asked.item.level} <= {*LEVELS}
    told = await desk.answer(second.asked, second.asked.item.key)
    assert isinstance(told, Checked)
    assert told.verdict is Verdict.KNOWN
    assert (await desk.record()).known == {SKILL}
    assert (await step_of(desk)).skill_id != SKILL
    async with desk.database.reading() as connection:
        progress = await desk.progress.show(connection, ALEX, desk.now)
        offered = await desk.quiz.offer_check(connection, ALEX, SKILL, desk.now)
    assert progress
    assert {each.state for each in progress.skills if each.skill_id == SKILL} == {"mastered"}
    assert offered is None, "what is known needs no check"


async def test_a_miss_leaves_the_skill_on_the_way(desk: Desk) -> None:
    first = await check(desk)
    told = await desk.answer(first.asked, UNSURE_OPTION)
    assert isinstance(told, Checked)
    assert (told.verdict, told.feedback.outcome) == (Verdict.NOT_YET, Outcome.UNSURE)
    assert (await desk.record()).known == frozenset()
    assert (await check(desk)).number == 1, "they may try again"


async def test_an_answer_to_a_check_of_what_is_known_by_now_is_an_ordinary_one(desk: Desk) -> None:
    first = await check(desk)
    async with desk.database.transaction() as tx:
        await desk.next_step.say(tx, ALEX, SKILL, wishes.KNOWN, desk.now)
    assert isinstance(await desk.answer(first.asked, UNSURE_OPTION), Feedback)
    assert (await desk.record()).known == {SKILL}


async def test_with_too_few_fresh_items_the_learner_is_trusted(desk: Desk, library: Library) -> None:
    async with desk.database.transaction() as tx:
        assert isinstance(await desk.quiz.offer_check(tx, ALEX, SKILL, desk.now), CheckOffered)
    hard = [item for item in library.items[SKILL] if item.level in LEVELS][:1]
    easy = [item for item in library.items[SKILL] if item.level not in LEVELS]
    desk.tutor = Tutor(replace(library, items=dict(library.items) | {SKILL: (*hard, *easy)}), Random(1))
    async with desk.database.transaction() as tx:
        trusted = await desk.quiz.offer_check(tx, ALEX, SKILL, desk.now)
    assert trusted == Uncheckable(library.skills[SKILL].title)
    assert (await desk.record()).known == {SKILL}


async def test_what_is_finished_is_believed_until_answers_say_otherwise(desk: Desk, library: Library) -> None:
    assert not library.skills[SKILL].prerequisites
    async with desk.database.transaction() as tx:
        titles = await desk.next_step.finish(tx, ALEX, [SKILL, "witchcraft"], desk.now)
    assert titles == (library.skills[SKILL].title,)
    assert (await desk.record()).chances[SKILL] > 0.5
    assert (await step_of(desk)).skill_id != SKILL
    async with desk.database.transaction() as tx:
        await desk.next_step.say(tx, ALEX, SKILL, wishes.KNOWN, desk.now)
        await desk.next_step.finish(tx, ALEX, [SKILL], desk.now)
    assert (await desk.record()).known == {SKILL}, "the stronger word stands"


async def test_after_two_missed_rounds_what_it_rests_on_comes_first(desk: Desk, library: Library) -> None:
    step = await upper_step(desk, library)
    for _ in range(2):
        desk.later(days=1)
        await desk.is_quizzed(step.skill_id, unsure)
        await desk.is_quizzed(step.skill_id, unsure)
    assert (await desk.record()).missed_rounds[step.skill_id] == 2
    repair = await step_of(desk)
    assert repair.skill_id in library.skills[step.skill_id].prerequisites
    assert repair.reasons[0].why is Why.REPAIR
    assert repair.reasons[0].skills == (step.skill_id,)
    for _ in range(2):
        await desk.is_quizzed(repair.skill_id, key)
    assert step.skill_id not in (await desk.record()).missed_rounds


async def upper_step(desk: Desk, library: Library) -> Step:
    """Begin a skill that rests on others."""
    async with desk.database.transaction() as tx:
        await desk.next_step.finish(tx, ALEX, ["ml-intro", "python", "sql-databases", "prob-stats"], desk.now)
    skill_id = "data-wrangling"
    assert library.skills[skill_id].prerequisites
    async with desk.database.transaction() as tx:
        await desk.next_step.say(tx, ALEX, skill_id, wishes.STARTED, desk.now)
    step = await step_of(desk)
    assert step.skill_id == skill_id
    return step


@pytest.mark.parametrize("days", [0, 14])
async def test_a_misconception_comes_back(desk: Desk, library: Library, days: int) -> None:
    """At once by another item that holds it, or else by its own, once that has rested."""
    skill_id = "calculus" if days == 0 else "python"

    def believes(_: str, item: Item) -> str:
        return next((each for each in item.options if is_shared(misconception_of(item, each))), item.key)

    def is_shared(belief: str | None) -> bool:
        return belief == "The derivative is the function value"

    holding = {
        item.id
        for item in library.items[skill_id]
        if any(is_shared(misconception_of(item, each)) for each in item.options)
    }
    first = None
    while first is None:
        item, told = await desk.is_quizzed(skill_id, believes if days == 0 else wrong)
        assert isinstance(told, Feedback)
        first = item if told.outcome is Outcome.INCORRECT else None
    if days:
        for _ in range(4):
            await desk.is_quizzed(skill_id, key)
        desk.later(days=days)
    back, _ = await desk.is_quizzed(skill_id, key)
    assert back.id in ({first.id} if days else holding - {first.id})
    assert back.id not in [(await desk.is_quizzed(skill_id, key))[0].id], "answered right, it rests"
