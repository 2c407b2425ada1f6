"""What does a text say in answer to a question about the learner: goal, standing, hours, or nothing? Pure.

It reads whole messages only: what says anything else besides is a question, and gets its answer.
"""

import re
from collections.abc import Mapping
from datetime import date

from bot.learning.placement import Standing
from bot.learning.plan import MOST_HOURS_A_WEEK
from index.times import in_digits
from knowledge.schema import Track

ROOT = 5  # letters by which two words are the same: "science" and "scientist"; our choice
DAYS = {"week": 1, "weekend": 1, "day": 7, "daily": 7, "night": 7, "evening": 7, "weekday": 5}

_RATHER_NOT = re.compile(
    r"(?:please )?(?:skip(?: (?:it|this|that|all|please))?|pass|idk|dunno|no idea|no clue|not sure(?: yet)?"
    r"|(?:i )?(?:really )?(?:don'?t|do not|dont) (?:know|care|want(?: to(?: say| tell)?)?|mind)(?: yet)?"
    r"|i'?m not sure(?: yet)?|no|nope|nah|no thanks?|no,? thank you|none|nothing|later|not now|whatever"
    r"|(?:no,? )?(?:(?:please )?just|please) (?:tell|show|answer|help|teach) me(?: already| now| please)?"
    r"|any(?:thing)?|rather not|i'?d rather not|n/?a|[-.]+)[.!]*"
)
_WANTS_TO_BE_ASKED = re.compile(
    r"\b(?:remind|ping|ask|quiz|nudge|message|msg|text|write|poke|send|test|drill|buzz|notify|prompt|teach|give"
    r"|bring|push|call)(?: to)? (?:me|us)\b(?! to (?!learn|study|practi[cs]e|revise|review))"
    r"|\b(?:question|quiz(?:zes)?|prompt|reminder|notification|lesson|practice)s?\b"
    r"|\bdaily (?:time|thing|message|step|one|hour)\b|\bthe daily\b"
    r"|\b(?:move|change|set|switch|shift|make|put) (?:it|that|mine)\b|\bi(?:'d| would)? (?:like|want) it\b",
    re.IGNORECASE,
)
# Words of a message that is a time of day and nothing else.
_OF_TIME = frozenset(
    """at by around about in on the every each day days daily everyday morning mornings afternoon evening
    evenings night nights noon midnight half quarter past to before after am pm a m p o clock oclock h hrs
    hours please pls ok okay yes""".split()  # noqa: SIM905
)
_EACH_DAY = frozenset(("every", "each", "daily", "everyday"))
_NOT_EACH_DAY = re.compile(
    r"\b(?:week ?days?|week ?ends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|tomorrow|twice|two times"
    r"|(?:every|each) (?:other|second|third|2nd|3rd|few|two|three|[2-9]) ?(?:days?)?"
    r"|(?:once|1x|times) (?:a|per) week"
    r"|but not|except|for (?:a|one|two|\d+) (?:days?|weeks?|months?))\b|\band (?:at )?\d",
    re.IGNORECASE,
)
_EVERY_OTHER = re.compile(
    r"\b(?:(?:every|each) ?(?:other|second|2nd|2)|(?:on )?alternat(?:e|ing)) ?days?\b", re.IGNORECASE
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNTIL = re.compile(
    r"\b(?:pause|break|holidays?|vacation|away|off|no|nothing|skip|stop|quiet)\b.*\b(?:until|till|til)"
    rf" (?:next )?(?P<day>{'|'.join(_WEEKDAYS)})\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(
    r"\b(?:pause|break|rest|holidays?|vacation|away|travell?ing|off|no (?:daily )?questions?|skip|stop|sick"
    r"|busy)\b(?!.*\bat \d)"
    r".*?\b(?P<count>\d{1,2}|an?|this|the|next|the next|a few) (?P<unit>days?|weeks?|months?)\b",
    re.IGNORECASE,
)
_LASTS = {"day": 1, "week": 7, "month": 30}
MOST_DAYS_OFF = 92  # whoever is away for longer has stopped, and says so
_GOAL_FRAME = re.compile(
    r"^(?:well,? )?(?:(?:i(?:'d| would)? (?:want|like|love|wish|hope|plan)|my goal is|i'm going) to |to )?"
    r"(?:be(?:come)? |work as |my goal is )?(?:an? |the )?|(?:,? please)?[.!]*$"
)
_WORD = re.compile(r"[a-z0-9+#]+")
_JOINING = frozenset(("and", "or", "of", "the", "a", "an", "in"))

_STANDINGS = (
    (
        Standing.NEW,
        r"new|newbie|beginner|noob|nothing|none|zero|scratch|never|not (?:much|a lot)"
        r"|no (?:experience|knowledge|clue|background)",
    ),
    (
        Standing.SOME,
        r"some|some of it|bit|little|intermediate|basics?|few|middle|medium|so so|average|partly|half",
    ),
    (Standing.MUCH, r"much|lot|lots|advanced|expert|experienced|most|senior|pro|professional"),
)
# Words that may stand around those above and change nothing.
_STANDING_FRAME = frozenset(
    """i im i'm am a an the of it this that all to at in with ml ai stuff pretty quite just only complete
    completely total totally absolute absolutely very rather already still so say would i'd id probably maybe
    think well know knowledge experience experiences have i've ive level from start starting clue things
    thing about there here guess kind sort background and for me my now""".split()  # noqa: SIM905
)

_SPAN = r"(?:between\s+)?(\d{1,2}(?:[.,]\d)?)(?:\s*(?:-|\u2013|to|or|and)\s*(\d{1,2}))?"
_HOURS = re.compile(
    r"(?:(?:about|around|maybe|perhaps|roughly|approximately|approx\.?|up to|some|only|just|at (?:most|least)"
    r"|max(?:imum)?|probably|i (?:guess|think|have|can|could|will|want to|would like to|study|learn)"
    r"|i've got|i'll|do|spend|study|invest|learn|have|for)\s+)*"
    + _SPAN
    + r"\s*(?P<unit>h|hrs?|hours?|hours? or (?:more|so|less))?"
    r"(?:\s*(?:a|an|per|each|every|/|on|in the|in a|in)?\s*"
    r"(?P<per>week|weekend|day|daily|night|evening|weekday)s?)?"
    r"(?:\s+(?:or (?:so|more|less)|at (?:most|least)|max|maximum|maybe|i (?:guess|think)"
    r"|(?:on|for) (?:it|this)))*"
)


def would_rather_not(text: str) -> bool:
    """Whether it leaves a question open: "idk", "skip", "no thanks"."""
    return _RATHER_NOT.fullmatch(_folded(text)) is not None


def track_told(text: str, tracks: Mapping[str, Track]) -> str | None:
    """The id of the one track that a text names: "I want to become a data scientist", "nlp"."""
    said = _roots(_GOAL_FRAME.sub("", _folded(text)))
    named = [track_id for track_id, track in tracks.items() if said and said <= _roots(track.title.lower())]
    whole = [track_id for track_id in named if said == _roots(tracks[track_id].title.lower())]
    found = whole or named
    return found[0] if len(found) == 1 else None


def standing_told(text: str) -> Standing | None:
    """Where a learner says they stand: "I'm a complete beginner", "some of it", "a lot"."""
    words = re.sub(r"[^\w' ]", " ", _folded(text))
    for standing, pattern in _STANDINGS:
        rest, found = re.subn(rf"\b(?:{pattern})\b", " ", words)
        if found and _STANDING_FRAME.issuperset(rest.split()):
            return standing
    return None


def hours_told(text: str, *, is_asked: bool) -> int | None:
    """Hours a week: "7", "about 7 hours", "an hour a day"; unasked only with both words, hours and week."""
    said = re.sub(r"\bhalf an hour\b", "0.5 hours", _folded(text)).strip(" .!")
    said = re.sub(r"\b(?:an|one) hour and a half\b", "1.5 hours", said)
    said = in_digits(re.sub(r"\ban (?=hour\b)", "1 ", said))
    found = _HOURS.fullmatch(said)
    if found is None or not (is_asked or (found["unit"] and found["per"])):
        return None
    first = float(found[1].replace(",", "."))
    mean = (first + float(found[2])) / 2 if found[2] else first
    hours = int(mean * DAYS[found["per"] or "week"] + 0.5)
    return min(hours, MOST_HOURS_A_WEEK) if hours >= 1 else None


def _folded(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


def _roots(text: str) -> frozenset[str]:
    """Its words by their first letters, abbreviations written out."""
    written = re.sub(r"\bml\b", "machine learning", text)
    return frozenset(word[:ROOT] for word in _WORD.findall(written) if word not in _JOINING)


def wants_daily(text: str, *, has_one: bool) -> bool:
    """Whether a text that names a time of day clearly asks for a daily question then, or moves it there.

    "I go to bed at 11 pm" does not: it is asked back.
    """
    if _WANTS_TO_BE_ASKED.search(text):
        return True
    words = set(re.findall(r"[a-z]+", in_digits(text.lower())))
    return words <= _OF_TIME and (has_one or bool(words & _EACH_DAY))


def names_some_days(text: str) -> bool:
    """Whether a text wants something on some days only, or at several hours: "on weekdays", "8am and 8pm"."""
    return _NOT_EACH_DAY.search(in_digits(text.lower())) is not None


def every_day(text: str) -> tuple[str, int | None]:
    """The text with "every day" for "every other day", and every how many days it asks for, if it says so."""
    plain, found = _EVERY_OTHER.subn("every day", in_digits(text.lower()))
    if found:
        return plain, 2
    return text, 1 if _EACH_DAY & set(re.findall(r"[a-z]+", text.lower())) else None


def days_off(text: str, today: date) -> int | None:
    """For how many days nothing shall come: "pause for two weeks", "on holiday this week", "until Monday"."""
    if until := _UNTIL.search(text):
        return (_WEEKDAYS.index(until["day"].lower()) - today.weekday() - 1) % 7 + 1
    found = _PAUSE.search(in_digits(text.lower()))
    if found is None:
        return None
    count = {"a few": 3}.get(found["count"]) or (int(found["count"]) if found["count"].isdigit() else 1)
    return min(count * _LASTS[found["unit"].rstrip("s")], MOST_DAYS_OFF)
