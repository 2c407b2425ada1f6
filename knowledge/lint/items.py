"""Is this quiz item well written? Rules for one item at a time.

Most come from Haladyna, Downing & Rodriguez, "A review of multiple-choice item-writing guidelines" (2002);
the limits of length are those of a Telegram quiz poll.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import wraps

from knowledge.library import KeyPath
from knowledge.problems import Draft, Problem, Rule, at, name_of
from knowledge.schema import Item, Option

MAX_STEM = 300  # characters, as all limits here; Telegram counts UTF-16 units, which plain text equals
MAX_OPTION = 100
MAX_FEEDBACK = 200
MAX_CODE = 1_024
OPTIONS = (3, 4)  # three are enough (Rodriguez, "Three options are optimal", 2005)
MAX_LENGTH_RATIO = 3  # of the longest option to the shortest
SHORT_OPTION = 30  # characters; below this lengths hardly show
SHARED_BEGINNING = 3  # words that every option begins with
SHORTEST_CLUE = 6  # letters; shorter words are shared by chance

Complaint = tuple[KeyPath, str, str]
"""The part of the item, what is wrong with it, and what to do."""

ItemRule = Callable[[Item], Iterator[Complaint]]

_ABSOLUTE = re.compile(r"\b(always|never|only)\b", re.IGNORECASE)
_VAGUE = re.compile(r"\b(usually|often|sometimes|generally|typically|may|might)\b", re.IGNORECASE)
_CATCH_ALL = re.compile(
    r"\b(all|none|both|neither|any) of (the above|the others|these|them)\b|\b(both )?[a-d] (and|or) [a-d]\b"
    r"|\b(above|below)$",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:[Ww]hich|[Ww]hat|[Ww]ho|[Ww]here|[Ww]hen)(?: \w+){0,4}"
    r" (not|never|cannot|can't|isn't|aren't|doesn't|don't|except|least likely)\b"
)
_MARKUP = re.compile(r"\*\*|(?<!_)__[a-zA-Z]|`|<[a-z/]|\[[^]]*\]\(")
_LETTER = re.compile(r"\b[Oo]ptions? [a-dA-D]\b|\b(answer|choice) [a-dA-D]\b")
_NUMBER = re.compile(r"[^\w-]?(-?\d(?:[\d,]*\d)?(?:\.\d+)?) ?[^\d\s]*(?: [a-z]+)?")  # a number and its unit
# Of money, and large: a made-up case with "10 dollars" does not age.
_FIGURE = re.compile(
    r"[$€£] ?\d[\d,.]{3,}|\d (million|billion) (dollars|euros|pounds)|\d,\d{3} (dollars|euros)"
)
_ARTICLE = re.compile(r"\b(an?) ?_{2,}")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_VOWEL = "aeiou"


def of_items(rule: ItemRule) -> Rule:
    """The rule for every item of a pack, but those that waive it."""

    @wraps(rule)
    def over_the_bank(draft: Draft) -> Iterator[Problem]:
        for skill_id, item in draft.items():
            if name_of(rule) not in item.waive:
                place = draft.place_of(item, skill_id)
                for path, what, cure in rule(item):
                    yield at(place, path, what, cure)

    return over_the_bank


def distractors(item: Item) -> dict[str, Option]:
    """The wrong options."""
    return {letter: option for letter, option in item.options.items() if letter != item.key}


def folded(text: str) -> str:
    """`text` without what a learner hardly sees: case, Unicode forms, punctuation and spaces."""
    return " ".join(re.findall(r"\w+|[^\w\s.,;:!?'\"]", unicodedata.normalize("NFKC", text).casefold()))


@of_items
def stem_is_a_question(item: Item) -> Iterator[Complaint]:
    """The stem is a whole question, or holds a blank: it can be answered with the options covered."""
    if not item.stem.endswith("?") and "__" not in item.stem:
        yield ("stem",), "stem asks nothing", 'end it with "?", or put "___" where the answer goes'


@of_items
def stem_is_positive(item: Item) -> Iterator[Complaint]:
    """A stem that asks for what is not so is misread; if it must be, NOT or EXCEPT stands in capitals."""
    *_, question = item.stem.split(". ")
    if found := _NEGATIVE.search(question):
        what = f"stem asks for a negative ({found[1]!r})"
        yield ("stem",), what, "ask for what is so, or write the word in capitals"


@of_items
def lengths_fit_a_poll(item: Item) -> Iterator[Complaint]:
    """The stem, options, feedback and code fit a Telegram quiz poll."""
    parts: list[tuple[KeyPath, str, int]] = [(("stem",), item.stem, MAX_STEM)]
    for letter, option in item.options.items():
        parts.append((("options", letter, "text"), option.text, MAX_OPTION))
        parts.append((("options", letter, "feedback"), option.feedback, MAX_FEEDBACK))
    parts.append((("code",), item.code or "", MAX_CODE))
    for path, text, limit in parts:
        if len(text) > limit:
            yield path, f"{'.'.join(map(str, path))} has {len(text)} characters", f"shorten it to {limit}"


@of_items
def three_or_four_options(item: Item) -> Iterator[Complaint]:
    """An item has three or four options; three good ones are enough."""
    if len(item.options) not in OPTIONS:
        yield ("options",), f"there are {len(item.options)} options", "give three or four"


@of_items
def options_stand_alone(item: Item) -> Iterator[Complaint]:
    """No option speaks of others ("all of the above", "both a and b"): options are shuffled."""
    for letter, option in item.options.items():
        if _CATCH_ALL.search(option.text):
            yield ("options", letter, "text"), f"{option.text!r} speaks of other options", "say what it means"


@of_items
def options_differ(item: Item) -> Iterator[Complaint]:
    """No option equals or holds another, however it is written."""
    seen: dict[str, str] = {}
    for letter, option in item.options.items():
        text = f" {folded(option.text)} "
        for earlier, where in seen.items():
            if text in earlier or earlier in text:
                what = f"{option.text!r} is a part of option {where}, or the other way round"
                yield ("options", letter, "text"), what, "word them apart"
                break
        seen[text] = letter


@of_items
def options_share_no_beginning(item: Item) -> Iterator[Complaint]:
    """Words that begin every option belong into the stem."""
    beginnings = {tuple(folded(option.text).split()[:SHARED_BEGINNING]) for option in item.options.values()}
    if len(beginnings) == 1 and len(next(iter(beginnings))) == SHARED_BEGINNING:
        shared = " ".join(beginnings.pop())
        yield ("options",), f"every option begins with {shared!r}", "move the words into the stem"


@of_items
def options_are_alike_in_length(item: Item) -> Iterator[Complaint]:
    """No option stands out by its length alone."""
    lengths = sorted(len(option.text) for option in item.options.values())
    if lengths and lengths[-1] > max(MAX_LENGTH_RATIO * lengths[0], SHORT_OPTION):
        what = f"options have {lengths[0]} to {lengths[-1]} characters"
        yield ("options",), what, "make them alike in length"


@of_items
def no_absolutes_in_distractors_alone(item: Item) -> Iterator[Complaint]:
    """Test-wise learners strike out "always" and "never"; so the key has such a word too, or none has."""
    if item.key in item.options and _ABSOLUTE.search(item.options[item.key].text):
        return
    for letter, option in distractors(item).items():
        if found := _ABSOLUTE.search(option.text):
            what = f"only wrong options say {found.group().lower()!r}"
            yield ("options", letter, "text"), what, "leave the word out"


@of_items
def no_vagueness_in_the_key_alone(item: Item) -> Iterator[Complaint]:
    """A careful "usually" in one option alone gives the key away."""
    if item.key not in item.options or any(_VAGUE.search(wrong.text) for wrong in distractors(item).values()):
        return
    if found := _VAGUE.search(item.options[item.key].text):
        what = f"the key alone says {found.group().lower()!r}"
        yield ("options", item.key, "text"), what, "leave the word out, or use it elsewhere too"


@of_items
def no_clue_word(item: Item) -> Iterator[Complaint]:
    """No telling word is shared by the stem and the key, but by no wrong option."""
    if item.key not in item.options:
        return
    stem, key = _telling(item.stem), _telling(item.options[item.key].text)
    elsewhere = {stem for option in distractors(item).values() for stem in _telling(option.text)}
    if clues := sorted((stem & key) - elsewhere):
        what = f"the stem and the key alone share {', '.join(map(repr, clues))}"
        yield ("options", item.key, "text"), what, "word one of them otherwise"


def _telling(text: str) -> set[str]:
    """The longer words of `text`, by their beginnings, so that "scaled" and "scaling" are one."""
    return {word[:SHORTEST_CLUE] for word in _WORD.findall(text.lower()) if len(word) >= SHORTEST_CLUE}


@of_items
def grammar_fits_every_option(item: Item) -> Iterator[Complaint]:
    """An "a" or "an" before the blank must not choose the option."""
    if article := _ARTICLE.search(item.stem):
        needs_vowel = article[1] == "an"
        for letter, option in item.options.items():
            if (option.text[0].lower() in _VOWEL) != needs_vowel:
                what = f"{article[1]!r} does not fit {option.text!r}"
                yield ("options", letter, "text"), what, 'write "a/an", or move the article into the options'


@of_items
def distractors_name_a_misconception(item: Item) -> Iterator[Complaint]:
    """Every wrong option names the misconception it stands for; the key has none."""
    for letter, option in item.options.items():
        if letter == item.key and option.misconception:
            yield ("options", letter, "misconception"), "the key has a misconception", "remove it"
        if letter != item.key and not option.misconception:
            what = f"option {letter} names no misconception"
            yield ("options", letter), what, "say in a few words what who chooses it believes"


@of_items
def feedback_is_its_own(item: Item) -> Iterator[Complaint]:
    """Every option has its own feedback, which names no letter (options are shuffled)."""
    seen: set[str] = set()
    for letter, option in item.options.items():
        path = ("options", letter, "feedback")
        if folded(option.feedback) in seen:
            yield path, "two options have the same feedback", "say to each what its chooser needs"
        if _LETTER.search(option.feedback):
            yield path, "feedback names an option by its letter", "say what the option says"
        seen.add(folded(option.feedback))


@of_items
def numbers_are_in_order(item: Item) -> Iterator[Complaint]:
    """Options that are numbers stand in order, as a reader looks for them."""
    found = [_NUMBER.fullmatch(option.text) for option in item.options.values()]
    numbers = [float(match[1].replace(",", "")) for match in found if match]
    if numbers and len(numbers) == len(found) and numbers not in (sorted(numbers), sorted(numbers)[::-1]):
        yield ("options",), "the numbers are out of order", "put them in increasing order"


@of_items
def text_is_plain(item: Item) -> Iterator[Complaint]:
    """Stem and options are plain text, for a poll shows no formatting."""
    parts: list[tuple[KeyPath, str]] = [(("stem",), item.stem)]
    parts += [(("options", letter, "text"), option.text) for letter, option in item.options.items()]
    for path, text in parts:
        if found := _MARKUP.search(text):
            yield path, f"holds the markup {found.group()!r}", "write plain text; code goes into `code`"


@of_items
def figures_have_a_year(item: Item) -> Iterator[Complaint]:
    """A figure that ages carries its year in the text and in `year`, so that the item can expire."""
    said = " ".join([item.stem, *(option.text for option in item.options.values())])
    if _FIGURE.search(said) and not (item.year and str(item.year) in said):
        yield ("stem",), "a figure has no year", "say in the stem as of which year, and give `year`"


RULES: tuple[Rule, ...] = (
    stem_is_a_question,
    stem_is_positive,
    lengths_fit_a_poll,
    three_or_four_options,
    options_stand_alone,
    options_differ,
    options_share_no_beginning,
    options_are_alike_in_length,
    no_absolutes_in_distractors_alone,
    no_vagueness_in_the_key_alone,
    no_clue_word,
    grammar_fits_every_option,
    distractors_name_a_misconception,
    feedback_is_its_own,
    numbers_are_in_order,
    text_is_plain,
    figures_have_a_year,
)
