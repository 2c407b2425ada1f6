"""What does a Dockerfile do? Its stages, each a list of steps in their order."""

import re
from dataclasses import dataclass
from pathlib import Path

_COMMENT = re.compile(r"^\s*#.*\n?", re.MULTILINE)
_FROM = re.compile(r"(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """One instruction: `RUN`, and what stands behind it on one line."""

    verb: str
    words: str


@dataclass(frozen=True)
class Stage:
    """What one FROM begins; the last stage of a file has no name and is the image."""

    name: str
    base: str
    steps: tuple[Step, ...]

    def all(self, verb: str) -> list[str]:
        """What stands behind every step of that name."""
        return [step.words for step in self.steps if step.verb == verb]


def read_stages(file: Path) -> list[Stage]:
    """All stages of the file."""
    text = _COMMENT.sub("", file.read_text(encoding="utf-8")).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    stages: list[Stage] = []
    for verb, words in lines:
        if verb == "FROM":
            stages.append(_begun(words))
        else:
            last = stages.pop()
            stages.append(Stage(last.name, last.base, (*last.steps, Step(verb, words.strip()))))
    return stages


def _begun(words: str) -> Stage:
    found = _FROM.fullmatch(words.strip())
    if found is None:
        raise ValueError(f"FROM {words}: not understood")
    return Stage(found["name"] or "", found["base"], ())
