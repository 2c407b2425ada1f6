"""Sit the pack's own exam: what is found, what is declined, what is no question. `-v` lists the misses."""

import argparse
import asyncio
import sys

from bot.app import build_ask
from bot.errors import NextRungError
from bot.guidance.ask import Ask
from bot.observability import set_up_logs
from bot.settings import read_settings
from index.answer import Abstention, Answer
from index.evaluation import Ranking, mean_reciprocal_rank, recall_at, share


def main() -> int:
    """Print the figures of `questions.yaml`."""
    parser = argparse.ArgumentParser(prog="evaluate_retrieval", description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="list every miss")
    is_verbose = parser.parse_args().verbose
    try:
        settings = read_settings()
        set_up_logs("WARNING", settings.log_format)
        ask = build_ask(settings)
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    misses = [*_found(ask), *asyncio.run(_decided(ask))]
    if is_verbose:
        print(*misses, sep="\n")
    return 0


def _found(ask: Ask) -> list[str]:
    rankings = [
        Ranking(
            question.ask,
            [hit.passage_id for hit in ask.retriever.find(question.ask).hits],
            ask.library.notes_answering(question),
        )
        for question in ask.library.exam.answerable
    ]
    print(f"answerable questions   {len(rankings)}")
    for k in (1, 3, 10):
        print(f"recall@{k:<15} {recall_at(k, rankings):.3f}")
    print(f"mean reciprocal rank   {mean_reciprocal_rank(rankings):.3f}")
    return [
        f"not first: {ranking.question!r} found {ranking.found[0]}, not {sorted(ranking.right)}"
        for ranking in rankings
        if ranking.first_right_rank != 1
    ]


async def _decided(ask: Ask) -> list[str]:
    exam = ask.library.exam
    expected = [
        *(("answered", question.ask) for question in exam.answerable),
        *(("declined", question.ask) for question in exam.declined),
        *((phrase.intent, phrase.say) for phrase in exam.phrases),
    ]
    outcomes = [(wanted, text, await _outcome(ask, text)) for wanted, text in expected]
    for kind in sorted({wanted for wanted, _, _ in outcomes}):
        right = [got == wanted for wanted, _, got in outcomes if wanted == kind]
        print(f"{kind:<22} {share(right):.3f} of {len(right)}")
    return [f"{wanted}, not {got}: {text!r}" for wanted, text, got in outcomes if got != wanted]


async def _outcome(ask: Ask, text: str) -> str:
    intent, heard = await ask.hear(text)
    if isinstance(heard, Answer):
        return "answered"
    return "declined" if isinstance(heard, Abstention) else intent.name


if __name__ == "__main__":
    sys.exit(main())
