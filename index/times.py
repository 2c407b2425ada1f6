"""Which time of day does a text name? Judged by its words: no kept library reads "half past seven". Pure."""

import re
from datetime import time

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
_NUMBERS = {word: number for number, word in enumerate(_ONES + _TEENS, 1)} | {
    "quarter": 15,
    "half": 30,
    "haf": 30,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "oh": 0,
    "hundred": 0,
}
_TENS = re.compile(r"\b(20|30|40|50)[ -]([1-9])\b")
_WORD = re.compile(r"\b(" + "|".join(_NUMBERS) + r")\b")

_HALF_OF_DAY = r"(?: ?(?P<half>[ap])\.?\s?m\b\.?)?"
_NOON = re.compile(r"\b(noon|midday|lunch ?time)\b")
_MIDNIGHT = re.compile(r"\bmidnight\b")
_NAMED_HOUR = re.compile(r"\b(past|after|to|before|till) (midnight|noon|midday)\b")
_FROM_UTC = re.compile(r"\b(?:utc|gmt) ?[+-] ?\d{1,2}(?:[:.]?\d\d)?\b")  # a zone, and no time of day
_FROM_NOW = re.compile(r"\bin (?:an|\d+) ?(?:hours?|hrs?|h|minutes?|mins?)\b")  # no time of day
_PAST_OR_TO = re.compile(
    r"\b(?P<minute>\d{1,2})(?: ?min(?:ute)?s?)? (?P<side>past|after|to|before|till) (?P<hour>\d{1,2})\b"
    + _HALF_OF_DAY
)
_HALF_SEVEN = re.compile(r"\bhalf-(?P<hour>\d{1,2})\b" + _HALF_OF_DAY)
_CLOCK = re.compile(r"\b(?P<hour>\d{1,2}) ?[:.h] ?(?P<minute>[0-5]\d)(?!\d)" + _HALF_OF_DAY)
_MARKED = re.compile(
    r"\b(?P<hour>\d{1,2})(?: (?P<minute>[0-5]?\d))?"
    r" ?(?:(?P<half>[ap])\.?\s?m\b|o'? ?clock\b|hours?\b(?! a)|hrs?\b|h\b)"
)
_SPOKEN = re.compile(r"\b(?P<hour>\d{1,2}) (?P<minute>0 ?\d?|[1-5]\d)\b" + _HALF_OF_DAY)
_MILITARY = re.compile(r"\b(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\b")
_AT = re.compile(
    r"(?:\b(?:at|by|around|about|to|for|from|till)|@) ?(?P<hour>\d{1,2})\b"
    r"(?! ?(?:question|day|week|month|time|min|quiz))"
)
_WITH_PART = re.compile(
    r"\b(?P<hour>\d{1,2}) (?:in the|at|every|each|this)? ?(?=morning|afternoon|evening|night|tonight)"
)
_AFTERNOON = re.compile(r"\b(afternoon|evening|tonight|after work|after dinner|eve)\b")
_NIGHT = re.compile(r"\b(nights?|midnight)\b")

_FORMS = (_PAST_OR_TO, _HALF_SEVEN, _CLOCK, _MARKED, _WITH_PART, _SPOKEN, _MILITARY, _AT)


def time_of_day(text: str) -> time | None:
    """The wall-clock time that `text` names, if any; "at 7" is in the morning if nothing says otherwise."""
    folded = in_digits(_FROM_UTC.sub(" ", text.lower().replace("’", "'")))
    folded = _FROM_NOW.sub(" ", _NAMED_HOUR.sub(r"\1 12 \2", folded))
    for form in _FORMS:
        for found in form.finditer(folded):
            if (read := _read(found, folded)) is not None:
                return read
    if _NOON.search(folded):
        return time(12)
    return time(0) if _MIDNIGHT.search(folded) else None


def in_digits(text: str) -> str:
    """`text` with number words up to fifty-nine as digits; "half seven" keeps its half."""
    text = re.sub(r"\bhalf (?=(?:" + "|".join(_ONES) + r"|\d))", "half-", text)
    text = _WORD.sub(lambda found: _number(found, text), text)
    return _TENS.sub(lambda found: str(int(found[1]) + int(found[2])), text)


def _number(found: re.Match[str], text: str) -> str:
    is_half_seven = text[found.end() : found.end() + 1] == "-" and found[0] == "half"
    return "half" if is_half_seven else str(_NUMBERS[found[0]])


def _read(found: re.Match[str], text: str) -> time | None:
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int((parts.get("minute") or "0").replace(" ", ""))
    if found.re is _HALF_SEVEN:
        minute = 30
    half = parts.get("half")
    if parts.get("side") in ("to", "before", "till"):
        hour, minute = (hour - 1) % 24 or 12, 60 - minute
    if hour > 23 or minute > 59:
        return None
    return time(_of_day(hour, half, text), minute)


def _of_day(hour: int, half: str | None, text: str) -> int:
    """The hour from 0 to 23: by am or pm, else by the part of the day the text names."""
    if hour > 12:
        return hour
    if half or _AFTERNOON.search(text):
        is_afternoon = half == "p" or half is None
        return hour % 12 + 12 * is_afternoon
    if _NIGHT.search(text):  # one at night is after midnight, ten at night before
        return hour % 12 + 12 * (6 <= hour < 12)
    return hour
