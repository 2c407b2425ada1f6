"""How well is the next answer foreseen? Ours beside its rivals, on a file of learners' answers.

evaluate_mastery.py --data FILE                 fit on every second learner, measure on the others
evaluate_mastery.py --data FILE --train FILE    fit on the learners of another file
evaluate_mastery.py --data FILE --json          the figures for machines
evaluate_mastery.py --data FILE --docs          also write the table into docs/tutor.md

A learner takes three lines: the number of answers; the numbers of the skills; right 1 or wrong 0.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from bot.learning.mastery import Weights
from scripts.answers import Answers, BadAnswersError, Floats, halves, read_answers
from scripts.generate_docs import PROJECT, between_markers
from scripts.mastery_models import FEW, fit_all, log_loss

DOCS = PROJECT / "docs" / "tutor.md"
BINS = 10  # of the calibration error, each as wide as the others


@dataclass(frozen=True)
class Figures:
    """How well some answers were foreseen; `auc` is None where all are right or all are wrong."""

    answers: int
    auc: float | None
    log_loss: float
    calibration_error: float


Measured = Mapping[str, tuple[Figures, Figures]]  # by model: over all answers, and over those after few


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="evaluate_mastery", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help="answers to foresee")
    parser.add_argument("--train", type=Path, metavar="FILE", help="answers to fit on")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/tutor.md, too")
    arguments = parser.parse_args()
    try:
        train, test = split(arguments.data, arguments.train)
    except (OSError, UnicodeDecodeError, BadAnswersError) as error:
        print(error, file=sys.stderr)
        return 2
    models, weights = fit_all(train)
    measured = {name: measure(test, forecast(test)) for name, forecast in models.items()}
    told = table(train, test, measured, weights)
    print(as_json(measured, weights) if arguments.json else told)
    if arguments.docs:
        DOCS.write_text(between_markers(DOCS, told), encoding="utf-8")
    return 0


def split(data: Path, train: Path | None) -> tuple[Answers, Answers]:
    """What is fitted on and what is measured on: two files, or the 1st, 3rd, ... learner and the others."""
    answers = read_answers(data)
    return (read_answers(train), answers) if train else halves(answers)


def measure(test: Answers, chance: Floats) -> tuple[Figures, Figures]:
    """Over all answers, and over those with at most `FEW` earlier ones on the skill."""
    is_few = test.earlier <= FEW
    return figures(test.right, chance), figures(test.right[is_few], chance[is_few])


def figures(right: Floats, chance: Floats) -> Figures:
    """The area under the ROC curve, the log loss and the calibration error."""
    has_both = 0 < right.mean() < 1
    auc = float(roc_auc_score(right, chance)) if has_both else None
    return Figures(len(right), auc, log_loss(right, chance), calibration_error(right, chance))


def calibration_error(right: Floats, chance: Floats) -> float:
    """How far, on average, the share of right answers is from the chance foreseen, in bins of the chance."""
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    apart = np.bincount(place, right, BINS) - np.bincount(place, chance, BINS)
    return float(np.abs(apart).sum() / len(right))


def table(train: Answers, test: Answers, measured: Measured, weights: Weights) -> str:
    """The figures as Markdown."""
    every, few = next(iter(measured.values()))
    lines = [
        f"Fitted on {train.learners.size:,} learners ({len(train.right):,} answers), measured on "
        f"{test.learners.size:,} others: their {every.answers:,} answers, and the {few.answers:,} of them "
        f"with few (at most {FEW}) earlier answers on the skill.",
        "",
        "| | all: AUC | log loss | calibration error | few: AUC | log loss | calibration error |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {name} | {_row(every)} | {_row(few)} |" for name, (every, few) in measured.items()]
    fitted = ", ".join(f"`{name}` {value:.3g}" for name, value in asdict(weights).items())
    return "\n".join([*lines, "", f"The weights of ours: {fitted}."])


def _row(of: Figures) -> str:
    auc = "–" if of.auc is None else f"{of.auc:.3f}"
    return f"{auc} | {of.log_loss:.3f} | {of.calibration_error:.3f}"


def as_json(measured: Measured, weights: Weights) -> str:
    """The figures and the fitted weights for machines."""
    models = {name: {"all": asdict(every), "few": asdict(few)} for name, (every, few) in measured.items()}
    return json.dumps({"models": models, "weights": asdict(weights)}, indent=2)


if __name__ == "__main__":
    sys.exit(main())
