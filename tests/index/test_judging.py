"""Are the fitted numbers fitted on the pack, kept beside its vectors, and better than none?"""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import judging
from index.embedder import Embedder
from index.fitting import FEWEST_PHRASES, FEWEST_QUESTIONS, Sat, fit_intents, fit_trust
from index.intent_model import IntentModel, terms_of
from index.judgement import PLAIN, SIGNALS, Signals, Trust, log_odds_on_path
from index.opening import open_retriever
from index.retriever import Retriever
from knowledge.library import Library
from knowledge.schema import Exam


def signals(**known: float) -> Signals:
    return Signals(**{**dict.fromkeys(SIGNALS, 0.0), **known})


def test_confidence_rises_with_what_speaks_for_a_passage_and_stays_a_probability() -> None:
    trust = Trust({"score": 4.0, "off_path": -5.0}, bias=-3.0, threshold=0.5)
    low, high = trust.confidence(signals(score=0.5)), trust.confidence(signals(score=1.5))
    assert 0 < low < 0.5 < high < 1
    assert trust.confidence(signals(score=1.5, off_path=0.9)) < 0.5
    assert 0 < trust.confidence(signals(score=-1e9)) < trust.confidence(signals(score=1e9)) < 1


def test_an_intent_models_probabilities_add_up_to_1() -> None:
    model = IntentModel(
        ("off_path", "question"),
        np.eye(2, 3, dtype=np.float32),
        np.zeros(2, dtype=np.float32),
        {"recipe": 0, "model": 1},
        4 * np.eye(2, dtype=np.float32),
    )
    told = model.probabilities("anything", np.array([5, 0, 0], dtype=np.float32))
    assert sum(told.values()) == pytest.approx(1.0)
    assert told["off_path"] > 0.9
    assert log_odds_on_path(told) < 0
    assert log_odds_on_path({"question": 0.2}) == 0.0, "without a class for it nobody can say"
    plain = np.zeros(3, dtype=np.float32)
    assert (
        model.probabilities("a RECIPE", plain)["off_path"]
        > 0.9
        < model.probabilities("Model?", plain)["question"]
    )


def test_terms_are_words_and_their_neighbours_each_once() -> None:
    assert terms_of("Quiz me, quiz me?") == ["?", "me", "me ?", "me quiz", "quiz", "quiz me"]
    assert terms_of("") == []


def test_too_little_is_not_fitted_on() -> None:
    sat = [Sat(signals(score=n), n % 2 == 0) for n in range(2 * FEWEST_QUESTIONS - 2)]
    assert fit_trust(sat) is None
    rows = np.eye(2 * FEWEST_PHRASES - 1, dtype=np.float32)
    names = ["quiz"] * FEWEST_PHRASES + ["question"] * (FEWEST_PHRASES - 1)
    assert fit_intents(names, rows, names) is None


def test_a_fitted_trust_declines_what_it_is_meant_to() -> None:
    chance = np.random.default_rng(0)
    good = [Sat(signals(score=score), True) for score in chance.normal(1.5, 0.3, 300)]
    bad = [Sat(signals(score=score), False) for score in chance.normal(0.3, 0.3, 200)]
    trust = fit_trust([*good, *bad])
    assert trust
    declined = [trust.confidence(each.signals) < trust.threshold for each in good]
    assert 0.01 < np.mean(declined) < 0.06
    assert np.mean([trust.confidence(each.signals) < trust.threshold for each in bad]) > 0.9


def test_two_kinds_of_phrases_are_told_apart() -> None:
    chance = np.random.default_rng(0)
    rows = np.vstack([chance.normal(-1, 0.5, (30, 4)), chance.normal(1, 0.5, (30, 4))]).astype(np.float32)
    texts = ["ask me"] * 30 + ["what is it"] * 30
    model = fit_intents(texts, rows, ["quiz"] * 30 + ["question"] * 30)
    assert model
    assert model.probabilities("", rows[0])["quiz"] > 0.5 < model.probabilities("", rows[-1])["question"]
    unclear = np.zeros(4, dtype=np.float32)
    assert model.probabilities("ask me!", unclear)["quiz"] > 0.5
    assert model.probabilities("what is this", unclear)["question"] > 0.5


def test_the_numbers_of_the_real_pack_stand_beside_its_vectors_and_are_read_again(
    library: Library, retriever: Retriever, embedder: Embedder, data_dir: Path
) -> None:
    assert retriever.judgement.trust != PLAIN.trust
    assert retriever.judgement.intents
    [kept] = (data_dir / "index").glob(f"{retriever.vectors.manifest['name']}/judgement.json")
    before = kept.read_bytes()
    again = open_retriever(library, embedder, data_dir / "index")
    assert kept.read_bytes() == before
    assert again.judgement.trust == retriever.judgement.trust


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (b"", "judgement.json cannot be read"),
        (b"{", "judgement.json cannot be read"),
        (b"\xff", "judgement.json cannot be read"),
        (b"{}", "judgement.json cannot be read"),
        (b'{"key": "x"}', "fitted on other content"),
    ],
)
def test_damaged_numbers_are_fitted_anew_and_the_log_says_why(
    tiny: Library,
    embedder: Embedder,
    folder: Path,
    damage: bytes,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = open_retriever(tiny, embedder, folder)
    [kept] = folder.glob("*/judgement.json")
    kept.write_bytes(damage)
    with caplog.at_level(logging.INFO, judging.logger.name):
        assert open_retriever(tiny, embedder, folder).judgement == first.judgement == PLAIN
    assert json.loads(kept.read_text())["trust"]
    assert [line for line in caplog.messages if reason in line and "fitting" in line]


def test_a_long_fitting_is_told_of_from_part_to_part(
    tiny: Library,
    tiny_retriever: Retriever,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(judging, "MANY", 7)
    sitting = replace(tiny, exam=Exam(fitting=tiny.exam.test))
    with caplog.at_level(logging.INFO, judging.logger.name):
        judging.fit(tiny_retriever, sitting)
    assert caplog.messages == [f"sat {done} of 7 questions" for done in (2, 3, 5, 6, 7)]
