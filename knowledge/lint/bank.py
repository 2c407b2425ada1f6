"""Is the bank of quiz items balanced? Rules over all items together."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from knowledge.lint.items import distractors, folded
from knowledge.problems import Draft, Problem, Rule, at
from knowledge.schema import Item

ENOUGH = 30  # items of one kind; with fewer a share says nothing
MAX_EXCESS = 0.10  # by which the key may be the longest option more often than chance
# 99th percentile of chi-square by degrees of freedom (NIST handbook, table 1.3.6.7.4).
CHI_SQUARE_99 = {2: 9.210, 3: 11.345}
LEAST_OF_A_LEVEL = 1 / 6  # of a skill's items at each of the three levels; 4, 5 and 3 of 12 are right
LEAST_THOUGHT = 1 / 3  # of a skill's items that ask to apply or analyse
LONG_KEY = 4  # words; a shorter key stands in other stems by chance


def skills_have_enough_items(draft: Draft) -> Iterator[Problem]:
    """Every skill has as many items as the pack promises (`items_per_skill`, 12 unless it says)."""
    library = draft.library
    if not library.items or "pack.yaml" in draft.broken:
        return
    wanted = library.pack.items_per_skill
    for skill_id in library.skills:
        file = f"items/{skill_id}.yaml"
        count = len(library.items.get(skill_id, ()))
        if count < wanted and file not in draft.broken:
            what = f"skill {skill_id!r} has {count} items"
            yield Problem(
                file, 1, what, f"write {wanted - count} more, or lower items_per_skill in pack.yaml"
            )


def items_are_spread_over_levels(draft: Draft) -> Iterator[Problem]:
    """A skill's items are spread over the three levels, about 4, 5 and 3 of 12."""
    for skill_id, items in _whole_files(draft):
        levels = Counter(item.level for item in items)
        for level in (1, 2, 3):
            if levels[level] < int(len(items) * LEAST_OF_A_LEVEL):
                what = f"{levels[level]} of {len(items)} items are of level {level}"
                yield Problem(f"items/{skill_id}.yaml", 1, what, "write more of that level")


def items_ask_for_thought(draft: Draft) -> Iterator[Problem]:
    """At least a third of a skill's items ask to apply or analyse, not to recall."""
    for skill_id, items in _whole_files(draft):
        thoughtful = sum(item.thinking != "recall" for item in items)
        if thoughtful < int(len(items) * LEAST_THOUGHT):
            what = f"{thoughtful} of {len(items)} items ask to apply or analyse"
            yield Problem(f"items/{skill_id}.yaml", 1, what, "turn some that recall into small cases")


def _whole_files(draft: Draft) -> Iterator[tuple[str, tuple[Item, ...]]]:
    for skill_id, items in draft.library.items.items():
        if f"items/{skill_id}.yaml" not in draft.broken:
            yield skill_id, items


def key_is_not_mostly_the_longest(draft: Draft) -> Iterator[Problem]:
    """Over the bank, the key is the longest option hardly more often than chance would have it."""
    by_skill: defaultdict[str, list[bool]] = defaultdict(list)
    chances: list[float] = []
    for skill_id, item in draft.items():
        if item.key in item.options and len(item.options) > 1:
            by_skill[skill_id].append(_key_is_longest(item))
            chances.append(1 / len(item.options))
    longest = sum(map(sum, by_skill.values()))
    if len(chances) >= ENOUGH and longest / len(chances) > sum(chances) / len(chances) + MAX_EXCESS:
        worst = max(by_skill, key=lambda skill_id: sum(by_skill[skill_id]) / len(by_skill[skill_id]))
        what = f"in {longest} of {len(chances)} items of the bank the key is the longest option, here most"
        yield Problem(f"items/{worst}.yaml", 1, what, "shorten keys, or make wrong options as full")


def _key_is_longest(item: Item) -> bool:
    return len(item.options[item.key].text) > max(len(option.text) for option in distractors(item).values())


def key_is_in_no_favourite_place(draft: Draft) -> Iterator[Problem]:
    """Over the bank, the key is in every place about as often (chi-square test at 1 %)."""
    for size in (3, 4):
        by_skill: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for skill_id, item in draft.items():
            if len(item.options) == size and item.key in item.options:
                by_skill[skill_id][list(item.options).index(item.key)] += 1
        places = sum(by_skill.values(), Counter[int]())
        count = places.total()
        expected = count / size
        if count < ENOUGH:
            continue
        if sum((places[n] - expected) ** 2 / expected for n in range(size)) > CHI_SQUARE_99[size - 1]:
            shares = ", ".join(str(places[n]) for n in range(size))
            favourite = max(places, key=places.__getitem__)
            worst = max(by_skill, key=lambda skill_id: by_skill[skill_id][favourite])
            what = f"the key's places among {size} options are uneven over the bank ({shares}), here most"
            yield Problem(f"items/{worst}.yaml", 1, what, "reorder options, here and there")


def items_do_not_answer_one_another(draft: Draft) -> Iterator[Problem]:
    """No stem of a skill gives away another item's key."""
    for skill_id, items in draft.library.items.items():
        stems = {item.id: f" {folded(item.stem)} " for item in items}
        for item in items:
            key = folded(item.options[item.key].text) if item.key in item.options else ""
            if len(key.split()) < LONG_KEY:
                continue
            for other, stem in stems.items():
                if other != item.id and f" {key} " in stem:
                    place = draft.place_of(item, skill_id)
                    what = f"the key stands in the stem of {other!r}"
                    yield at(place, ("options", item.key, "text"), what, "reword one of them")


RULES: tuple[Rule, ...] = (
    skills_have_enough_items,
    items_are_spread_over_levels,
    items_ask_for_thought,
    key_is_not_mostly_the_longest,
    key_is_in_no_favourite_place,
    items_do_not_answer_one_another,
)
