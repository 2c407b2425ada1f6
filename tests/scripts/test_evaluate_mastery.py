"""Are models of mastery compared fairly, and does the vectorised form of ours say what the bot says?"""

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.learning.evidence import Outcome, Response
from bot.learning.mastery import ASSISTMENTS, predict, probability
from scripts.answers import Answers, read_answers
from scripts.bkt import fit_bkt
from scripts.evaluate_mastery import calibration_error, main
from scripts.mastery_models import fit_all, fit_means, fit_ours, logit, ours
from tests.scripts.conftest import run_script

MODELS = 8


def written(path: Path, learners: int, seed: int) -> Path:
    """Learners who are able to different degrees and learn the skill they practise."""
    rng, lines = random.Random(seed), []
    for _ in range(learners):
        ability, skills, right = rng.gauss(0, 1.5), [], []
        for skill in rng.sample(range(6), 4):
            for count in range(rng.randint(1, 8)):
                skills.append(skill)
                right.append(int(rng.random() < probability(ability + 0.4 * (skill - 2) + 0.3 * count)))
        lines += [str(len(skills)), ",".join(map(str, skills)) + ",", ",".join(map(str, right)) + ","]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_ours_in_the_script_is_ours_in_the_bot(tmp_path: Path) -> None:
    answers = read_answers(written(tmp_path / "answers.csv", learners=12, seed=1))
    means = fit_means(answers)
    priors = dict(zip(map(str, answers.skill), logit(means(answers)).tolist(), strict=True))
    at = datetime(2026, 3, 1, tzinfo=UTC)
    told = []
    for learner in range(12):
        history: list[Response] = []
        for row in np.flatnonzero(answers.learner == learner):
            skill = str(answers.skill[row])
            told.append(predict(history, skill, 0.0, priors))
            outcome = Outcome.CORRECT if answers.right[row] else Outcome.INCORRECT
            history.append(Response(skill, "item", 0.0, outcome, at, date(2026, 3, 1)))
    assert told == pytest.approx(ours(answers, means, ASSISTMENTS).tolist(), abs=1e-12)


def test_no_model_sees_the_answer_it_foresees_or_any_later_one(tmp_path: Path) -> None:
    train = read_answers(written(tmp_path / "train.csv", learners=60, seed=2))
    test = read_answers(written(tmp_path / "test.csv", learners=5, seed=3))
    is_late = test.learners.place >= 5
    other = Answers(test.learner, test.skill, np.where(is_late, 1 - test.right, test.right))
    models, _ = fit_all(train)
    assert len(models) == MODELS
    for name, forecast in models.items():
        same = test.learners.place <= 5
        assert forecast(test)[same] == pytest.approx(forecast(other)[same]), name


def test_a_skill_that_was_never_seen_is_foreseen_too(tmp_path: Path) -> None:
    train = read_answers(written(tmp_path / "train.csv", learners=60, seed=2))
    new = Answers(np.array([0, 0]), np.array([99, 99]), np.array([1.0, 0.0]))
    for forecast in fit_all(train)[0].values():
        assert ((forecast(new) > 0) & (forecast(new) < 1)).all()


def test_what_was_put_into_made_learners_is_found(tmp_path: Path) -> None:
    answers = read_answers(written(tmp_path / "answers.csv", learners=400, seed=4))
    weights = fit_ours(answers, fit_means(answers))
    assert weights.later > weights.first, "they learn"
    assert 0 < weights.trust <= 1
    assert 0 < weights.spread < 2


def test_bkt_finds_the_numbers_of_learners_who_are_as_it_thinks() -> None:
    rng, learners, length = np.random.default_rng(7), 3_000, 10
    prior, learn, guess, slip = 0.3, 0.2, 0.2, 0.1
    known, outcomes = rng.random(learners) < prior, []
    for _ in range(length):
        outcomes.append(rng.random(learners) < np.where(known, 1 - slip, guess))
        known = known | (rng.random(learners) < learn)
    right = np.stack(outcomes, axis=1).reshape(-1).astype(float)
    made = Answers(np.repeat(np.arange(learners), length), np.full(len(right), 3), right)
    found = fit_bkt(made).numbers[:, 0]
    assert found == pytest.approx([prior, learn, guess, slip], abs=0.04)


def test_calibration_is_the_distance_between_said_and_seen() -> None:
    right = np.array([1.0, 0.0, 1.0, 1.0])
    assert calibration_error(right, np.array([0.5, 0.5, 1.0, 1.0])) == 0.0
    assert calibration_error(right, np.array([0.55, 0.55, 0.95, 0.95])) == pytest.approx(0.05)


def test_the_models_are_compared_on_others_than_they_were_fitted_on(tmp_path: Path) -> None:
    data = written(tmp_path / "data.csv", learners=200, seed=5)
    train = written(tmp_path / "train.csv", learners=200, seed=6)
    table = run_script("evaluate_mastery.py", "--data", data, folder=tmp_path)
    assert (table.code, table.errors) == (0, [])
    assert table.out[0].startswith("Fitted on 100 learners")
    ended = run_script("evaluate_mastery.py", "--data", data, "--train", train, "--json", folder=tmp_path)
    told = json.loads("\n".join(ended.out))
    assert len(told["models"]) == MODELS
    best, worst = told["models"]["ours"], told["models"]["constant"]
    for part in ("all", "few"):
        assert best[part]["auc"] > 0.7 > worst[part]["auc"] == 0.5
        assert best[part]["log_loss"] < worst[part]["log_loss"]
    assert best["few"]["answers"] < best["all"]["answers"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has 0 lines"),
        ("1\n7\n", "has 2 lines"),
        ("1\n7\n1\n2\n7,7\n1,2\n", ":6: an outcome is 1"),
        ("1\n7\n1\n3\n7,7\n1,1\n", ":5: has 2 numbers, not 3"),
        ("2\n7,7\n1\n", ":3: has 1 numbers, not 2"),
        ("1\nseven\n1\n", ":2: wants whole numbers"),
        ("1\n7\n1\n", "One learner cannot be halved"),
    ],
)
def test_a_bad_line_is_told_by_its_number(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    told: str,
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(text)
    monkeypatch.setattr("sys.argv", ["evaluate_mastery.py", "--data", str(bad)])
    assert main() == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert told in printed.err
