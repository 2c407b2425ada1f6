"""Does placement ask what it should, end as it should, and count for what it should?"""

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from bot.guidance.results import (
    AlreadyAnswered,
    Feedback,
    Placed,
    PlacementAsked,
    PlacementOffered,
    PlacementOver,
    PlacementTooShort,
    Step,
)
from bot.guidance.tutor import Tutor
from bot.learning.evidence import Outcome
from bot.learning.graph import graph_of
from bot.learning.placement import FEWEST, MOST
from bot.storage import learners, reports
from knowledge.library import Library
from tests.guidance.conftest import ALEX, Desk, honest

NOTHING = honest(())


@pytest.fixture
def everything(library: Library) -> list[str]:
    return [*library.skills]


async def test_who_knows_everything_is_believed(desk: Desk, everything: list[str]) -> None:
    placed = await desk.is_placed(honest(everything))
    assert FEWEST <= len(placed.answers) <= MOST
    assert {each.outcome for each in placed.answers} == {Outcome.CORRECT}
    assert len(placed.held) > 20
    assert placed.missing == ()
    record = await desk.record()
    assert all(record.priors[each] > 1 for each in desk.asked_skills)
    async with desk.database.reading() as connection:
        progress = await desk.progress.show(connection, ALEX, desk.now)
    assert progress
    assert {each.state for each in progress.skills} <= {"learning", "ready"}, "what is held is not locked"


async def test_a_pack_with_too_few_items_offers_none(desk: Desk, library: Library) -> None:
    few = {skill_id: items[:1] for skill_id, items in [*library.items.items()][: FEWEST - 1]}
    desk.tutor.library = replace(library, items=few)
    async with desk.database.reading() as connection:
        step = await desk.next_step.choose(connection, ALEX, desk.now)
        offered = await desk.place.offer(connection, ALEX, desk.now)
    assert isinstance(step, Step)
    assert not step.may_place
    assert isinstance(offered, PlacementTooShort)


async def test_an_honest_beginner_begins_at_the_bottom(desk: Desk, library: Library) -> None:
    placed = await desk.is_placed(NOTHING)
    assert len(placed.missing) > 20
    assert placed.held == ()
    async with desk.database.reading() as connection:
        step = await desk.next_step.choose(connection, ALEX, desk.now)
    assert isinstance(step, Step)
    assert not library.skills[step.skill_id].prerequisites
    assert not step.may_place, "it was just done"


async def test_items_are_middling_fresh_and_not_asked_again_in_two_weeks(desk: Desk) -> None:
    await desk.is_placed(NOTHING)
    await desk.is_placed(NOTHING, is_anew=True)
    for skill_id in {*desk.asked_skills}:
        item, _ = await desk.is_quizzed(skill_id, NOTHING)
        desk.asked_items.append(item.id)
    assert len({*desk.asked_items}) == len(desk.asked_items)
    levels = {item.id: item.level for items in desk.tutor.library.items.values() for item in items}
    of_first_run = desk.asked_items[:FEWEST]
    assert {levels[each] for each in of_first_run} == {2}
    other = Desk(desk.database, Tutor(desk.tutor.library, Random(8)), desk.now)
    desk.later(days=14)
    other.now = desk.now
    await other.goes_on(await other.begin(is_anew=True), NOTHING, 3)
    assert other.asked_items != desk.asked_items[:3], "another chance, another item"


async def test_a_paused_item_is_not_asked(desk: Desk) -> None:
    first = await desk.begin()
    assert isinstance(first, PlacementAsked)
    skill_id = desk.skill_of(first.asked.item)
    async with desk.database.transaction() as tx:
        reporters = [await learners.enrol(tx, number, None, desk.now) for number in (1, 2, 3)]
        for reporter, item in product(reporters, desk.tutor.library.items[skill_id]):
            await reports.report(tx, reporter, skill_id, item.id, desk.now)
    await desk.goes_on(await desk.begin(is_anew=True), NOTHING)
    assert skill_id not in desk.asked_skills


async def test_skills_without_items_are_never_asked(desk: Desk, library: Library) -> None:
    kept = {
        skill_id: items for skill_id, items in library.items.items() if skill_id in ("python", "calculus")
    }
    desk.tutor = Tutor(replace(library, items=kept), Random(1))
    placed = await desk.is_placed(NOTHING)
    assert {*desk.asked_skills} == {"python", "calculus"}
    assert placed.is_enough


async def test_without_any_item_it_ends_at_once(desk: Desk, library: Library) -> None:
    desk.tutor = Tutor(replace(library, items={}), Random(1))
    assert await desk.begin() == Placed((), False, (), (), ())


async def test_enough_stops_early_with_effect_and_too_few_without(desk: Desk) -> None:
    put = await desk.goes_on(await desk.begin(), NOTHING, FEWEST - 1)
    few = await desk.stops()
    assert isinstance(few, Placed)
    assert (few.is_enough, len(few.answers)) == (False, FEWEST - 1)
    record = await desk.record()
    assert record.placed == {}
    assert len(record.history) == FEWEST - 1, "they count as any answers do"
    assert isinstance(await desk.stops(), PlacementOver)
    assert isinstance(put, PlacementAsked)
    late = await desk.answer(put.asked, put.asked.item.key)
    assert isinstance(late, Feedback), "nothing is left to hide"
    await desk.goes_on(await desk.begin(), NOTHING, FEWEST)
    enough = await desk.stops()
    assert isinstance(enough, Placed)
    assert enough.is_enough
    record = await desk.record()
    assert len(record.history) == FEWEST, "those before; the run itself is in the priors"


async def test_one_goes_on_after_a_break_with_the_item_that_waits(desk: Desk) -> None:
    put = await desk.goes_on(await desk.begin(), NOTHING, 3)
    assert isinstance(put, PlacementAsked)
    desk.later(days=30)
    async with desk.database.reading() as connection:
        offer = await desk.place.offer(connection, ALEX, desk.now)
    assert isinstance(offer, PlacementOffered)
    assert offer.answered == 3
    again = await Desk(desk.database, Tutor(desk.tutor.library, Random(0)), desk.now).begin()  # a restart
    assert isinstance(again, PlacementAsked)
    assert (again.asked.item, again.number) == (put.asked.item, 4)
    await desk.answer(put.asked, put.asked.item.key)
    second = await desk.answer(again.asked, "unsure")
    assert second == AlreadyAnswered(put.asked.item, put.asked.item.key, is_placing=True)
    assert len((await desk.record()).placement_answers) == 4


async def test_a_new_run_counts_only_once_it_has_told_enough(desk: Desk, everything: list[str]) -> None:
    await desk.is_placed(honest(everything))
    before = (await desk.record()).placed
    desk.later(days=20)
    await desk.goes_on(await desk.begin(), NOTHING, FEWEST - 1)
    record = await desk.record()
    assert record.placed == before, "what was found then is not lost by breaking off"
    assert len(record.history) == FEWEST - 1
    await desk.goes_on(await desk.begin(), NOTHING)
    record = await desk.record()
    assert sum(record.placed.values()) < sum(before.values())


async def test_an_open_item_of_a_run_given_up_counts_as_an_ordinary_answer(desk: Desk) -> None:
    first = await desk.begin()
    assert isinstance(first, PlacementAsked)
    await desk.begin(is_anew=True)
    assert isinstance(await desk.answer(first.asked, first.asked.item.key), Feedback)
    record = await desk.record()
    assert (len(record.placement_answers), len(record.history)) == (0, 1)


async def test_on_another_track_the_answers_on_shared_skills_count(desk: Desk, library: Library) -> None:
    await desk.is_placed(NOTHING)
    other = graph_of(library, "bi-developer")
    shared = [each for each in desk.asked_skills if each in other.prerequisites]
    await desk.says(track_id="bi-developer")
    record = await desk.record()
    assert len(record.placement_answers) == len(shared)
    assert bool(record.placed) == (len(shared) >= FEWEST)
    counted = len(shared) if record.placed else 0
    assert len(record.history) == len(desk.asked_skills) - counted, "what is not in the priors is evidence"
    assert record.may_place is False
    await desk.says(track_id="ml-engineer")
    assert (await desk.record()).history == (), "and back again"


async def test_a_track_changed_in_the_middle_is_asked_about_from_there_on(
    desk: Desk, library: Library
) -> None:
    await desk.goes_on(await desk.begin(), NOTHING, 4)
    await desk.says(track_id="bi-developer")
    desk.asked_skills.clear()
    put = await desk.goes_on(await desk.begin(), NOTHING)
    assert isinstance(put, Placed)
    assert put.is_enough
    assert {*desk.asked_skills} <= {*graph_of(library, "bi-developer").skills}


async def test_what_learners_say_of_themselves_is_where_it_starts(desk: Desk) -> None:
    await desk.says(standing="new")
    new = await desk.goes_on(await desk.begin(), honest(["python"]), FEWEST)
    await desk.stops()
    low = (await desk.record()).placed
    await desk.says(standing="much")
    assert sum((await desk.record()).placed.values()) > sum(low.values())
    assert isinstance(new, PlacementAsked | Placed)


async def test_a_placement_makes_no_cards(desk: Desk, everything: list[str]) -> None:
    await desk.is_placed(honest(everything))
    assert (await desk.record()).cards == {}
