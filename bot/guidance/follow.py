"""A link from elsewhere leads to a skill or a track: what there is to show."""

from dataclasses import dataclass

from bot.guidance.results import LinkGone, SkillShown, TrackShown
from bot.guidance.tutor import Tutor


@dataclass(frozen=True)
class Follow:
    """Shows parts of the pack to whoever asks; nothing of a learner goes into it."""

    tutor: Tutor

    def skill(self, skill_id: str) -> SkillShown | LinkGone:
        """What the skill promises, what it needs, and where to begin."""
        library = self.tutor.library
        skill = library.skills.get(skill_id)
        if skill is None:
            return self.gone()
        needs = tuple(library.skills[each].title for each in skill.prerequisites)
        note = self.tutor.note_of(skill_id, "learning") or self.tutor.note_of(skill_id, "purpose")
        return SkillShown(skill_id, skill, needs, note, bool(library.items.get(skill_id)))

    def track(self, track_id: str) -> TrackShown | LinkGone:
        """What one becomes by it, and how many skills it asks for."""
        library = self.tutor.library
        track = library.tracks.get(track_id)
        if track is None:
            return self.gone()
        skills = len(self.tutor.graph(track_id).skills)
        return TrackShown(track_id, track, skills, library.notes[track.note])

    def gone(self) -> LinkGone:
        """The pack holds nothing of that name, or nobody made such a link."""
        return LinkGone(self.tutor.library.starters)
