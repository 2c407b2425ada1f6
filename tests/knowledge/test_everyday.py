"""Do phrases that come with the bot fit themselves to any pack?"""

from knowledge.everyday import SKILLS_IN_A_PHRASE, everyday_phrases
from knowledge.library import Library
from knowledge.reader import read_pack
from tests.conftest import BREAD_PACK


def test_a_phrase_about_a_skill_is_filled_in_with_the_packs_own() -> None:
    skills = read_pack(BREAD_PACK).skills
    phrases = [phrase for intent in everyday_phrases(skills) for phrase in intent.phrases]
    assert not [phrase for phrase in phrases if "{" in phrase]
    titles = {skill.title for skill in list(skills.values())[:SKILLS_IN_A_PHRASE]}
    assert {f"quiz me on {title}" for title in titles} <= {*phrases}


def test_a_pack_without_skills_has_the_phrases_that_name_none() -> None:
    assert "quiz me" in [phrase for intent in everyday_phrases({}) for phrase in intent.phrases]
    assert not [phrase for intent in everyday_phrases({}) for phrase in intent.phrases if "{" in phrase]


def test_every_pack_hears_who_is_in_distress(tiny: Library) -> None:
    topics = {intent.topic for intent in tiny.phrases}
    assert {"distress", "sorrow", "greeting", "thanks", "goodbye", "identity", "privacy"} <= topics
    assert {intent.intent for intent in tiny.phrases} >= {"quiz", "next_step", "progress", "set_daily"}
