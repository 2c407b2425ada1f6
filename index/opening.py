"""How does the search over a pack come together? Opens what is kept, and makes what is missing."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from index.embedder import Embedder
from index.judgement import PLAIN
from index.judging import open_or_fit
from index.lexical import LexicalIndex
from index.prepared import open_or_prepare
from index.retriever import Retriever
from index.spelling import Spelling
from index.vectors import open_or_build
from knowledge.library import Library
from knowledge.schema import Note


def open_retriever(library: Library, embedder: Embedder, folder: Path) -> Retriever:
    """The search over `library`; its vectors and fitted numbers are kept in `folder`, or made."""
    prepared = open_or_prepare(library, folder)
    passages = prepared.passages
    vectors = open_or_build(passages, library.phrases, embedder, folder)
    lexical = LexicalIndex(passages, prepared.postings)
    spelling = Spelling((), dictionary=prepared.dictionary)
    plain = Retriever(embedder, vectors, lexical, spelling, _kin(library), PLAIN)
    return replace(plain, judgement=open_or_fit(plain, library, folder))


def _kin(library: Library) -> dict[str, frozenset[str]]:
    """For each note those of the same skill or folder, and its related ones, without itself."""
    groups: dict[str, set[str]] = defaultdict(set)
    for note in library.notes.values():
        for group in _groups(note):
            groups[group].add(note.id)
    return {
        note.id: frozenset({*note.related}.union(*(groups[group] for group in _groups(note))) - {note.id})
        for note in library.notes.values()
    }


def _groups(note: Note) -> list[str]:
    return [note.id.partition(".")[0], *([note.skill] if note.skill else [])]
