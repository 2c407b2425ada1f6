"""Do the phrases of intents tell one intent from another? Rules over intents.yaml."""

from collections.abc import Iterator

from knowledge.checks import unpunctuated
from knowledge.problems import Draft, Problem, Rule, at
from knowledge.schema import IntentName

NO_WISH: tuple[IntentName, ...] = ("question", "off_path")  # whose phrases are searched for in the notes


def phrases_mean_one_thing(draft: Draft) -> Iterator[Problem]:
    """No phrase stands twice in intents.yaml, and none of a wish is also a note's ask."""
    place = draft.library.places["intents.yaml"]
    asks = {unpunctuated(ask): note.id for note in draft.library.notes.values() for ask in note.asks}
    seen: set[str] = set()
    for number, intent in enumerate(draft.library.intents):
        for n, phrase in enumerate(intent.phrases):
            path, said = (number, "phrases", n), unpunctuated(phrase)
            if said and said in seen:
                yield at(place, path, f"{phrase!r} stands twice in the file", "leave it to one intent")
            if said in asks and intent.intent not in NO_WISH:
                what = f"{phrase!r} is also an ask of {asks[said]}"
                yield at(place, path, what, "leave it to one of them")
            seen.add(said)


RULES: tuple[Rule, ...] = (phrases_mean_one_thing,)
