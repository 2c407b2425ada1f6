"""What does a wish name: which skills, which time of day, or that it is enough?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

import Stemmer

from index.intents import Intent
from index.retriever import Retriever
from index.times import time_of_day
from knowledge.library import Library

# Cosine of the nearest note, below which words name nothing we teach: those after "on", "about" and the like,
# and a whole text.
MIN_COSINE, MIN_COSINE_OF_ALL = 0.45, 0.6
_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[a-z0-9+#&/-]+")
_TOPIC = re.compile(
    r"\b(?:on|about|in|of|for|with|regarding|from|through|at)\s+(?:the\s+|my\s+|some\s+)?(.+)$", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:,|&|\+|\band\b|\bor\b)\s*", re.IGNORECASE)
# Words of a wish that name no skill, however near a note may be.
_FRAME = frozenset(
    """a an the my me i you we us it its is are was do does did can could would will please pls plz quiz quizz
    test exam examine ask question questions exercise exercises practice practise task tasks some few more
    another one two three five ten hard harder easy easier quick short small big next step steps progress
    score level skill skills topic topics today tomorrow now week day daily yesterday lately far so good bad
    how what where which everything anything something learned learnt know remember again random mixed stuff
    things all learn learning show knowledge done percent my study tackle suggest recommend teach
    revise""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Named:
    """A skill, and the learner's words for it."""

    said: str
    skill_id: str


@dataclass(frozen=True)
class Arguments:
    """What a wish names beside itself; `stop` is for what comes daily."""

    skills: tuple[Named, ...] = ()
    at: time | None = None
    stop: bool = False


_STOP = re.compile(
    r"\b(stop\w*|off|cancel\w*|unsubscribe|disable|pause|mute|quit|end|enough|remove|delete|silence|no more|"
    r"not any ?more|no longer|leave me|(?:don'?t|do not|dont|never)(?! forget)(?! you)|shut up|without)\b",
    re.IGNORECASE,
)


# Who wants to see "my stats" means figures, who is good "at stats" the subject.
_MY_STATS = re.compile(r"(?<!\b(?:at|in|on) )\bstats\b", re.IGNORECASE)
_FRAME_STEMS = frozenset(_STEMMER.stemWords(sorted(_FRAME)))


class Wishes:
    """Reads what learners name in a wish."""

    def __init__(self, library: Library, retriever: Retriever) -> None:
        self._retriever = retriever
        self._skill_of = {note.id: note.skill for note in library.notes.values() if note.skill}
        self._names: Mapping[tuple[str, ...], str] = {
            stems: skill_id
            for skill_id, skill in library.skills.items()
            for name in (skill_id.replace("-", " "), skill.title, *skill.names)
            if (stems := _stems(name)) and not _FRAME_STEMS.issuperset(stems)
        }
        self._longest = max(map(len, self._names), default=0)

    def arguments(self, text: str, intent: Intent) -> Arguments:
        """What `text`, which has this intent, names."""
        if intent.name == "set_daily":
            stop = _STOP.search(text) is not None
            return Arguments(at=None if stop else time_of_day(text), stop=stop)
        if intent.name == "progress":
            text = _MY_STATS.sub(" ", text)
        if intent.name in ("quiz", "next_step", "progress"):
            return Arguments(skills=self.skills_in(text))
        return Arguments()

    def skills_in(self, text: str) -> tuple[Named, ...]:
        """The skills that `text` names, in its order, each once."""
        found = self._by_name(text) or self._by_meaning(text)
        return tuple({each.skill_id: each for each in reversed(found)}.values())[::-1]

    def _by_name(self, text: str) -> list[Named]:
        words = _WORD.findall(text.lower())
        stems = tuple(_STEMMER.stemWords(words))
        found, start = [], 0
        while start < len(words):
            for length in range(min(self._longest, len(words) - start), 0, -1):
                skill_id = self._names.get(stems[start : start + length])
                if skill_id:
                    found.append(Named(" ".join(words[start : start + length]), skill_id))
                    start += length - 1
                    break
            start += 1
        return found

    def _by_meaning(self, text: str) -> list[Named]:
        topic = _TOPIC.search(text)
        said = [part.strip(" ?.!,") for part in _BETWEEN.split(topic[1] if topic else text)]
        enough = MIN_COSINE if topic else MIN_COSINE_OF_ALL
        return [named for part in said if (named := self._nearest(part, enough))]

    def _nearest(self, phrase: str, enough: float) -> Named | None:
        words = _WORD.findall(phrase.lower())
        telling = [word for word in words if _STEMMER.stemWord(word) not in _FRAME_STEMS]
        if not telling:
            return None
        hits = self._retriever.find(" ".join(telling)).hits
        skills = [(self._skill_of[hit.passage_id], hit) for hit in hits if hit.passage_id in self._skill_of]
        if not skills or skills[0][1].cosine < enough:
            return None
        return Named(phrase, skills[0][0])


def _stems(name: str) -> tuple[str, ...]:
    return tuple(_STEMMER.stemWords(_WORD.findall(name.lower())))
