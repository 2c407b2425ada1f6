"""Is a skill asked again when it is about to be forgotten, once a local day at most, and never as a pile?"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import fsrs.scheduler
import pytest
from fsrs import Rating
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.evidence import Outcome, Response
from bot.learning.reviews import (
    DESIRED_RETENTION,
    LONGEST_INTERVAL,
    MOST_DUE_A_DAY,
    WEIGHTS,
    WEIGHTS_VERSION,
    Card,
    after,
    cards_of,
    due,
    is_due,
    rating_of,
    replay,
    replay_log,
    retrievability,
    review_of,
)
from tests.learning.zones import answered, sent, starts, times, zones

MONDAY = date(2026, 3, 2)
KATHMANDU = ZoneInfo("Asia/Kathmandu")
CORRECT, INCORRECT, UNSURE = Outcome.CORRECT, Outcome.INCORRECT, Outcome.UNSURE

outcomes = st.sampled_from(Outcome)


def on(day: int, outcome: Outcome = CORRECT, hint: bool = False, at: time = time(12)) -> Response:
    return answered(KATHMANDU, MONDAY + timedelta(days=day), at, outcome, hint)


def card_after(*responses: Response) -> Card:
    card = replay(responses)
    assert card
    return card


@pytest.mark.parametrize(
    ("outcome", "hint", "rating"),
    [
        (CORRECT, False, Rating.Good),
        (CORRECT, True, Rating.Hard),
        (INCORRECT, False, Rating.Again),
        (INCORRECT, True, Rating.Again),
        (UNSURE, False, Rating.Again),
    ],
)
def test_what_an_answer_counts_for(outcome: Outcome, hint: bool, rating: Rating) -> None:
    assert rating_of(on(0, outcome, hint)) is rating


def test_the_default_weights_are_still_those_of_the_library() -> None:
    """When this fails the library has new ones: give them a new version, and keep these for old logs."""
    assert WEIGHTS[WEIGHTS_VERSION] == fsrs.scheduler.DEFAULT_PARAMETERS


def test_right_answers_when_due_come_after_2_11_46_and_163_days() -> None:
    """The published intervals of FSRS-6 with default weights at 0.9; we stop at a year."""
    card, intervals = card_after(on(0)), []
    for _ in range(4):
        intervals.append((card.due_on - card.reviewed_on).days)
        review = review_of(card, answered(KATHMANDU, card.due_on))
        assert review
        card = after(card, review)
    assert intervals == [2, 11, 46, 163]
    assert (card.due_on - card.reviewed_on).days == LONGEST_INTERVAL
    assert (card.reviews, card.lapses) == (5, 0)


def test_only_the_first_answer_of_a_day_counts() -> None:
    wrong_then_right = card_after(on(0, INCORRECT, at=time(8)), on(0, at=time(8, 1)), on(0, at=time(23, 59)))
    assert wrong_then_right == card_after(on(0, INCORRECT, at=time(8)))
    assert review_of(wrong_then_right, on(0)) is None
    assert review_of(wrong_then_right, on(1)) is not None


def test_an_evening_and_the_next_morning_are_a_day_apart() -> None:
    short = card_after(on(0, at=time(23, 50)), on(1, at=time(0, 10)))
    whole = card_after(on(0, at=time(0, 10)), on(1, at=time(23, 50)))
    assert (short.stability, short.due_on) == (whole.stability, whole.due_on)


def test_a_day_lived_twice_after_a_flight_east_is_one() -> None:
    kiritimati = sent(ZoneInfo("Pacific/Kiritimati"), datetime(2026, 3, 2, 12, tzinfo=UTC))
    honolulu = sent(ZoneInfo("Pacific/Honolulu"), datetime(2026, 3, 2, 22, tzinfo=UTC))
    assert honolulu.answered_on < kiritimati.answered_on
    assert card_after(kiritimati, honolulu) == card_after(kiritimati)
    assert retrievability(card_after(kiritimati), honolulu.answered_on) == 1


def test_a_lapse_is_knowing_and_then_not() -> None:
    assert card_after(on(0, INCORRECT)).lapses == 0
    assert card_after(on(0), on(2, UNSURE)).lapses == 1
    forgotten = card_after(on(0), on(2), on(13, INCORRECT))
    assert forgotten.stability < card_after(on(0), on(2)).stability
    assert forgotten.due_on - forgotten.reviewed_on <= timedelta(days=3)


def test_a_card_without_answers_is_none() -> None:
    assert replay([]) is None
    assert replay_log([]) is None
    assert cards_of([]) == {}


def test_recall_falls_to_what_we_want_when_a_skill_is_due() -> None:
    card = card_after(on(0), on(2), on(13))
    assert retrievability(card, card.reviewed_on) == 1
    assert retrievability(card, card.due_on) == pytest.approx(DESIRED_RETENTION, abs=0.002)
    assert retrievability(card, card.due_on + timedelta(days=3650)) > 0


def test_due_is_a_matter_of_the_date_and_not_of_the_hour() -> None:
    card = card_after(on(0, at=time(23, 59)))
    assert [is_due(card, MONDAY + timedelta(days=day)) for day in (1, 2, 3)] == [False, True, True]


@settings(deadline=None)
@given(zones, starts, st.lists(st.tuples(st.integers(0, 20), times, outcomes, st.booleans()), min_size=1))
def test_dates_alone_decide_over_zones_and_both_clock_changes(
    zone: ZoneInfo, start: date, answers: list[tuple[int, time, Outcome, bool]]
) -> None:
    """The same dates at other hours in another zone make the same card, apart from the instant."""
    here, there, day = [], [], start
    for gap, at, outcome, hint in answers:
        day += timedelta(days=gap)
        here.append(answered(zone, day, at, outcome, hint))
        there.append(answered(KATHMANDU, day, time(12), outcome, hint))
    one, other = card_after(*here), card_after(*there)
    assert replace(one, reviewed_at=other.reviewed_at) == other
    assert one.due_on > one.reviewed_on == here[-1].answered_on
    assert one.reviews == len({each.answered_on for each in here})
    assert 0 < retrievability(one, day + timedelta(days=500)) <= retrievability(one, day) == 1


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), outcomes, st.booleans()), min_size=1, max_size=30))
def test_a_log_replays_to_the_same_card_and_a_card_survives_storage(
    answers: list[tuple[int, Outcome, bool]],
) -> None:
    card, log, day = None, [], 0
    for gap, outcome, hint in answers:
        day += gap
        if review := review_of(card, on(day, outcome, hint)):
            log.append(review)
            card = after(card, review)
    assert card
    assert replay_log(log) == card
    assert {review.weights_version for review in log} == {card.weights_version} == {WEIGHTS_VERSION}
    assert Card.from_json(card.to_json()) == card
    assert card.due_at - card.reviewed_at == card.due_on - card.reviewed_on


def test_no_hidden_chance() -> None:
    """The library's fuzz would draw from the global generator."""
    responses = [on(day) for day in (0, 2, 13, 60)]
    assert {replay(responses) for _ in range(20)} == {replay(responses)}


def test_cards_are_kept_by_skill() -> None:
    sql = [replace(on(day), skill_id="sql") for day in (0, 1)]
    cards = cards_of([on(0), *sql, on(1, INCORRECT)])
    assert cards["python"] == card_after(on(0), on(1, INCORRECT))
    assert (cards["sql"].skill_id, cards["sql"].reviews) == ("sql", 2)


def backlog(*skills: str) -> list[Card]:
    """Cards reviewed twice, each one a day later than the one before: the first is most forgotten."""
    cards = []
    for number, skill in enumerate(skills):
        responses = [replace(on(day + number), skill_id=skill) for day in (0, 2)]
        cards.append(card_after(*responses))
    return cards


def test_after_an_absence_the_day_is_capped() -> None:
    cards = backlog(*(f"skill-{number}" for number in range(142)))
    today = MONDAY + timedelta(days=400)
    found = due(cards, today, {card.skill_id: 1.0 for card in cards})
    assert (len(found.cards), found.later) == (MOST_DUE_A_DAY, 142 - MOST_DUE_A_DAY)


def test_a_capped_day_ends() -> None:
    cards = backlog(*"abcdefgh")
    today = MONDAY + timedelta(days=200)
    weights = dict.fromkeys("abcdefgh", 1.0)
    asked = due(cards, today, weights).cards[:3]
    done = [
        after(card, review)
        for card in asked
        if (review := review_of(card, replace(on(200), skill_id=card.skill_id)))
    ]
    others = [card for card in cards if card not in asked]
    new = card_after(replace(on(200), skill_id="new"))  # learnt today: no review, so it takes no place
    found = due([*others, *done, new], today, weights)
    assert (len(found.cards), found.later) == (MOST_DUE_A_DAY - 3, 3)


@pytest.mark.parametrize(
    ("weights", "order"),
    [
        pytest.param({"a": 1, "b": 1, "c": 1}, "abc", id="least recall first"),
        pytest.param({"a": 0.1, "b": 1, "c": 1}, "bca", id="but what weighs little waits"),
        pytest.param({"c": 1}, "cab", id="and what weighs nothing comes last, least recall first"),
    ],
)
def test_the_order_of_a_backlog(weights: dict[str, float], order: str) -> None:
    cards = backlog("a", "b", "c")
    Random(1).shuffle(cards)
    found = due(cards, MONDAY + timedelta(days=40), weights)
    assert "".join(card.skill_id for card in found.cards) == order


def test_what_is_not_due_is_not_named() -> None:
    cards = backlog("a", "b")
    assert due(cards, MONDAY + timedelta(days=5), {"a": 1, "b": 1}).cards == ()
    assert due([], MONDAY, {}).later == 0
