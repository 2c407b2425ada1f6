"""Which passages answer this question best, and can the best be trusted? One ranking of meaning and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from index.embedder import Embedder
from index.follow_up import is_follow_up
from index.intents import OFF_PATH, Intent, intent_of
from index.judgement import PLAIN, Judgement, Signals, log_odds_on_path
from index.judging import open_or_fit
from index.lexical import NOTHING_SHARED, LexicalIndex, SharedWords
from index.parts import parts_of
from index.passages import passages_of
from index.spelling import Spelling
from index.vectors import Likeness, VectorIndex, open_or_build
from knowledge.library import Library

# Shares of the lexical score and of the body's cosine beside that of the best wording. Chosen on the fitting part
# of our pack's exam (scripts/evaluate_retrieval.py).
LEXICAL_WEIGHT = 1.3
BODY_WEIGHT = 0.2
MAX_HITS = 10
MAX_QUERY_CHARACTERS = 1_000  # the model reads 256 word pieces, and a question says its matter early
TELLS_ALL = 0.75  # coverage from which one passage is about all that a question names
MOST_WORDS = 12  # counted of a question; a longer one is no clearer


@dataclass(frozen=True)
class Hit:
    """A passage found.

    `score` ranks it, from -1.2 to 2.5. `cosine` and `body`, in [-1, 1], say how close its best wording and its
    body are in meaning, `coverage`, in [0, 1], how much of what the question's words say it holds.
    """

    passage_id: str
    score: float
    cosine: float
    body: float
    coverage: float


@dataclass(frozen=True)
class Found:
    """What one text found: passages, best first, what the learner wants with it, and how sure the best one is.

    `confidence`, in (0, 1), is the probability that the best passage answers; `is_trusted` whether it is enough.
    """

    hits: tuple[Hit, ...]
    intent: Intent
    signals: Signals
    confidence: float
    is_trusted: bool

    @property
    def best(self) -> str:
        """The id of the best passage."""
        return self.hits[0].passage_id


@dataclass(frozen=True)
class Retriever:
    """The search over one pack. Blocking: some 5 ms a question on one core, so never in an event loop."""

    embedder: Embedder
    vectors: VectorIndex
    lexical: LexicalIndex
    spelling: Spelling
    judgement: Judgement

    def find(self, question: str, earlier: str | None = None) -> Found:
        """The passages for `question`, best first; `earlier` is the question before it, which it may lean on.

        A passage must then fit the question alone and both together: the mean of the two scores keeps
        "and in which cities?" with what was asked before, and "and the weather?" away from it.
        """
        alone = self._search(question)
        leans = earlier is not None and is_follow_up(question)
        both = [alone, self._search(f"{earlier} {question}")] if leans else [alone]
        hits = _best_first([_mean([each.hits[name] for each in both]) for name in alone.hits])
        signals = Signals(
            score=hits[0].score,
            body=hits[0].body,
            coverage=hits[0].coverage,
            unknown=alone.unknown,
            words=min(alone.words, MOST_WORDS),
            off_path=fmean(each.off_path for each in both),
            on_path=fmean(each.on_path for each in both),
        )
        confidence = self.judgement.trust.confidence(signals)
        is_trusted = confidence >= self.judgement.trust.threshold
        return Found(hits, alone.intent, signals, confidence, is_trusted)

    def find_each(self, question: str, earlier: str | None = None) -> tuple[Found, ...]:
        """What `find` finds, or two findings where a question asks for two things no one passage tells."""
        whole = self.find(question, earlier)
        parts = [self.find(part, earlier) for part in parts_of(question)]
        if not parts or (whole.is_trusted and whole.signals.coverage >= TELLS_ALL):
            return (whole,)
        firsts = {part.best for part in parts}
        is_two = len(firsts) == len(parts) and all(part.is_trusted for part in parts)
        return tuple(parts) if is_two else (whole,)

    def _search(self, text: str) -> "_Searched":
        text = text[:MAX_QUERY_CHARACTERS].encode(errors="replace").decode()  # no half surrogate pairs
        query = self.spelling.mend(text)
        embedding = self.embedder.embed([query])[0]
        nearest = self.vectors.nearest(embedding)
        shared = self.lexical.shared_words(query)
        hits = {
            name: _hit(name, likeness, shared.get(name, NOTHING_SHARED))
            for name, likeness in nearest.passages.items()
        }
        model = self.judgement.intents
        probabilities = model.probabilities(embedding) if model else None
        closest = max((likeness.best for likeness in nearest.passages.values()), default=0.0)
        off_path = (hit.cosine for hit in nearest.intents if hit.intent.name == OFF_PATH)
        return _Searched(
            hits,
            intent_of(nearest.intents, closest, probabilities),
            max(off_path, default=0.0),
            log_odds_on_path(probabilities or {}),
            self.lexical.unknown_share(query),
            self.lexical.count(query),
        )


@dataclass(frozen=True)
class _Searched:
    """What one query found, and what is told by its words and meaning alone."""

    hits: Mapping[str, Hit]
    intent: Intent
    off_path: float
    on_path: float
    unknown: float
    words: int


def open_retriever(library: Library, embedder: Embedder, folder: Path) -> Retriever:
    """The search over `library`; its vectors and fitted numbers are kept in `folder`, and made where missing."""
    notes = library.notes.values()
    passages = passages_of(notes)
    vectors = open_or_build(passages, library.intents, embedder, folder)
    spelling = Spelling(
        texts=[f"{note.title} {note.body}" for note in notes],
        known=[ask for note in notes for ask in note.asks],
    )
    plain = Retriever(embedder, vectors, LexicalIndex(passages), spelling, PLAIN)
    return replace(plain, judgement=open_or_fit(plain, library, folder))


def _hit(passage_id: str, likeness: Likeness, shared: SharedWords) -> Hit:
    score = likeness.best + LEXICAL_WEIGHT * shared.score + BODY_WEIGHT * likeness.body
    return Hit(passage_id, score, likeness.best, likeness.body, shared.coverage)


def _mean(hits: Sequence[Hit]) -> Hit:
    """The same passage, found by several queries."""
    return Hit(
        hits[0].passage_id,
        fmean(hit.score for hit in hits),
        fmean(hit.cosine for hit in hits),
        fmean(hit.body for hit in hits),
        fmean(hit.coverage for hit in hits),
    )


def _best_first(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:MAX_HITS])
