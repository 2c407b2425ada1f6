"""Is a pack any good? Rules for authors; a pack that breaks one still works.

The rules that need a model of language are in index/likeness.py.
"""

from collections.abc import Iterator

from knowledge.lint import bank, graph, items, notes
from knowledge.problems import Draft, Problem, Rule, at, name_of, run

BY_MEANING = frozenset(  # names of the rules in index/likeness.py
    {"stems-differ", "options-mean-different-things", "notes-differ", "notes-support-the-keys"}
)


def waivers_name_rules(draft: Draft) -> Iterator[Problem]:
    """What a note or item waives is a rule."""
    known = {name_of(rule) for rule in RULES} | BY_MEANING
    parts = [(draft.place_of(note), note.waive) for note in draft.library.notes.values()]
    parts += [(draft.place_of(item, skill_id), item.waive) for skill_id, item in draft.items()]
    for place, waived in parts:
        for name in waived.keys() - known:
            yield at(
                place, ("waive", name), f"waive: there is no rule {name!r}", "mend the name or remove it"
            )


RULES: tuple[Rule, ...] = (*graph.RULES, *notes.RULES, *items.RULES, *bank.RULES, waivers_name_rules)


def lint(draft: Draft) -> list[Problem]:
    """Every problem these rules find in a pack as far as it could be read, in no order."""
    return run(RULES, draft)
