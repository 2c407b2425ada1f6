"""Is every skill taught? Rules over the skill graph, tracks and resources."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from knowledge.problems import Draft, Problem, Rule, at, of_all_notes

KINDS = ("purpose", "learning", "practice", "mistakes")  # sides of a skill that each have a note
MAX_AGE = timedelta(days=3 * 365)  # of a look at a resource; our choice
FEWEST_RESOURCES, MOST_RESOURCES = 2, 4

DatedRule = Callable[[Draft, date], Iterator[Problem]]


@of_all_notes
def skills_have_every_kind_of_note(draft: Draft) -> Iterator[Problem]:
    """For every skill a note says what it is for, how to learn it, how to practise, and what goes wrong."""
    there = {(links.skill, links.kind) for links in draft.links.values()}
    place = draft.library.places["skills.yaml"]
    for skill_id in draft.library.skills:
        for kind in KINDS:
            if (skill_id, kind) not in there:
                what = f"skill {skill_id!r} has no note of the kind {kind!r}"
                yield at(place, (skill_id,), what, f"write one with `skill: {skill_id}` and `kind: {kind}`")


@of_all_notes
def skills_have_resources(draft: Draft) -> Iterator[Problem]:
    """The notes of a skill name two to four free resources between them."""
    found: defaultdict[str | None, set[str]] = defaultdict(set)
    for links in draft.links.values():
        if links.kind == "learning":
            found[links.skill].update(links.resources)
    place = draft.library.places["skills.yaml"]
    for skill_id in draft.library.skills:
        if not FEWEST_RESOURCES <= (count := len(found[skill_id])) <= MOST_RESOURCES:
            what = f"the learning note of {skill_id!r} names {count} resources"
            yield at(place, (skill_id,), what, f"name {FEWEST_RESOURCES} to {MOST_RESOURCES}")


def skills_count_on_a_track(draft: Draft) -> Iterator[Problem]:
    """Every skill weighs something on some track."""
    library = draft.library
    if not library.tracks or "tracks.yaml" in draft.broken:
        return
    place = library.places["skills.yaml"]
    for skill_id in library.skills:
        if not any(library.weight(skill_id, track_id) for track_id in library.tracks):
            what = f"skill {skill_id!r} weighs nothing on any track"
            yield at(place, (skill_id,), what, "give it a weight in tracks.yaml, or remove it")


def names_of_skills_are_unique(draft: Draft) -> Iterator[Problem]:
    """No two skills are called the same."""
    seen: dict[str, str] = {}
    place = draft.library.places["skills.yaml"]
    for skill_id, skill in draft.library.skills.items():
        for name in {skill.title.lower(), *(name.lower() for name in skill.names)}:
            if (other := seen.setdefault(name, skill_id)) != skill_id:
                yield at(place, (skill_id,), f"{name!r} also names {other!r}", "leave it to one of them")


@of_all_notes
def resources_are_used(draft: Draft) -> Iterator[Problem]:
    """Every resource is named by a note."""
    used = {resource for links in draft.links.values() for resource in links.resources}
    place = draft.library.places["resources.yaml"]
    for resource_id in draft.library.resources:
        if resource_id not in used:
            what = f"no note names the resource {resource_id!r}"
            yield at(place, (resource_id,), what, "name it in a note's `resources`, or remove it")


def resources_differ(draft: Draft) -> Iterator[Problem]:
    """No two resources have the same address."""
    seen: dict[str, str] = {}
    for resource_id, resource in draft.library.resources.items():
        if (other := seen.setdefault(resource.address.rstrip("/"), resource_id)) != resource_id:
            place = draft.library.places["resources.yaml"]
            what = f"{resource_id!r} has the address of {other!r}"
            yield at(place, (resource_id, "address"), what, "keep one of them")


@of_all_notes
def sources_are_used(draft: Draft) -> Iterator[Problem]:
    """Every source is cited by a note."""
    cited = {source for links in draft.links.values() for source in links.sources}
    place = draft.library.places["pack.yaml"]
    for source_id in draft.library.pack.sources:
        if source_id not in cited:
            what = f"no note cites the source {source_id!r}"
            yield at(place, ("sources", source_id), what, "cite it in a note's `sources`, or remove it")


def resources_were_seen_lately(draft: Draft, today: date) -> Iterator[Problem]:
    """The day a resource was last seen to work is not to come, and not three years ago."""
    place = draft.library.places["resources.yaml"]
    for resource_id, resource in draft.library.resources.items():
        day = resource.checked
        if isinstance(day, date) and not timedelta() <= today - day <= MAX_AGE:
            what = f"{resource_id!r} was checked on {day}, {'long ago' if day < today else 'a day to come'}"
            yield at(place, (resource_id, "checked"), what, "look if it works, and give the day")


RULES: tuple[Rule, ...] = (
    skills_have_every_kind_of_note,
    skills_have_resources,
    skills_count_on_a_track,
    names_of_skills_are_unique,
    resources_are_used,
    resources_differ,
    sources_are_used,
)

DATED_RULES: tuple[DatedRule, ...] = (resources_were_seen_lately,)
"""Rules that need to know which day it is."""
