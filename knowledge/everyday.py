"""What do learners say whatever they learn? Phrases that come with the bot, and fit themselves to a pack."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from knowledge.schema import IntentPhrases, Skill

EVERYDAY_LANGUAGE = "en"
SKILLS_IN_A_PHRASE = (
    6  # of a pack's skills, put in turn into each phrase that names one: enough to tell apart
)
_SKILL = "{skill}"


def everyday_phrases(skills: Mapping[str, Skill]) -> tuple[IntentPhrases, ...]:
    """Phrases of every intent, those about a skill filled in with names of these skills."""
    names = [[skill.title, *skill.names] for skill in skills.values()]
    return tuple(
        intent.model_copy(update={"phrases": phrases})
        for intent in _written()
        if (phrases := tuple(_filled(intent.phrases, names)))
    )


@cache
def _written() -> tuple[IntentPhrases, ...]:
    text = (files("knowledge") / "everyday.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[IntentPhrases, ...]).validate_python(yaml.safe_load(text))


def _filled(phrases: Sequence[str], names: Sequence[Sequence[str]]) -> Iterator[str]:
    """Each phrase; one with a gap as often as SKILLS_IN_A_PHRASE says, going round skills and their names."""
    turn = 0
    for phrase in phrases:
        if _SKILL not in phrase:
            yield phrase
            continue
        for _ in range(min(SKILLS_IN_A_PHRASE, len(names))):
            called = names[turn % len(names)]
            yield phrase.replace(_SKILL, called[turn // len(names) % len(called)])
            turn += 1
