"""Is the right item asked: due or ready, hard enough, never too soon again; and graded by its option's id?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.learning.evidence import Outcome, Response
from bot.learning.quiz import (
    REST,
    SHARE_DUE,
    UNSURE_OPTION,
    Choice,
    Context,
    NothingToAsk,
    Reason,
    Shown,
    choose_item,
    fresh_items,
    grade,
    middling,
    misconception_of,
    shuffled_options,
)
from bot.learning.reviews import cards_of, retrievability
from knowledge.library import Library
from knowledge.schema import Item, Option

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


def item(item_id: str, *misconceptions: str) -> Item:
    wrong = {
        option_id: Option(text=option_id, feedback="No.", misconception=text)
        for option_id, text in zip("bcd", [*misconceptions, "one", "two", "three"], strict=False)
    }
    options = {"a": Option(text="a", feedback="Right."), **wrong}
    return Item(id=item_id, level=1, thinking="recall", stem="?", options=options, key="a", note="x.y")


def items(skill_id: str, count: int = 12) -> list[Item]:
    return [item(f"{skill_id}-{number}") for number in range(count)]


def pool(*skill_ids: str, count: int = 12) -> dict[str, list[Item]]:
    return {skill_id: items(skill_id, count) for skill_id in skill_ids}


def likely(_skill_id: str, _item: Item) -> float:
    return 0.8


def context(**values: Any) -> Context:
    return replace(Context(NOW, TODAY, likely), **values)


def answer(item_id: str, days_ago: float, outcome: Outcome = Outcome.CORRECT) -> Response:
    at = NOW - days_ago * DAY
    return Response(item_id.rsplit("-", 1)[0], item_id, 0.0, outcome, at, at.date())


def asked(items_by_skill: Mapping[str, Sequence[Item]], learner: Context, seed: int = 0) -> Choice:
    choice = choose_item(items_by_skill, learner, Random(seed))
    assert isinstance(choice, Choice)
    return choice


def reviewed(*days_ago: float, skills: Sequence[str] = ("python",)) -> list[Response]:
    """Answers to items that are in no pool, so that only the cards remember them."""
    return [answer(f"{skill_id}-gone", each) for each in days_ago for skill_id in skills]


def test_a_new_learner_is_asked_something_of_the_fringe() -> None:
    choice = asked(pool("python", "sql", "deep"), context(fringe=["python", "sql"]))
    assert (choice.skill_id, choice.reason) == ("python", Reason.NEW)
    assert choice.item in items("python")


@pytest.mark.parametrize(
    ("predicted", "wanted"),
    [
        pytest.param([0.2, 0.5, 0.75, 0.95], {2}, id="in the range"),
        pytest.param([0.2, 0.70, 0.85, 0.95], {1, 2}, id="its ends belong to it"),
        pytest.param([0.1, 0.3, 0.99, 0.95], {3}, id="too easy, but nearest"),
        pytest.param([0.1, 0.65, 0.99, 0.05], {1}, id="too hard, but nearest"),
        pytest.param([0.8, 0.8, 0.8, 0.8], {0, 1, 2, 3}, id="all as good: by chance"),
    ],
)
@pytest.mark.parametrize("wish", [None, "python"])
def test_an_item_is_as_hard_as_teaches(predicted: list[float], wanted: set[int], wish: str | None) -> None:
    def predict(_skill_id: str, item: Item) -> float:
        return predicted[int(item.id[-1])]

    learner = context(fringe=["python"], predict=predict, wanted=wish)
    choices = [asked(pool("python", count=4), learner, seed) for seed in range(60)]
    assert {int(choice.item.id[-1]) for choice in choices} == wanted
    assert {choice.success for choice in choices} == {predicted[number] for number in wanted}


def test_of_several_new_skills_the_one_with_a_fitting_item_is_begun() -> None:
    def predict(skill_id: str, _item: Item) -> float:
        return {"python": 0.3, "sql": 0.8, "git": 0.8}[skill_id]

    learner = context(fringe=["python", "sql", "git"], predict=predict)
    assert asked(pool("python", "sql", "git"), learner).skill_id == "sql"


def test_a_learner_stays_with_a_skill_until_it_is_mastered_once() -> None:
    history = [answer("sql-1", 5), answer("git-1", 1)]
    learner = context(fringe=["python", "sql", "git"], history=history)
    skills = pool("python", "sql", "git")
    assert {asked(skills, learner, seed).skill_id for seed in range(40)} == {"git"}
    mastered = replace(learner, fringe=["python", "sql"], mastered_once={"git"})
    assert {asked(skills, mastered, seed).skill_id for seed in range(40)} == {"sql"}


def test_when_all_of_a_skill_is_too_fresh_the_learner_goes_on_with_another() -> None:
    history = [answer(f"git-{number}", 1) for number in range(12)]
    learner = context(fringe=["git", "sql"], history=history)
    assert asked(pool("git", "sql"), learner).skill_id == "sql"


def test_what_was_missed_today_waits_while_something_else_can_be_asked() -> None:
    history = [answer("sql-1", 0, Outcome.UNSURE)]
    learner = context(fringe=["sql", "git"], history=history, cards=cards_of(history))
    assert {asked(pool("sql", "git"), learner, seed).skill_id for seed in range(40)} == {"git"}
    assert asked(pool("sql"), learner).skill_id == "sql", "better than nothing"
    tomorrow = replace(learner, now=NOW + DAY, today=TODAY + timedelta(days=1))
    assert asked(pool("sql", "git"), tomorrow).skill_id == "sql"


def test_what_is_thought_held_but_was_never_asked_is_due() -> None:
    learner = context(fringe=["sql"], held={"python": 0.6, "git": 0.9})
    choices = [asked(pool("python", "git", "sql", count=1), learner, seed) for seed in range(2000)]
    drawn = Counter(choice.skill_id for choice in choices if choice.reason is Reason.DUE)
    assert sum(drawn.values()) / 2000 == pytest.approx(SHARE_DUE, abs=0.04)
    assert drawn["python"] / sum(drawn.values()) == pytest.approx(0.4 / (0.4 + 0.1), abs=0.04)


def test_the_step_one_has_begun_is_asked_rather_than_what_one_does_not_study() -> None:
    history = [answer("git-1", 1)]
    learner = context(fringe=["sql", "git"], history=history, studied="sql")
    assert {asked(pool("git", "sql"), learner, seed).skill_id for seed in range(40)} == {"sql"}
    missed = replace(learner, history=[answer("sql-1", 0, Outcome.INCORRECT)], mastered_once={"python"})
    assert asked(pool("git", "sql", "python"), missed).skill_id == "python", "held, though not due"


def test_65_of_100_questions_are_due_ones() -> None:
    history = reviewed(40)
    learner = context(fringe=["sql"], history=history, cards=cards_of(history), mastered_once={"python"})
    skills = pool("python", "sql", count=1)
    reasons = Counter(asked(skills, learner, seed).reason for seed in range(2000))
    assert reasons.keys() == {Reason.DUE, Reason.NEW}
    assert reasons[Reason.DUE] / 2000 == pytest.approx(SHARE_DUE, abs=0.04)


def test_due_skills_are_drawn_by_what_is_forgotten_of_them() -> None:
    history = [
        *(reviewed(200, 198, 187, skills=["fresh"])),
        *(reviewed(200, skills=["faded"])),
        *(reviewed(30, skills=["between"])),
    ]
    cards = cards_of(history)
    learner = context(history=history, cards=cards, mastered_once=cards)
    skills = pool(*cards, count=1)
    drawn = Counter(asked(skills, learner, seed).skill_id for seed in range(4000))
    forgotten = {skill_id: 1 - retrievability(card, TODAY) for skill_id, card in cards.items()}
    assert len({round(share, 1) for share in forgotten.values()}) == 3, "the case tells nothing"
    for skill_id, share in forgotten.items():
        assert drawn[skill_id] / 4000 == pytest.approx(share / sum(forgotten.values()), abs=0.03)


def test_what_was_never_held_is_not_due() -> None:
    """A placement that found "deep" missing leaves a card that says so; its time has not come."""
    history = [answer("deep-gone", 30, Outcome.UNSURE)]
    learner = context(fringe=["python"], history=history, cards=cards_of(history))
    choices = [asked(pool("python", "deep"), learner, seed) for seed in range(40)]
    assert {choice.skill_id for choice in choices} == {"python"}


def test_the_skill_being_learnt_is_due_like_any_other() -> None:
    history = reviewed(9)
    learner = context(fringe=["python"], history=history, cards=cards_of(history))
    reasons = {asked(pool("python"), learner, seed).reason for seed in range(40)}
    assert reasons == {Reason.DUE, Reason.NEW}


def test_with_nothing_due_and_nothing_new_what_fades_first_is_asked() -> None:
    history = [*reviewed(1, skills=["sql"]), *reviewed(0.5, skills=["git"])]
    learner = context(history=history, cards=cards_of(history), mastered_once={"placed", "git", "sql"})
    choice = asked(pool("placed", "git", "sql"), learner)
    assert (choice.skill_id, choice.reason) == ("sql", Reason.EARLY)
    placed = asked(pool("placed"), learner)
    assert (placed.skill_id, placed.reason) == ("placed", Reason.EARLY)


def test_a_wish_is_followed() -> None:
    history = reviewed(40)
    learner = context(
        fringe=["sql"], history=history, cards=cards_of(history), mastered_once={"python"}, wanted="deep"
    )
    choice = asked(pool("python", "sql", "deep"), learner)
    assert (choice.skill_id, choice.reason) == ("deep", Reason.WANTED)


@pytest.mark.parametrize(
    ("days_ago", "is_asked"), [(0, False), (13.99, False), (14, True), (15, True)], ids=str
)
@pytest.mark.parametrize("was_answered", [True, False])
def test_an_item_rests_for_14_days(days_ago: float, is_asked: bool, was_answered: bool) -> None:
    """Whether it was answered or only shown. Others were seen since, so it is not of the last three."""
    one, *others = items("python", 4)
    lately = [answer(each.id, 0.1) for each in others]
    seen: dict[str, Any] = (
        {"history": [answer(one.id, days_ago), *lately]}
        if was_answered
        else {"history": lately, "shown": [Shown(one.id, NOW - days_ago * DAY)]}
    )
    result = choose_item({"python": [one, *others]}, context(wanted="python", **seen), Random(0))
    assert isinstance(result, Choice) == is_asked


def test_an_item_is_not_among_the_last_three_of_its_skill() -> None:
    history = [answer(f"python-{number}", 40 - number) for number in range(5)]
    learner = context(wanted="python", history=history)
    choices = {asked(pool("python", count=5), learner, seed).item.id for seed in range(60)}
    assert choices == {"python-0", "python-1"}


@pytest.mark.parametrize(("count", "choices"), [(1, {0}), (2, {0}), (3, {0}), (4, {0})])
def test_a_small_skill_is_not_silenced_for_ever(count: int, choices: set[int]) -> None:
    history = [answer(f"python-{number}", 40 - number) for number in range(count)]
    learner = context(wanted="python", history=history)
    found = {asked(pool("python", count=count), learner, seed).item.id for seed in range(30)}
    assert found == {f"python-{number}" for number in choices}


def test_a_paused_item_is_not_asked() -> None:
    learner = context(fringe=["python"], paused={"python-0", "python-2"})
    found = {asked(pool("python", count=3), learner, seed).item.id for seed in range(30)}
    assert found == {"python-1"}


@pytest.mark.parametrize(
    ("hours_ago", "until_on"),
    [
        pytest.param(1, TODAY + 14 * DAY, id="seen an hour ago"),
        pytest.param(24 * 13, TODAY + DAY, id="a whole day more"),
        pytest.param(24 * 14 - 1, TODAY + DAY, id="an hour more"),
    ],
)
@pytest.mark.parametrize("wish", [None, "python"])
def test_when_everything_is_too_fresh_the_day_is_named(
    hours_ago: int, until_on: date, wish: str | None
) -> None:
    history = [answer("python-0", hours_ago / 24)]
    learner = context(fringe=["python"], history=history, wanted=wish)
    assert choose_item(pool("python", count=1), learner, Random(0)) == NothingToAsk(until_on)


@pytest.mark.parametrize(
    "learner",
    [
        context(),
        context(wanted="sql"),
        context(fringe=["sql"]),
        context(fringe=["python"], paused={"python-0"}),
    ],
)
def test_where_there_is_no_item_no_day_is_named(learner: Context) -> None:
    assert choose_item(pool("python", count=1), learner, Random(0)) == NothingToAsk(None)


def test_a_misconception_comes_back_when_its_skill_comes_up() -> None:
    several = [
        *items("python", 6),
        item("python-6", "Lists are copied"),
        item("python-7", "Zero is a number"),
    ]
    beliefs = {"Lists are copied": NOW - 20 * DAY, "Zero is a number": NOW - 30 * DAY, "Gone": NOW}
    learner = context(fringe=["python"], misconceptions=beliefs)
    longest = asked({"python": several}, learner)
    assert (longest.item.id, longest.misconception) == ("python-7", "Zero is a number")
    lately = replace(learner, history=[answer("python-7", 1)])
    assert asked({"python": several}, lately).misconception == "Lists are copied"
    both = asked({"python": [item("python-8", "Lists are copied", "Zero is a number")]}, learner)
    assert both.misconception == "Zero is a number"
    elsewhere = asked(pool("sql") | {"python": several}, replace(learner, wanted="sql"))
    assert (elsewhere.skill_id, elsewhere.misconception) == ("sql", None)


def test_the_same_seed_chooses_the_same() -> None:
    history = reviewed(40, skills=["python", "git"])
    learner = context(
        fringe=["sql"], history=history, cards=cards_of(history), mastered_once={"python", "git"}
    )
    skills = pool("python", "git", "sql")
    for seed in range(20):
        assert asked(skills, learner, seed) == asked(skills, learner, seed)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 30 * 24), max_size=60), st.integers(1, 12))
@example(80, [0, 0, 0, 1, 0, 11, 0, 0, 324, 0, 0, 0, 0, 336], 5)
def test_no_learner_is_ever_asked_too_soon_again(seed: int, gaps: list[int], count: int) -> None:
    """A life with the bot, from question to question; masters a skill after four right answers."""
    chance, skills = Random(seed), pool("python", "sql", "git", count=count)
    learner = context(fringe=["python", "sql", "git"])
    last: dict[str, datetime] = {}
    for gap in gaps:
        now = learner.now + timedelta(hours=gap)
        learner = replace(learner, now=now, today=now.date())
        result = choose_item(skills, learner, chance)
        if isinstance(result, NothingToAsk):
            assert result.until_on
            assert result.until_on > learner.today
            wait = result.until_on - learner.today
            then = replace(learner, now=now + wait, today=result.until_on)
            assert isinstance(choose_item(skills, then, Random(seed)), Choice)
            day_before = replace(then, now=then.now - DAY, today=then.today - DAY)
            assert isinstance(choose_item(skills, day_before, Random(seed)), NothingToAsk)
            continue
        item_id = result.item.id
        assert item_id not in last or now - last[item_id] >= REST
        lately = [each.item_id for each in learner.history if each.skill_id == result.skill_id]
        assert item_id not in list(dict.fromkeys(reversed(lately)))[: min(3, count - 1)]
        last[item_id] = now
        outcome = chance.choice(list(Outcome))
        response = Response(result.skill_id, item_id, 0.0, outcome, now, now.date())
        history = [*learner.history, response]
        right = Counter(each.skill_id for each in history if each.is_right)
        mastered = {skill_id for skill_id, number in right.items() if number >= 4}
        learner = replace(
            learner,
            history=history,
            cards=cards_of(history),
            mastered_once=mastered,
            fringe=[skill_id for skill_id in skills if skill_id not in mastered],
        )


@settings(deadline=None)
@given(st.integers())
def test_options_are_shuffled_and_i_dont_know_is_last(seed: int) -> None:
    *option_ids, last = shuffled_options(item("python-0"), Random(seed))
    assert sorted(option_ids) == ["a", "b", "c", "d"]
    assert last == UNSURE_OPTION


def test_the_key_is_as_often_in_each_place() -> None:
    places = Counter(shuffled_options(item("python-0"), Random(seed)).index("a") for seed in range(2000))
    assert places.keys() == {0, 1, 2, 3}
    assert all(count / 2000 == pytest.approx(0.25, abs=0.04) for count in places.values())


@pytest.mark.parametrize(
    ("option_id", "outcome", "misconception"),
    [
        ("a", Outcome.CORRECT, None),
        ("b", Outcome.INCORRECT, "Lists are copied"),
        (UNSURE_OPTION, Outcome.UNSURE, None),
    ],
)
def test_an_answer_is_graded_by_its_option(
    option_id: str, outcome: Outcome, misconception: str | None
) -> None:
    asked_item = item("python-0", "Lists are copied")
    assert grade(asked_item, option_id) is outcome
    assert misconception_of(asked_item, option_id) == misconception


def test_an_option_the_item_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="python-0 has no option 'e'; it has a, b, c, d"):
        grade(item("python-0"), "e")


def test_no_option_of_the_pack_is_taken_for_i_dont_know(library: Library) -> None:
    every = [each for several in library.items.values() for each in several]
    assert all(UNSURE_OPTION not in each.options for each in every)
    assert {grade(each, each.key) for each in every} == {Outcome.CORRECT}


def test_an_item_is_fresh_again_after_its_rest_unless_it_is_paused() -> None:
    items = [item("new"), item("lately"), item("long-ago"), item("paused")]
    shown = [Shown("lately", NOW - REST + timedelta(seconds=1)), Shown("long-ago", NOW - REST)]
    found = fresh_items(items, shown, {"paused"}, NOW)
    assert [each.id for each in found] == ["new", "long-ago"]


@pytest.mark.parametrize(("levels", "taken"), [((1, 2, 3), {2}), ((1, 3), {1, 3}), ((3, 3), {3})])
def test_a_middling_item_is_taken_or_the_nearest(levels: Sequence[int], taken: set[int]) -> None:
    items = [item(f"i{number}").model_copy(update={"level": level}) for number, level in enumerate(levels)]
    assert {middling(items, Random(seed)).level for seed in range(20)} == taken
