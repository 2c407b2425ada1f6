"""Which item now, with its options in which order, and was the answer right? Pure."""

import itertools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from random import Random

from bot.learning.evidence import History, Outcome
from bot.learning.reviews import Card, is_due, retrievability
from knowledge.schema import Item

UNSURE_OPTION = "unsure"  # "I don't know": an option's own id is one letter, so none can be this

REST = timedelta(
    days=14
)  # an item seen is not shown again before; ours: by then the letter of it is forgotten
MIDDLING = 2  # the level that tells most of somebody of whom nothing is known
OTHERS_BETWEEN = 3  # other items of its skill, before an item may come back

SHARE_DUE = 0.65  # of the questions nobody wished for, where some skill is due; ours: the rest makes way

# Predicted success that teaches: easy enough to go on, hard enough to tell something. Learning by trial is
# fastest at 85 % (Wilson et al., Nature Communications 10:4646, 2019); adaptive practice at Brno's university
# aims at 75 to 80 %.
LEAST_SUCCESS, MOST_SUCCESS = 0.70, 0.85

Pool = Mapping[str, Sequence[Item]]  # items by skill
Predict = Callable[[str, Item], float]  # the probability that the learner answers this item right
_Groups = list[tuple["Reason", Sequence[str]]]  # skills to try, one group after the other


class Reason(StrEnum):
    """Why this skill: asked for, due, next to learn, or nothing is due and it may fade first."""

    WANTED = "wanted"
    DUE = "due"
    NEW = "new"
    EARLY = "early"


@dataclass(frozen=True)
class Shown:
    """An item that was put before the learner, answered or not."""

    item_id: str
    shown_at: datetime


@dataclass(frozen=True)
class Context:
    """What there is to know of a learner before a question is chosen.

    `fringe`: skills that may be learnt now, best first. `mastered_once`: skills that were mastered on some
    day, faded or not. `held`: the chance of each skill that is likely held, shown by answers or not.
    `studied`: the step the learner has begun. `misconceptions`: what a wrong option said, and when it was
    last chosen.
    """

    now: datetime
    today: date
    predict: Predict
    history: History = ()
    shown: Sequence[Shown] = ()
    cards: Mapping[str, Card] = field(default_factory=dict)
    fringe: Sequence[str] = ()
    mastered_once: Collection[str] = ()
    held: Mapping[str, float] = field(default_factory=dict)
    studied: str | None = None
    wanted: str | None = None
    paused: Collection[str] = ()
    misconceptions: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """The item to ask. `misconception` is the remembered one it brings back, `success` what we expect."""

    skill_id: str
    item: Item
    reason: Reason
    success: float
    misconception: str | None = None


@dataclass(frozen=True)
class NothingToAsk:
    """Every item was seen too lately, until that local date; None where there is no item at all."""

    until_on: date | None


def choose_item(pool: Pool, context: Context, chance: Random) -> Choice | NothingToAsk:
    """The wanted skill; or one that is due, or one to learn, as chance has it, and else what fades first."""
    seen = _last_seen(context)
    rested: list[Item] = []
    for reason, skill_ids in _orders(context, chance):
        askable = {}
        for skill_id in skill_ids:
            items = _rested(pool.get(skill_id, ()), seen, context.paused)
            askable[skill_id] = [item for item in items if not _is_too_fresh(item, seen, context.now)]
            rested += items
        if any(askable.values()):
            return _choice(askable, reason, context, chance)
    return NothingToAsk(_ready_on(rested, seen, context))


def fresh_items(
    items: Sequence[Item], shown: Sequence[Shown], paused: Collection[str], now: datetime
) -> list[Item]:
    """Those that are neither paused nor seen lately."""
    lately = {each.item_id for each in shown if now - each.shown_at < REST}
    return [item for item in items if item.id not in lately and item.id not in paused]


def middling(items: Sequence[Item], chance: Random) -> Item:
    """One of middling difficulty, or of the nearest there is; chance decides between equals."""
    return min(items, key=lambda item: (abs(item.level - MIDDLING), chance.random()))


def shuffled_options(item: Item, chance: Random) -> tuple[str, ...]:
    """The ids of the options as they are shown: by chance, and "I don't know" always last."""
    option_ids = sorted(item.options)
    chance.shuffle(option_ids)
    return (*option_ids, UNSURE_OPTION)


def grade(item: Item, option_id: str) -> Outcome:
    """By the option's id, never by its place or text."""
    if option_id == UNSURE_OPTION:
        return Outcome.UNSURE
    if option_id not in item.options:
        raise ValueError(f"item {item.id} has no option {option_id!r}; it has {', '.join(item.options)}")
    return Outcome.CORRECT if option_id == item.key else Outcome.INCORRECT


def misconception_of(item: Item, option_id: str) -> str | None:
    """What somebody believes who chose this option; None of the key and of "I don't know"."""
    option = item.options.get(option_id)
    return option.misconception if option else None


def _orders(context: Context, chance: Random) -> _Groups:
    """Groups of skills to try, one after the other; the first with a fresh item is asked."""
    if context.wanted is not None:
        return [(Reason.WANTED, [context.wanted])]
    started = _started(context)
    drawn = _drawn(_due(context, started), context, chance)
    due: _Groups = [(Reason.DUE, (skill_id,)) for skill_id in drawn]
    missed = _missed_today(context)
    ready = [each for each in context.fringe if each not in missed]
    new: _Groups = [(Reason.NEW, (started,) if started in ready else ())]
    others: _Groups = [(Reason.NEW, ready)]
    early: _Groups = [(Reason.EARLY, (skill_id,)) for skill_id in _fading_first(context)]
    last: _Groups = [(Reason.NEW, [each for each in context.fringe if each in missed])]
    if context.studied:  # of what is not studied little can be known: what is held is worth more questions
        last = [*early, *others, *last]
    else:
        new, last = [*new, *others], [*early, *last]
    return [*due, *new, *last] if chance.random() < SHARE_DUE else [*new, *due, *last]


def _missed_today(context: Context) -> set[str]:
    """What was missed is studied before it is asked again: its items are few, and each rests two weeks."""
    today = itertools.takewhile(lambda each: each.answered_on >= context.today, reversed(context.history))
    return {each.skill_id for each in today if not each.is_right}


def _started(context: Context) -> str | None:
    """The skill being learnt: until it is mastered once, the learner stays with it (blocked, then mixed)."""
    learning = set(context.fringe) - set(context.mastered_once)
    if context.studied in learning:
        return context.studied
    return next((each.skill_id for each in reversed(context.history) if each.skill_id in learning), None)


def _due(context: Context, started: str | None) -> list[str]:
    """Skills to mix in: those mastered once or likely held, and the one being learnt.

    What was never held is not due; what is thought held, as by placement, but was never asked is.
    """
    mixed = {*context.mastered_once, started}
    carded = [
        skill_id
        for skill_id, card in context.cards.items()
        if (skill_id in mixed or skill_id in context.held) and is_due(card, context.today)
    ]
    return carded + [skill_id for skill_id in context.held if skill_id not in context.cards]


def _drawn(skill_ids: Sequence[str], context: Context, chance: Random) -> list[str]:
    """An order by chance, each next one with probability proportional to 1 - P(recall).

    In a trial with some 50,700 learners this made memory last 69 % longer than easy first or by chance alone
    (npj Sci. Learn. 6:26, 2021). The order is that of weighted draws without putting back, by exponential
    clocks (Efraimidis and Spirakis 2006).
    """
    clocks = {}
    for skill_id in sorted(skill_ids):
        card = context.cards.get(skill_id)
        recall = retrievability(card, context.today) if card else context.held[skill_id]
        clocks[skill_id] = -math.log(1 - chance.random()) / max(1 - recall, 1e-9)
    return sorted(clocks, key=lambda skill_id: clocks[skill_id])


def _fading_first(context: Context) -> list[str]:
    """Skills held now or once, for a learner who wants a question though nothing is due and nothing new."""

    def recall(skill_id: str) -> float:
        card = context.cards.get(skill_id)
        return retrievability(card, context.today) if card else 1.0

    return sorted(sorted({*context.mastered_once, *context.held}), key=recall)


def _choice(
    askable: Mapping[str, Sequence[Item]], reason: Reason, context: Context, chance: Random
) -> Choice:
    """Of the skills and items at hand: first what brings a misconception back, then what is hard enough.

    The misconception that waits longest comes first. Items that are as good go by the order of their skills,
    then by chance.
    """
    ranked = []
    for place, (skill_id, items) in enumerate(askable.items()):
        for item in items:
            success = context.predict(skill_id, item)
            waiting, misconception = _remembered(item, context)
            rank = (waiting, _distance(success), place, chance.random())
            ranked.append((rank, Choice(skill_id, item, reason, success, misconception)))
    return min(ranked, key=lambda each: each[0])[1]


def _remembered(item: Item, context: Context) -> tuple[float, str | None]:
    """When the misconception was chosen that this item brings back (seconds), and which; or never."""
    found = [
        (context.misconceptions[belief].timestamp(), belief)
        for belief in (option.misconception for option in item.options.values())
        if belief is not None and belief in context.misconceptions
    ]
    return min(found, default=(math.inf, None))


def _distance(success: float) -> float:
    """How far from the range that teaches; 0 inside."""
    return max(LEAST_SUCCESS - success, success - MOST_SUCCESS, 0.0)


def _last_seen(context: Context) -> dict[str, datetime]:
    """When each item was last shown or answered, the latest last; at the same moment, as they were told."""
    events = [(shown.item_id, shown.shown_at) for shown in context.shown]
    events += [(response.item_id, response.answered_at) for response in context.history]
    seen: dict[str, datetime] = {}
    for item_id, at in sorted(events, key=itemgetter(1)):
        seen.pop(item_id, None)  # an item seen again moves to the end
        seen[item_id] = at
    return seen


def _is_too_fresh(item: Item, seen: Mapping[str, datetime], now: datetime) -> bool:
    return item.id in seen and now - seen[item.id] < REST


def _rested(items: Sequence[Item], seen: Mapping[str, datetime], paused: Collection[str]) -> list[Item]:
    """Items that are neither paused nor among their skill's last three seen.

    Where a skill has three items or fewer, all the others come between.
    """
    live = [item for item in items if item.id not in paused]
    between = min(OTHERS_BETWEEN, len(live) - 1)
    if between <= 0:
        return live
    own = {item.id for item in live}
    lately = [item_id for item_id in seen if item_id in own][-between:]
    return [item for item in live if item.id not in lately]


def _ready_on(rested: Sequence[Item], seen: Mapping[str, datetime], context: Context) -> date | None:
    """The first local date on which, at this time of day, some item of those skills is fresh no more."""
    waits = [seen[item.id] + REST - context.now for item in rested]
    return context.today + timedelta(days=math.ceil(min(waits) / timedelta(days=1))) if waits else None
