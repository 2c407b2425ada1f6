"""What review forgets: every result has a view, every button decodes, every command is known everywhere."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from telegram.ext import CommandHandler

from bot.chat import views
from bot.chat.buttons import OpenNote, Press, VoteInGroup, decode, encode
from bot.chat.gate import MAX_LABEL, Destination, calls_for, card_for
from bot.chat.handlers import operate as operate_handlers
from bot.chat.routes import COMMANDS, OPERATOR_COMMANDS, routes
from bot.chat.views import (
    ask,
    broadcast,
    check,
    daily,
    enrol,
    failures,
    gaps,
    group_quiz,
    inline,
    links,
    my_data,
    next_step,
    operate,
    placement,
    plan,
    quiz,
    saved,
    settings,
    under,
    weekly,
)
from bot.chat.views.commands import HELP, OPERATOR_HELP
from bot.chat.views.reply import Button, Card, Link, Reply
from bot.chat.views.rich import Rich
from bot.chat.views.under import Under
from bot.guidance.ask import DECLINED_TOPICS
from bot.guidance.follow import Follow
from bot.guidance.places import OFFERED, Place, alike
from bot.guidance.results import (
    AlreadyAnswered,
    Asked,
    BroadcastGone,
    Broadcasting,
    BroadcastRehearsed,
    BroadcastShown,
    Cards,
    CheckAsked,
    Checked,
    Checking,
    CheckOffered,
    ChoiceGone,
    DailyDoubt,
    DailyNothing,
    DailyPlan,
    DailyPrompt,
    Enrolled,
    Export,
    Feedback,
    Gap,
    GapGone,
    Gaps,
    GoalHeld,
    GroupAsked,
    GroupClosed,
    GroupNothing,
    GroupOver,
    GroupStillOpen,
    GroupVoted,
    Heard,
    Hint,
    ItemGone,
    ItemReported,
    LinkGone,
    NoteGone,
    NoteKept,
    NoteNotKept,
    NoteWanted,
    NothingStored,
    NothingToAsk,
    NotTheirs,
    PackAtWork,
    PackUnchanged,
    Placed,
    PlacementAnswer,
    PlacementAsked,
    PlacementForNobody,
    PlacementOffered,
    PlacementOver,
    PlacementTooShort,
    PlacesFound,
    Placing,
    Planned,
    Profile,
    Progress,
    PromptLater,
    PromptOver,
    PromptSkipped,
    Quizzed,
    Rated,
    Rating,
    Reloaded,
    ReloadFailed,
    Reloading,
    ReloadRefused,
    ReloadUnderWay,
    Reported,
    SavedNotes,
    Scoreboard,
    SettingAsked,
    SettingChanged,
    SettingName,
    Settled,
    SkillShown,
    SkippedBefore,
    SmallTalk,
    Status,
    Step,
    Stopped,
    TrackShown,
    Trouble,
    TroublePage,
    Troubles,
    Uncheckable,
    WeeklySet,
    Welcome,
    WishHeard,
)
from bot.guidance.tutor import Tutor
from bot.learning import next_step as learning
from bot.learning.check import Verdict
from bot.learning.evidence import Outcome
from bot.learning.graph import graph_of
from bot.learning.mastery import Mastery
from bot.learning.placement import Standing
from bot.learning.plan import plan_of
from bot.learning.quiz import grade, shuffled_options
from bot.sandbox.entities import check_entities, check_spans, tidy
from bot.sandbox.links import checked_link
from bot.sandbox.markup import Markup
from bot.storage.figures import Audience, Box, Figures, Questions
from bot.storage.group_quizzes import Score, Vote
from bot.storage.inbox import SetAside
from bot.storage.outbox import FailedMessage
from bot.storage.reports import ReportedItem
from index.answer import Abstention, Answer, NoOtherWords, Reason, TwoAnswers, answer_with
from index.excerpt import excerpt
from index.intents import Intent
from knowledge.library import Library
from knowledge.problems import Problem
from knowledge.reader import read_pack
from knowledge.schema import IntentName, Note, Pack, SmallTalkTopic
from tests.chat.ways import chain
from tests.conftest import TINY_PACK

PACK = read_pack(TINY_PACK).pack
ALEX = Destination(1001)
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BOT_ID, USERNAME = 4242, "next_rung_bot"
TOPICS = {*get_args(SmallTalkTopic)}
IN_A_GROUP = Under("next_rung_bot", is_private=False)
WISHES = sorted({*get_args(IntentName)} - {"question", "smalltalk", "off_path"})


def text_of(result: Heard | NoteGone) -> str:
    return ask.heard(result, PACK).text.text


def short(note: Note, library: Library) -> Answer:
    """What comes first of a note."""
    text = excerpt(note.body, note.title, limit=250)
    return replace(answer_with(note, library), text=text, is_whole=text == note.body)


@pytest.fixture(scope="module")
def results(library: Library) -> list[Heard | NoteGone]:
    return outcomes(library)


def outcomes(library: Library) -> list[Heard | NoteGone]:
    """Every outcome a journey can have, at least once."""
    starters = library.starters
    return [
        *(answer_with(note, library) for note in library.notes.values()),
        *(
            TwoAnswers((short(one, library), short(other, library)))
            for one, other in pairwise(library.notes.values())
        ),
        *(short(note, library) for note in library.notes.values()),
        *(NoOtherWords(answer_with(note, library)) for note in library.notes.values()),
        *(Abstention(reason, starters, 0.2) for reason in get_args(Reason)),
        Abstention("nothing_close", starters, 0.2, is_near=True),
        *(SmallTalk(topic, starters) for topic in TOPICS - {*DECLINED_TOPICS}),
        *(WishHeard(Intent(wish), starters) for wish in WISHES),
        NoteGone(starters),
    ]


def quizzed(library: Library) -> list[Quizzed]:
    """Everything that can come of quizzes, with every item of the pack."""
    items = [(skill_id, item) for skill_id, items in library.items.items() for item in items]
    low, high = (Mastery("python", chance, chance - 0.1, chance + 0.1, chance > 0.8) for chance in (0.5, 0.9))
    told: list[Quizzed] = []
    for number, (skill_id, item) in enumerate(items):
        title, note = library.skills[skill_id].title, library.notes[item.note]
        options = shuffled_options(item, Random(number))
        told.append(Asked(number, title, item, options))
        told += [
            Feedback(skill_id, title, number, item, option_id, grade(item, option_id), note, low, high)
            for option_id in options
        ]
        told += [AlreadyAnswered(item, options[0], is_placing) for is_placing in (True, False)]
    nothing = [NothingToAsk(None, None), NothingToAsk("Python", date(2026, 11, 30))]
    return [*told, *nothing, ItemGone(), Hint(None), Hint("Think of the index."), ItemReported()]


def checkings(library: Library) -> list[Checking]:
    """Everything that can come of "I know this", with an item in ten."""
    results = quizzed(library)[::10]
    asked = [CheckAsked(each, 1) for each in results if isinstance(each, Asked)]
    told = [Checked(each, verdict) for each in results if isinstance(each, Feedback) for verdict in Verdict]
    return [CheckOffered("python", "Python"), *asked, *told]


def placings(library: Library) -> list[Placing]:
    """Everything that can come of placement, with an item in five."""
    asked = asked_of(library)[::5]
    titles = tuple(skill.title for skill in library.skills.values())
    answers = [
        PlacementAnswer(each.skill_title, each.item, outcome)
        for each, outcome in zip(asked, [*Outcome] * len(asked), strict=False)
    ]
    return [
        *(PlacementAsked(each, number % 15 + 1) for number, each in enumerate(asked)),
        *(PlacementOffered("Baker", answered, was) for answered in (None, 0, 5) for was in (True, False)),
        *(
            Placed(tuple(answers[start : start + 8]), True, titles[:9], titles[9:14], titles[14:28])
            for start in range(0, len(answers), 8)
        ),
        Placed(tuple(answers[:3]), False, (), (), ()),
        Placed((), False, (), (), ()),
        PlacementOver(),
        PlacementForNobody(),
        PlacementTooShort(),
    ]


def asked_of(library: Library) -> list[Asked]:
    """Every item of the pack."""
    return [each for each in quizzed(library) if isinstance(each, Asked)]


def steps(library: Library) -> list[Step | GoalHeld]:
    """Every skill as a next step, with every reason."""
    titles = {skill_id: skill.title for skill_id, skill in library.skills.items()}
    reasons = [learning.Reason(why, 0.5, 9, tuple(library.skills)[:2]) for why in learning.Why]
    reasons += [learning.Reason(learning.Why.OPENS, number, number) for number in (1, 4)]
    found: list[Step | GoalHeld] = [GoalHeld("Baker")]
    for skill_id, skill in library.skills.items():
        notes = [note for note in library.notes.values() if note.skill == skill_id]
        found += [
            Step(skill_id, skill, (one, other), titles, 0.4, notes[0], None, resource, not resource)
            for one, other in pairwise(reasons)
            for resource in (None, next(iter(library.resources.values())))
        ]
    return found


def daily_plans() -> list[DailyPlan]:
    """Every way a daily question can be set."""
    now = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    soon = [now + timedelta(days=days) for days in (0, 1, 2)]
    return [
        DailyPlan(None, 1, None, now, None),
        DailyPlan(time(8), 2, None, now, "America/Argentina/Buenos_Aires"),
        *(DailyPlan(time(7, 30), every, at, now, "Europe/Berlin") for every in (1, 2) for at in soon),
    ]


def weeks() -> list[Progress]:
    """Weeks with much in them and with little."""
    graph = chain(5)
    return [graph, replace(graph, answers_this_week=1, streak_days=0, mastered_this_week=("s0", "gone"))]


def daily_replies(library: Library) -> dict[str, list[Reply]]:
    """Everything about the daily question, with some of the items."""
    asked = [result for result in quizzed(library) if isinstance(result, Asked)][::20]
    prompts = [DailyPrompt(2**62, each, is_fading) for each in asked for is_fading in (True, False)]
    doubts = [DailyDoubt(1), DailyDoubt(2)]
    nothing = [DailyNothing(date(2026, 11, 30)), DailyNothing(None)]
    others = [
        PromptLater(datetime(2026, 11, 22, 14, 5, tzinfo=UTC), 7),
        *(PromptSkipped(plan, is_late) for plan in daily_plans() for is_late in (True, False)),
        *(PromptOver(plan) for plan in [None, *daily_plans()]),
    ]
    return {
        "daily.prompt": [daily.prompt(each) for each in (*prompts, *doubts, *nothing)],
        "daily.question": [daily.question(each) for each in prompts],
        "daily.doubt": [daily.doubt(each) for each in doubts],
        "daily.prompted": [daily.prompted(each) for each in (*others, *prompts)],
        "daily.plan": [daily.plan(each) for each in [None, *daily_plans()]],
        "daily.misread": [daily.misread(each) for each in [None, *daily_plans()]],
        "daily.too_much": [daily.too_much(each) for each in [None, *daily_plans()]],
        "daily.changed": [daily.changed(each) for each in [None, *daily_plans()]],
        "daily.paused": [daily.paused(each) for each in [None, *daily_plans()]],
        "daily.stopped": [daily.stopped(each) for each in [None, *daily_plans()]],
        "daily.sure": [
            daily.sure(time(8), every, is_too_much=is_too_much)
            for every, is_too_much in product((1, 2), (True, False))
        ],
        "daily.left": [daily.left()],
        "daily.first_today": [daily.first_today(plan) for plan in daily_plans() if plan.next_at],
        "weekly.summary": [weekly.summary(each) for each in weeks()],
        "weekly.weekly": [
            weekly.weekly(each) for each in (None, WeeklySet(None), WeeklySet(daily_plans()[0].local_now))
        ],
        "daily.nobody": [daily.nobody()],
    }


def settled(library: Library) -> list[Settled]:
    """Everything around what a learner tells of themselves: nothing told, and all of it."""
    somebody = [
        Profile(None, None, None, None, "UTC", NOW, library.tracks),
        *(
            Profile(track_id, standing, 20, "Asia/Kolkata", "Asia/Kolkata", NOW, library.tracks)
            for track_id, standing in product(library.tracks, list(Standing)[:3])
        ),
        Profile(None, None, 1, "Etc/GMT-1", "UTC+1", NOW, library.tracks, alike("Etc/GMT-1", NOW)),
    ]
    names: tuple[SettingName, ...] = get_args(SettingName)
    places = tuple(Place("x" * MAX_LABEL, zone) for zone in OFFERED[:4])
    return [
        *somebody,
        *(
            SettingAsked(what, profile, is_enrolment, told, OFFERED, is_enrolment and not told)
            for what, profile, is_enrolment in product(names, somebody, (False, True))
            for told in ((None, *names) if is_enrolment and profile.zone else (None,))
        ),
        *(SettingChanged(what, profile) for what, profile in product(names, somebody[1:])),
        *(Enrolled(profile, told) for profile in somebody[1:] for told in (None, *names)),
        *(PlacesFound(places, is_enrolment) for is_enrolment in (False, True)),
        SkippedBefore(),
        ChoiceGone(),
    ]


def plans(library: Library) -> list[Planned | GoalHeld]:
    """Every track at every pace, by a beginner."""
    titles = {skill_id: skill.title for skill_id, skill in library.skills.items()}
    told: list[Planned | GoalHeld] = [GoalHeld("Baker")]
    for track_id, track in library.tracks.items():
        for hours in (1, *plan.CHOICES, 40):
            made = plan_of(graph_of(library, track_id), (), {}, hours, NOW.date())
            told.append(Planned(track.title, made, titles, hours == 5, "UTC", None, "7", NOW))
    return told


def reloadings() -> list[Reloading]:
    """Everything that can come of /reload."""
    pack = PackAtWork("Bread", 3, 12, 4, "0123456789abcdef")
    problem = Problem("notes/pay/salary.md", 4, "asks: is empty", "write at least one", rule="has-asks")
    return [
        Reloaded(pack, ("a.b",), (), ("c.d", "c.e"), 2.4),
        PackUnchanged(pack),
        ReloadRefused((problem,)),
        ReloadRefused((problem,) * 700),
        ReloadFailed("OSError: no space left on device"),
        ReloadUnderWay(),
    ]


def broadcastings() -> list[Broadcasting]:
    """A broadcast in every state, and what can be said of one."""
    states = ("draft", "writing", "written", "done", "cancelled")
    shown = [BroadcastShown(7, state, 900, 3, 400, 2, 1) for state in states]
    none = BroadcastShown(8, "cancelled", 0, 0, 0, 0, 0)
    return [*shown, none, replace(shown[0], is_stale=True), BroadcastRehearsed(shown[0], 9), BroadcastGone()]


def operators_replies(library: Library) -> dict[str, list[Reply]]:
    """Everything operators read."""
    audience, some = Audience(900, 3, 2, 1), Box(4, NOW - timedelta(minutes=3))
    figures = Figures(audience, Questions(900, 810, 70, 9), 80, 300, Box(0, None), some, some, 2, 1, 3)
    shown = [each for each in broadcastings() if isinstance(each, BroadcastShown)]
    pack = PackAtWork("Bread", 3, 12, 4, "0123456789abcdef")
    status = Status(figures, pack, (shown[1],), NOW - timedelta(days=3, hours=2), NOW)
    none = Figures(audience, Questions(0, 0, 0, 0), 0, 0, *[Box(0, None)] * 3, 0, 0, 0)
    quiet = replace(status, figures=none, sending=())
    gap = Gap(2**62, 12, ("what does a nurse earn?", "x" * 900, "<b>&"), ("off_path", "nothing_close"))
    skill_id, (item, *_) = next(iter(library.items.items()))
    troubles: dict[str, tuple[Trouble, ...]] = {
        "items": (
            Reported(ReportedItem(skill_id, item.id, 3, NOW), item),
            Reported(ReportedItem("gone", "x" * 80, 1, NOW), None),
        ),
        "aside": (SetAside(2**62, "callback_query", NOW, "KeyError: " + "x" * 2_000),) * 4,
        "unsent": (FailedMessage(2**62, -(2**52), "sendPoll", 1, NOW, "Forbidden: blocked"),),
    }
    pages = [
        TroublePage(kind, found, after, 9, NOW, settled)
        for kind, found in troubles.items()
        for after, settled in ((0, None), (4, "retried"), (0, "dropped"), (0, "cleared"), (0, "gone"))
    ]
    return {
        "operate.status": [operate.status(status, is_reloading=True), operate.status(quiet)],
        "operate.troubles": [operate.troubles(Troubles(1, 2, 3)), operate.troubles(Troubles(0, 0, 0))],
        "operate.trouble_page": [
            *(operate.trouble_page(page) for page in pages),
            operate.trouble_page(TroublePage("aside", (), 0, 0, NOW, "dropped")),
        ],
        "operate.reload_begun": [operate.reload_begun()],
        "operate.reloading": [operate.reloading(each) for each in reloadings()],
        "gaps.gaps": [gaps.gaps(Gaps((gap,) * 5, 5, 40, 200, 1, 30)), gaps.gaps(Gaps((), 0, 0, 0, 7, 30))],
        "gaps.note_wanted": [
            gaps.note_wanted(NoteWanted(gap, library.starters)),
            gaps.note_wanted(GapGone()),
        ],
        "broadcast.message": [broadcast.message(Rich("Tomorrow I rest."))],
        "broadcast.usage": [broadcast.usage()],
        "broadcast.too_long": [broadcast.too_long()],
        "broadcast.broadcasting": [broadcast.broadcasting(each) for each in broadcastings()],
    }


def unders() -> list[Under | None]:
    """Everywhere an answer or a note can be shown."""
    ways = product((True, False), (None, 2**62), (True, False))
    return [None, *(Under("next_rung_bot", is_private, asked, kept) for is_private, asked, kept in ways)]


def group_results(library: Library) -> list[GroupAsked | GroupStillOpen | GroupNothing]:
    """Everything a group can be told that wants an item."""
    asked = [
        GroupAsked(2**62, each.skill_title, each.item, each.options, timedelta(minutes=10))
        for each in asked_of(library)
    ]
    return [*asked, GroupStillOpen(), GroupNothing(None), GroupNothing("Python")]


def ends(library: Library) -> list[GroupClosed]:
    """Ends with few votes and with many."""
    best = tuple(Score("x" * 32, 12 - place, 12) for place in range(10))
    crowd = tuple(Vote("x" * 32, outcome) for outcome in Outcome for _ in range(30))
    return [
        GroupClosed("python", each.item, library.notes[each.item.note], votes, best)
        for each in asked_of(library)[::20]
        for votes in (crowd[:1], crowd[-2:], crowd)
    ]


def cards_of(library: Library, pack: Pack = PACK) -> list[Card]:
    """Cards for every note, and for every reason to have none."""
    answers = tuple(short(note, library) for note in library.notes.values())
    declined = [Cards(answers[:2], reason) for reason in (*get_args(Reason), "a_wish")]
    return [each for found in (Cards(answers), *declined) for each in inline.cards(found, pack, USERNAME)]


def linked(library: Library) -> list[SkillShown | TrackShown | LinkGone]:
    """Everything a link can open that is no note and no item."""
    follow = Follow(Tutor(library, Random(0)))
    names = (*library.skills, *library.tracks, "nothing-of-ours")
    return [show(name) for name in names for show in (follow.skill, follow.track)]


def saved_pages(library: Library) -> list[SavedNotes]:
    """Pages of saved notes: none, one, many."""
    notes = tuple(library.notes.values())
    return [
        SavedNotes(notes[:count], page, pages, count + 8 * (pages - 1), is_tidying, gone)
        for count, page, pages in ((0, 0, 1), (1, 0, 1), (8, 0, 3), (8, 1, 3), (8, 2, 3))
        for is_tidying in (True, False)
        for gone in (0, 1, 2)
    ]


@pytest.fixture(scope="module")
def said(library: Library) -> dict[str, list[Reply]]:
    return everything_said(library)


def everything_said(library: Library, pack: Pack = PACK) -> dict[str, list[Reply]]:
    """Everything the bot can say, by the view that says it."""
    results, welcome = outcomes(library), Welcome(pack, library.starters)
    return {
        "ask.heard": [
            *(ask.heard(result, pack) for result in results),
            *(ask.heard(result, pack, each) for result, each in product(results[::200], unders())),
            *(ask.heard(result, pack, IN_A_GROUP) for result in results if isinstance(result, WishHeard)),
        ],
        "group_quiz.group_quiz": [
            group_quiz.group_quiz(each)
            for each in (*group_results(library)[:-3:20], *group_results(library)[-3:])
        ],
        "group_quiz.closed": [group_quiz.closed(result, USERNAME) for result in ends(library)],
        "group_quiz.scores": [
            group_quiz.scores(Scoreboard(())),
            group_quiz.scores(Scoreboard(ends(library)[0].best)),
        ],
        "group_quiz.in_groups": [group_quiz.in_groups(USERNAME)],
        "links.linked": [
            links.linked(result, "next_rung_bot", is_new=is_new)
            for result, is_new in product(linked(library), (True, False))
        ],
        "saved.saved": [saved.saved(result) for result in saved_pages(library)],
        "saved.noted": [saved.noted(Rated(was_helpful=True)), saved.noted(NoteKept())],
        "ask.heard_under_a_picture": [
            ask.heard_under_a_picture(result, pack) for result in results if not isinstance(result, NoteGone)
        ],
        "ask.answer": [ask.answer(result) for result in results if isinstance(result, Answer)],
        "ask.two_answers": [
            ask.two_answers(result.parts) for result in results if isinstance(result, TwoAnswers)
        ],
        "quiz.quizzed": [quiz.quizzed(result) for result in quizzed(library)],
        "quiz.no_hint": [quiz.no_hint()],
        "quiz.unknown_skill": [quiz.unknown_skill(), quiz.unknown_skill(in_a_group=True)],
        "quiz.asked": [quiz.asked(result) for result in quizzed(library) if isinstance(result, Asked)],
        "quiz.feedback": [
            quiz.feedback(result, "next_rung_bot")
            for result in quizzed(library)
            if isinstance(result, Feedback)
        ],
        "next_step.next_step": [next_step.next_step(result, "next_rung_bot") for result in steps(library)],
        "next_step.put_off": [
            next_step.put_off(replace(result, was_put_off=was) if isinstance(result, Step) else result)
            for result, was in product(steps(library), (False, True))
        ],
        "next_step.begun": [next_step.begun(result, next(iter(library.skills))) for result in steps(library)],
        "next_step.after": [
            next_step.after(line, next_step.next_step(steps(library)[1]))
            for line in (next_step.finished(["Python", "SQL"]), check.trusted(Uncheckable("Python")))
        ],
        "quiz.put": [quiz.put(result, (), "1 of 2", is_graded=False) for result in asked_of(library)[:3]],
        "check.checking": [check.checking(result) for result in checkings(library)],
        "placement.placing": [placement.placing(result) for result in placings(library)],
        "placement.in_private": [placement.in_private(), placement.in_private("next_rung_bot")],
        "next_step.nobody": [next_step.nobody()],
        "settings.settled": [settings.settled(result) for result in settled(library)],
        "settings.spot_unknown": [settings.spot_unknown()],
        "settings.not_understood": [
            settings.not_understood(asked) for asked in settled(library) if isinstance(asked, SettingAsked)
        ],
        "enrol.welcome": [enrol.welcome(welcome), enrol.welcome(replace(welcome, offers_setup=True))],
        "plan.plan": [plan.plan(result, USERNAME) for result in plans(library)],
        "plan.calendar": [plan.calendar(result) for result in plans(library)[::8]],
        "my_data.exported": [my_data.exported(NothingStored()), my_data.exported(Export({}, NOW))],
        "enrol.stopped": [enrol.stopped(Stopped(had_prompts)) for had_prompts in (True, False)],
        "enrol.help_text": [enrol.help_text(welcome, is_operator=each) for each in (True, False)],
        "enrol.help_in_a_group": [enrol.help_in_a_group(welcome, USERNAME)],
        "enrol.in_a_group": [enrol.in_a_group(library.pack, USERNAME)],
        "enrol.privacy": [enrol.privacy()],
        "enrol.confirm_forget": [enrol.confirm_forget()],
        "enrol.forgotten": [enrol.forgotten()],
        **daily_replies(library),
        **operators_replies(library),
        "failures.not_text": [failures.not_text()],
        "failures.no_items": [failures.no_items(pack)],
        "failures.edited": [failures.edited()],
        "failures.only_notes": [failures.only_notes(library.pack)],
        "failures.name_comes_behind": [failures.name_comes_behind("saved", USERNAME)],
        "failures.command_under_a_picture": [failures.command_under_a_picture()],
        "failures.operators_only_in_private": [failures.operators_only_in_private("status")],
        "failures.private_only": [failures.private_only("export", "next_rung_bot")],
        "failures.unknown_command": [failures.unknown_command()],
        "failures.old_button": [failures.old_button()],
        "failures.apology": [failures.apology(2**31)],
        "failures.too_fast": [failures.too_fast()],
        "failures.missed": [failures.missed(["is it hard?"]), failures.missed(["why? " * 900] * 100)],
    }


@pytest.fixture(scope="module")
def replies(said: dict[str, list[Reply]]) -> list[Reply]:
    every = [reply for of_one_view in said.values() for reply in of_one_view]
    instead = [part.instead for reply in every for part in (reply.poll, reply.document) if part]
    return [*every, *instead]


def test_these_tests_know_every_view(said: dict[str, list[Reply]]) -> None:
    found = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(views.__path__)
        for name, function in vars(importlib.import_module(f"{views.__name__}.{module.name}")).items()
        if inspect.isfunction(function)
        and not name.startswith("_")
        and function.__module__ == f"{views.__name__}.{module.name}"
        and inspect.signature(function).return_annotation is Reply
    }
    assert {*said} == found


def test_every_outcome_has_a_view(results: list[Heard | NoteGone]) -> None:
    assert {type(result) for result in results} == {*get_args(Heard), NoteGone}
    assert all(text_of(result).strip() for result in results)


def test_every_outcome_around_a_check_or_a_placement_has_a_view(library: Library) -> None:
    assert {type(result) for result in placings(library)} == {*get_args(Placing)}
    assert {type(result) for result in checkings(library)} == {*get_args(Checking)}
    assert all(placement.placing(result).text.text.strip() for result in placings(library))


def test_a_placement_does_not_tell_what_is_right_before_its_end(library: Library) -> None:
    for asked in asked_of(library):
        [call] = calls_for(placement.placing(PlacementAsked(asked, 3)), ALEX)
        assert (call.method, call.payload["type"]) == ("sendPoll", "regular"), asked.item.id
        assert {"correct_option_ids", "explanation"} & call.payload.keys() == set()
        assert call.payload["description"].startswith("Question 3 of about 12")
        assert (call.fallback or {})["text"].startswith("Question 3 of about 12")


def test_the_longest_end_of_a_placement_takes_two_messages(library: Library) -> None:
    longest = sorted(
        (
            PlacementAnswer(library.skills[skill_id].title, item, Outcome.UNSURE)
            for skill_id, items in library.items.items()
            for item in items
        ),
        key=lambda each: len(placement.placing(Placed((each,), False, (), (), ())).text.text),
    )[-15:]
    titles = tuple(skill.title for skill in library.skills.values())
    reply = placement.placing(Placed(tuple(longest), True, titles[:10], titles[10:20], titles[20:]))
    assert len(calls_for(reply, ALEX)) <= 2


def test_every_reason_to_abstain_is_told_in_words_of_its_own() -> None:
    told = {reason: text_of(Abstention(reason, (), 0.0)) for reason in get_args(Reason)}
    assert len(set(told.values())) == len(told)


def test_every_topic_of_small_talk_has_words_of_its_own_or_is_declined() -> None:
    told = {topic: text_of(SmallTalk(topic, ())) for topic in TOPICS - {*DECLINED_TOPICS}}
    assert len(set(told.values())) == len(told), "a topic without words of its own is greeted"
    assert {*DECLINED_TOPICS} <= TOPICS
    assert {*DECLINED_TOPICS.values()} <= {*get_args(Reason)}


def test_every_wish_that_cannot_be_fulfilled_yet_is_declined_in_words_of_its_own(library: Library) -> None:
    wishes = [WishHeard(Intent(wish), ()) for wish in WISHES]
    told = [ask.heard(wish, PACK, under).text.text for wish in wishes for under in (None, IN_A_GROUP)]
    assert len(set(told)) == len(told)
    assert ["private" in text for text in told] == [False, True] * len(wishes)
    assert {intent.intent for intent in library.phrases} <= {*WISHES, "smalltalk", "question", "off_path"}


def test_where_no_buttons_are_told_nothing_leads_to_them(library: Library) -> None:
    starters = library.starters
    shown: list[Heard] = [
        *(Abstention(reason, starters, 0.0) for reason in get_args(Reason)),
        *(SmallTalk(topic, starters) for topic in TOPICS - {*DECLINED_TOPICS}),
        *(WishHeard(Intent(wish), starters) for wish in WISHES),
    ]
    for each in shown:
        told, whole = ask.plain_answer(each, PACK), ask.heard(each, PACK).text.text
        assert whole.startswith(told)
        assert told[-1] in ".!?"
        assert ":" not in whole[len(told) : -1]


def presses(reply: Reply) -> list[Press]:
    return [each.press for row in reply.rows for each in row if isinstance(each, Button)]


def test_an_abstention_offers_what_the_bot_does_know(library: Library) -> None:
    for reason in get_args(Reason):
        reply = ask.heard(Abstention(reason, library.starters, 0.0), PACK)
        assert presses(reply) == [OpenNote(note.id) for note in library.starters]


def test_every_button_anywhere_decodes_to_what_it_means(replies: list[Reply]) -> None:
    links = [each for reply in replies for row in reply.rows for each in row if isinstance(each, Link)]
    assert all(checked_link(each.url) == each.url for each in links)
    assert all(0 < len(each.label) <= MAX_LABEL for each in links)
    shown = [each for reply in replies for row in reply.rows for each in row if isinstance(each, Button)]
    assert {type(button.press) for button in shown} == {*get_args(Press)}
    for button in shown:
        assert decode(encode(button.press)) == button.press
        assert 0 < len(button.label) <= MAX_LABEL, "a longer label is cut"


def test_everything_the_bot_says_fits_one_message_and_reaches_the_learner_whole(replies: list[Reply]) -> None:
    for reply in replies:
        [call] = calls_for(replace(reply, poll=None, document=None), ALEX)
        text, entities = call.payload["text"], call.payload.get("entities", [])
        check_spans(text, check_entities(entities))
        arrived = tidy(Markup(text, entities), {})
        assert arrived.dropped == []
        assert arrived.text == text
        meant = [(entity["type"], entity["offset"], entity["length"]) for entity in entities]
        kept = [(entity["type"], entity["offset"], entity["length"]) for entity in arrived.entities]
        assert {*meant} <= {*kept}, "formatting was merged or cut"


def test_every_item_of_the_pack_is_a_poll_that_telegram_takes(library: Library) -> None:
    for result in quizzed(library):
        if isinstance(result, Asked):
            [call] = calls_for(quiz.asked(result), ALEX)
            assert call.method == "sendPoll", result.item.id
            assert len(call.payload["question"]) <= 300
            assert all(len(option["text"]) <= 100 for option in call.payload["options"])
            assert len(call.payload["explanation"]) <= 200
            assert call.payload["options"][-1]["text"] == quiz.UNSURE
            assert call.fallback


def test_every_item_that_is_a_poll_is_one_in_a_group_too(library: Library) -> None:
    for result in group_results(library):
        if isinstance(result, GroupAsked):
            [call] = calls_for(group_quiz.group_quiz(result), Destination(-7, 3))
            assert (call.method, call.attempt_id, call.group_quiz_id) == ("sendPoll", None, 2**62)
            assert (call.payload["type"], call.payload["open_period"]) == ("quiz", 600)
            assert not call.payload["is_anonymous"]
            assert call.payload["message_thread_id"] == 3
            assert call.fallback
            keys = [key for row in call.fallback["reply_markup"]["inline_keyboard"] for key in row]
            assert {type(decode(key["callback_data"])) for key in keys} == {VoteInGroup}


def test_every_item_that_is_a_poll_is_one_as_a_daily_question_too(library: Library) -> None:
    for result in quizzed(library):
        if isinstance(result, Asked) and quiz.asked(result).poll:
            [call] = calls_for(daily.question(DailyPrompt(2**62, result, is_fading=True)), ALEX)
            assert call.method == "sendPoll"
            assert call.payload["description"].startswith("Your question of the day.")
            assert len(call.payload["description"]) <= quiz.MAX_DESCRIPTION, result.item.id
            assert call.fallback
            assert "Your question of the day." in call.fallback["text"]


def test_every_answer_names_its_sources_by_number(library: Library) -> None:
    for note in library.notes.values():
        answer: Answer = answer_with(note, library)
        lines = text_of(answer).splitlines()
        assert lines[0] == note.title
        for number, source in enumerate(library.sources_of(note), 1):
            assert f"[{number}] {source.title}, {source.year}" in lines, note.id


def test_the_buttons_under_an_answer_lead_on_and_not_back(library: Library) -> None:
    for note in library.notes.values():
        onward = presses(ask.answer(answer_with(note, library)))
        assert len(onward) == len(set(onward)) <= ask.MAX_RELATED
        assert OpenNote(note.id) not in onward
        assert all(isinstance(press, OpenNote) and press.note_id in library.notes for press in onward)


def test_every_card_is_one_that_telegram_takes(library: Library) -> None:
    shown = cards_of(library)
    assert len({card.title for card in shown if card.id == "declined"}) == len(get_args(Reason)) + 1
    for card in shown:
        made = card_for(card)
        content = made["input_message_content"]
        assert 1 <= len(made["id"].encode()) <= 64
        assert made["title"]
        assert made["description"]
        assert len(made["description"]) <= inline.MAX_LINE + 2
        text, entities = content["message_text"], content.get("entities", [])
        check_spans(text, check_entities(entities))
        assert tidy(Markup(text, entities), {}).text == text


def test_the_last_row_under_an_answer_has_three_buttons_at_most(library: Library) -> None:
    note = library.notes["path.overview"]
    for each in unders()[1:]:
        assert each is not None
        [row] = under.row_under(note, each)
        assert len(row) <= 3, "more would be cut on a phone"
        assert under.SHARE not in [button.label for button in row] or each.is_private


def test_every_word_for_a_moment_fits_where_telegram_shows_it() -> None:
    results: list[Rating] = [Rated(True), Rated(False), Rated(None), NotTheirs(), NoteKept(), NoteNotKept()]
    assert {type(result) for result in results} == {*get_args(Rating)}
    told = [under.told(result) for result in results]
    told += [group_quiz.noted(each) for each in (GroupVoted(True), GroupVoted(False), GroupOver())]
    assert len(set(told)) == len(told)
    assert all(0 < len(text) <= 200 for text in told)


def test_every_command_has_a_line_of_help_and_nothing_else_has_one() -> None:
    assert [command.name for command in COMMANDS] == [*HELP]
    assert all(command.help == HELP[command.name] for command in COMMANDS)


def test_every_operators_command_has_a_line_of_help_and_is_no_learners() -> None:
    assert [command.name for command in OPERATOR_COMMANDS] == [*OPERATOR_HELP]
    assert all(command.help == OPERATOR_HELP[command.name] for command in OPERATOR_COMMANDS)
    assert not {*OPERATOR_HELP} & {*HELP}


@pytest.mark.parametrize("operators", [(), (7,)])
def test_every_command_has_a_handler_of_its_own(operators: tuple[int, ...]) -> None:
    handled: dict[str, Callable[..., object]] = {
        name: handler.callback
        for handler in routes(BOT_ID, USERNAME, operators)
        if isinstance(handler, CommandHandler) and handler.callback is not operate_handlers.in_a_group
        for name in handler.commands
    }
    commands = [*COMMANDS, *(OPERATOR_COMMANDS if operators else ())]
    assert handled == {command.name: command.handler for command in commands}


def test_every_outcome_of_a_reload_or_a_broadcast_has_a_view() -> None:
    assert {type(each) for each in reloadings()} == {*get_args(Reloading)}
    assert {type(each) for each in broadcastings()} == {*get_args(Broadcasting)}


def test_the_bot_speaks_of_the_packs_own_subject(bread: Path) -> None:
    baking = read_pack(bread).pack
    said = [
        ask.heard(Abstention("off_path", (), 0.0), baking).text.text,
        *(
            ask.heard(SmallTalk(topic, ()), baking).text.text
            for topic in ("greeting", "identity", "abilities")
        ),
        enrol.description(baking),
        enrol.short_description(baking),
        enrol.welcome(Welcome(baking, ())).text.text,
    ]
    assert [text for text in said if "baking sourdough bread" not in text] == []


def test_every_command_stands_in_the_help_text(library: Library) -> None:
    told = enrol.help_text(Welcome(PACK, library.starters)).text.text
    assert all(f"/{command.name}: {command.help}" in told for command in COMMANDS)


def test_telegram_takes_the_commands_and_the_descriptions() -> None:
    for command in COMMANDS:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
        assert 1 <= len(command.help) <= 256
    assert len(COMMANDS) <= 100
    assert len(enrol.description(PACK)) <= 512
    assert len(enrol.short_description(PACK)) <= 120


def test_what_opens_all_that_is_left_is_told_without_a_fraction(said: dict[str, list[Reply]]) -> None:
    told = "\n".join(reply.text.text for reply in said["next_step.next_step"])
    assert "it opens the only other skill left to your goal" in told
    assert "it opens all 4 other skills left to your goal" in told
    assert "1 of the 1" not in told
