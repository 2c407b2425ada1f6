"""How soon do learners hold what their goal needs, taught by our policy and by simpler ones?

Every policy gets the same learners, the same sittings (`QUESTIONS` and `HOURS` on
each day they come) and the same items; its only evidence are the answers. Learners are
scripts/studying.py's truth.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.learning.graph import SkillGraph
from bot.learning.placement import States
from bot.learning.quiz import REST
from scripts.our_policy import Ours
from scripts.rivals import AtRandom, Items, Leitner, MovingAverage, Oracle, Policy, Rival, musts_first
from scripts.simulated import Kind, simulated, ways_to_draw
from scripts.studying import HALF_LIFE, Student, student

QUESTIONS = 8  # a sitting
HOURS = 3  # of study, after the questions
HORIZON = 500  # days, after which a learner has not got there
LATER = 30  # days without questions or study, after which recall is looked at
EARLY, LATE = 120, 240  # fixed days on which all are compared, after equally many answers


@dataclass(frozen=True)
class Group:
    """A kind of learners. `comes` is the chance of a sitting on a day, `leaves` that it was the last one."""

    name: str
    kind: Kind
    breaks: float  # share of skills that break the graph at the start
    half_life: float = HALF_LIFE
    comes: float = 0.85
    leaves: float = 0.0


GROUPS = (
    Group("graph-obeying", Kind.HONEST, 0.0),
    Group("rule-breaking", Kind.HONEST, 0.08),
    Group("guessing", Kind.GUESSING, 0.08),
    Group("forgetting", Kind.HONEST, 0.08, half_life=HALF_LIFE / 3),
    Group("quitting", Kind.HONEST, 0.08, comes=0.5, leaves=0.005),
)


@dataclass
class Course:
    """What came of one learner under one policy. `days` is None where the goal was never held.

    Recall is the mean over the must-have skills, `LATER` days after the goal was held (`recall`) or after day
    `LATE` (`late`), with neither questions nor study between.
    """

    days: int | None = None
    recall: float | None = None
    early: float = 0.0  # share of the must-have skills held on day EARLY
    late: float = 0.0
    answers: int = 0
    hours: int = 0
    on_held: int = 0  # hours of study on what was held
    unready: int = 0  # hours of study on what rests on something not held
    repeats: int = 0  # items asked again within REST
    too_soon: int = 0  # lessons with a prerequisite that the bot's own estimate put below 0.5
    seen: dict[str, int] = field(default_factory=dict)


Make = Callable[[SkillGraph, Items, States, Student, Random], Policy]

POLICIES: Mapping[str, Make] = {
    "ours": lambda graph, items, states, who, rng: Ours(graph, items, states, who.said, rng),
    "random": lambda graph, items, _, who, rng: AtRandom(graph, items, rng, graph.skills),
    "fixed order": lambda graph, items, _, who, rng: Rival(graph, items, rng, graph.skills),
    "Leitner": lambda graph, items, _, who, rng: Leitner(graph, items, rng, graph.skills),
    "moving average": lambda graph, items, _, who, rng: MovingAverage(graph, items, rng, graph.skills),
    "musts in order": lambda graph, items, _, who, rng: Rival(graph, items, rng, musts_first(graph)),
    "all-knowing": lambda graph, items, _, who, rng: Oracle(
        graph, items, rng, musts_first(graph), holds=who.holds
    ),
}


def course(graph: SkillGraph, items: Items, states: States, group: Group, name: str, key: str) -> Course:
    """Teach one learner until they held all must-have skills on one day, and at least until day LATE."""
    born, luck = Random(f"born {key}"), Random(f"luck {key}")
    draw = ways_to_draw(graph, states)[born.choice(("grown", "by level"))]
    who = student(simulated(graph, draw, group.breaks, group.kind, born), graph, items, group.half_life, born)
    policy = POLICIES[name](graph, items, states, who, Random(f"{name} {key}"))
    musts = [each for each in graph.skills if graph.weights[each] >= 1]
    coming = Random(f"coming {key}")
    made, is_gone = Course(), False
    for day in range(HORIZON + 1):
        look(who, musts, day, made)
        if day >= LATE and made.days is not None:
            break
        is_here = coming.random() < group.comes and not is_gone
        is_gone = is_gone or coming.random() < group.leaves
        if is_here:
            sitting(who, policy, day, luck, made)
    return made


def look(who: Student, musts: Sequence[str], day: int, made: Course) -> None:
    """Note on its morning what a day is looked at for."""
    held = [who.holds(each, day) for each in musts]
    if all(held) and made.days is None:
        made.days = day
        made.recall = recall(who, musts, day + LATER)
    if day == EARLY:
        made.early = sum(held) / len(held)
    if day == LATE:
        made.late = recall(who, musts, day + LATER)


def sitting(who: Student, policy: Policy, day: int, luck: Random, made: Course) -> None:
    """The questions of one day, then its study."""
    for _ in range(QUESTIONS):
        question = policy.ask(day)
        if question is None:
            break
        skill_id, item = question
        made.answers += 1
        made.repeats += day - made.seen.get(item.id, -REST.days) < REST.days
        made.seen[item.id] = day
        policy.hear(question, who.answer(skill_id, item, day, luck), day)
    lesson = policy.lesson(day)
    if lesson:
        made.hours += HOURS
        made.too_soon += isinstance(policy, Ours) and not policy.thinks_ready(lesson)
        made.on_held += HOURS * who.holds(lesson, day)
        made.unready += HOURS * (not who.is_ready_for(lesson, day))
        who.study(lesson, HOURS, day, luck)


def recall(who: Student, skills: Sequence[str], day: int) -> float:
    """The mean chance that these are remembered."""
    return sum(who.memories[each].recall(day) for each in skills) / len(skills)
