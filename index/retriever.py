"""Which passages answer this question best, and can the best be trusted? One ranking of meaning and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.again import asks_again, asks_shorter
from index.ellipsis import named_in, names_nothing, resolved, with_another
from index.embedder import Embedder
from index.follow_up import is_bare, is_follow_up, is_short
from index.intents import ABILITIES, MORE, OFF_PATH, OTHER, QUESTION, SMALLTALK, Intent, intent_of, is_sure
from index.judgement import Judgement, Signals, log_odds_on_path
from index.lexical import LexicalIndex
from index.noise import is_noise, without_noise
from index.parts import asks_of_the_world, clauses_of, things_in
from index.spelling import Spelling
from index.terms import term_explained_in, term_in
from index.vectors import Column, Likeness, VectorIndex

# What counts in a score: the cosine of the best wording and the mean of several, which make one together,
# the lexical score, the body's cosine, and the log-odds of the note. Chosen on the fitting part of our pack's
# exam (scripts/evaluate_retrieval.py).
SEVERAL_WEIGHT = 0.3
LEXICAL_WEIGHT = 1.6
BODY_WEIGHT = 0.3
ODDS_WEIGHT = 0.08
# For a question that leans on the one before: what its answer's kin gain, and that answer itself loses.
KIN = 0.1
AGAIN = 0.15
FAR_AND_SURE = 0.5  # confidence from which another note than kin may answer what was filled in; our choice
MAX_HITS = 10
MAX_READ_CHARACTERS = 5_000  # some more than a message of Telegram holds
MAX_QUERY_CHARACTERS = 1_000  # the model reads 256 word pieces, and a question says its matter early
TELLS_ALL = 0.75  # coverage from which one passage is about all that a question names
NEAR = 0.8  # cosine from which half of a question has its own passage, whatever the whole finds; our choice
PLAINER = 0.1  # of cosine, by which half of a question is closer to its passage than the whole; our choice
SAME_WORDS = 0.9  # cosine from which a question is one of the passage's own wordings, and needs no more trust
# Whoever asks what a term is wants no neighbour of it: the best passage holds this much of its words, by
# rarity, or has a wording as close as this. Chosen on 450 terms: of 107 that no note explained, and that were
# answered all the same, a closeness of 0.7 declined 64, of 304 that one explained six, and none of those in
# the exam. 0.75 declines none of 306 terms of the path, and "merkle tree", which 0.7 took for a merge.
TERM_HELD, TERM_CLOSE = 2 / 3, 0.75
# A term by itself ("kafka") is some way from "what is Kafka" and close to all else that holds the word: a
# passage that holds all of it, with a wording as close as this, answers as if the wording were the question.
TERM_WHOLE, TERM_WORDING = 0.99, 0.8
MOST_WORDS = 12  # counted of a question; a longer one is no clearer


@dataclass(frozen=True)
class Hit:
    """A passage found.

    `score` ranks it, and is at most 2.9. `cosine` and `body`, in [-1, 1], say how close its best wording and
    its body are in meaning, `coverage`, in [0, 1], how much of what the question's words say it holds.
    """

    passage_id: str
    score: float
    cosine: float
    body: float
    coverage: float


@dataclass(frozen=True)
class Found:
    """What one text found: passages, best first, what the learner wants, and how sure the best one is.

    `confidence`, in (0, 1), is the probability that the best passage answers; `is_trusted`: it is enough.
    `is_legible`: enough of the words are known. `wants_more`: all of the best passage is asked for;
    `wants_less`: its first sentence.
    """

    hits: tuple[Hit, ...]
    intent: Intent
    signals: Signals
    confidence: float
    is_trusted: bool
    is_legible: bool = True
    wants_more: bool = False
    wants_less: bool = False

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
    kin: Mapping[str, frozenset[str]]
    judgement: Judgement

    def find(self, question: str, earlier: str | None = None) -> Found:
        """The passages for `question`, best first; `earlier` is the question before it, which it may lean on.

        It does where its words point back or ask for more, and where it is short and not trusted alone. What
        points back is a wish or small talk only where that is sure.
        """
        if asks_again(question):
            return self._again(question, earlier)
        alone = self._search(question)
        found = self._judged([alone], alone.scores)
        if found.intent == QUESTION or not alone.is_sure:  # "hmm" is no hidden Markov model
            found = self._explained(question, found) or found
        may_lean = not alone.is_sure or alone.intent.topic == ABILITIES  # "how does it work?"
        if earlier and may_lean and (told := self._filled_in(question, earlier)):
            is_no_news = told.wants_more and names_nothing(question, earlier) and found.is_trusted
            return found if is_no_news else told
        points_back = is_follow_up(question) or found.intent.topic == MORE
        if earlier is None or not (points_back or (is_short(question) and not found.is_trusted)):
            return found
        asked = self._search(earlier)
        before = self._judged([asked], asked.scores)
        together = self._search(f"{earlier} {question}")
        scores = self._leaning(alone, together, before.best)
        if found.intent.topic == MORE or is_bare(question):
            return self._more(self._judged([alone, together], scores), earlier)
        if not before.is_trusted:
            return self._after_declined(found, question, earlier)
        leaning = self._judged([alone, together, *self._off_path(question)], scores, before.best)
        if points_back and leaning.is_trusted and not alone.is_sure:
            return replace(leaning, intent=QUESTION)
        return found if found.is_trusted and not leaning.is_trusted else leaning

    def _explained(self, question: str, found: Found) -> Found | None:
        """What tells what a term is, where that is asked in other words: "how does X work?", "X?"."""
        term = None if _closeness(found) >= SAME_WORDS else term_explained_in(question)
        if term is None:
            return None
        asked = self._search(f"what is {term}?")
        told = self._judged([asked], asked.scores)
        is_its_wording = _closeness(told) >= SAME_WORDS and told.intent == QUESTION
        return told if told.is_trusted and is_its_wording else None

    def _after_declined(self, found: Found, question: str, earlier: str) -> Found:
        """Nothing to lean on; and "and Germany?" asks for no more than what was declined."""
        asks_the_same = bool(with_another(question, earlier)) and _closeness(found) < SAME_WORDS
        return replace(found, is_trusted=found.is_trusted and not asks_the_same)

    def _off_path(self, question: str) -> "list[_Searched]":
        """What a follow-up names, where that is off the path, whatever it leans on: "and the weather?"."""
        named = named_in(question)
        found = self._search(named) if named else None
        return [found] if found and found.off_path > found.scores.cosine.max() else []

    def _again(self, question: str, earlier: str | None) -> Found:
        """The answer before: we have no other words for it. Without one, there is nothing to explain."""
        before = self.find(earlier or question) if earlier and not asks_again(earlier) else None
        if before is None or not before.is_trusted or before.intent != QUESTION:
            alone = self._search(question)
            return replace(self._judged([alone], alone.scores), intent=Intent(SMALLTALK, MORE))
        is_shorter = asks_shorter(question)
        return replace(before, wants_more=not is_shorter, wants_less=is_shorter)

    def _filled_in(self, question: str, earlier: str) -> Found | None:
        """What answers the question that is meant where a word of it is left to the question before."""
        whole, others = resolved(question, earlier), with_another(question, earlier)
        if whole is None and not others:
            return None
        before = self.find(earlier).best
        if whole and (told := self._whole(whole, before)):
            return told
        found = [each for other in others if (each := self._whole(other, before)) and not each.wants_more]
        return max(found, key=lambda each: each.hits[0].cosine, default=None)

    def _whole(self, question: str, before: str) -> Found | None:
        """What answers a question whose gap is filled; all of the answer before, where it is that again."""
        found = self.find(question)
        if not found.is_trusted or found.intent != QUESTION:
            return None
        is_near = found.best == before or found.best in self.kin[before]
        if not is_near and found.confidence < FAR_AND_SURE:
            return None
        return replace(found, wants_more=found.best == before)

    def _more(self, leaning: Found, earlier: str) -> Found:
        """What is near the answer before, or all of that answer; "the last one" asks for no less."""
        before = self.find(earlier)
        if leaning.is_trusted and leaning.best != before.best:
            return replace(leaning, intent=QUESTION)
        return replace(before, intent=QUESTION, wants_more=True) if before.is_trusted else leaning

    def _leaning(self, alone: "_Searched", together: "_Searched", before: str) -> "_Scores":
        """Hits for a question that leans on the one before.

        A passage must fit the question alone and both together: the mean of the two scores keeps "and in
        which cities?" with what was asked before, and "and the weather?" away from it. The kin of what
        answered `before` come first, but not that answer again.
        """
        favours = {before: -AGAIN, **dict.fromkeys(self.kin[before], KIN)}
        favour = np.array([favours.get(name, 0.0) for name in self.vectors.passages])
        return alone.scores.mean_with(together.scores, favour)

    def _ranked(self, scores: "_Scores") -> tuple[Hit, ...]:
        """The best passages, best first; of equals the first by name."""
        names = self.vectors.passages
        fewest = min(MAX_HITS, len(names))
        least = np.partition(scores.score, -fewest)[-fewest]
        hits = [scores.hit(names[place], place) for place in np.flatnonzero(scores.score >= least).tolist()]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:MAX_HITS])

    def _judged(self, searched: "Sequence[_Searched]", scores: "_Scores", before: str | None = None) -> Found:
        ranked = self._ranked(scores)
        alone, best = searched[0], ranked[0]
        place = self.vectors.passages.index(best.passage_id)
        is_said = alone.scores.coverage[place] > 0
        signals = Signals(
            score=best.score,
            cosine=best.cosine,
            body=best.body,
            coverage=best.coverage,
            unknown=alone.unknown,
            words=min(alone.words, MOST_WORDS),
            off_path=max(each.off_path for each in searched),  # a question before lends no trust to the next
            on_path=min(each.on_path for each in searched),
            leans=float(before is not None and best.passage_id != before and is_said),
        )
        trust = self.judgement.trust
        confidence = trust.confidence(signals)
        held = None if alone.holds_term is None else alone.holds_term[place]
        is_whole_term = held is not None and held >= TERM_WHOLE
        is_its_wording = best.cosine >= max(TERM_WORDING if is_whole_term else SAME_WORDS, signals.off_path)
        is_term_told = held is None or best.cosine >= TERM_CLOSE or held >= TERM_HELD
        is_sure_enough = confidence >= trust.threshold and is_term_told
        is_trusted = is_its_wording or (is_sure_enough and alone.is_legible)
        return Found(ranked, alone.intent, signals, confidence, is_trusted, alone.is_legible)

    def find_each(self, question: str, earlier: str | None = None) -> tuple[Found, ...]:
        """What `find` finds, or two findings where a question asks for two things no one passage tells.

        The second of two clauses may lean on the first: "what does a data scientist do, and what do they
        earn?"
        """
        whole = self.find(question, earlier)
        if clauses := clauses_of(question):
            return self._both_clauses(*clauses, whole, earlier) or (whole,)
        return self._both_things(question, whole) or (whole,)

    def _both_clauses(self, one: str, other: str, whole: Found, earlier: str | None) -> tuple[Found, ...]:
        first, second = self.find(one, earlier), self.find(other, one)
        is_told = whole.is_trusted and whole.signals.coverage >= TELLS_ALL
        if not _are_two(first, second) or (is_told and not (_is_near(first) and _is_near(second))):
            return ()
        leans = is_follow_up(other) or bool(second.signals.leans)
        if leans and not (_is_near(second) or second.best in self.kin[first.best]):
            return ()
        return first, second

    def _both_things(self, question: str, whole: Found) -> tuple[Found, ...]:
        """What tells each of two things that one clause names, where each is plainer by itself than both."""
        may_be_plainer = whole.intent == QUESTION and _closeness(whole) + PLAINER <= 1
        ways = things_in(question) if may_be_plainer else None
        if ways is None:
            return ()
        found = [max(map(self.find, each), key=_closeness) for each in ways]
        is_plain = all(_is_near(each) and _closeness(each) >= _closeness(whole) + PLAINER for each in found)
        return tuple(found) if is_plain and _are_two(*found) else ()

    def _search(self, text: str) -> "_Searched":
        text = without_noise(text[:MAX_READ_CHARACTERS])[:MAX_QUERY_CHARACTERS]
        query = self.spelling.mend(text.encode(errors="replace").decode())  # no half surrogate pairs
        embedding = self.embedder.embed([query])[0]
        nearest = self.vectors.nearest(embedding)
        scores = _scores(nearest.passages, *self.lexical.compared(query))
        intents, notes = self.judgement.intents, self.judgement.notes
        if notes:
            scores = replace(scores, score=scores.score + ODDS_WEIGHT * notes.log_odds(query, embedding))
        probabilities = intents.probabilities(query, embedding) if intents else None
        closest = float(np.max(nearest.passages.best, initial=-1.0))
        is_legible = self.spelling.reads(query)
        is_said = is_legible or not is_noise(query)
        off_path = (hit.cosine for hit in nearest.intents if hit.intent.name == OFF_PATH)
        intent = intent_of(nearest.intents, closest, probabilities, is_legible) if is_said else QUESTION
        if intent == Intent(SMALLTALK, OTHER) and asks_of_the_world(query):
            intent = QUESTION
        return _Searched(
            scores,
            intent,
            is_sure(intent, nearest.intents, probabilities),
            max(off_path, default=0.0),
            log_odds_on_path(probabilities or {}),
            self.lexical.unknown_share(query),
            self.lexical.count(query),
            is_legible,
            self._holding_term(query),
        )

    def _holding_term(self, query: str) -> Column | None:
        """How much of the term that is asked for each passage holds, as in coverage; None where none is."""
        term = term_in(query)
        return self.lexical.compared(term)[1] if term else None


@dataclass(frozen=True)
class _Searched:
    """What one query found, and what is told by its words and meaning alone."""

    scores: "_Scores"
    intent: Intent
    is_sure: bool
    off_path: float
    on_path: float
    unknown: float
    words: int
    is_legible: bool
    holds_term: Column | None


def _are_two(one: Found, other: Found) -> bool:
    """Whether both are answers, and not the same."""
    return one.best != other.best and all(
        each.is_trusted and each.intent == QUESTION for each in (one, other)
    )


def _closeness(found: Found) -> float:
    return found.hits[0].cosine


def _is_near(found: Found) -> bool:
    return _closeness(found) >= NEAR


@dataclass(frozen=True)
class _Scores:
    """What a Hit says, of every passage: arrays of shape (passages,), in their order in the index."""

    score: Column
    cosine: Column
    body: Column
    coverage: Column

    def hit(self, passage_id: str, place: int) -> Hit:
        """The passage at `place`."""
        columns = (self.score, self.cosine, self.body, self.coverage)
        return Hit(passage_id, *(float(column[place]) for column in columns))

    def mean_with(self, other: "_Scores", favour: Column) -> "_Scores":
        """Of a question alone and together with the one before; `favour` adds to the scores."""
        return _Scores(
            (self.score + other.score) / 2 + favour,
            (self.cosine + other.cosine) / 2,
            (self.body + other.body) / 2,
            (self.coverage + other.coverage) / 2,
        )


def _scores(likeness: Likeness, lexical: Column, coverage: Column) -> _Scores:
    meaning = (1 - SEVERAL_WEIGHT) * likeness.best + SEVERAL_WEIGHT * likeness.several
    score = meaning + LEXICAL_WEIGHT * lexical + BODY_WEIGHT * likeness.body
    return _Scores(score, likeness.best, likeness.body, coverage)
