"""Is a pack any good? Rules for authors; a pack that breaks one still works.

The rules that need a model of language are in index/likeness.py.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.library import Place
from knowledge.lint import bank, graph, intents, items, notes
from knowledge.lint.graph import DATED_RULES
from knowledge.problems import Draft, Problem, Rule, at, run

FEWEST_WORDS = 3  # of the reason for a waiver


def lint(draft: Draft, today: date) -> list[Problem]:
    """Every problem these rules find in a pack as far as it could be read, in no order."""
    return run(RULES, draft) + run(DATED_RULES, draft, today)


def heed_waivers(draft: Draft, found: Sequence[Problem]) -> list[Problem]:
    """What was `found` by all rules, without what its note or item waives, and waivers that waive nothing."""
    waived = {(place.part, rule) for place, rule, _ in _waivers(draft)}
    kept = [problem for problem in found if (problem.part, problem.rule) not in waived]
    return kept + run([waivers_are_needed], draft, found)


def waivers_are_needed(draft: Draft, found: Sequence[Problem]) -> Iterator[Problem]:
    """A note or item waives only what it breaks."""
    broken = {(problem.part, problem.rule) for problem in found}
    for place, rule, _ in _waivers(draft):
        if (place.part, rule) not in broken and not draft.broken:  # else some rules wait
            what = f"waive: no rule {rule!r} finds anything here"
            yield at(place, ("waive", rule), what, "mend the name or remove it")


def waivers_have_a_reason(draft: Draft) -> Iterator[Problem]:
    """A waiver says in three words or more why."""
    for place, rule, reason in _waivers(draft):
        if len(re.findall(r"\w+", reason)) < FEWEST_WORDS:
            what = f"waive: {reason!r} is no reason"
            yield at(place, ("waive", rule), what, "say why the rule is broken on purpose")


def _waivers(draft: Draft) -> Iterator[tuple[Place, str, str]]:
    """Where each waiver stands, what it waives, and why."""
    parts = [(draft.place_of(note), note.waive) for note in draft.library.notes.values()]
    parts += [(draft.place_of(item, skill_id), item.waive) for skill_id, item in draft.items()]
    for place, waived in parts:
        for rule, reason in waived.items():
            yield place, rule, reason


RULES: tuple[Rule, ...] = (
    *graph.RULES,
    *notes.RULES,
    *items.RULES,
    *bank.RULES,
    *intents.RULES,
    waivers_have_a_reason,
)
