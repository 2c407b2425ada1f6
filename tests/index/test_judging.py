"""Are the fitted numbers fitted on the pack, kept beside its vectors, and better than none?"""

import io
import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import judging
from index.embedder import Embedder
from index.fitting import (
    FEWEST_NOTES,
    FEWEST_PHRASES,
    FEWEST_QUESTIONS,
    MOST_LABELLED,
    Sat,
    fit_intents,
    fit_notes,
    fit_trust,
)
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


def of_notes(notes: int, wordings: int = 4) -> tuple[list[str], np.ndarray, list[int]]:
    """Wordings of `notes` notes; every other note has the meaning of the one before and a word of its own."""
    chance = np.random.default_rng(0)
    meanings = np.repeat(chance.normal(size=((notes + 1) // 2, 16)), 2, axis=0)[:notes]
    places = [place for place in range(notes) for _ in range(wordings)]
    rows = meanings[places] + chance.normal(scale=0.3, size=(len(places), 16))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return [f"tell about thing{place}" for place in places], rows.astype(np.float32), places


def test_notes_of_one_meaning_are_told_apart_by_their_words() -> None:
    texts, rows, places = of_notes(FEWEST_NOTES)
    model = fit_notes(texts, rows, places)
    assert model
    for row, place in zip(rows[::4], places[::4], strict=True):
        odds = model.log_odds(f"what of things, thing{place}?", row)
        assert odds.shape == (FEWEST_NOTES,)
        assert odds.argmax() == place
        assert odds.max() == 0
    unsaid = model.log_odds("unheard words", rows[0])
    assert set(np.argsort(-unsaid)[:2]) == {0, 1}, "by their meaning alone the two are the nearest"


def test_few_notes_and_very_many_have_no_model() -> None:
    assert fit_notes(*of_notes(FEWEST_NOTES - 1)) is None
    texts, rows, places = of_notes(FEWEST_NOTES)
    times = MOST_LABELLED // (len(texts) * FEWEST_NOTES) + 1
    assert fit_notes(texts * times, rows[:0], places * times) is None


def test_the_numbers_of_the_real_pack_stand_beside_its_vectors_and_are_read_again(
    library: Library, retriever: Retriever, embedder: Embedder, data_dir: Path
) -> None:
    assert retriever.judgement.trust != PLAIN.trust
    assert retriever.judgement.intents
    [kept] = (data_dir / "index").glob(f"{retriever.vectors.manifest['name']}/judgement.npz")
    before = kept.read_bytes()
    again = open_retriever(library, embedder, data_dir / "index").judgement
    assert kept.read_bytes() == before
    assert again.trust == retriever.judgement.trust
    before_intents, before_notes = retriever.judgement.intents, retriever.judgement.notes
    assert before_intents
    assert before_notes
    assert again.intents
    assert again.notes
    for question in ("quiz me on python", "do i need a degree?"):
        known = question, embedder.embed([question])[0]
        assert again.intents.probabilities(*known) == before_intents.probabilities(*known)
        assert (again.notes.log_odds(*known) == before_notes.log_odds(*known)).all()


def other_content() -> bytes:
    """What was kept of another pack."""
    kept = io.BytesIO()
    np.savez(kept, told=json.dumps({"key": "x"}))
    return kept.getvalue()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (b"", "judgement.npz cannot be read"),
        (b"{", "judgement.npz cannot be read"),
        (b"\xff", "judgement.npz cannot be read"),
        (b"{}", "judgement.npz cannot be read"),
        (other_content(), "fitted on other content"),
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
    [kept] = folder.glob("*/judgement.npz")
    kept.write_bytes(damage)
    with caplog.at_level(logging.INFO, judging.logger.name):
        assert open_retriever(tiny, embedder, folder).judgement == first.judgement == PLAIN
    assert kept.read_bytes() != damage
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
