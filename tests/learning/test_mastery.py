"""Does mastery rise with right answers, fade with forgetting, and tell its range honestly?"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.learning.evidence import Outcome, Response
from bot.learning.mastery import (
    ASSISTMENTS,
    FORGOTTEN,
    MASTERED_FROM,
    masteries,
    mastery_of,
    moved_difficulty,
    predict,
    probability,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def response(
    right: bool = True, *, skill: str = "sql", item: int = 0, day: int = 0, **other: object
) -> Response:
    outcome = Outcome.CORRECT if right else Outcome.INCORRECT
    made = Response(
        skill, f"{skill}.{item}", 0.0, outcome, START + timedelta(days=day), date(2026, 3, 1) + timedelta(day)
    )
    return replace(made, **other)  # type: ignore[arg-type]


answers = some.builds(
    response,
    some.booleans(),
    skill=some.sampled_from(["sql", "python"]),
    item=some.integers(0, 5),
    day=some.integers(0, 5),
    difficulty=some.floats(-3, 3),
    had_hint=some.booleans(),
)
histories = some.lists(answers, max_size=30)
priors = some.fixed_dictionaries({"sql": some.floats(-6, 6), "python": some.floats(-6, 6)})
HAIR = 1e-9  # of rounding


@given(histories, priors, answers, some.floats(-3, 3))
def test_one_more_right_answer_lowers_nothing(
    history: list[Response], priors: dict[str, float], new: Response, difficulty: float
) -> None:
    longer = [*history, replace(new, outcome=Outcome.CORRECT)]
    for skill in priors:
        before, after = (predict(each, skill, difficulty, priors) for each in (history, longer))
        assert after >= before - HAIR
        assert (
            mastery_of(longer, skill, priors).probability
            >= mastery_of(history, skill, priors).probability - HAIR
        )


@given(histories, priors, answers)
def test_one_more_wrong_answer_raises_no_mastery(
    history: list[Response], priors: dict[str, float], new: Response
) -> None:
    longer = [*history, replace(new, outcome=Outcome.UNSURE)]
    for skill in priors:
        assert (
            mastery_of(longer, skill, priors).probability
            <= mastery_of(history, skill, priors).probability + HAIR
        )


@given(histories, priors, some.floats(0, 1))
def test_the_range_holds_the_middle_and_stays_a_probability(
    history: list[Response], priors: dict[str, float], retrievability: float
) -> None:
    told = masteries(history, priors, {"sql": retrievability})
    assert told.keys() == priors.keys()
    assert told["sql"] == mastery_of(history, "sql", priors, retrievability)
    for each in told.values():
        assert 0 <= each.low <= each.probability <= each.high <= 1


@given(histories, priors, some.floats(0, 1), some.floats(0, 1))
def test_forgetting_lowers(
    history: list[Response], priors: dict[str, float], one: float, other: float
) -> None:
    faded, held = (mastery_of(history, "sql", priors, each) for each in sorted((one, other)))
    assert faded.probability <= held.probability + HAIR
    assert faded.low <= held.low + HAIR
    assert mastery_of(history, "sql", priors, 0.0).probability <= FORGOTTEN


def right_on(*days_and_items: tuple[int, int]) -> list[Response]:
    return [response(day=day, item=item) for day, item in days_and_items]


WELL = [(day, item) for day in (0, 1) for item in (0, 1, 2)] * 2


@pytest.mark.parametrize(
    ("history", "retrievability", "is_mastered"),
    [
        ([], 1.0, False),
        (right_on(*WELL), 1.0, True),
        (right_on(*[(0, item) for _, item in WELL]), 1.0, False),  # one day
        (right_on(*[(day, item % 2) for day, item in WELL]), 1.0, False),  # two items
        (right_on((0, 0), (0, 1), (1, 2)), 1.0, False),  # few answers
        (right_on(*WELL), 0.6, False),  # faded
        ([replace(each, had_hint=True) for each in right_on(*WELL)], 1.0, False),  # hints all along
        ([*right_on(*WELL), *[response(False, day=2)] * 4], 1.0, False),  # wrong of late
        ([replace(each, skill_id="python") for each in right_on(*WELL)], 1.0, False),  # of another skill
    ],
)
def test_mastered_needs_sureness_two_days_and_three_items(
    history: Sequence[Response], retrievability: float, is_mastered: bool
) -> None:
    told = mastery_of(history, "sql", {"sql": 0.0}, retrievability)
    assert told.is_mastered is is_mastered
    assert told.low >= MASTERED_FROM or not is_mastered


def test_a_lucky_prior_is_no_mastery() -> None:
    told = mastery_of([], "sql", {"sql": 6.0})
    assert told.low >= MASTERED_FROM
    assert not told.is_mastered


def test_what_was_answered_elsewhere_tells_something_and_less_than_on_the_skill() -> None:
    nothing, elsewhere, here = (
        predict([response(skill=skill)] * count, "sql", 0.0, {"sql": -1.0, "python": -1.0})
        for skill, count in (("sql", 0), ("python", 5), ("sql", 5))
    )
    assert nothing < elsewhere < here


def test_a_hard_item_got_right_tells_more_and_a_hint_makes_it_tell_less() -> None:
    easy, hard, helped = (
        mastery_of([replace(response(), **of)], "sql", {}).probability  # type: ignore[arg-type]
        for of in ({"difficulty": -1.0}, {"difficulty": 1.0}, {"had_hint": True})
    )
    nothing = mastery_of([], "sql", {}).probability
    assert nothing < helped < mastery_of([response()], "sql", {}).probability
    assert easy < hard


@pytest.mark.parametrize("difficulty", [-1.0, 0.0, 1.0])
def test_the_level_found_does_not_depend_on_which_items_were_asked(difficulty: float) -> None:
    """Many answers of a learner with log-odds 1, in the proportion they would come in."""
    chance, rng = probability(1.0 - difficulty), random.Random(5)
    slow = replace(ASSISTMENTS, share=0.01, ability_step=0.0, ability_least=0.0, trust=1.0, later=0.0)
    history = [replace(response(rng.random() < chance), difficulty=difficulty) for _ in range(3_000)]
    assert predict(history, "sql", 0.0, {}, slow) == pytest.approx(probability(1.0), abs=0.05)


@pytest.mark.parametrize("count", [0, 1, 4, 12, 30])
def test_the_range_holds_the_truth_as_often_as_it_says(count: int) -> None:
    """Learners whose true level lies around the prior as far as the fitted spread says."""
    rng, held, learners = random.Random(count), 0, 600
    for _ in range(learners):
        prior = rng.gauss(0, 1)
        level = prior + rng.gauss(0, ASSISTMENTS.spread)
        asked = [rng.choice((-1.0, 0.0, 1.0)) for _ in range(count)]
        history = [
            replace(response(rng.random() < probability(level - each)), difficulty=each) for each in asked
        ]
        told = mastery_of(history, "sql", {"sql": prior})
        held += told.low <= probability(level) <= told.high
    assert held / learners == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("level", "right", "answers", "difficulty"),
    [
        (1, 0, 29, -1.0),  # the author's word
        (2, 29, 29, 0.0),
        (2, 75, 100, 0.0),  # as expected
        (3, 45, 60, 1.0),
    ],
)
def test_an_items_difficulty_is_its_authors_until_the_record_says_otherwise(
    level: int, right: int, answers: int, difficulty: float
) -> None:
    assert moved_difficulty(level, right, answers) == pytest.approx(difficulty, abs=0.02)


@given(
    some.integers(1, 3),
    some.integers(30, 1_000).flatmap(lambda n: some.tuples(some.just(n), some.integers(0, n - 1))),
)
def test_the_more_get_it_right_the_easier_it_is(level: int, record: tuple[int, int]) -> None:
    answers, right = record
    harder, easier = (moved_difficulty(level, each, answers) for each in (right, right + 1))
    assert -3 <= easier <= harder <= 3
    assert moved_difficulty(level, right, answers, expected=0.5) <= harder, (
        "who was asked is taken into account"
    )
