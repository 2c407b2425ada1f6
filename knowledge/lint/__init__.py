"""Is a pack any good? Rules for authors; a pack that breaks one still works.

The rules that need a model of language are in index/likeness.py.
"""

from knowledge.lint import bank, graph, items, notes
from knowledge.problems import Draft, Problem, Rule, run

RULES: tuple[Rule, ...] = (*graph.RULES, *notes.RULES, *items.RULES, *bank.RULES)


def lint(draft: Draft) -> list[Problem]:
    """Every problem these rules find in a pack as far as it could be read, in no order."""
    return run(RULES, draft)
