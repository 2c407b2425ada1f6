"""Is every text of the interface a message, and does each catalogue hold what a reply needs?"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.chat.buttons import QuizMe, RateAnswer
from bot.chat.views import (
    amounts,
    ask,
    catalogue,
    check,
    enrol,
    gaps,
    group_quiz,
    inline,
    map_layout,
    next_step,
    operate,
    quiz,
    settings,
    times,
)
from bot.chat.views import placement as placement_view
from bot.chat.views import progress as progress_view
from bot.chat.views import under as under_view
from bot.chat.views.catalogue import _, languages, many, placeholders, speak
from bot.chat.views.commands import HELP, OPERATOR_HELP
from bot.chat.views.reply import Button, Link, Reply
from bot.chat.views.rich import Rich, bold, fill, link
from bot.errors import SettingsError
from bot.guidance.gaps import OTHER_LANGUAGE
from bot.guidance.results import (
    Asked,
    Feedback,
    Gap,
    Gaps,
    GroupOver,
    GroupVoted,
    NoteKept,
    NoteNotKept,
    NothingToAsk,
    NotTheirs,
    Placed,
    PlacementAnswer,
    PlacementAsked,
    Profile,
    Progress,
    Rated,
    Reported,
    SettingAsked,
    Step,
    TroublePage,
    Uncheckable,
)
from bot.learning.evidence import Outcome
from bot.learning.mastery import Mastery
from bot.learning.next_step import Reason as WhyNext
from bot.learning.next_step import Why
from bot.learning.quiz import UNSURE_OPTION, grade
from bot.storage.outbox import BULK, REPLIES, FailedMessage
from bot.storage.reports import ReportedItem
from index.answer import Reason, answer_with
from knowledge.library import Library
from knowledge.reader import read_pack
from knowledge.schema import Resource
from scripts.catalogue import merged, messages
from tests.chat.pseudo import (
    LANGUAGE,
    MESSAGE,
    TEMPLATE,
    in_another_script,
    latin,
    without_code,
    wrapped,
    write_language,
)
from tests.chat.test_structure import cards_of, everything_said, steps
from tests.chat.ways import chain, skill, way
from tests.conftest import BREAD_PACK

CHAT = Path(catalogue.__file__).parent.parent
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RATINGS = (Rated(True), Rated(False), Rated(None), NotTheirs(), NoteKept(), NoteNotKept())


@pytest.fixture(autouse=True)
def _in_english_again() -> Iterator[None]:
    """What a test has the whole program speak is no longer spoken after it."""
    yield
    speak("en")


@pytest.fixture
def locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for catalogues of its own."""
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    return tmp_path


@pytest.fixture
def foreign(locales: Path) -> Library:
    """The bot speaks the language in brackets, and teaches from this pack in another script."""
    write_language(locales)
    speak(LANGUAGE)
    return in_another_script(read_pack(BREAD_PACK))


def read_by_learners(reply: Reply) -> Iterator[str]:
    """Every text of a reply, also where Telegram shows it elsewhere."""
    yield without_code(reply.text)
    for each in (each for row in reply.rows for each in row):
        yield each.label
        if isinstance(each, Link):
            yield from parse_qs(urlsplit(each.url).query).get("text", [])
    if reply.poll:
        yield from (reply.poll.question, *reply.poll.options, reply.poll.explanation)
        yield without_code(reply.poll.description)
        yield from read_by_learners(reply.poll.instead)
    if reply.document:
        yield from read_by_learners(reply.document.instead)
    if reply.document and reply.document.name.endswith(".ics"):
        yield from events_of(reply.document.content)


def events_of(content: bytes) -> Iterator[str]:
    calendar = Calendar.from_ical(content)
    yield str(calendar["NAME"])
    for event in calendar.walk("VEVENT"):
        yield from (str(event["SUMMARY"]), str(event["DESCRIPTION"]))


def beside_replies(library: Library) -> Iterator[str]:
    """What learners and operators read that no view makes a reply of."""
    for reply in rare(library):
        yield from read_by_learners(reply)
    yield from (enrol.description(library.pack), enrol.short_description(library.pack))
    yield from (_(help) for help in (*HELP.values(), *OPERATOR_HELP.values()))
    yield from map(under_view.told, RATINGS)
    yield from map(group_quiz.noted, (GroupVoted(True), GroupVoted(False), GroupOver()))
    yield from (group_quiz.nameless(), check.trusted(Uncheckable("Python")), inline.open_label())
    yield from (under_view.thumb(RateAnswer(1, was), was).label for was in (True, False))
    for card in cards_of(library, library.pack):
        yield from (card.title, card.description, *read_by_learners(card.reply))
    for card in cards_of(library, library.pack.model_copy(update={"covers": None, "examples": ()})):
        yield from (card.title, card.description, *read_by_learners(card.reply))
    yield from amounts_and_times()
    for progress in (*map(chain, (1, 5, 30)), *lonely()):
        yield from map(without_code, (progress_view.progress_text(progress), progress_view.caption(progress)))
        yield from (progress_view.standing(progress), placement_view.map_caption(progress).text)


def rare(library: Library) -> Iterator[Reply]:
    """Outcomes that no pack of this size has, and the tests of the views have only of a larger one."""
    first = next(iter(library.notes.values()))
    cited = answer_with(first, library)
    yield ask.answer(replace(cited, is_whole=False))
    for kind in get_args(Resource.model_fields["kind"].annotation):
        resource = next(iter(library.resources.values())).model_copy(update={"kind": kind})
        yield ask.answer(replace(cited, resources=(resource,), is_whole=True))
    (skill_id, (item, *_items)), *_others = library.items.items()
    asked = Asked(7, library.skills[skill_id].title, item, (*item.options, UNSURE_OPTION))
    low, high = (Mastery(skill_id, chance, chance - 0.1, chance + 0.1, False) for chance in (0.4, 0.5))
    for chosen in asked.options:
        outcome = grade(item, chosen)
        yield quiz.feedback(Feedback(skill_id, "7", 7, item, chosen, outcome, first, low, high))
    for title, until_on in product((None, "7"), (None, date(2026, 11, 30))):
        yield quiz.quizzed(NothingToAsk(title, until_on))
    yield placement_view.placing(PlacementAsked(asked, 15))
    answers = tuple(PlacementAnswer("7", item, outcome) for outcome in Outcome)
    yield placement_view.placing(Placed(answers, True, ("1",), ("2",), ("3",)))
    reasons = (*(each for each in get_args(Reason) if each != OTHER_LANGUAGE), "unhelpful")
    yield gaps.gaps(Gaps((Gap(1, 2, ("?",), reasons),), 1, 2, 1, 1, 30))
    yield operate.trouble_page(
        TroublePage("items", (Reported(ReportedItem("dough", "fold", 1, NOW), item),), 0, 1, NOW, None)
    )
    for lane in (REPLIES, BULK):
        failed = FailedMessage(1, 7, "7", lane, NOW, "7")
        yield operate.trouble_page(TroublePage("unsent", (failed,), 0, 1, NOW, None))
    profile = Profile(None, None, None, None, "UTC", NOW, library.tracks)
    yield settings.settled(SettingAsked("hours", profile, True, None, ()))
    step = next(each for each in steps(library) if isinstance(each, Step))
    yield next_step.next_step(replace(step, reasons=(WhyNext(Why.HELD, 1), WhyNext(Why.WEIGHT, 1))))


def lonely() -> Iterator[Progress]:
    """Ways on which little has happened, and one that is behind its learner."""
    yield way(skill("s0", "mastered"))
    for answers, streak, spare in product((0, 1, 2), repeat=3):
        with_it = replace(chain(2), answers_this_week=answers, streak_days=streak, freezes_left=spare)
        yield from (with_it, replace(with_it, mastered_this_week=("s0",)))


def amounts_and_times() -> Iterator[str]:
    for months in range(12):
        day = date(2026, months + 1, 2 + months)
        yield from (times.day_of(day), times.day_and_year(day), times.month(day))
    yield from (times.weekday(date(2026, 11, day)) for day in range(1, 8))
    yield times.clock(time(7, 5))
    yield from (amounts.span(timedelta(days=1, hours=1)), amounts.span(timedelta(days=2, hours=2)))
    yield from (amounts.span(timedelta(minutes=1, seconds=1)), amounts.span(timedelta(minutes=2, seconds=2)))
    yield from (amounts.duration(5), amounts.duration(1_020), amounts.duration(9_000))
    yield from (amounts.hours(1), amounts.hours(2), amounts.hours(7.5), amounts.between(0.2, 0.2))
    yield amounts.listed(["1", "2"])


# What may stand in Latin letters outside of every message.
MAY_BE = re.compile(
    # What the tests of the views have given instead of words of a pack, of a learner or of an error.
    r"x{9,}|Baker|Python|SQL|Bread|Bee keeper|The skill s\d+|Think of the index\.|Tomorrow I rest\."
    r"|1 of 2|@next_rung_bot|what does a nurse earn\?|<b>&|OSError: no space left on device"
    # Commands, and the letters of options.
    r"|/[a-z]+|\b[A-L]\b"
    # Zones and cities, as they are called in the data.
    r"|\b(?:Europe|Asia|America)/[A-Za-z/ ]+(?=\W|$)|Buenos Aires|UTC(?:[+]1)?|Berlin|Paris|Kolkata"
    # What an operator finds by its name: items, kinds of updates, methods, the index, a file.
    r"|gone/x*|dough/[a-z-]+|starter/[a-z-]+|callback_query|sendPoll|0123456789abcdef|[a-z-]+\.md"
)


def forgotten(texts: Iterable[str]) -> set[str]:
    """Words in Latin letters that are neither of a message nor among those that may be."""
    return {word for text in texts for word in latin(MAY_BE.sub(" ", MESSAGE.sub(" ", text)))}


def test_every_text_is_a_message_of_the_pack_or_a_number(foreign: Library) -> None:
    said = {
        view: forgotten(text for reply in replies for text in read_by_learners(reply))
        for view, replies in everything_said(foreign, foreign.pack).items()
    }
    assert {view: words for view, words in said.items() if words} == {}
    assert forgotten(beside_replies(foreign)) == set()


def test_what_is_forgotten_would_be_found(foreign: Library) -> None:
    reply = Reply(fill(_("Right is: {key}"), key=bold("nothing")), ((Button("Quiz me", QuizMe()),),))
    assert forgotten(read_by_learners(reply)) == {"nothing", "Quiz", "me"}
    assert forgotten([under_view.told(NoteKept()), foreign.pack.title]) == set()


def test_every_word_on_the_map_is_a_message(foreign: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_layout, "drawable", lambda words, _instead: words)  # it would drop the brackets
    for progress in map(chain, (1, 5)):
        assert forgotten([" ".join(text.words for text in map_layout.layout(progress).all_texts)]) == set()


def test_every_message_is_said_somewhere(foreign: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that nobody says is of no use, or the tests of the views forget an outcome."""
    monkeypatch.setattr(map_layout, "drawable", lambda words, _instead: words)
    replies = [reply for of_one in everything_said(foreign, foreign.pack).values() for reply in of_one]
    documents = [reply.document.content.decode() for reply in replies if reply.document]
    drawn = [" ".join(text.words for text in map_layout.layout(chain(5)).all_texts)]
    read = [text for reply in replies for text in read_by_learners(reply)]
    said = {
        part
        for text in (*read, *documents, *drawn, *beside_replies(foreign))
        for part in MESSAGE.findall(text)
    }

    def is_said(message: str) -> bool:
        return {*MESSAGE.findall(wrapped(message))} <= said

    forms = [
        [form for form in (each.msgid, each.msgid_plural) if form] for each in polib.pofile(str(TEMPLATE))
    ]
    assert [each[0] for each in forms if not any(map(is_said, each))] == [quiz.RIGHT], "it is only looked for"


def calls_in(path: Path) -> Iterator[ast.Call]:
    """Every call of `_`, `N_` and `many`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "N_", "many")
        ):
            yield node


def test_every_message_of_the_code_is_found_by_the_extraction() -> None:
    """It looks neither into f-strings nor at what a name stands for."""
    known = {part for each in polib.pofile(str(TEMPLATE)) for part in (each.msgid, each.msgid_plural)}
    calls = [call for path in CHAT.rglob("*.py") for call in calls_in(path)]
    texts = [
        [
            each.value
            for each in ast.walk(given)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        for call in calls
        for given in call.args[: 2 if getattr(call.func, "id", "") == "many" else 1]
    ]
    assert len([text for text in texts if text]) > 500
    assert [text for text in texts if not {*text} <= known] == []


def test_the_template_is_up_to_date() -> None:
    """Otherwise `make catalogue`."""
    found = polib.pofile(str(TEMPLATE))
    in_code = {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for message in messages()
        if message.id
    }
    assert {(each.msgid, each.msgid_plural) if each.msgid_plural else each.msgid for each in found} == in_code


def test_every_placeholder_of_a_message_has_a_name() -> None:
    for each in polib.pofile(str(TEMPLATE)):
        named = placeholders(each.msgid) or set()
        assert all(name.isidentifier() for name in named), each.msgid
        if each.msgid_plural:
            assert named <= (placeholders(each.msgid_plural) or set()) <= named | {"number"}, each.msgid


# Catalogues


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_of_the_project_can_be_spoken_and_fits_telegram(language: str, tiny: Library) -> None:
    speak(language)
    assert len(enrol.description(tiny.pack)) <= 512
    assert len(enrol.short_description(tiny.pack)) <= 120
    assert all(1 <= len(_(help)) <= 256 for help in (*HELP.values(), *OPERATOR_HELP.values()))
    told = [*map(under_view.told, RATINGS)]
    assert all(len(text) <= 200 for text in told)


HEAD = """msgid ""
msgstr "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);\\n"

"""
DAYS = """msgid "{number} day"
msgid_plural "{number} days"
msgstr[0] "jeden den"
msgstr[1] "{number} dny"
msgstr[2] "{number} dní"

"""
AGO = 'msgid "{what}, {time} ago"\nmsgstr "před {time}: {what}"\n\n'
NONE = 'msgid "none"\nmsgstr "žádné"\n'


def test_a_catalogue_speaks_with_plurals_of_its_own_and_leaves_the_rest_english(locales: Path) -> None:
    (locales / "cs.po").write_text(
        HEAD + DAYS + AGO + NONE.replace("msgid", "#, fuzzy\nmsgid", 1), encoding="utf-8"
    )
    speak("cs")
    assert [amounts.span(timedelta(days=days)) for days in (1, 3, 5)] == ["jeden den", "3 dny", "5 dní"]
    assert _("{what}, {time} ago").format(what="a", time="b") == "před b: a"
    assert (_("none"), _("Quiz me")) == ("none", "Quiz me"), "what is fuzzy is not said"
    speak("en")
    assert amounts.span(timedelta(days=3)) == "3 days"


@pytest.mark.parametrize(("said", "drawn"), [("další krok", "dalsi krok"), ("следующий шаг 1", "next step")])
def test_what_the_font_of_the_map_cannot_draw_is_english_there(locales: Path, said: str, drawn: str) -> None:
    (locales / "cs.po").write_text(f'{HEAD}msgid "next step"\nmsgstr "{said}"\n', encoding="utf-8")
    speak("cs")
    words = [text.words for text in map_layout.layout(chain(5)).all_texts]
    assert words.count(drawn) == 2, "in the legend and on the box"


BROKEN = {
    "is no catalogue": ("hello", "line 1 is neither a comment nor one text"),
    "lacks a mark in its last line": (HEAD + NONE.rstrip()[:-1], "line 5 is neither a comment nor one text"),
    "has no rule for plurals": (DAYS, "its header has no Plural-Forms"),
    "has a rule that is none": (HEAD.replace("n==1", "m") + DAYS, "plural form"),
    "lacks a form": (HEAD + DAYS.replace("{number} dní", ""), "line 4: '{number} day' needs 3 forms"),
    "misspells a placeholder": (HEAD + AGO.replace("před {time}", "před {čas}"), "has not the placeholders"),
    "leaves one out": (
        HEAD + AGO.replace("před {time}: ", ""),
        "has not the placeholders of '{what}, {time} ago'",
    ),
    "has one formatted": (HEAD + AGO.replace("před {time", "před {time:%H"), "has not the placeholders"),
    "leaves one open": (HEAD + AGO.replace("před {time}", "před {time"), "has not the placeholders"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_a_damaged_catalogue_is_refused_in_one_line_that_names_the_setting(
    locales: Path, text: str, told: str
) -> None:
    (locales / "cs.po").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(told)) as refused:
        speak("cs")
    assert str(refused.value).startswith("BOT_LANGUAGE is 'cs', but bot/chat/locales/cs.po is damaged: ")
    assert "\n" not in str(refused.value)
    assert _("Quiz me") == "Quiz me"


def test_a_catalogue_that_is_no_text_is_refused(locales: Path) -> None:
    (locales / "cs.po").write_bytes(b'msgid "a"\nmsgstr "\xff"\n')
    with pytest.raises(SettingsError, match="is damaged"):
        speak("cs")


@pytest.mark.parametrize("language", ["de", "", "../locales/en", "EN"])
def test_a_language_that_there_is_none_of_is_refused_with_those_there_are(
    locales: Path, language: str
) -> None:
    (locales / "cs.po").write_text(HEAD, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^BOT_LANGUAGE is .*, but there is only en, cs$"):
        speak(language)


def test_a_translation_is_brought_up_to_date_and_keeps_what_was_translated(tmp_path: Path) -> None:
    """A message is reworded, one is gone, and hundreds are new."""
    reworded, gone = AGO.replace("ago", "before"), 'msgid "What never was said"\nmsgstr "Co nikdo neřekl"\n\n'
    path = tmp_path / "cs.po"
    path.write_text(HEAD + DAYS + reworded + gone + NONE, encoding="utf-8")
    found = {message.id: message for message in merged(path, messages()) if message.id}
    assert found[("{number} day", "{number} days")].string == ("jeden den", "{number} dny", "{number} dní")
    assert found["none"].string == "žádné"
    assert (found["{what}, {time} ago"].string, found["{what}, {time} ago"].fuzzy) == (
        "před {time}: {what}",
        True,
    )
    assert "What never was said" not in found
    assert len(found) == len([message for message in messages() if message.id])


# Filling in


@given(
    st.text("ab ", max_size=5), st.text("ab ", max_size=5), st.sampled_from(["{one}{two}", "{two}, {one}!"])
)
def test_what_is_filled_in_keeps_its_formatting_wherever_it_comes(one: str, two: str, message: str) -> None:
    filled = fill(message, one=bold(one), two=link(two, "https://example.org"))
    assert filled.text == message.format(one=one, two=two)
    spans = {mark.kind: filled.text[mark.start : mark.end] for mark in filled.marks}
    assert spans == {"bold": one, "text_link": two}


def test_plain_words_can_be_filled_in_too() -> None:
    assert fill("{a}: {b}", a="one", b=Rich("two")) == Rich("one: two")
    assert many("{number} of {all}", "{number} of all {all}", 2, all=3) == "2 of all 3"
