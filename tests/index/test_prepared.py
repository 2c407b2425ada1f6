"""Is what was worked out once the same when it is read again, and never taken for other content?"""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import bm25s
import numpy as np
import pytest
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_EN_PLUS
from hypothesis import given
from hypothesis import strategies as st
from symspellpy import SymSpell, Verbosity

from index import prepared, spelling
from index.lexical import words_of
from index.passages import passages_of
from index.prepared import Prepared, open_or_prepare
from index.spelling import Spelling
from index.stop_words import MORE_STOP_WORDS, STOP_WORDS
from knowledge.library import Library


@pytest.fixture(autouse=True)
def _few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """English of a thousand words: all of it takes a second each time."""
    monkeypatch.setattr(spelling, "COMMON", 1_000)


def same(one: Prepared, other: Prepared) -> bool:
    np.testing.assert_equal(asdict(one), asdict(other))
    return True


def test_what_was_prepared_is_read_again(
    tiny: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_or_prepare(tiny, folder)
    assert made.passages == passages_of(tiny.notes.values())
    monkeypatch.delattr(prepared, "prepare")
    assert same(open_or_prepare(tiny, folder), made)


CHANGES: dict[str, Callable[[Library], Library]] = {
    "a body": lambda pack: replace(
        pack,
        notes={
            name: note.model_copy(update={"body": note.body + " Zebra."}) for name, note in pack.notes.items()
        },
    ),
    "a phrase": lambda pack: replace(
        pack, intents=(pack.intents[0].model_copy(update={"phrases": ("zebra",)}),)
    ),
    "a note less": lambda pack: replace(pack, notes=dict([*pack.notes.items()][1:])),
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_content_is_prepared_anew(tiny: Library, folder: Path, change: str) -> None:
    open_or_prepare(tiny, folder)
    changed = CHANGES[change](tiny)
    assert same(open_or_prepare(changed, folder), prepared.prepare(changed))


@pytest.mark.parametrize("harm", [b"", b"PK\x03\x04", b"cut", b"turned"])
def test_a_damaged_file_is_made_anew(tiny: Library, folder: Path, harm: bytes) -> None:
    made = open_or_prepare(tiny, folder)
    [file] = folder.glob("prepared-*.npz")
    whole = bytearray(file.read_bytes())
    if harm == b"turned":
        whole[len(whole) // 2] ^= 1
    file.write_bytes(whole if harm == b"turned" else whole[:-99] if harm == b"cut" else harm)
    assert same(open_or_prepare(tiny, folder), made)
    assert [path.name for path in folder.iterdir()] == [file.name], "nothing half-written stays"


def test_only_the_newest_are_kept(tiny: Library, folder: Path) -> None:
    for number in range(prepared.KEPT + 2):
        pack = tiny.pack.model_copy(update={"title": "x"})
        note = next(iter(tiny.notes.values())).model_copy(update={"title": f"Zebra {number}"})
        open_or_prepare(replace(tiny, pack=pack, notes={note.id: note}), folder)
    assert len([*folder.glob("prepared-*")]) == prepared.KEPT


def test_where_nothing_can_be_kept_it_is_made_each_time(tiny: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert open_or_prepare(tiny, tmp_path / "file").passages


def test_our_stop_words_are_those_of_bm25s() -> None:
    assert set(STOPWORDS_EN) == STOP_WORDS
    assert set(STOPWORDS_EN_PLUS) == MORE_STOP_WORDS


@given(st.text(alphabet=st.sampled_from("Salary the pays 1é_-'ß?\n"), max_size=60))
def test_words_are_found_as_bm25s_finds_them(text: str) -> None:
    [words] = bm25s.tokenize(
        [text], stopwords="en", stemmer=Stemmer.Stemmer("english"), return_ids=False, show_progress=False
    )
    assert words_of(text) == words


def test_words_are_mended_as_symspell_mends_them(tiny: Library) -> None:
    ours = Spelling((), dictionary=prepared.prepare(tiny).dictionary)
    theirs = SymSpell(max_dictionary_edit_distance=2)
    for word, count in ours.dictionary.counts.items():
        theirs.create_dictionary_entry(word, count)
    for word in ("lerning", "salery", "pyhton", "enginere", "diference", "zxcvqwertz", "statistcs", "jobb"):
        distance = 2 if len(word) >= 6 else 1
        found = [
            [
                (near.term, near.distance, near.count)
                for near in engine.lookup(word, Verbosity.CLOSEST, distance)
            ]
            for engine in (ours._near, theirs)
        ]
        assert found[0] == found[1], word
