"""Sit the pack's own exam: what is found, declined and understood, beside BM25 alone and dense search alone.

evaluate_retrieval.py                    the test part, on which nothing is fitted
evaluate_retrieval.py --part fitting     the part that authors may learn from
evaluate_retrieval.py --docs             also write the table into docs/retrieval.md
evaluate_retrieval.py --misses FILE      also write what went wrong, as a page to browse
evaluate_retrieval.py --beir FOLDER      rank a public collection instead
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from bot.app import build_ask, build_embedder
from bot.chat.views import ask as view
from bot.errors import NextRungError
from bot.guidance.ask import Ask
from bot.observability import set_up_logs
from bot.settings import read_settings
from index.answer import Abstention, Answer, NoOtherWords, TwoAnswers
from index.beir import read_collection, sit_collection
from index.evaluation import Ranking, declining, mean_reciprocal_rank, recall_at, share
from knowledge.schema import ExamPart
from scripts.generate_docs import PROJECT, between_markers
from scripts.misses import Miss, page

DOCS = PROJECT / "docs" / "retrieval.md"
ENGINES = ("ours", "dense alone", "BM25 alone")


@dataclass(frozen=True)
class Sitting:
    """One text of the exam, what came of it, and what should have."""

    text: str
    after: str | None
    wanted: str  # answered, declined, or an intent
    got: str
    told: str
    right: frozenset[str]
    ranked: dict[str, list[str]]
    scores: dict[str, float]


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="evaluate_retrieval", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=("test", "fitting"), default="test")
    parser.add_argument("--misses", type=Path, metavar="FILE", help="write the misses there, as HTML")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/retrieval.md, too")
    parser.add_argument("--beir", type=Path, metavar="FOLDER", help="rank a BEIR collection instead")
    arguments = parser.parse_args()
    try:
        settings = read_settings()
        set_up_logs("WARNING", settings.log_format)
        if arguments.beir:
            print(beir_table(sit_collection(read_collection(arguments.beir), build_embedder(settings))))
            return 0
        ask = build_ask(settings)
    except (NextRungError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    part = getattr(ask.library.exam, arguments.part)
    sat = asyncio.run(sit(ask, part))
    told = table(sat, part, asyncio.run(arguments_right(ask, part)))
    print(told)
    if arguments.docs:
        DOCS.write_text(between_markers(DOCS, told), encoding="utf-8")
    if arguments.misses:
        arguments.misses.write_text(page(misses(sat)), encoding="utf-8")
    return 0


async def sit(ask: Ask, part: ExamPart) -> list[Sitting]:
    """Ask everything, by the very path a chat takes."""
    expected = [
        *((q.ask, q.after, "answered", ask.library.notes_answering(q)) for q in part.answerable),
        *((q.ask, q.after, "declined", frozenset[str]()) for q in part.declined),
        *((q.say, q.after, q.intent, frozenset[str]()) for q in part.phrases),
    ]
    return [await _sit(ask, *each) for each in expected]


async def _sit(ask: Ask, text: str, after: str | None, wanted: str, right: frozenset[str]) -> Sitting:
    intent, heard = await ask.hear(text, [after] if after else [])
    found = ask.retriever.find(text, after)
    query = ask.retriever.spelling.mend(text)
    vectors = ask.retriever.vectors
    nearest = vectors.nearest(ask.retriever.embedder.embed([query])[0])
    dense = dict(zip(vectors.passages, nearest.passages.best.tolist(), strict=True))
    lexical = {name: shared.score for name, shared in ask.retriever.lexical.shared_words(query).items()}
    kinds = {Answer: "answered", TwoAnswers: "answered", NoOtherWords: "answered", Abstention: "declined"}
    got = kinds.get(type(heard), intent.name)
    return Sitting(
        text,
        after,
        wanted,
        got if wanted in ("answered", "declined") else intent.name,
        view.plain_answer(heard, ask.library.pack),
        right,
        {
            "ours": [hit.passage_id for hit in found.hits],
            "dense alone": sorted(dense, key=lambda name: -dense[name])[:10],
            "BM25 alone": sorted(lexical, key=lambda name: -lexical[name])[:10],
        },
        {
            "ours": found.confidence,
            "dense alone": max(dense.values(), default=0.0),
            "BM25 alone": max(lexical.values(), default=0.0),
        },
    )


async def arguments_right(ask: Ask, part: ExamPart) -> list[bool]:
    """Of the phrases that name a skill, a time or a stop: were these read right?"""
    told = []
    for phrase in part.phrases:
        wanted = (set(phrase.skills), phrase.time, phrase.stop)
        if wanted == (set(), None, False):
            continue
        intent, _ = await ask.hear(phrase.say, [phrase.after] if phrase.after else [])
        got = await ask.arguments(phrase.say, intent)
        time = got.at.strftime("%H:%M") if got.at else None
        told.append(({skill.skill_id for skill in got.skills}, time, got.stop) == wanted)
    return told


def table(sat: Sequence[Sitting], part: ExamPart, arguments: Sequence[bool]) -> str:
    """The figures as Markdown."""
    answerable = [each for each in sat if each.wanted == "answered"]
    declined = [each for each in sat if each.wanted == "declined"]
    said = [each for each in sat if each.wanted not in ("answered", "declined")]
    lines = [f"| of {len(answerable)} answerable questions | {' | '.join(ENGINES)} |", "|---|---|---|---|"]
    rankings = {
        engine: [Ranking(each.text, each.ranked[engine], each.right) for each in answerable]
        for engine in ENGINES
    }
    for k in (1, 3, 5):
        figures = " | ".join(f"{recall_at(k, rankings[engine]):.3f}" for engine in ENGINES)
        lines.append(f"| a right note among the first {k} (recall@{k}) | {figures} |")
    figures = " | ".join(f"{mean_reciprocal_rank(rankings[engine]):.3f}" for engine in ENGINES)
    lines.append(f"| mean reciprocal rank | {figures} |")
    told = {
        engine: declining(
            [(each.scores[engine], each.got != "answered") for each in answerable],
            [(each.scores[engine], each.got != "answered") for each in declined],
        )
        for engine in ENGINES
    }
    figures = " | ".join(f"{told[engine].auroc:.3f}" for engine in ENGINES)
    lines.append(f"| told from {len(declined)} questions to be declined (AUROC) | {figures} |")
    ours = told["ours"]
    lengths = [len(each.told) for each in answerable if each.got == "answered"]
    lines += [
        "",
        "| decisions | |",
        "|---|---|",
        f"| answerable, but not answered | {ours.wrongly:.3f} of {len(answerable)} |",
        f"| to be declined, and declined | {ours.recall:.3f} of {len(declined)} |",
        f"| declined rightly, of all declined | {ours.precision:.3f} |",
        f"| what is wanted (intent), understood | {_share(said)} of {len(said)} |",
        f"| skills, times and stops, read right | {fmean(arguments or [0]):.3f} of {len(arguments)} |",
        f"| characters of an answer, median | {median(lengths or [0]):.0f} |",
        "",
        "| intent | understood | taken for |",
        "|---|---|---|",
    ]
    for intent in sorted({each.wanted for each in said}):
        mine = [each for each in said if each.wanted == intent]
        wrong = Counter(each.got for each in mine if each.got != intent)
        others = ", ".join(f"{name} {count}" for name, count in wrong.most_common())
        lines.append(f"| {intent} | {_share(mine)} of {len(mine)} | {others} |")
    return "\n".join(lines)


def _share(sat: Sequence[Sitting]) -> str:
    return f"{share([each.got == each.wanted for each in sat]):.3f}"


def misses(sat: Sequence[Sitting]) -> list[Miss]:
    """What went wrong, for authors."""
    found = []
    for each in sat:
        first = each.ranked["ours"][0]
        if each.got != each.wanted:
            found.append(
                Miss(f"{each.wanted}, but {each.got}", each.text, each.after, first, each.right, each.told)
            )
        elif each.wanted == "answered" and first not in each.right:
            found.append(Miss("another note", each.text, each.after, first, each.right, each.told))
    return found


def beir_table(rankings: Sequence[tuple[str, Sequence[Ranking]]]) -> str:
    """The figures of a public collection as Markdown."""
    lines = ["| engine | recall@1 | recall@3 | recall@5 | recall@10 | MRR@10 |", "|---|---|---|---|---|---|"]
    for engine, ranked in rankings:
        recalls = " | ".join(f"{recall_at(k, ranked):.3f}" for k in (1, 3, 5, 10))
        lines.append(f"| {engine} | {recalls} | {mean_reciprocal_rank(ranked):.3f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
