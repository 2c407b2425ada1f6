"""Is this quiz item well written? Rules for one item at a time.

Most come from Haladyna, Downing & Rodriguez, "A review of multiple-choice item-writing guidelines" (2002);
the limits of length are those of a Telegram quiz poll.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import wraps

from knowledge.library import KeyPath
from knowledge.problems import Draft, Problem, Rule, at
from knowledge.schema import Item, Option

# Characters, as all limits here; Telegram counts UTF-16 units, which plain text equals. Hints are ours.
MAX_LENGTHS = {"stem": 300, "text": 100, "feedback": 200, "code": 1_024, "hint": 200}
OPTIONS = (3, 4)  # three are enough (Rodriguez, "Three options are optimal", 2005)
MAX_LENGTH_RATIO = 3  # of the longest option to the shortest
MAX_KEY_RATIO = 1.5  # of the key to the longest wrong option; over it, "take the longest" finds the key
SHORT_OPTION = 30  # characters; below this lengths hardly show
SHARED_BEGINNING = 3  # words that every option begins with
SHORTEST_CLUE = 6  # letters; shorter words are shared by chance

Complaint = tuple[KeyPath, str, str]
"""The part of the item, what is wrong with it, and what to do."""

ItemRule = Callable[[Item], Iterator[Complaint]]

# Not "every" and "all": half of our own options with one mean it ("a tax on every bill").
_ABSOLUTE = re.compile(
    r"\b(always|never|only|completely|entirely|totally|absolutely|impossible)\b", re.IGNORECASE
)
_VAGUE = re.compile(r"\b(usually|often|sometimes|generally|typically|may|might)\b", re.IGNORECASE)
_CATCH_ALL = re.compile(
    r"\b(all|none|both|neither|any)( two| three| four)? of (the (above|others|rest)|these|those|them)\b"
    r"|^(all|both|neither)$|^(all|none|any) (of )?(two|three|four)$"
    r"|^the (first|last|other|previous) (two|three|ones?)$"
    r"|\b(both )?[a-d] (and|or) [a-d]\b|\b(above|below)$",
    re.IGNORECASE,
)
# What asks for the exception; "what happens if it does not ..." and "what is wrong with ..." do not.
_NEGATIVE = re.compile(
    r"\b(?:[Ww]hich|[Ww]hat|Whose?|(?:Where|When) (?:is|are|do|does|can|should|would|must))\b"
    r"(?:(?!\b(?:if|when|that|because|as|while|after)\b).)*? "
    r"(not|never|cannot|\w+n't|except|least likely|(?:is|are|was|were) (?:false|incorrect|untrue))\b"
    r"|\b[Ww]hich\b.* ((?:is|are|was|were) wrong)\b"
)
_ALL_BUT_ONE = re.compile(r"\b[Aa]ll\b.* (except)\b")
_MARKUP = re.compile(r"\*\*|(?<!_)__[a-zA-Z]|`|<[a-z/]|\[[^]]*\]\(")
# "Answer a question" names no letter, and "A is" does: an article stands before no verb.
_LETTER = re.compile(
    r"\b(?:option|answer|choice)s? (?:[b-d]|a(?! (?!is\b|was\b|and\b|or\b)\w))\b|(?<![\w)])\([a-d]\)",
    re.IGNORECASE,
)
_VERDICT = re.compile(r"\b([A-D]) (?:is|was) (?:right|wrong|correct|true|false|better|best|the)\b")
_NAME = re.compile(r"\b[A-D]\b")
_NUMBER = re.compile(r"[^\w-]?(-?\d(?:[\d,]*\d)?(?:\.\d+)?) ?[^\d\s]*(?: [a-z]+)?")  # a number and its unit
# Of money, and large: a made-up case with "10 dollars" does not age.
_FIGURE = re.compile(
    r"[$€£] ?\d[\d,.]{3,}|\d (million|billion) (dollars|euros|pounds)|\d,\d{3} (dollars|euros)"
)
_ARTICLE = re.compile(r"\b(an?) ?_{2,}")
_SHOWN = ("stem", "code", "hint")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_VOWEL = "aeiou"


def of_items(rule: ItemRule) -> Rule:
    """The rule for every item of a pack."""

    @wraps(rule)
    def over_the_bank(draft: Draft) -> Iterator[Problem]:
        for skill_id, item in draft.items():
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
    *_, question = re.split(r"(?<=[.!?:]) ", item.stem)
    if found := _NEGATIVE.search(question) or _ALL_BUT_ONE.search(item.stem):
        what = f"stem asks for a negative ({found[found.lastindex or 0]!r})"
        yield ("stem",), what, "ask for what is so, or write the word in capitals"


@of_items
def lengths_fit_a_poll(item: Item) -> Iterator[Complaint]:
    """The stem, options, feedback, code and hint fit a Telegram quiz poll."""
    parts: list[tuple[KeyPath, str | None]] = [((field,), getattr(item, field)) for field in _SHOWN]
    for letter, option in item.options.items():
        parts += [(("options", letter, field), getattr(option, field)) for field in ("text", "feedback")]
    for path, text in parts:
        limit = MAX_LENGTHS[str(path[-1])]
        if text and len(text) > limit:
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
    if item.key in item.options and (wrong := [len(option.text) for option in distractors(item).values()]):
        length = len(item.options[item.key].text)
        if length > max(MAX_KEY_RATIO * max(wrong), SHORT_OPTION):
            what = f"the key has {length} characters, no other option more than {max(wrong)}"
            yield ("options", item.key, "text"), what, "shorten it, or make a wrong option as full"


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
        if _LETTER.search(option.feedback) or _names_an_option(option.feedback, item):
            yield path, "feedback names an option by its letter", "say what the option says"
        seen.add(folded(option.feedback))


def _names_an_option(feedback: str, item: Item) -> bool:
    """Whether `feedback` judges a capital letter that is no name in the item ("models A and B")."""
    shown = " ".join([item.stem, item.code or "", *(option.text for option in item.options.values())])
    return any(letter not in _NAME.findall(shown) for letter in _VERDICT.findall(feedback))


@of_items
def numbers_are_in_order(item: Item) -> Iterator[Complaint]:
    """Options that are numbers stand in order, as a reader looks for them."""
    found = [_NUMBER.fullmatch(option.text) for option in item.options.values()]
    numbers = [float(match[1].replace(",", "")) for match in found if match]
    if numbers and len(numbers) == len(found) and numbers not in (sorted(numbers), sorted(numbers)[::-1]):
        told = ", ".join(f"{number:g}" for number in numbers)
        yield ("options",), f"the numbers are out of order: {told}", "put them in increasing order"


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
