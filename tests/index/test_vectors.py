"""Is the index kept whole, found again, refused when it is not what it should be, and then built anew?"""

import contextlib
import json
import logging
import resource
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

import index.graph
import index.vectors
from index.embedder import Embedder, Embeddings
from index.intents import Intent
from index.passages import Passage
from index.vectors import ForeseenIndex, IndexUnusable, VectorIndex, build, fingerprint, load, open_or_build
from knowledge.library import Library
from knowledge.schema import IntentPhrases

Passages = tuple[Passage, ...]
FILES = ("manifest.json", "rows.json", "vectors.faiss")


def reworded(passages: Passages, text: str) -> Passages:
    """The same passages but for one wording."""
    return (replace(passages[0], wordings=(text, *passages[0].wordings[1:])), *passages[1:])


def snapshot(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every file with its content, inode and time: the same only if nothing was touched."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


@contextlib.contextmanager
def full_disk(free: int) -> Iterator[None]:
    """No file may grow beyond `free` bytes: the system itself refuses, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="session")
def intents(tiny: Library) -> tuple[IntentPhrases, ...]:
    return tiny.intents


@pytest.fixture(scope="session")
def name(passages: Passages, intents: tuple[IntentPhrases, ...], embedder: Embedder) -> str:
    return fingerprint(passages, intents, embedder.identity)


@pytest.fixture(scope="session")
def as_built(
    passages: Passages,
    intents: tuple[IntentPhrases, ...],
    embedder: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """An index of the tiny pack as `build` left it."""
    folder = tmp_path_factory.mktemp("index")
    build(passages, intents, embedder, folder)
    return folder


@pytest.fixture
def built(as_built: Path, folder: Path, name: str) -> Path:
    """The folder of a good index of the tiny pack, to damage."""
    shutil.copytree(as_built, folder)
    return folder / name


def test_what_was_built_is_loaded_again(
    passages: Passages, embedder: Embedder, built: Path, name: str
) -> None:
    index = load(built, name)
    assert index.passages == [passage.passage_id for passage in passages]
    assert index.vectors.flags.aligned, "or NumPy copies all of it for each question"
    for place, passage in enumerate(passages):
        for embedding in embedder.embed(passage.wordings):
            assert index.nearest(embedding).passages.best[place] == pytest.approx(1.0, abs=1e-5)


def test_many_rows_are_compared_in_8_bits_and_next_to_exactly(
    passages: Passages,
    intents: tuple[IntentPhrases, ...],
    embedder: Embedder,
    folder: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index.vectors, "MANY", 1)
    many = build(passages, intents, embedder, folder)
    assert many.in_8_bits
    for query in embedder.embed(["the pay of an engineer", "which language", "hello"]):
        exact = np.asarray(many.vectors) @ query
        assert many.compared(query) == pytest.approx(exact, abs=0.005)
        assert np.argmax(many.compared(query)) == np.argmax(exact)
    (folder / name / "vectors.onnx").write_bytes(b"no graph")
    with pytest.raises(IndexUnusable, match=r"vectors\.onnx was damaged"):
        load(folder / name, name)


def test_a_graph_leads_to_the_nearest_of_very_many_rows(
    passages: Passages,
    intents: tuple[IntentPhrases, ...],
    embedder: Embedder,
    folder: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flat = build(passages, intents, embedder, folder)
    monkeypatch.setattr(index.vectors, "VERY_MANY", 1)
    with pytest.raises(IndexUnusable, match=r"graph\.faiss was damaged"):
        load(folder / name, name)  # as it was built when it was smaller
    monkeypatch.setattr(index.graph, "NEAR", 4)
    linked = build(passages, intents, embedder, folder)
    assert linked.graph
    for query in embedder.embed(["the pay of an engineer", "which language", "hello"]):
        near, exact = linked.nearest(query), flat.nearest(query)
        best = np.argsort(-exact.passages.best)[:1]
        for column, expected in asdict(exact.passages).items():
            assert asdict(near.passages)[column][best] == pytest.approx(expected[best], abs=1e-5)
        farther = near.passages.best < near.passages.best[best].min()
        assert len(set(near.passages.best[farther])) < np.sum(farther), "some are not compared at all"
        assert [hit.intent for hit in near.intents] == [hit.intent for hit in exact.intents]
        assert [hit.cosine for hit in near.intents] == pytest.approx([hit.cosine for hit in exact.intents])
    (folder / name / "graph.faiss").write_bytes(b"no graph")
    with pytest.raises(IndexUnusable, match=r"graph\.faiss was damaged"):
        load(folder / name, name)


def test_queries_compared_at_once_find_what_each_finds_alone(
    embedder: Embedder, built: Path, name: str
) -> None:
    index = load(built, name)
    queries = embedder.embed(["the pay of an engineer", "hello"])
    foreseen = ForeseenIndex(index.rows, index.vectors, index.manifest, queries=queries)
    for query in (*queries, embedder.embed(["unforeseen"])[0]):
        alone, together = index.nearest(query), foreseen.nearest(query)
        for column, expected in asdict(alone.passages).items():
            assert asdict(together.passages)[column] == pytest.approx(expected, abs=1e-6)
        assert [hit.intent for hit in together.intents] == [hit.intent for hit in alone.intents]


def test_every_intent_is_compared_by_its_best_phrase(
    intents: tuple[IntentPhrases, ...], embedder: Embedder, built: Path, name: str
) -> None:
    index = load(built, name)
    hits = index.nearest(embedder.embed(["thanks a lot"])[0]).intents
    assert {hit.intent for hit in hits} == {Intent(intent.intent, intent.topic) for intent in intents}
    best = max(hits, key=lambda hit: hit.cosine)
    assert best.intent == Intent("smalltalk", "thanks")
    assert best.cosine == pytest.approx(1.0, abs=1e-5)


def test_the_manifest_says_what_the_index_was_made_of(
    passages: Passages, intents: tuple[IntentPhrases, ...], embedder: Embedder, built: Path, name: str
) -> None:
    wordings = sum(len(passage.wordings) for passage in passages) + sum(len(i.phrases) for i in intents)
    manifest = json.loads((built / "manifest.json").read_text())
    assert manifest["name"] == name
    assert manifest["embedder"] == embedder.identity
    assert manifest["dimension"] == embedder.dimension == 384
    assert manifest["vectors"] == wordings


CHANGES: dict[str, Callable[[Passages], Passages]] = {
    "a wording": lambda passages: reworded(passages, "Other words"),
    "a passage more": lambda passages: (*passages, Passage("z.z", ("Zebra",))),
    "a passage less": lambda passages: passages[1:],
    "another id": lambda passages: (replace(passages[0], passage_id="a.a"), *passages[1:]),
    "a wording moved to another note": lambda passages: (
        replace(passages[0], wordings=passages[0].wordings[:-1]),
        replace(passages[1], wordings=(passages[0].wordings[-1], *passages[1].wordings)),
        *passages[2:],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_content_makes_it_another_index(
    passages: Passages, intents: tuple[IntentPhrases, ...], change: str
) -> None:
    assert fingerprint(CHANGES[change](passages), intents, "x") != fingerprint(passages, intents, "x")


def test_another_model_or_other_phrases_make_it_another_index(
    passages: Passages, intents: tuple[IntentPhrases, ...]
) -> None:
    names = {
        fingerprint(passages, intents, "x"),
        fingerprint(passages, intents, "y"),
        fingerprint(passages, intents[1:], "x"),
        fingerprint(passages, (intents[0].model_copy(update={"topic": "thanks"}), *intents[1:]), "x"),
    }
    assert len(names) == 4


def test_a_stale_index_is_refused_even_under_the_right_name(built: Path, name: str) -> None:
    renamed = built.rename(built.with_name("fresh"))
    with pytest.raises(IndexUnusable, match="built from other content"):
        load(renamed, "fresh")


def test_there_is_none_at_first_and_that_is_told(folder: Path, name: str) -> None:
    with pytest.raises(IndexUnusable, match="none for this content and model yet"):
        load(folder / name, name)


def as_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "removed": Path.unlink,
    "emptied": lambda file: file.write_bytes(b""),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "made longer": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "overwritten": lambda file: file.write_bytes(b"\xff\x00" * 500),
    "now a folder": as_folder,
}
MANIFESTS: dict[str, Callable[[dict[str, object]], object]] = {
    "a list": lambda manifest: [manifest],
    "nothing": lambda manifest: None,
    "without digests": lambda manifest: {**manifest, "sha256": None},
    "with digests of another kind": lambda manifest: {**manifest, "sha256": list(FILES)},
    "with half the digests": lambda manifest: {**manifest, "sha256": {}},
    "without a name": lambda manifest: {**manifest, "name": None},
}


def damage(built: Path, file: str, how: str) -> None:
    if how in MANIFESTS:
        manifest = json.loads((built / file).read_text())
        (built / file).write_text(json.dumps(MANIFESTS[how](manifest)))
    elif how == "one bit turned":
        content = bytearray((built / file).read_bytes())
        content[len(content) // 2] ^= 1
        (built / file).write_bytes(content)
    else:
        DAMAGES[how](built / file)


@pytest.mark.parametrize(
    ("file", "how"),
    [
        *((file, how) for file in FILES for how in DAMAGES),
        *((file, "one bit turned") for file in FILES[1:]),
        *(("manifest.json", how) for how in MANIFESTS),
    ],
)
def test_a_damaged_index_is_told_in_one_line_and_built_anew(
    passages: Passages,
    intents: tuple[IntentPhrases, ...],
    embedder: Embedder,
    folder: Path,
    built: Path,
    name: str,
    file: str,
    how: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = (built / "vectors.faiss").read_bytes()
    damage(built, file, how)
    with pytest.raises(IndexUnusable) as caught:
        load(built, name)
    assert len(str(caught.value).splitlines()) == 1

    with caplog.at_level(logging.INFO, logger="index.vectors"):
        mended = open_or_build(passages, intents, embedder, folder)

    assert [line for line in caplog.messages if str(caught.value) in line] == caplog.messages[:1]
    assert mended.rows == load(built, name).rows
    assert (built / "vectors.faiss").read_bytes() == good


def test_a_file_in_the_place_of_the_index_gives_way(
    passages: Passages, intents: tuple[IntentPhrases, ...], embedder: Embedder, folder: Path, built: Path
) -> None:
    shutil.rmtree(built)
    built.write_text("not a folder")
    assert len(open_or_build(passages, intents, embedder, folder).rows) > 0
    assert sorted(path.name for path in built.glob("[!.]*")) == sorted(FILES)


def test_a_second_opening_builds_nothing(
    passages: Passages,
    intents: tuple[IntentPhrases, ...],
    embedder: Embedder,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = open_or_build(passages, intents, embedder, folder)
    before = snapshot(folder)
    with caplog.at_level(logging.INFO, logger="index.vectors"):
        second = open_or_build(passages, intents, embedder, folder)
    assert snapshot(folder) == before
    assert second.rows == first.rows
    assert caplog.messages == [f"the index is up to date: {len(first.rows)} vectors"]


def test_a_build_cut_short_by_a_full_disk_leaves_the_old_index_as_it_was(
    passages: Passages,
    intents: tuple[IntentPhrases, ...],
    embedder: Embedder,
    folder: Path,
    built: Path,
    name: str,
) -> None:
    before = snapshot(folder)
    changed = reworded(passages, "Other words")
    with full_disk(free=2_000), pytest.raises(OSError, match="File too large"):
        open_or_build(changed, intents, embedder, folder)

    assert snapshot(folder) == before  # no half index and no draft either
    assert load(built, name).rows

    assert open_or_build(changed, intents, embedder, folder).rows
    assert load(built, name).rows


def test_drafts_of_a_killed_build_are_not_taken_for_an_index(
    passages: Passages,
    intents: tuple[IntentPhrases, ...],
    embedder: Embedder,
    folder: Path,
    built: Path,
    name: str,
) -> None:
    for number in range(3):
        shutil.copytree(built, folder / f".draft-{number}")
    open_or_build(reworded(passages, "Other words"), intents, embedder, folder)
    assert load(built, name).rows


def test_the_newest_index_and_the_one_before_it_are_kept_and_older_ones_forgotten(
    passages: Passages, intents: tuple[IntentPhrases, ...], embedder: Embedder, folder: Path
) -> None:
    names = []
    for words in ("First", "Second", "Third"):
        changed = reworded(passages, words)
        index: VectorIndex = open_or_build(changed, intents, embedder, folder)
        names.append(str(index.manifest["name"]))
    assert {path.name for path in folder.iterdir() if path.is_dir()} == set(names[1:])


def test_an_index_in_use_is_kept_however_old(
    passages: Passages, intents: tuple[IntentPhrases, ...], embedder: Embedder, folder: Path
) -> None:
    used = open_or_build(reworded(passages, "First"), intents, embedder, folder)
    for words in ("Second", "Third", "Fourth"):
        open_or_build(reworded(passages, words), intents, embedder, folder)
    assert (folder / str(used.manifest["name"])).is_dir()
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 3


def test_a_build_embeds_only_what_changed(
    passages: Passages, intents: tuple[IntentPhrases, ...], embedder: Embedder, folder: Path
) -> None:
    class Counted:
        identity, dimension = embedder.identity, embedder.dimension
        asked: ClassVar[list[str]] = []

        def embed(self, texts: Sequence[str]) -> Embeddings:
            self.asked += texts
            return embedder.embed(texts)

    before = build(passages, intents, Counted(), folder)
    Counted.asked.clear()
    after = build(reworded(passages, "Other words"), intents, Counted(), folder)
    assert Counted.asked == ["Other words"]
    assert (after.vectors[1:6] == before.vectors[1:6]).all()


def test_a_pack_without_intents_is_indexed_too(passages: Passages, embedder: Embedder, folder: Path) -> None:
    index = open_or_build(passages, (), embedder, folder)
    assert index.nearest(embedder.embed(["hello"])[0]).intents == ()


def test_several_is_the_mean_of_the_three_best_wordings(
    passages: Passages, intents: tuple[IntentPhrases, ...], embedder: Embedder, as_built: Path, name: str
) -> None:
    query = embedder.embed(["What does the job pay?"])[0]
    told = load(as_built / name, name).nearest(query).passages
    for place, passage in enumerate(passages):
        cosines = sorted((float(query @ row) for row in embedder.embed(passage.wordings)), reverse=True)
        assert told.best[place] == pytest.approx(cosines[0], abs=1e-5)
        assert told.several[place] == pytest.approx(sum(cosines[:3]) / len(cosines[:3]), abs=1e-5)
