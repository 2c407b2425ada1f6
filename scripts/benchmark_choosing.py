"""How long does it take to choose a question or a next step? Medians for a new and an experienced learner.

As the bot does it, over a real database: everything stored is read and placement is inferred anew; then
mastery is made of the whole history, and an item or a step is chosen. In processor time: other work on the
machine counts less.
"""

import argparse
import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from bot.errors import NextRungError
from bot.guidance.quiz import Quiz
from bot.guidance.record import PLACEMENT, QUIZ
from bot.guidance.tutor import Tutor
from bot.learning.evidence import DIFFICULTY_OF_LEVEL, Response
from bot.learning.plan import learning_order
from bot.learning.quiz import UNSURE_OPTION, grade
from bot.learning.reviews import cards_of
from bot.storage import attempts, cards, learners, placements
from bot.storage.attempts import NewAttempt
from bot.storage.database import Database, Transaction
from knowledge.reader import read_pack
from scripts.generate_docs import PROJECT

PACK = PROJECT / "knowledge" / "packs" / "ml_engineer"
START = datetime(2026, 1, 1, 19, tzinfo=UTC)
A_DAY = 5  # attempts
RIGHT = 0.8  # share of the attempts
PLACED_BY = 15  # questions
PARTS = ("reading, with placement", "an item", "a next step")
NEW, EXPERIENCED = 1, 2  # Telegram ids


def main() -> int:
    """Print milliseconds at the median; exit code 2 if the pack cannot be read."""
    parser = argparse.ArgumentParser(
        prog="benchmark_choosing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pack", type=Path, default=PACK, help="the folder of a pack (default: the bot's)")
    parser.add_argument("--attempts", type=int, default=2000, help="of the experienced learner (2000)")
    parser.add_argument("--repeats", type=int, default=200, help="choices to measure (200)")
    options = parser.parse_args()
    try:
        tutor = Tutor(read_pack(options.pack), Random(1))
    except (NextRungError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(asyncio.run(measured(tutor, options.attempts, options.repeats)))
    return 0


async def measured(tutor: Tutor, count: int, repeats: int) -> str:
    """The medians of both learners as Markdown."""
    now = START + timedelta(days=count // A_DAY + 2)
    lines = [f"| {' | '.join(('milliseconds at the median', *PARTS))} |", "|---|" + "---|" * len(PARTS)]
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'benchmark.db'}")
        await database.migrate()
        async with database.transaction() as tx:
            await learners.enrol(tx, NEW, None, now)
            await lived(tx, tutor, await learners.enrol(tx, EXPERIENCED, None, START), count)
        for who, told in ((NEW, "a new learner"), (EXPERIENCED, f"after {count:,} attempts")):
            async with database.reading() as connection:
                figures = await timed(connection, tutor, who, now, repeats)
            lines.append(f"| {told} | {' | '.join(f'{figure:.1f}' for figure in figures)} |")
        await database.close()
    return "\n".join(lines)


async def lived(tx: Transaction, tutor: Tutor, learner_id: int, count: int) -> None:
    """A placement, then a few attempts a day at ever more of the track's skills."""
    library, chance, history = tutor.library, Random(1), list[Response]()
    track_id = next(iter(library.tracks))
    order = [each for each in learning_order(tutor.graph(track_id), ()) if library.items[each]]
    await placements.begin(tx, learner_id, track_id, START)
    for number in range(count):
        is_placing = number < PLACED_BY
        skill_id = chance.choice(order[: None if is_placing else 1 + number * len(order) // count])
        item = chance.choice(library.items[skill_id])
        at = START + timedelta(days=number // A_DAY, minutes=number % A_DAY)
        level = DIFFICULTY_OF_LEVEL[item.level]
        new = NewAttempt(
            PLACEMENT if is_placing else QUIZ, skill_id, item.id, (*item.options, UNSURE_OPTION), level
        )
        attempt_id = await attempts.show(tx, learner_id, new, at)
        chosen = item.key if chance.random() < RIGHT else UNSURE_OPTION
        outcome = grade(item, chosen)
        await attempts.respond(tx, attempt_id, chosen, outcome, at, at.date())
        history.append(Response(skill_id, item.id, level, outcome, at, at.date()))
    for skill_id, card in cards_of(history).items():
        await cards.keep(tx, learner_id, skill_id, card.to_json())
    run = (await placements.of_learner(tx, learner_id))[-1]
    await placements.end(tx, run.id, START + timedelta(days=PLACED_BY // A_DAY))


async def timed(
    connection: Transaction, tutor: Tutor, who: int, now: datetime, repeats: int
) -> tuple[float, float, float]:
    """Milliseconds at the median of each part."""
    taken = []
    for _ in range(repeats):
        begun = process_time()
        record = await tutor.record(connection, who, now)
        assert record
        bank = await Quiz(tutor).bank(connection, now)
        read = process_time()
        Quiz(tutor).choose(record, bank)
        item = process_time()
        replace(record).next_step()  # a copy has made nothing of the history yet
        taken.append((read - begun, item - read, process_time() - item))
    reading, choosing, stepping = (median(each) * 1000 for each in zip(*taken, strict=True))
    return reading, choosing, stepping


if __name__ == "__main__":
    sys.exit(main())
