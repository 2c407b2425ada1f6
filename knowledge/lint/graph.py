"""Is every skill taught? Rules over the skill graph, tracks and resources."""

from collections import defaultdict
from collections.abc import Iterator

from knowledge.problems import Draft, Problem, Rule, at

KINDS = ("purpose", "learning", "practice", "mistakes")  # sides of a skill that each have a note
FEWEST_RESOURCES, MOST_RESOURCES = 2, 4


def skills_have_every_kind_of_note(draft: Draft) -> Iterator[Problem]:
    """For every skill a note says what it is for, how to learn it, how to practise, and what goes wrong."""
    there = {(note.skill, note.kind) for note in draft.library.notes.values()}
    place = draft.library.places["skills.yaml"]
    if not draft.has_every_note:
        return
    for skill_id in draft.library.skills:
        for kind in KINDS:
            if (skill_id, kind) not in there:
                what = f"skill {skill_id!r} has no note of the kind {kind!r}"
                yield at(place, (skill_id,), what, f"write one with `skill: {skill_id}` and `kind: {kind}`")


def skills_have_resources(draft: Draft) -> Iterator[Problem]:
    """The notes of a skill name two to four free resources between them."""
    found: defaultdict[str | None, set[str]] = defaultdict(set)
    for note in draft.library.notes.values():
        if note.kind == "learning":
            found[note.skill].update(note.resources)
    place = draft.library.places["skills.yaml"]
    for skill_id in draft.library.skills if draft.has_every_note else ():
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


def resources_are_used(draft: Draft) -> Iterator[Problem]:
    """Every resource is named by a note."""
    used = {resource for note in draft.library.notes.values() for resource in note.resources}
    place = draft.library.places["resources.yaml"]
    for resource_id in draft.library.resources if draft.has_every_note else ():
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


RULES: tuple[Rule, ...] = (
    skills_have_every_kind_of_note,
    skills_have_resources,
    skills_count_on_a_track,
    names_of_skills_are_unique,
    resources_are_used,
    resources_differ,
)
