"""How good is the ranking on public data? Reads a BEIR folder (Thakur and others 2021) and ranks it."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embedder import Embedder
from index.evaluation import Ranking
from index.lexical import LexicalIndex
from index.passages import Passage
from index.retriever import LEXICAL_WEIGHT

DEPTH = 10  # ranks kept


@dataclass(frozen=True)
class PublicSet:
    """Documents and questions by id, and which documents are right for which question."""

    documents: Mapping[str, str]
    questions: Mapping[str, str]
    right: Mapping[str, frozenset[str]]


def read_collection(folder: Path) -> PublicSet:
    """A folder with corpus.jsonl, queries.jsonl and qrels/test.tsv (or another one in qrels/).

    Raises:
        OSError: when a file is missing.
        ValueError: when a file is not what BEIR describes, with its name.
    """
    qrels = next(
        iter(sorted((folder / "qrels").glob("test.tsv")) or sorted((folder / "qrels").glob("*.tsv"))), None
    )
    if qrels is None:
        raise FileNotFoundError(f"{folder} holds no qrels/*.tsv: name a folder of a BEIR collection")
    right: dict[str, set[str]] = {}
    with qrels.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            try:
                if int(row["score"]) > 0:
                    right.setdefault(row["query-id"], set()).add(row["corpus-id"])
            except (KeyError, TypeError, ValueError):
                raise ValueError(f"{qrels}: needs the columns query-id, corpus-id and score") from None
    documents = {
        str(line["_id"]): f"{line.get('title') or ''} {line['text']}".strip()
        for line in _lines(folder / "corpus.jsonl")
    }
    questions = {
        str(line["_id"]): line["text"]
        for line in _lines(folder / "queries.jsonl")
        if str(line["_id"]) in right
    }
    return PublicSet(documents, questions, {number: frozenset(found) for number, found in right.items()})


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                read = json.loads(line)
                yield {**read, "_id": read["_id"], "text": read["text"]}
            except (ValueError, KeyError, TypeError):
                raise ValueError(f"{file}:{number}: is no JSON object with _id and text") from None


def sit_collection(public: PublicSet, embedder: Embedder) -> list[tuple[str, list[Ranking]]]:
    """Rank the documents for every question: by our fusion, by meaning alone, by words alone."""
    names = list(public.documents)
    vectors = embedder.embed(list(public.documents.values()))
    lexical = LexicalIndex([Passage(name, (text,)) for name, text in public.documents.items()])
    ranked: dict[str, list[Ranking]] = {"ours": [], "dense alone": [], "BM25 alone": []}
    asked = embedder.embed(list(public.questions.values()))
    for (number, question), embedding in zip(public.questions.items(), asked, strict=True):
        cosines = vectors @ embedding
        words, _coverage = lexical.compared(question)
        scores = {"ours": cosines + LEXICAL_WEIGHT * words, "dense alone": cosines, "BM25 alone": words}
        for engine, values in scores.items():
            ranked[engine].append(Ranking(question, _best(names, values), public.right[number]))
    return list(ranked.items())


def _best(names: Sequence[str], values: Any) -> list[str]:
    return [names[place] for place in np.argsort(-values, kind="stable")[:DEPTH]]
